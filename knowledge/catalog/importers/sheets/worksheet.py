"""The cells of one worksheet, row by row, without holding more than a piece of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from knowledge.catalog.importers.sheets.container import Container
from knowledge.catalog.importers.sheets.number_format import Kind, number_text
from knowledge.catalog.importers.sheets.sheet import MOST_COLUMNS, NOT_CALCULATED, Line, Region
from knowledge.catalog.importers.sheets.xml_events import local, read_events
from knowledge.catalog.rows import clean

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_TEXT = 4_000_000  # characters; Excel's limit is 32,767
_MOST_REGIONS = 200_000
_MOST_TAGS = 500

Formats = Sequence[tuple[Kind, int]]


def column_of(letters: str) -> int:
    """0 of "A", 26 of "AA"."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def unescape(text: str) -> str:
    """Text of a workbook, which writes control characters as "_x000D_"."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def merged_regions(container: Container, part: str, name: str) -> list[Region]:
    """The merged cells of a sheet, in order. They are told after the cells, so this reads it once."""
    regions: list[Region] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "mergeCell" and len(regions) < _MOST_REGIONS:
            ends = [_CELL.fullmatch(end) for end in attributes.get("ref", "").split(":")]
            first, last = ends[0], ends[-1]
            if first and last:
                regions.append(Region(int(first[2]), int(last[2]), column_of(first[1]), column_of(last[1])))

    for _ in read_events(container.chunks(part), name, start=start):
        pass
    return sorted(regions)


class CellReader:
    """Callbacks that gather the lines of a sheet's XML in ``lines``."""

    def __init__(self, strings: Sequence[str], formats: Formats, first_day: int) -> None:
        self.lines: deque[Line] = deque()
        self._strings, self._formats, self._first_day = strings, formats, first_day
        self._row, self._column = 0, -1
        self._cells: list[str] = []
        self._type, self._style = "n", 0
        self._formula = self._valued = self._collects = False
        self._phonetic = False  # readings of Chinese characters, beside the text itself
        self._texts: list[str] = []
        self._length = 0
        self._local: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = self._name(tag)
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "t"}:
            self._collects = not self._phonetic
            self._valued = True
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._cells, self._column = [], -1

    def text(self, text: str) -> None:
        """Text inside of an element."""
        if self._collects:
            self._texts.append(text)
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise ValueError(f"row {self._row} has a cell of more than {_LONGEST_TEXT:,} characters")

    def end(self, tag: str) -> None:
        """An element ends."""
        name = self._name(tag)
        if name in {"v", "t"}:
            self._collects = False
        elif name == "c":
            if cell := self._value():
                self._cells.extend([""] * (self._column - len(self._cells)))
                self._cells.append(cell)
        elif name == "rPh":
            self._phonetic = False
        elif name == "row" and self._cells:
            self.lines.append(Line(self._row, self._cells))

    def _name(self, tag: str) -> str:
        name = self._local.get(tag)
        if name is None:
            if len(self._local) > _MOST_TAGS:
                raise ValueError(f"it has more than {_MOST_TAGS} kinds of elements")
            name = self._local[tag] = local(tag)
        return name

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
        self._formula = self._valued = False
        self._texts, self._length = [], 0
        place = _CELL.fullmatch(attributes.get("r", ""))
        column = column_of(place[1]) if place else self._column + 1
        if not self._column < column < MOST_COLUMNS:
            raise ValueError(f"row {self._row} has a cell {attributes.get('r')!r} out of its place")
        self._column = column

    def _value(self) -> str:
        if not self._valued:
            return NOT_CALCULATED if self._formula else ""
        raw, kind = "".join(self._texts), self._type
        if kind == "s":
            number = int(raw)
            if not 0 <= number < len(self._strings):
                raise ValueError(f"row {self._row} refers to a text that the workbook does not have")
            return self._strings[number]
        if kind == "n":
            style = self._formats[self._style] if self._style < len(self._formats) else (Kind.PLAIN, 0)
            return number_text(raw.strip(), *style, self._first_day)
        if kind == "b":
            return "true" if raw.strip() == "1" else "false"
        if kind == "d":
            return raw.strip().removesuffix("T00:00:00").removesuffix("T00:00:00.000").replace("T", " ")
        return clean(unescape(raw))


def read_lines(
    container: Container, part: str, name: str, reader: CellReader, report: Callable[[int, int], None]
) -> Iterator[Line]:
    """The lines of a sheet that hold anything; ``report`` is told the bytes read, of how many."""
    total, done = container.size(part), 0

    def counted() -> Iterator[bytes]:
        nonlocal done
        for chunk in container.chunks(part):
            done += len(chunk)
            yield chunk

    events = read_events(counted(), name, start=reader.start, end=reader.end, text=reader.text)
    for number, _ in enumerate(events):
        while reader.lines:
            yield reader.lines.popleft()
        if number % 64 == 0:
            report(done, total)
    report(total, total)
