"""PDF: pages, headings by the size of their letters, paragraphs put together from lines, ruled tables.

pdfplumber gives characters with their places. What repeats at the edges of most pages is left out.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

from knowledge.documents.formats.container import require
from knowledge.documents.formats.draft import Content, Draft
from knowledge.errors import DocumentInvalid
from knowledge.text import glue_lines

MOST_PAGES = 3_000
_EDGE = 0.09  # of the page's height, above and below, where running heads stand
_LARGER = 1.12  # a heading's letters beside the body's
_SHORT = 0.80  # a line that ends before this part of the text's width ends its paragraph
_LONGEST_HEADING = 120
_MARK = re.compile(
    r"\s*(?:([-–•∙·○●◦▪■□◆◇▶※❍*])\s*"
    r"|(\d{1,2}[.)]|\(\d{1,2}\)|[가나다라마바사아자차카타파하][.)]|[a-z][.)])\s+"
    r"|([①-⑳])\s*)(?=\S)"
)
_PAGE_NUMBER = re.compile(
    r"[\s\-–—]*(?:page|p\.|쪽|페이지)?\s*\d{1,4}\s*(?:[/of]+\s*\d{1,4})?\s*(?:쪽|페이지)?[\s\-–—]*",
    re.IGNORECASE,
)
_STOPS = (".", "!", "?", "。", ":", "다.", ";")


@dataclass(frozen=True, slots=True)
class _Line:
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
class _Table:
    page: int
    top: float
    rows: tuple[tuple[str, ...], ...]


def read_pdf(raw: bytes, name: str) -> Content:
    """The text of a PDF. Raises DocumentInvalid where it has a password, no text, or is broken."""
    require(raw, "pdf", name)
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it tells of every oddity of a file
    try:
        with pdfplumber.open(io.BytesIO(raw)) as pdf:
            pages = len(pdf.pages)
            if pages > MOST_PAGES:
                raise DocumentInvalid(
                    f"'{name}' has {pages:,} pages, more than {MOST_PAGES:,}.",
                    hint="Split it into several files.",
                )
            found = [_page(page, number) for number, page in enumerate(pdf.pages)]
            title = str((pdf.metadata or {}).get("Title") or "")
    except DocumentInvalid:
        raise
    except (
        PdfminerException,
        MalformedPDFException,
        PDFException,
        PSException,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OverflowError,
        AssertionError,
        ZeroDivisionError,
    ) as error:
        # pdfminer lets many kinds of its own mistakes through on broken files
        if "Password" in repr(error) or "Encryption" in repr(error):
            raise DocumentInvalid(
                f"'{name}' has a password.", hint="Remove the password and save it again."
            ) from error
        raise DocumentInvalid(
            f"'{name}' cannot be read as a PDF: {str(error) or type(error).__name__}.",
            hint="Print it into a new PDF, or save the original in another format.",
        ) from error
    return _write(name, found, title if _is_title(title) else "")


def _is_title(text: str) -> bool:
    """Printers often leave the name of a file as the title."""
    return bool(text.strip()) and not re.search(
        r"\.\w{2,5}$|^(?:microsoft|untitled|제목\s*없음)", text.strip(), re.I
    )


@dataclass(frozen=True, slots=True)
class _Page:
    lines: tuple[_Line, ...]
    tables: tuple[_Table, ...]
    pictures: int


def _page(page: Any, number: int) -> _Page:
    tables: list[_Table] = []
    boxes: list[tuple[float, float, float, float]] = []
    for table in page.find_tables():
        rows = _grid(table)
        if len(rows) > 1 and max(map(len, rows)) > 1:
            tables.append(_Table(number, table.bbox[1], rows))
            boxes.append(table.bbox)
    text = page.filter(lambda thing: not _inside(thing, boxes)) if boxes else page
    lines = tuple(_lines(text, number, float(page.height)))
    found = _Page(lines, tuple(tables), len(page.images))
    page.close()  # frees what was parsed, so that memory does not grow with the pages
    return found


def _inside(thing: dict[str, Any], boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _lines(page: Any, number: int, height: float) -> Iterator[_Line]:
    for line in page.extract_text_lines(return_chars=True, strip=True):
        glyphs = [glyph for glyph in line["chars"] if glyph["text"].strip()]
        if not glyphs:
            continue
        size = median(glyph["size"] for glyph in glyphs)
        bold = sum("bold" in glyph["fontname"].lower() for glyph in glyphs) * 2 > len(glyphs)
        edge = line["bottom"] < height * _EDGE or line["top"] > height * (1 - _EDGE)
        yield _Line(
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


def _write(name: str, pages: Sequence[_Page], title: str) -> Content:
    lines = [line for page in pages for line in page.lines]
    if not any(char.isalnum() for line in lines for char in line.text) and not any(
        page.tables for page in pages
    ):
        scanned = any(page.pictures for page in pages)
        raise DocumentInvalid(
            f"'{name}' has no text"
            + (": its pages are pictures, as a scanner makes them." if scanned else "."),
            hint="Run text recognition (OCR) over it and index the result, or save the original otherwise.",
        )
    writer = _Writer(pages, _running_heads(pages))
    draft = writer.write()
    silent = [
        str(number)
        for number, page in enumerate(pages, 1)
        if page.pictures and not page.tables and not any(line.text.strip() for line in page.lines)
    ]
    if silent:
        draft.notes.append(f"'{name}': pages without text, as pictures: {', '.join(silent[:20])}.")
    return draft.content({"title": title})


def _running_heads(pages: Sequence[_Page]) -> set[str]:
    """Lines, digits aside, that stand at the edges of most pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in page.lines if line.edge})
    return {shape for shape, times in seen.items() if times >= max(3, len(pages) * 0.5)}


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()))


class _Writer:
    """From lines and tables, page after page, to blocks."""

    def __init__(self, pages: Sequence[_Page], heads: set[str]) -> None:
        self._pages = [
            replace(page, lines=tuple(line for line in page.lines if not _runs(line, heads)))
            for page in pages
        ]
        lines = [line for page in self._pages for line in page.lines]
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 10.0
        bold = sum(len(line.text) for line in lines if line.bold and line.size <= self._body * _LARGER)
        self._bold_tells = bold * 3 < sum(sizes.values())
        larger = sorted({line.size for line in lines if self._larger(line)}, reverse=True)
        self._levels = {size: min(level, 4) for level, size in enumerate(_merged(larger), 1)}
        self._left = min((line.left for line in lines), default=0.0)
        self._right = max((line.right for line in lines), default=1.0)
        gaps = [
            b.top - a.bottom
            for page in self._pages
            for a, b in zip(page.lines, page.lines[1:], strict=False)
            if 0 <= b.top - a.bottom < 2 * self._body
        ]
        self._gap = median(gaps) if gaps else self._body * 0.3
        self._draft = Draft()
        self._open: list[_Line] = []
        self._table: list[tuple[int, tuple[str, ...]]] = []  # page and cells of each row

    def write(self) -> Draft:
        for number, page in enumerate(self._pages):
            parts: list[_Line | _Table] = [*page.lines, *page.tables]
            parts.sort(key=lambda part: part.top)
            goes_on = (
                bool(self._open) and bool(parts) and isinstance(parts[0], _Line) and self._goes_on(parts[0])
            )
            if number and not goes_on:
                self._close()
                if not (parts and isinstance(parts[0], _Table) and self._continues(parts[0])):
                    self._close_table()
                    self._draft.page()
            for part in parts:
                self._take(part)
        self._close()
        self._close_table()
        if len(self._pages) == 1:
            self._draft.page()
        return self._draft

    def _goes_on(self, line: _Line) -> bool:
        """Whether a line on a new page goes on with the paragraph before."""
        last = self._open[-1]
        return (
            not self._level(line)
            and not _MARK.match(line.text)
            and line.size == last.size
            and not last.text.rstrip().endswith(_STOPS)
            and self._full(last)
        )

    def _take(self, part: _Line | _Table) -> None:
        if isinstance(part, _Table):
            self._close()
            rows = part.rows
            if self._continues(part):
                rows = rows[1:] if rows[0] == self._table[0][1] else rows
            else:
                self._close_table()
            self._table += [(part.page, row) for row in rows]
            return
        self._close_table()
        if self._open and not self._joins(self._open[-1], part):
            self._close()
        self._open.append(part)

    def _joins(self, last: _Line, line: _Line) -> bool:
        if self._level(last) or self._level(line):
            return (
                self._level(last) == self._level(line)
                and line.page == last.page
                and (
                    line.top - last.bottom < self._body and line.size == last.size and line.bold == last.bold
                )
            )
        if line.page != last.page:
            return self._goes_on(line)
        if _MARK.match(line.text):
            return False
        return line.top - last.bottom <= self._gap * 1.6 + 1 and self._full(last)

    def _full(self, line: _Line) -> bool:
        """Whether a line was broken because it was full."""
        return line.right - self._left >= _SHORT * (self._right - self._left)

    def _larger(self, line: _Line) -> bool:
        return line.size >= self._body * _LARGER and len(line.text) <= _LONGEST_HEADING

    def _level(self, line: _Line) -> int:
        """The level of a heading, 0 for other lines."""
        if self._larger(line):
            return next((level for size, level in self._levels.items() if line.size >= size - 0.5), 4)
        words = line.text.strip()
        if (
            line.bold
            and self._bold_tells
            and len(words) <= _LONGEST_HEADING / 2
            and not words.endswith(_STOPS)
        ):
            return len(self._levels) + 1
        return 0

    def _close(self) -> None:
        lines, self._open = self._open, []
        if not lines:
            return
        level = self._level(lines[0])
        if level:
            self._draft.heading(glue_lines([line.text for line in lines]), level)
            return
        mark = _MARK.match(lines[0].text)
        if mark and lines[0].page == lines[-1].page:
            text = glue_lines([lines[0].text[mark.end() :], *(line.text for line in lines[1:])])
            sign = next(group for group in mark.groups() if group)
            self._draft.item(text, "-" if mark[1] else sign)
            return
        parts = [
            glue_lines([line.text for line in lines if line.page == page])
            for page in sorted({line.page for line in lines})
        ]
        self._draft.across(parts)

    def _continues(self, table: _Table) -> bool:
        """Whether a table at the head of a page goes on with the one that is open."""
        return (
            bool(self._table)
            and table.page == self._table[-1][0] + 1
            and (len(table.rows[0]) == len(self._table[0][1]))
        )

    def _close_table(self) -> None:
        rows, self._table = self._table, []
        if rows:
            pages = [page for page, _ in rows]
            new = frozenset(at for at in range(1, len(rows)) if pages[at] != pages[at - 1])
            self._draft.table([row for _, row in rows], new)


def _runs(line: _Line, heads: set[str]) -> bool:
    return line.edge and (_shape(line.text) in heads or bool(_PAGE_NUMBER.fullmatch(line.text)))


def _merged(sizes: Sequence[float]) -> list[float]:
    """Sizes in falling order; those within half a point are one."""
    kept: list[float] = []
    for size in sizes:
        if not kept or kept[-1] - size > 0.5:
            kept.append(size)
    return kept
