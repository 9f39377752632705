"""A plan as DOCX: A4, Korean fonts named for East Asian text, tables that repeat their head."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from knowledge.text import Language
from tools.drafting.export.blocks import Block, Runs, read_blocks

LATIN, KOREAN = "Calibri", "Malgun Gothic"
TEXT_WIDTH_CM = 17.0
NARROWEST_CM, MARGIN_CM, LETTER_CM = 1.4, 0.5, 0.19  # of a column, its padding, a letter at 9 pt
LONGEST_COUNTED = 40  # characters of a cell that pull on its column's width
INK = RGBColor(0x1F, 0x2A, 0x44)
HEAD_SHADE = "E8ECF4"
LEVELS = {1: 18.0, 2: 13.0, 3: 10.5}


def docx_bytes(markdown: str, title: str, language: Language) -> bytes:
    """The document. The same plan gives the same text; only the time in its properties differs."""
    document = docx.Document()
    _page(document)
    _styles(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.language = language
    properties.created = properties.modified = datetime.now(UTC)
    for block in read_blocks(markdown):
        _write(document, block)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = footer.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)


def _styles(document: Any) -> None:
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Quote"):
        style = document.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        fonts.set(qn("w:eastAsia"), KOREAN)
        level = int(name[-1]) if name[-1].isdigit() else 0
        style.font.size = Pt(LEVELS.get(level, 10.0))
        style.paragraph_format.space_after = Pt(4)
        if level:
            style.font.bold = True
            style.font.color.rgb = INK
            style.paragraph_format.space_before = Pt({1: 0, 2: 16, 3: 8}[level])
            style.paragraph_format.keep_with_next = True
    quote = document.styles["Quote"]
    quote.font.size, quote.font.italic, quote.font.color.rgb = Pt(9), False, RGBColor(0x55, 0x5F, 0x75)
    quote.paragraph_format.left_indent = Cm(0.6)


def _write(document: Any, block: Block) -> None:
    if block.kind == "table":
        _table(document, block.rows)
        return
    if block.kind == "heading":
        paragraph = document.add_paragraph(style=f"Heading {min(block.level, 3)}")
    elif block.kind == "numbered":
        paragraph = document.add_paragraph(f"{block.level}. ")
        paragraph.paragraph_format.left_indent = Cm(0.6)
    else:
        styles = {"bullet": "List Bullet", "quote": "Quote"}
        paragraph = document.add_paragraph(style=styles.get(block.kind, "Normal"))
    _fill(paragraph, block.runs)


def _fill(paragraph: Any, runs: Runs, *, bold: bool = False, size: float | None = None) -> None:
    for run in runs:
        written = paragraph.add_run(run.text)
        written.bold = True if run.bold or bold else None
        written.italic = True if run.italic else None
        if run.italic:
            written.font.color.rgb = RGBColor(0x7A, 0x5C, 0x1E)
        if size is not None:
            written.font.size = Pt(size)


def _table(document: Any, rows: Sequence[Sequence[Runs]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = _widths(rows)
    for number, row in enumerate(rows):
        cells = table.add_row().cells
        for at, (cell, runs) in enumerate(zip(cells, row, strict=True)):
            cell.width = Cm(widths[at])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            _fill(paragraph, runs, bold=number == 0, size=9)
            if number == 0:
                _shade(cell)
    _repeat(table.rows[0])
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    gap = document.add_paragraph()
    gap.paragraph_format.space_after = Pt(0)
    gap.paragraph_format.line_spacing = Pt(6)


def _widths(rows: Sequence[Sequence[Runs]]) -> list[float]:
    """Centimetres per column: room for its longest word, the rest in proportion to its longest cell."""
    columns = [["".join(run.text for run in row[at]) for row in rows] for at in range(len(rows[0]))]
    least = [max(NARROWEST_CM, MARGIN_CM + LETTER_CM * max(map(_longest_word, cells))) for cells in columns]
    if sum(least) >= TEXT_WIDTH_CM:
        return [width * TEXT_WIDTH_CM / sum(least) for width in least]
    longest = [max(min(LONGEST_COUNTED, _wide(text)) for text in cells) for cells in columns]
    free, whole = TEXT_WIDTH_CM - sum(least), sum(longest) or 1
    return [width + free * length / whole for width, length in zip(least, longest, strict=True)]


def _longest_word(text: str) -> int:
    """Letters of the longest stretch that a line is not broken in; Hangul may be broken anywhere."""
    words = re.split(r"[\s/-]|[^\x00-\u10ff]", text)
    return max(map(len, words))


def _wide(text: str) -> int:
    """Hangul and the like take the room of two Latin letters."""
    return sum(2 if ord(char) > 0x1100 else 1 for char in text)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), HEAD_SHADE)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
