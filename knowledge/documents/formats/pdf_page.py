"""A page of a PDF as pdfplumber sees it: lines of text with their places, and ruled tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from knowledge.text import glue_lines

_EDGE = 0.09  # of the page's height, above and below, where running heads stand


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands, in points from the top left. ``edge``: above or below the text."""

    text: str
    page: int
    top: float
    bottom: float
    left: float
    right: float
    size: float
    bold: bool
    edge: bool


@dataclass(frozen=True, slots=True)
class Table:
    page: int
    top: float
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    pictures: int


def read_page(page: Any, number: int) -> Page:
    """What stands on the page ``number``, from 0, of a pdfplumber document."""
    tables: list[Table] = []
    boxes: list[tuple[float, float, float, float]] = []
    for table in page.find_tables():
        rows = _grid(table)
        if len(rows) > 1 and max(map(len, rows)) > 1:
            tables.append(Table(number, table.bbox[1], rows))
            boxes.append(table.bbox)
    text = page.filter(lambda thing: not _inside(thing, boxes)) if boxes else page
    lines = tuple(_lines(text, number, float(page.height)))
    found = Page(lines, tuple(tables), len(page.images))
    page.close()  # frees what was parsed, so that memory does not grow with the pages
    return found


def _inside(thing: dict[str, Any], boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _lines(page: Any, number: int, height: float) -> Iterator[Line]:
    for line in page.extract_text_lines(return_chars=True, strip=True):
        glyphs = [glyph for glyph in line["chars"] if glyph["text"].strip()]
        if not glyphs:
            continue
        size = median(glyph["size"] for glyph in glyphs)
        bold = sum("bold" in glyph["fontname"].lower() for glyph in glyphs) * 2 > len(glyphs)
        edge = line["bottom"] < height * _EDGE or line["top"] > height * (1 - _EDGE)
        yield Line(
            line["text"],
            number,
            line["top"],
            line["bottom"],
            line["x0"],
            line["x1"],
            round(size, 1),
            bold,
            edge,
        )


def _grid(table: Any) -> tuple[tuple[str, ...], ...]:
    """Texts by row and column, a merged cell's in each place that it covers."""
    texts: dict[tuple[float, float, float, float], str] = {}
    for row, cells in zip(table.rows, table.extract(), strict=True):
        for box, text in zip(row.cells, cells, strict=True):
            if box is not None:
                texts[box] = glue_lines((text or "").split("\n"))
    across = sorted({edge for box in texts for edge in (box[0], box[2])})
    down = sorted({edge for box in texts for edge in (box[1], box[3])})
    rows = []
    for top, bottom in pairwise(down):
        row = []
        for left, right in pairwise(across):
            x, y = (left + right) / 2, (top + bottom) / 2
            row.append(
                next(
                    (text for box, text in texts.items() if box[0] <= x <= box[2] and box[1] <= y <= box[3]),
                    "",
                )
            )
        rows.append(tuple(row))
    return tuple(row for row in rows if any(row))
