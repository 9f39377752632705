"""A text file with columns as one sheet: its encoding, its separator, its records."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from knowledge.catalog.importers.encoding import Encoding, detect_encoding
from knowledge.catalog.importers.sheets.sheet import Line, Region
from knowledge.catalog.rows import Problems, records

DELIMITERS = (",", "\t", ";", "|")
LARGEST = 16 * 2**30  # bytes
_SAMPLE = 1 << 16  # characters
_SAMPLED_RECORDS = 60
_REPORT_EVERY = 20_000  # records

Report = Callable[[str, int, int], None]


class TextSheet:
    """A CSV or TSV file; see Sheet. Raises CatalogInvalid where it is not text."""

    hidden = False
    first_day = 1900
    merged: tuple[Region, ...] = ()

    def __init__(
        self, path: Path, name: str, report: Report, encoding: str | None = None, delimiter: str | None = None
    ) -> None:
        self._path, self._report, self.file = path, report, name
        self.name = Path(name).stem
        self._encoding = (
            Encoding(encoding, "replace") if encoding else detect_encoding(path, name, largest=LARGEST)
        )
        with self._open() as file:
            sample = file.read(_SAMPLE)
        # A spreadsheet's own note about the separator, which it does not show as a row.
        self._noted = sample[:4].lower() == "sep=" and len(sample) > 4
        self.delimiter = delimiter or (sample[4] if self._noted else _delimiter(sample))

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding.codec, errors=self._encoding.errors, newline="")

    def lines(self, problems: Problems) -> Iterator[Line]:
        """The lines that hold anything; what is not CSV or has broken characters is noted and left out."""
        size = self._path.stat().st_size
        if self._encoding.problem:
            problems.add_file(self._encoding.problem)
        with self._open() as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            for number, cells in islice(records(self.file, reader, problems), int(self._noted), None):
                if number % _REPORT_EVERY == 0:
                    self._report(f"reading {self.file}", file.buffer.tell(), size)
                if number == 1 and cells:
                    cells[0] = cells[0].lstrip("\ufeff")
                if any(cells):
                    yield Line(number, cells)
        self._report(f"reading {self.file}", size, size)


def _delimiter(sample: str) -> str:
    """The separator by which most records have the same number of cells, more than one."""
    best, best_rank = ",", (0, 0)
    lines = sample.splitlines(keepends=True)
    if len(sample) == _SAMPLE:
        lines = lines[:-1] or lines
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for cells in islice(csv.reader(lines, delimiter=delimiter), _SAMPLED_RECORDS):
                widths[len(cells)] += 1
        except csv.Error:
            pass  # the records so far tell enough
        width, times = max(
            ((w, n) for w, n in widths.items() if w > 1), key=lambda it: (it[1], it[0]), default=(0, 0)
        )
        if (times, width) > best_rank:
            best, best_rank = delimiter, (times, width)
    return best


def text_encoding(name: str) -> str:
    """``name`` where Python knows it as a text encoding; ValueError otherwise."""
    import codecs

    try:
        info = codecs.lookup(name)
    except LookupError:
        raise ValueError(f"{name!r} is no encoding; write utf-8, cp949 or utf-16") from None
    return info.name
