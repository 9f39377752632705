"""The rows of one catalog file: read as text, one at a time, each knowing its file and number.

A row number is what a spreadsheet shows: the header is row 1, and a cell that holds line breaks
does not count more than once.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# A file with more bad rows than this is broken as a whole; the rest are only counted.
SHOWN_PER_FILE = 10_000
_LONGEST_CELL = 4_000_000  # characters


class BadRow(Exception):
    """A row that cannot be taken in; the text says what is wrong and what to do."""


class UnreadableFile(Exception):
    """A file of which no row can be taken in; the text is the problem, with file and row."""


class Problems:
    """Problems in the order found, each "file:row: what; what to do"."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._per_file: Counter[str] = Counter()

    def add(self, file: str, row: int, text: str) -> None:
        """Note ``text`` about one row."""
        self._per_file[file] += 1
        if self._per_file[file] <= SHOWN_PER_FILE:
            self._lines.append(f"{file}:{row}: {text}")

    def add_file(self, text: str) -> None:
        """Note ``text``, which names its file itself."""
        self._lines.append(text)

    def lines(self) -> tuple[str, ...]:
        """Everything noted; a file beyond the limit ends with how many more there are."""
        more = [
            f"{file}: {found - SHOWN_PER_FILE} more rows have problems; correct the ones above first"
            for file, found in self._per_file.items() if found > SHOWN_PER_FILE
        ]
        return (*self._lines, *more)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: column name to text, NFC and stripped; a cell that was not given is absent."""

    file: str
    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """The cell, or None where nothing was given."""
        return self.cells.get(column)

    def need(self, column: str) -> str:
        """The cell; BadRow where nothing was given."""
        text = self.cells.get(column)
        if text is None:
            raise BadRow(f"{column} is empty; give it a value")
        return text

    def parsed(self, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell as ``parse`` (of cells.py) reads it, None where not given; BadRow where it cannot."""
        text = self.cells.get(column)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            raise BadRow(f"{column} {error}") from error

    def checked(self, column: str, parse: Callable[[str], object]) -> str | None:
        """The cell's text, once ``parse`` has read it without complaint."""
        self.parsed(column, parse)
        return self.cells.get(column)


def read_rows(path: Path, required: tuple[str, ...], problems: Problems) -> Iterator[Row]:
    """The rows of a CSV file that hold anything, in order; malformed ones are noted and passed over.

    Raises UnreadableFile, before the first row, where the file is not UTF-8 or lacks a column.
    """
    _check_encoding(path)
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        # strict: an unclosed quotation mark would otherwise swallow the rest of the file in silence
        records = _records(path.name, csv.reader(file, strict=True), problems)
        _, header = next(records, (1, []))
        columns = _columns(path.name, header, required)
        for number, cells in records:
            if len(cells) > len(columns) and any(cells[len(columns):]):
                problems.add(
                    path.name, number,
                    f"it has {len(cells)} cells where the header has {len(columns)};"
                    " put a cell that holds a comma in quotation marks",
                )
                continue
            given = {c: cell for c, cell in zip(columns, cells, strict=False) if c and cell}
            if given:
                yield Row(path.name, number, given)


def _records(
    file: str, reader: Iterator[list[str]], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            yield number, [_clean(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                problems.add(file, number, "a quotation mark is opened here and never closed;"
                             " nothing from here on was read; close it")
            else:
                problems.add(file, number, f"the row is not CSV ({error}); put the cell in quotation marks,"
                             " and write a quotation mark inside it twice")


def _columns(file: str, header: list[str], required: tuple[str, ...]) -> list[str]:
    columns = [name.lower() for name in header]
    for name in required:
        if name not in columns:
            raise UnreadableFile(f"{file}:1: there is no column {name!r}; add it to the header")
    twice = [name for name, times in Counter(columns).items() if name and times > 1]
    if twice:
        raise UnreadableFile(f"{file}:1: the column {twice[0]!r} stands twice; keep one of them")
    return columns


def _clean(cell: str) -> str:
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)  # file names and text from a Mac arrive decomposed
    return cell.replace("\x00", "").strip()


def _check_encoding(path: Path) -> None:
    """UnreadableFile with the line of the first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
                line += chunk.count(b"\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += bytes(error.object)[: error.start].count(b"\n")
        raise UnreadableFile(f"{path.name}:{line}: the file is not UTF-8; save it as CSV UTF-8") from error
    except OSError as error:
        raise UnreadableFile(f"{path.name}: it cannot be opened ({error.strerror})") from error
