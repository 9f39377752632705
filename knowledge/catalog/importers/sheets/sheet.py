"""One sheet of a workbook, or one text file: numbered lines of cells, and which cells are merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.catalog.rows import Problems

MOST_COLUMNS = 16_384  # of a spreadsheet

# What a cell says whose formula failed, as spreadsheets write it.
ERRORS = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
# What a cell says whose formula was stored without its result; no spreadsheet writes this.
NOT_CALCULATED = "#NOT-CALCULATED!"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a spreadsheet numbers it, from 1; cells are clean text, "" where nothing was given.

    ``merged`` are the columns whose text is that of a merged cell that began above.
    """

    number: int
    cells: list[str]
    merged: frozenset[int] = frozenset()

    def at(self, column: int) -> str:
        """The cell of ``column``, counted from 0; "" beyond the last one."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def filled(self) -> list[int]:
        """The columns that hold anything of this line's own."""
        return [column for column, cell in enumerate(self.cells) if cell and column not in self.merged]


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """Merged cells: first and last row (from 1) and column (from 0), all included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Sheet(Protocol):
    """``file`` is what a Row calls its file ("book.xlsx [sheet]"), ``name`` the sheet's own name, or the
    text file's without its suffix. ``merged`` is in order of rows. ``first_day`` is what the number 0 of
    a date means, 1900 or 1904."""

    @property
    def file(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def first_day(self) -> int: ...
    @property
    def merged(self) -> Sequence[Region]: ...

    def lines(self, problems: Problems) -> Iterator[Line]:
        """The lines that hold anything, in order; what cannot be read is noted."""


def fill_down(lines: Iterable[Line], merged: Sequence[Region]) -> Iterator[Line]:
    """The lines with the text of vertically merged cells in each of their rows, first column only."""
    waiting = [region for region in merged if region.last_row > region.first_row]
    current: dict[int, tuple[int, str]] = {}  # column: the last row of its region, the text
    at = 0
    for line in lines:
        while at < len(waiting) and waiting[at].first_row <= line.number:
            region, at = waiting[at], at + 1
            if region.first_row == line.number and (text := line.at(region.first_column)):
                current[region.first_column] = region.last_row, text
        if current:
            current = {column: it for column, it in current.items() if line.number <= it[0]}
            yield _filled(line, {c: text for c, (_, text) in current.items() if not line.at(c)})
        else:
            yield line


def _filled(line: Line, texts: Mapping[int, str]) -> Line:
    if not texts:
        return line
    cells = line.cells + [""] * (max(texts) + 1 - len(line.cells))
    for column, text in texts.items():
        cells[column] = text
    return Line(line.number, cells, frozenset(texts))


def fill_header(lines: Sequence[Line], merged: Sequence[Region]) -> list[list[str]]:
    """The cells of header lines, with the text of merged cells in every cell that they cover."""
    width = max(len(line.cells) for line in lines)
    numbers = {line.number for line in lines}
    within = [r for r in merged if r.first_row in numbers or r.last_row in numbers]
    width = max([width, *(min(region.last_column + 1, MOST_COLUMNS) for region in within)])
    grid = {line.number: line.cells + [""] * (width - len(line.cells)) for line in lines}
    for region in within:
        if region.first_row not in grid:
            continue
        text = grid[region.first_row][region.first_column]
        for number in range(region.first_row, region.last_row + 1):
            for column in range(region.first_column, min(region.last_column + 1, width)):
                if number in grid and not grid[number][column]:
                    grid[number][column] = text
    return [grid[line.number] for line in lines]
