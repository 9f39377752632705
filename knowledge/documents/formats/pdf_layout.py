"""From the lines and tables of a PDF's pages to blocks: headings, paragraphs, list items, tables.

What repeats at the edges of most pages is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from knowledge.documents.formats.draft import Draft
from knowledge.documents.formats.pdf_page import Line, Page, Table
from knowledge.text import glue_lines

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


def write_pages(pages: Sequence[Page]) -> Draft:
    """The blocks of all pages."""
    return _Writer(pages, _running_heads(pages)).write()


def _running_heads(pages: Sequence[Page]) -> set[str]:
    """Lines, digits aside, that stand at the edges of most pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in page.lines if line.edge})
    return {shape for shape, times in seen.items() if times >= max(3, len(pages) * 0.5)}


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()))


class _Writer:
    """From lines and tables, page after page, to blocks."""

    def __init__(self, pages: Sequence[Page], heads: set[str]) -> None:
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
        self._open: list[Line] = []
        self._table: list[tuple[int, tuple[str, ...]]] = []  # page and cells of each row

    def write(self) -> Draft:
        for number, page in enumerate(self._pages):
            parts: list[Line | Table] = [*page.lines, *page.tables]
            parts.sort(key=lambda part: part.top)
            goes_on = (
                bool(self._open) and bool(parts) and isinstance(parts[0], Line) and self._goes_on(parts[0])
            )
            if number and not goes_on:
                self._close()
                if not (parts and isinstance(parts[0], Table) and self._continues(parts[0])):
                    self._close_table()
                    self._draft.page()
            for part in parts:
                self._take(part)
        self._close()
        self._close_table()
        if len(self._pages) == 1:
            self._draft.page()
        return self._draft

    def _goes_on(self, line: Line) -> bool:
        """Whether a line on a new page goes on with the paragraph before."""
        last = self._open[-1]
        return (
            not self._level(line)
            and not _MARK.match(line.text)
            and line.size == last.size
            and not last.text.rstrip().endswith(_STOPS)
            and self._full(last)
        )

    def _take(self, part: Line | Table) -> None:
        if isinstance(part, Table):
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

    def _joins(self, last: Line, line: Line) -> bool:
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

    def _full(self, line: Line) -> bool:
        """Whether a line was broken because it was full."""
        return line.right - self._left >= _SHORT * (self._right - self._left)

    def _larger(self, line: Line) -> bool:
        return line.size >= self._body * _LARGER and len(line.text) <= _LONGEST_HEADING

    def _level(self, line: Line) -> int:
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

    def _continues(self, table: Table) -> bool:
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


def _runs(line: Line, heads: set[str]) -> bool:
    return line.edge and (_shape(line.text) in heads or bool(_PAGE_NUMBER.fullmatch(line.text)))


def _merged(sizes: Sequence[float]) -> list[float]:
    """Sizes in falling order; those within half a point are one."""
    kept: list[float] = []
    for size in sizes:
        if not kept or kept[-1] - size > 0.5:
            kept.append(size)
    return kept
