"""Dictionary files with columns: comma, semicolon, tab or bar between the cells, in any usual encoding.

The header is looked for: a spreadsheet's first rows may hold a title, and the separator depends on
the country that the spreadsheet was set up for. What counts as a header is what the format knows.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TextIO

from knowledge.catalog.importers.dictionary import Request
from knowledge.catalog.importers.encoding import Encoding, detect_encoding
from knowledge.catalog.rows import Problems, Row, records
from knowledge.data_file import read_shipped
from knowledge.errors import CatalogInvalid

DELIMITERS = (",", ";", "\t", "|")
_HEADER_WITHIN = 20  # rows
_SAMPLE = 1 << 16  # characters
_MOST_ROWS = 500_000
_REPORT_EVERY = 2_000

_NOT_A_LETTER = re.compile(r"[\W_]+")

# A byte order mark that another program took for letters, and wrote back.
_READ_AS_LETTERS = re.compile(r"^(?:\ufeff|ï»¿|ï\.\.|X\.U\.FEFF\.)")

# Column of a format to the header texts that mean it, in any case and with any punctuation.
Columns = Mapping[str, Sequence[str]]


@lru_cache(maxsize=8)
def known_columns(format: str) -> Columns:
    """The columns of a format in order, as headers.yaml beside this file has them."""
    return read_shipped(Path(__file__).with_name("headers.yaml"))[format]


def header_key(text: str) -> str:
    """A header cell without case, spaces and punctuation: "Variable / Field Name" -> "variablefieldname"."""
    text = _READ_AS_LETTERS.sub("", text)
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A file whose header was found. ``columns`` has, per cell of the header, the format's name for it
    or None; ``header`` is the row as it stands, ``header_row`` its number."""

    path: Path
    name: str
    encoding: Encoding
    delimiter: str
    header_row: int
    header: tuple[str, ...]
    columns: tuple[str | None, ...]

    def has(self, *columns: str) -> bool:
        """Whether all of these columns are there."""
        return all(column in self.columns for column in columns)

    def rows(self, problems: Problems, request: Request) -> Iterator[Row]:
        """The rows that hold anything; malformed ones are noted and passed over.

        Raises CatalogInvalid where there are more rows than a dictionary can have.
        """
        size, width, short = self.path.stat().st_size, len(self.header), 0
        if self.encoding.problem:
            problems.add_file(self.encoding.problem)
        self._note_twice(problems)
        with _open(self.path, self.encoding) as file:
            number, cells = self.header_row, list(self.header)
            for number, cells in self._records(file, problems):
                if number - self.header_row > _MOST_ROWS:
                    raise CatalogInvalid(
                        f"{self.name}:{number}: a dictionary may have {_MOST_ROWS:,} rows.",
                        hint="It looks like data; give the file that describes the columns, or parts of it.",
                    )
                if number % _REPORT_EVERY == 0:
                    request.report(f"reading {self.name}", min(file.buffer.tell(), size), size)
                if len(cells) > width and any(cells[width:]):
                    problems.add(
                        self.name, number, f"it has {len(cells)} cells where the header has {width};"
                        " put a cell that holds the separator in quotation marks",
                    )
                    continue
                short += len(cells) < width
                if given := {c: cell for c, cell in zip(self.columns, cells, strict=False) if c and cell}:
                    yield Row(self.name, number, given)
            if short == 1 and len(cells) < width and any(cells) and not self._ends_a_line():
                problems.add(self.name, number, f"the last row has {len(cells)} of {width} cells, as in a"
                             " file that was cut off; compare it with the original")
        request.report(f"reading {self.name}", size, size)

    def _ends_a_line(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-min(4, self.path.stat().st_size), 2)
            return file.read().rstrip(b"\x00").endswith((b"\n", b"\r"))

    def _records(self, file: TextIO, problems: Problems) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(file, delimiter=self.delimiter, strict=True)
        return islice(records(self.name, reader, problems), self.header_row, None)

    def _note_twice(self, problems: Problems) -> None:
        known = [column for column in self.columns if column]
        for column in dict.fromkeys(known):
            if known.count(column) > 1:
                cells = [cell for cell, c in zip(self.header, self.columns, strict=True) if c == column]
                problems.add(self.name, self.header_row, f"the columns {cells} mean the same;"
                             " the last one that has a cell was read, keep one of them")


def open_delimited(path: Path, name: str, columns: Columns) -> DelimitedFile:
    """The file with the header that has most of ``columns``; no column may be known.

    Raises CatalogInvalid where the file is not text with columns, or is too large.
    """
    encoding = detect_encoding(path, name)
    keys = {header_key(text): column for column, texts in columns.items() for text in (column, *texts)}
    with _open(path, encoding) as file:
        sample = file.read(_SAMPLE)
    best: tuple[tuple[int, int, int], str, int, list[str]] | None = None
    for delimiter in DELIMITERS:
        for number, cells in enumerate(_first_rows(sample, delimiter), start=1):
            known = len({keys[key] for cell in cells if (key := header_key(cell)) in keys})
            rank = (known, -number, len(cells))
            if any(cells) and (best is None or rank > best[0]):
                best = rank, delimiter, number, cells
    if best is None:
        raise CatalogInvalid(f"{name} holds no row.", hint="Give a file that holds the dictionary.")
    _, delimiter, number, cells = best
    read = tuple(keys.get(header_key(cell)) for cell in cells)
    return DelimitedFile(path, name, encoding, delimiter, number, tuple(cells), read)


def _open(path: Path, encoding: Encoding) -> TextIO:
    return path.open(encoding=encoding.codec, errors=encoding.errors, newline="")


def _first_rows(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter)
    rows = []
    try:
        for cells in islice(reader, _HEADER_WITHIN):
            rows.append([cell.replace("\x00", "").strip().lstrip("﻿") for cell in cells])
    except csv.Error:
        pass  # a broken row below the header is told when the rows are read
    return rows
