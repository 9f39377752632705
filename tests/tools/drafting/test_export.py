"""Exports, each read back by another library than the one that wrote it."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx2python import docx2python
from hwpx import HwpxDocument, TextExtractor
from lxml import etree

from knowledge.errors import NotFound
from tools.drafting.export import export_plan
from tools.drafting.fill.change import set_field
from tools.drafting.render import render_plan

KOREAN = "녹내장 환자의 시야 악화를 예측합니다. 1초율과 일초량은 다릅니다."


@pytest.fixture
def korean(complete, form):
    plan = complete.model_copy(update={"language": "ko"})
    return set_field(plan, form, f"aim.need={KOREAN}")


def _export(plan, form, kind):
    return export_plan(render_plan(plan, form), kind, title=plan.title, language=plan.language)


def _words(texts):
    return " ".join(" ".join(texts).split())


def test_docx_keeps_text_tables_and_order(korean, complete, form):
    for plan in (korean, complete):
        with docx2python(io.BytesIO(_export(plan, form, "docx"))) as read:
            text = _words([read.text])
        titles = [section.title[plan.language] for section in form.sections.values()]
        places = [text.index(f"{number}. {title}") for number, title in enumerate(titles, 1)]
        assert places == sorted(places)
        assert plan.aim.need in text and "nuri_glaucoma/field.md_index" in text
        assert plan.feasibility.counts[0].query in text
    assert KOREAN in _words([_docx_text(_export(korean, form, "docx"))])


def _docx_text(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        root = etree.fromstring(package.read("word/document.xml"))
    return "".join(root.itertext("{*}t"))


def test_docx_tables_have_as_many_rows_as_the_plan(complete, form):
    with docx2python(io.BytesIO(_export(complete, form, "docx"))) as read:
        tables = [table for table in read.document if len(table) > 1]
    heads = {tuple("".join(cell).strip() for cell in table[0]): len(table) for table in tables}
    columns = form.sections["variables"].fields["requested"].columns
    assert heads[tuple(label["en"] for label in columns.values())] == 1 + len(complete.variables.requested)


def test_hwpx_opens_validates_and_keeps_korean(korean, complete, form, tmp_path):
    for plan in (korean, complete):
        path = tmp_path / f"{plan.language}.hwpx"
        path.write_bytes(_export(plan, form, "hwpx"))
        with TextExtractor(str(path)) as extractor:
            text = _words([extractor.extract_text()])
        for section in form.sections.values():
            assert f"{section.number}. {section.title[plan.language]}" in text
        assert plan.aim.need in text and "nuri_glaucoma/field.md_index" in text
        document = HwpxDocument.open(str(path))
        assert document.validate().ok, document.validate()


def test_hwpx_has_a_preview_and_its_mimetype_first(korean, form):
    with zipfile.ZipFile(io.BytesIO(_export(korean, form, "hwpx"))) as package:
        assert package.testzip() is None
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read("mimetype") == b"application/hwp+zip"
        assert korean.title in package.read("Preview/PrvText.txt").decode("utf-8")


def test_markdown_is_the_rendering(korean, form):
    assert _export(korean, form, "md").decode("utf-8") == render_plan(korean, form)


def test_an_unknown_format_is_named(korean, form):
    with pytest.raises(NotFound, match="pptx"):
        _export(korean, form, "pptx")
