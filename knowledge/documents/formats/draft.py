"""The text that a reader of a file format writes: headings, paragraphs, items, tables, pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u00ad\ue000-\uf8ff]")
_MARKUP = re.compile(r"(#{1,6}[ \t]|```|~~~|<!--)")
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. ``text`` is as ``Document.text``; ``given`` is metadata under the names of front
    matter; ``pages`` holds where each page after the first begins, ascending offsets into ``text``, and is
    None for a format without pages; ``notes`` say what could not be read."""

    text: str
    given: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()


class Draft:
    """Text that grows block by block; a blank line ends each block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._tail = ""
        self._pages: list[int] = []
        self._paged = False
        self.notes: list[str] = []

    def heading(self, text: str, level: int) -> None:
        """A heading; ``level`` from 1."""
        if words := _line(text):
            self._block("#" * max(1, min(level, DEEPEST)) + " " + words)

    def paragraph(self, text: str) -> None:
        """A paragraph; its line breaks stay."""
        if words := _lines(text):
            self._block(words)

    def across(self, parts: Sequence[str]) -> None:
        """A paragraph that runs over page ends: each part after the first begins a page."""
        for number, part in enumerate(parts):
            if number:
                self.page()
            self._write(_lines(part) if not number else " " + _lines(part))
        self._write("\n\n")

    def item(self, text: str, mark: str = "-", depth: int = 0) -> None:
        """A list item with its mark ("-", "1."); items that follow each other make one list."""
        if words := _line(text):
            self._tight("  " * depth + mark + " " + words)

    def table(self, rows: Sequence[Sequence[str]], new_pages: frozenset[int] = frozenset()) -> None:
        """A table whose first row names the columns. Rows may differ in length; empty rows are left out.
        ``new_pages`` holds the places of rows that begin a page."""
        cells = [[_cell(text) for text in row] for row in rows]
        width = max(map(len, cells), default=0)
        if not any(any(row) for row in cells):
            return
        self._part()
        first = True
        for number, row in enumerate(cells):
            if number in new_pages:
                self.page()
            if any(row):
                self._write("| " + " | ".join(row + [""] * (width - len(row))) + " |\n")
                if first:
                    self._write("|" + " --- |" * width + "\n")
                first = False
        self._write("\n")

    def page(self) -> None:
        """A new page begins here."""
        self._paged = True
        self._pages.append(self._length)

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return not self._parts

    def content(self, given: dict[str, str] | None = None) -> Content:
        """What was written."""
        text = "".join(self._parts).rstrip("\n")
        text = text + "\n" if text else ""
        pages = tuple(min(start, len(text)) for start in self._pages) if self._paged else None
        known = {key: _line(value) for key, value in (given or {}).items() if value and _line(value)}
        return Content(text, known, pages, tuple(self.notes))

    def _block(self, text: str) -> None:
        self._part()
        self._write(text + "\n\n")

    def _part(self) -> None:
        """End what came before with a blank line."""
        if self._parts and self._tail != "\n\n":
            self._write("\n")

    def _tight(self, text: str) -> None:
        """A line that stands directly below the one before, where that was an item too."""
        self._write(text + "\n")

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._tail = (self._tail + text)[-2:]


def clean(text: str) -> str:
    """``text`` as it is stored: NFC, without control and private-use characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", text.replace("\xa0", " ").replace("\t", " ")))


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(text: str) -> str:
    """Lines without surrounding space; one that only looks like markup is kept apart from it."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    return "\n".join("\\" + line if _MARKUP.match(line) else line for line in lines if line)


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
