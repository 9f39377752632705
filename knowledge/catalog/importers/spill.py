"""Rows that are kept in a temporary file, so that a dictionary of any length takes little memory."""

from __future__ import annotations

import marshal
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

from knowledge.catalog.rows import Row
from knowledge.errors import StoreUnavailable

_BATCH = 2_000  # rows that are written, and read again, at once
_IN_MEMORY = 8 * 2**20  # bytes; a smaller dictionary makes no file


class SpilledRows(Sequence[Row]):
    """A sequence of rows to which rows can be added; the file goes when the sequence does.

    Walking through it reads each batch once. Raises StoreUnavailable where the disk is full.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  it lives as long as the rows
        self._starts: list[int] = []  # number of the first row of each batch
        self._offsets: list[int] = []
        self._batch: list[tuple[str, int, dict[str, str]]] = []  # not written yet
        self._length = 0
        self._read: tuple[int, list[tuple[str, int, dict[str, str]]]] = (-1, [])

    def append(self, row: Row) -> None:
        """Add one row."""
        self._batch.append((row.file, row.number, dict(row.cells)))
        self._length += 1
        if len(self._batch) == _BATCH:
            self._write()

    def _write(self) -> None:
        try:
            self._offsets.append(self._file.seek(0, 2))
            self._file.write(marshal.dumps(self._batch))
        except OSError as error:
            raise StoreUnavailable(
                f"The dictionary cannot be kept in the temporary folder ({error.strerror}).",
                hint="Make room there, or name another folder in TMPDIR.",
            ) from error
        self._starts.append(self._length - len(self._batch))
        self._batch = []

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        for batch in range(len(self._offsets)):
            yield from (Row(*row) for row in self._load(batch))
        yield from (Row(*row) for row in self._batch)

    def _load(self, batch: int) -> list[tuple[str, int, dict[str, str]]]:
        if self._read[0] != batch:
            self._file.seek(self._offsets[batch])
            self._read = batch, marshal.load(self._file)
        return self._read[1]

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(self._length))]
        number = at + self._length if at < 0 else at
        if not 0 <= number < self._length:
            raise IndexError(at)
        batch = bisect_right(self._starts, number) - 1
        written = self._length - len(self._batch)
        if number >= written:
            return Row(*self._batch[number - written])
        return Row(*self._load(batch)[number - self._starts[batch]])
