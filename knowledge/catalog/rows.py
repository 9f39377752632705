"""The rows of one catalog file: read as text, one at a time, each knowing its file and number.

A row number is what a spreadsheet shows: the header is row 1, and a cell that holds line breaks
does not count more than once.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from knowledge.catalog.columns import COLUMNS

T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # what is being done, how much, of how much

# A file with more bad rows than this is broken as a whole; the rest are only counted.
SHOWN_PER_FILE = 10_000
_LONGEST_CELL = 4_000_000  # characters
_CHUNK_CHARACTERS = 16_000_000
_LONGEST_TEXT = 1_000  # of a problem
_REPORTED_ROWS = 20_000
_NEVER = dict.fromkeys((0, 0x1C, 0x1D, 0x1E, 0x1F))


class BadRow(Exception):
    """A row that cannot be taken in; the text says what is wrong and what to do."""


class UnreadableFile(Exception):
    """A file of which no row can be taken in; the text is the problem, with file and row."""


class Problems:
    """Problems by file in the order of reading, within a file by row; each "file:row: what; what to do"."""

    def __init__(self) -> None:
        self._noted: list[tuple[int, int, str]] = []  # stretch, row, text
        self._stretch = 0
        self._file: str | None = None
        self._per_file: Counter[str] = Counter()

    def add(self, file: str, row: int, text: str) -> None:
        """Note ``text`` about one row. Rows of one file may come in any order until another file's do."""
        if file != self._file:
            self._file, self._stretch = file, self._stretch + 1
        self._per_file[file] += 1
        if self._per_file[file] <= SHOWN_PER_FILE:
            text = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
            self._noted.append((self._stretch, row, f"{file}:{row}: {text}"))

    def add_file(self, text: str) -> None:
        """Note ``text``, which names its file itself."""
        self._file, self._stretch = None, self._stretch + 1
        self._noted.append((self._stretch, 0, text))

    def lines(self) -> tuple[str, ...]:
        """Everything noted; a file beyond the limit ends with how many more there are."""
        more = [
            f"{file}: {found - SHOWN_PER_FILE} more rows have problems; correct the ones above first"
            for file, found in self._per_file.items() if found > SHOWN_PER_FILE
        ]
        return (*(text for _, _, text in sorted(self._noted, key=lambda noted: noted[:2])), *more)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: column name to text, NFC and stripped; a cell that was not given is absent."""

    file: str
    number: int
    cells: Mapping[str, str]

    def stored(self, table: str, /, **judged: object) -> tuple[Any, ...]:
        """The row of database table ``table``: ``judged`` cells as given, the others as text, origin last."""
        judged |= {"source_file": self.file, "source_row": self.number}
        return tuple(judged[name] if name in judged else self.cells.get(name) for name in COLUMNS[table])

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


def read_rows(
    path: Path, required: tuple[str, ...], problems: Problems, progress: Progress | None = None
) -> Iterator[Row]:
    """The rows of a CSV file that hold anything, in order; malformed ones are noted and passed over.

    Raises UnreadableFile, before the first row, where the file is not UTF-8 or lacks a column.
    """
    table = CsvTable(path, required, problems, progress)
    for number, cells in table.rows:
        row = shaped(path.name, number, table.columns, cells, problems)
        if row is not None:
            yield row


class CsvTable:
    """A CSV file: its ``columns``, and ``rows`` as number and cells, as they stand in it.

    Raises UnreadableFile where the file is not UTF-8 or lacks a column.
    """

    def __init__(
        self, path: Path, required: tuple[str, ...], problems: Problems, progress: Progress | None = None
    ) -> None:
        _check_encoding(path)
        self._taken = 0  # characters
        self.rows = self._read(path, problems, progress)
        _, header = next(self.rows, (1, []))
        self.columns = _columns(path.name, [clean(cell) for cell in header], required)

    def chunk(self, most: int) -> list[tuple[int, list[str]]]:
        """The next ``most`` rows, or fewer where they are long; none at the end."""
        rows: list[tuple[int, list[str]]] = []
        start = self._taken
        while len(rows) < most and self._taken - start < _CHUNK_CHARACTERS:
            row = next(self.rows, None)
            if row is None:
                break
            rows.append(row)
        return rows

    def _read(
        self, path: Path, problems: Problems, progress: Progress | None
    ) -> Iterator[tuple[int, list[str]]]:
        size = path.stat().st_size
        with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            # strict: an unclosed quotation mark would otherwise swallow the rest of the file in silence
            for number, cells in raw_records(path.name, csv.reader(self._lines(file), strict=True), problems):
                if progress is not None and number % _REPORTED_ROWS == 0:
                    progress(path.name, raw.tell(), size)
                yield number, cells
        if progress is not None:
            progress(path.name, size, size)

    def _lines(self, file: IO[str]) -> Iterator[str]:
        """Lines, cut where one is longer than a cell may be: memory is bounded whatever the file holds."""
        while line := file.readline(_LONGEST_CELL):
            self._taken += len(line)
            yield line


def shaped(
    file: str, number: int, columns: list[str], cells: list[str], problems: Problems
) -> Row | None:
    """A Row of what stands in the file; None where it holds nothing, or more cells than the header."""
    cells = [clean(cell) for cell in cells]
    if len(cells) > len(columns) and any(cells[len(columns):]):
        problems.add(
            file, number,
            f"it has {len(cells)} cells where the header has {len(columns)};"
            " put a cell that holds a comma in quotation marks",
        )
        return None
    given = {c: cell for c, cell in zip(columns, cells, strict=False) if c and cell}
    return Row(file, number, given) if given else None


def records(
    file: str, reader: Iterator[list[str]], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """Number and clean cells of each record of a strict CSV ``reader``; broken ones are noted."""
    for number, cells in raw_records(file, reader, problems):
        yield number, [clean(cell) for cell in cells]


def raw_records(
    file: str, reader: Iterator[list[str]], problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """``records`` whose cells stand as they are in the file."""
    csv.field_size_limit(_LONGEST_CELL)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
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


def clean(cell: str) -> str:
    """Text of a cell: NFC, "\\n" line ends, without NUL and separator characters, stripped."""
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)  # file names and text from a Mac arrive decomposed
    if not cell.isprintable():
        cell = cell.translate(_NEVER)
    return cell.strip()


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
