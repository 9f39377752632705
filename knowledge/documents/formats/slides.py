"""PPTX: a page for each slide, its title as heading, text by level, tables, speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.documents.formats.container import OFFICE_ERRORS, refuse_bomb, require, unreadable
from knowledge.documents.formats.draft import Content, Draft

_DEEPEST_GROUP = 20


def read_pptx(raw: bytes, name: str) -> Content:
    """The text of a presentation. Raises DocumentInvalid where it is broken, locked or something else."""
    require(raw, "pptx", name)
    refuse_bomb(raw, name)
    from lxml.etree import LxmlError
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        presentation = Presentation(io.BytesIO(raw))
        draft = Draft()
        for number, slide in enumerate(presentation.slides):
            if number:
                draft.page()
            _slide(draft, slide)
        if len(presentation.slides) == 1:
            draft.page()  # one page all the same
        return draft.content({"title": presentation.core_properties.title or ""})
    except (PythonPptxError, LxmlError, *OFFICE_ERRORS) as error:
        raise unreadable(name, "a PowerPoint file", "PowerPoint", error) from error


def _slide(draft: Draft, slide: Any) -> None:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        draft.heading(title.text_frame.text, 2)
    for shape in _ordered(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            draft.table(_grid(shape.table))
        elif shape.has_text_frame:
            _frame(draft, shape)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        draft.paragraph(frame.text)


def _ordered(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """Shapes as they are read: from top to bottom, then from left to right; groups stay together."""

    def place(shape: Any) -> tuple[int, int]:
        return (shape.top or 0) // 200_000, shape.left or 0  # EMU; about half a centimetre is one line

    for shape in sorted(shapes, key=place):
        if shape.shape_type == 6 and depth < _DEEPEST_GROUP:  # a group
            yield from _ordered(shape.shapes, depth + 1)
        else:
            yield shape


def _frame(draft: Draft, shape: Any) -> None:
    """A placeholder of the body is a list by design, a text box only where it has marks."""
    listed = shape.is_placeholder and len(shape.text_frame.paragraphs) > 1
    for paragraph in shape.text_frame.paragraphs:
        text = "".join(run.text for run in paragraph.runs) or paragraph.text
        properties = paragraph._p.pPr
        marked = properties is not None and any(
            child.tag.endswith(("}buChar", "}buAutoNum")) for child in properties
        )
        if listed or marked or paragraph.level:
            draft.item(text, "-", paragraph.level)
        else:
            draft.paragraph(text)


def _grid(table: Any) -> list[list[str]]:
    """The rows of a table, a merged cell's text in each place that it covers."""
    rows = [list(row.cells) for row in table.rows]
    texts = [["" if cell.is_spanned else cell.text for cell in row] for row in rows]
    for down, row in enumerate(rows):
        for right, cell in enumerate(row):
            if cell.is_merge_origin:
                for y in range(down, min(down + cell.span_height, len(rows))):
                    for x in range(right, min(right + cell.span_width, len(row))):
                        texts[y][x] = cell.text
    return texts
