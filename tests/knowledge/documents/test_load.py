"""Files into documents, and every way in which a file can be refused."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import files
from knowledge.documents.load import File, load, parse
from knowledge.errors import DocumentInvalid

FRONT = """---
title: "Fees: an overview"
language: en
kind: rule
round: 2025
version: 2025-12-31
valid_from: 2025-01-01
valid_to: "2025-06-30"
supersedes: old.md
certainty: P
unknown: ignored
---

# Fees

Readers pay.
"""


def test_front_matter_becomes_metadata() -> None:
    document = parse(File("fees.md", FRONT.encode()), "rules/fees.md")[0]
    assert document.document == "rules/fees.md"
    assert (document.title, document.kind, document.round) == ("Fees: an overview", "rule", "2025")
    assert (document.edition, document.certainty, document.supersedes) == ("2025-12-31", "P", ("old.md",))
    assert (document.valid_from, document.valid_to) == (date(2025, 1, 1), date(2025, 6, 30))
    assert document.text.startswith("# Fees\n")


def test_without_front_matter_title_and_language_come_from_the_text() -> None:
    document = parse(File("fees.md", "# 이용 **요금**\n\n요금은 무료입니다.\n".encode()), "fees.md")[0]
    assert (document.title, document.language, document.kind) == ("이용 요금", "ko", "")
    assert parse(File("note.txt", b"No heading here."), "note.txt")[0].title == "note"


def test_a_version_is_the_hash_of_the_bytes() -> None:
    first = parse(File("a.md", b"One."), "a.md")[0]
    assert len(first.version) == 12
    assert first.version == parse(File("b.md", b"One."), "b.md")[0].version
    assert first.version != parse(File("a.md", b"One.\n"), "a.md")[0].version


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_encodings_of_korean_text(encoding: str) -> None:
    text = "이용 안내\n\n자료는 열람실에서만 볼 수 있습니다.\n"
    assert parse(File("a.txt", text.encode(encoding)), "a.txt")[0].text == text


def test_text_is_nfc_with_plain_line_ends() -> None:
    raw = unicodedata.normalize("NFD", "열람실 안내").encode() + b"\r\nline\rline"
    assert parse(File("a.txt", raw), "a.txt")[0].text == "열람실 안내\nline\nline"


def test_thematic_breaks_are_no_front_matter() -> None:
    assert parse(File("a.md", b"---\nJust a line\n---\nText."), "a.md")[0].text.startswith("---\nJust")


HTML = """<!doctype html><html lang="ko"><head><title>열람 안내</title><meta name="kind" content="guide">
<style>p {color: red}</style></head><body><nav>menu</nav><h1>열람 안내</h1><p>첫 줄<br>둘째 줄</p>
<ul><li>신분증</li><li>신청서</li></ul><ol><li>접수</li><li>확인</li></ol>
<table><tr><th>요일</th><th>시간</th></tr><tr><td>월</td><td>9&ndash;18 | 점심</td></tr></table>
<script>alert("x")</script></body></html>"""


def test_html_keeps_headings_lists_and_tables() -> None:
    document = parse(File("a.html", HTML.encode()), "a.html")[0]
    assert (document.title, document.language, document.kind) == ("열람 안내", "ko", "guide")
    for line in ("# 열람 안내", "첫 줄\n둘째 줄", "- 신분증\n- 신청서", "1. 접수\n2. 확인"):
        assert line in document.text
    assert "| 요일 | 시간 |\n| --- | --- |\n| 월 | 9–18 \\| 점심 |" in document.text
    assert "alert" not in document.text and "menu" not in document.text and "red" not in document.text


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b"\n  \n", "is empty"),
    "front matter only": (b"---\ntitle: A\n---\n\n", "has no text"),
    "nul": (b"some text\x00more", "NUL"),
    "controls": (bytes(range(1, 9)) * 20 + b"abc", "control characters"),
    "pdf": (b"%PDF-1.7 ...", "is a PDF"),
    "zip": (b"PK\x03\x04....", "ZIP"),
    "latin-1": ("Café crème brûlée à la carte".encode("latin-1"), "neither UTF-8 nor CP949"),
    "decodes by chance": ("ÞßàáâãäåæçèéêëìíîïðñòóôõE".encode("latin-1") * 3, "unknown encoding"),
    "mixed encodings": ("가나다".encode() + "라마바사".encode("cp949"), "neither UTF-8 nor CP949"),
    "broken utf-16": (b"\xff\xfea", "UTF-16"),
    "yaml": (b"---\ntitle: a: b\n---\nText.", "broken front matter (line 2)"),
    "not closed": (b"---\ntitle: a\n\nText.", "not closed"),
    "list": (b"---\n- a: 1\n- b: 2\n---\nText.", "not a list of"),
    "impossible date": (b"---\nvalid_from: 2025-02-30\n---\nText.", "day is out of range"),
    "impossible quoted date": (
        b'---\nvalid_to: "2025-13-01"\n---\nText.',
        "valid_to '2025-13-01' is not a date",
    ),
    "ends before it starts": (
        b"---\nvalid_from: 2025-02-02\nvalid_to: 2025-02-01\n---\nText.",
        "lies before",
    ),
    "language": (b"---\nlanguage: fr\n---\nText.", "language 'fr'"),
    "nested title": (b"---\ntitle: [a, b]\n---\nText.", "title must be one value"),
    "nested supersedes": (b"---\nsupersedes: [[a]]\n---\nText.", "supersedes"),
    "huge front matter": (b"---\ntitle: " + b"a" * 30_000 + b"\n---\nText.", "more than 20,000"),
    "deep front matter": (b"---\ntitle: " + b"[" * 5000 + b"\n---\nText.", "broken front matter"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_document_is_refused_by_name(case: str) -> None:
    raw, reason = REFUSED[case]
    with pytest.raises(DocumentInvalid) as caught:
        parse(File("bad.md", raw), "bad.md")[0]
    assert "'bad.md'" in caught.value.message
    assert reason in caught.value.message
    assert caught.value.hint


def test_a_file_too_large_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.md"
    with large.open("wb") as file:
        file.truncate(files.MAX_BYTES[".md"] + 1)
    with pytest.raises(DocumentInvalid, match="more than"):
        load(large, "large.md")
    with pytest.raises(DocumentInvalid, match="suffix"):
        load(tmp_path / "photo.jpg", "photo.jpg")
    with pytest.raises(DocumentInvalid, match="suffix") as caught:
        load(tmp_path / "old.doc", "old.doc")
    assert ".docx" in caught.value.hint
    with pytest.raises(DocumentInvalid, match="cannot be read"):
        load(tmp_path / "absent.md", "absent.md")


def test_files_skips_what_is_hidden_or_of_another_kind(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", ".hidden.md", ".git/x.md", "sub/c.html", "sub/d.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert [p.relative_to(tmp_path).as_posix() for p in files.files(tmp_path)] == [
        "a.TXT",
        "b.md",
        "sub/c.html",
    ]
