"""counts.csv into the stage, however long it is: ``read_counts``.

Ten million rows hold few different texts per column. Each text is judged once, by the functions of
measures.py, and rows travel as numbers that stand for judged texts. A row with a text that did not
pass, or that gives cause for a remark, goes through ``count_cells`` by itself, for its message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.columns import COLUMNS
from knowledge.catalog.declaration import Protection
from knowledge.catalog.measures import (
    count_ages,
    count_cells,
    count_cohort,
    count_dataset,
    count_patients,
    count_records,
    count_year,
)
from knowledge.catalog.references import LeftOut, References
from knowledge.catalog.rows import BadRow, CsvTable, Problems, Progress, Row, clean, shaped
from knowledge.catalog.stage import Stage

_CHUNK = 20_000
_MOST_TEXTS = 200_000  # of one part that are remembered, so that memory stays bounded
_LONG = 1_000  # characters
_BAD = -1
_RANGE = ("patients_low", "patients_high", "records_low", "records_high", "width")

Codes = NDArray[np.int32]
Texts = str | tuple[str, ...]  # as they stand in the columns of a part, one or several


@dataclass(frozen=True)
class _Kind:
    """A part of a count: the columns it is read from, and the database columns it gives."""

    columns: tuple[str, ...]
    gives: tuple[str, ...]
    judge: Callable[[Row, Problems], Sequence[Any]]


class _Part:
    """The texts of one kind that were met, numbered; a table of the stage holds what they mean."""

    def __init__(self, name: str, kind: _Kind, stage: Stage) -> None:
        self.name, self.kind, self._stage = name, kind, stage
        types = COLUMNS["counts"]
        shape = "".join(f', "{column}" {types[column]}' for column in kind.gives)
        stage.query(f'CREATE TEMP TABLE "{name}" (code INTEGER{shape})')
        self._insert = f'INSERT INTO "{name}" SELECT unnest($1::INTEGER[])' + "".join(
            f", unnest(${i}::{types[column]}[])" for i, column in enumerate(kind.gives, 2)
        )
        self._codes: dict[Any, int] = {}
        self._remarked: set[int] = set()
        self._long: list[Texts] = []  # too long to be remembered

    def codes(self, texts: Sequence[Texts], file: str, numbers: Sequence[int]) -> tuple[Codes, Codes]:
        """The number of each row's texts, and the indexes of the rows to be looked at one by one."""
        if len(self._codes) > _MOST_TEXTS:
            self._stage.query(f'DELETE FROM "{self.name}"')
            self._codes.clear()
            self._remarked.clear()
        unknown = set(texts) - self._codes.keys()
        if unknown:
            self._learn(unknown, texts, file, numbers)
        found = np.fromiter(map(self._codes.__getitem__, texts), np.int32, len(texts))
        for text in self._long:
            del self._codes[text]
        self._long.clear()
        single = found == _BAD
        if self._remarked:
            single |= np.isin(found, np.fromiter(self._remarked, np.int32))
        return found, np.flatnonzero(single).astype(np.int32)

    def _learn(
        self, unknown: set[Texts], texts: Sequence[Texts], file: str, numbers: Sequence[int]
    ) -> None:
        known: list[tuple[Any, ...]] = []
        for text, number in zip(texts, numbers, strict=True):  # in order, so that what they imply is, too
            if text in unknown:
                unknown.discard(text)
                cells = list(map(clean, (text,) if isinstance(text, str) else text))
                if max(map(len, cells)) > _LONG:
                    self._long.append(text)
                given = {name: cell for name, cell in zip(self.kind.columns, cells, strict=True) if cell}
                self._codes[text] = self._judged(Row(file, number, given), known)
            if not unknown:
                break
        if known:
            self._stage.query(self._insert, [list(cells) for cells in zip(*known, strict=True)])

    def _judged(self, row: Row, known: list[tuple[Any, ...]]) -> int:
        code, remarks = len(self._codes), Problems()
        try:
            known.append((code, *self.kind.judge(row, remarks)))
        except (BadRow, LeftOut):
            return _BAD
        if remarks.lines():
            self._remarked.add(code)
        return code


class CountReader:
    """Reads the counts of one folder. ``hospitals`` gives each dataset's."""

    def __init__(
        self, stage: Stage, references: References, hospitals: Mapping[str, str | None], rule: Protection,
        problems: Problems,
    ) -> None:
        self._stage, self._references, self._problems = stage, references, problems
        self._hospitals, self._rule = hospitals, rule

    def read(self, path: Path, required: tuple[str, ...], progress: Progress | None = None) -> None:
        """Put every usable row of the file into the stage. Raises UnreadableFile."""
        table = CsvTable(path, required, self._problems, progress)
        parts = [_Part(f"part_{n}", kind, self._stage) for n, kind in enumerate(self._kinds(table.columns))]
        insert = _insert(parts)
        while chunk := table.chunk(_CHUNK):
            self._chunk(path.name, table.columns, chunk, parts, insert)
        for part in parts:
            self._stage.query(f'DROP TABLE "{part.name}"')

    def _kinds(self, columns: list[str]) -> Iterator[_Kind]:
        refs, rule = self._references, self._rule

        def dataset(row: Row, _: Problems) -> Sequence[Any]:
            name = count_dataset(row, refs)
            return name, self._hospitals.get(name)

        yield _Kind(("dataset",), ("dataset", "hospital"), dataset)
        yield _Kind(("cohort",), ("cohort",), lambda row, _: (count_cohort(row, refs),))
        yield _Kind(("year",), ("year",), lambda row, _: (count_year(row),))
        yield _Kind(("sex",), ("sex",), lambda row, _: (row.text("sex"),))
        yield _Kind(
            ("age_band",), ("age_band", "age_low", "age_high"),
            lambda row, _: (row.text("age_band"), *count_ages(row)),
        )
        ranged = tuple(name for name in _RANGE if name in columns)
        yield _Kind(
            ("status", "patients", *ranged), _four("patients"),
            lambda row, problems: tuple(count_patients(row, rule, problems).named("patients").values()),
        )
        own = ("records", "records_status", *ranged)
        yield _Kind(
            ("status", *(name for name in own if name in columns)), _four("records"),
            lambda row, problems: tuple(count_records(row, rule, problems).named("records").values()),
        )
        yield _Kind(("rule",), ("rule",), lambda row, _: (row.text("rule") or rule.id,))

    def _chunk(
        self, file: str, columns: list[str], chunk: list[tuple[int, list[str]]], parts: list[_Part],
        insert: str,
    ) -> None:
        numbers, rows = [number for number, _ in chunk], [cells for _, cells in chunk]
        # Rows that are longer or shorter than the header never get mixed up with the others' columns.
        single = {at for at, cells in enumerate(rows) if len(cells) != len(columns)}
        nothing = [""] * len(columns)
        even = rows if not single else [
            cells if at not in single else nothing if len(cells) > len(columns) and any(cells[len(columns):])
            else (cells + nothing)[:len(columns)] for at, cells in enumerate(rows)
        ]
        by_name = dict(zip(columns, zip(*even, strict=True), strict=True))
        absent = ("",) * len(chunk)
        data: dict[str, NDArray[Any]] = {"source_row": np.array(numbers, np.int32)}
        for part in parts:
            own = [by_name.get(name, absent) for name in part.kind.columns]
            texts: Sequence[Texts] = own[0] if len(own) == 1 else list(zip(*own, strict=True))
            data[part.name], alone = part.codes(texts, file, numbers)
            single.update(alone.tolist())
        kept = np.ones(len(chunk), bool)
        for at in sorted(single):
            kept[at] = self._alone(shaped(file, numbers[at], columns, rows[at], self._problems))
        self._stage.fill(insert, {name: values[kept] for name, values in data.items()}, [file])

    def _alone(self, row: Row | None) -> bool:
        """True where the row can be taken in; what is wrong or remarkable about it is noted."""
        if row is None:
            return False
        try:
            count_cells(row, self._references, self._hospitals, self._rule, self._problems)
        except LeftOut as error:
            self._references.count_dependent(row.file, error)
            return False
        except BadRow as error:
            self._problems.add(row.file, row.number, str(error))
            return False
        return True


def _four(measure: str) -> tuple[str, ...]:
    return measure, f"{measure}_status", f"{measure}_low", f"{measure}_high"


def _insert(parts: list[_Part]) -> str:
    owner = {column: part.name for part in parts for column in part.kind.gives}
    origin = {"source_file": "$1", "source_row": "c.source_row"}
    chosen = ", ".join(origin.get(name) or f'{owner[name]}."{name}"' for name in COLUMNS["counts"])
    joins = " ".join(f"JOIN {part.name} ON {part.name}.code = c.{part.name}" for part in parts)
    return f"INSERT INTO counts SELECT {chosen} FROM chunk c {joins} ORDER BY c.source_row"
