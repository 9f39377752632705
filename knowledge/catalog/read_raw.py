"""Reading raw aggregates: a raw folder, or the counts that a hospital made by itself.

Every row is judged, and everything that is wrong is said at once, each with file and row. Unlike a
catalog folder, a raw one with a bad row is not used: what is missing from it would be taken for zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from knowledge.catalog.aggregates import (
    EVERYONE,
    Cell,
    CohortGrid,
    Grid,
    RawCount,
    RawOverlap,
    check_bands,
)
from knowledge.catalog.cells import parse_integer, parse_moment
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.raw_counts import RawCounts, Told
from knowledge.catalog.raw_folder import DESCRIPTIVE, FILE, Raw
from knowledge.catalog.raw_rows import cohort_grid, raw_count, raw_median, raw_missing, raw_overlap
from knowledge.catalog.rows import BadRow, Problems, Row, UnreadableFile, read_rows
from knowledge.data_file import read_given
from knowledge.errors import CatalogInvalid

T = TypeVar("T")
COUNTS = "raw_counts.csv"
_NOT_RULE = frozenset({"contents", "version", "as_of", "protection"})


def read_raw(path: Path, today: str = "") -> Raw:
    """The raw folder, or the single CSV file of counts, at ``path``.

    ``today`` stands for version and as_of where raw.yaml gives none. Raises CatalogInvalid with one
    line per problem.
    """
    return _Reading(path, today).run()


def read_overlaps(path: Path) -> list[RawOverlap]:
    """The rows of one file of overlaps; CatalogInvalid with one line per problem."""
    reading = _Reading(path.parent, "")
    overlaps = reading.each(path.name, raw_overlap)
    reading.refuse()
    return overlaps


class _Reading:
    """One pass over the files; problems are gathered and raised together."""

    def __init__(self, path: Path, today: str) -> None:
        if not path.exists():
            raise CatalogInvalid(
                f"There is no {str(path)!r}.", hint="Give a raw folder, or a CSV file of counts."
            )
        self._single = path if path.is_file() else None
        self._folder, self._today = path, today
        self._problems = Problems()

    def run(self) -> Raw:
        declared = {} if self._single else _declaration(self._folder)
        described = {} if self._single else {name: self._described(name) for name in DESCRIPTIVE}
        datasets = tuple(str(row["dataset"]) for row in described.get("datasets", ()) if "dataset" in row)
        told = self._counts(datasets)
        grids = self._grids(told)
        for dataset, grid in grids.items():
            self._check(grid, list(told.told(dataset)))
        missing = self.each("raw_missing.csv", raw_missing)
        overlaps = self.each("raw_overlaps.csv", raw_overlap)
        medians = self.each("raw_medians.csv", raw_median)
        self.refuse()
        return Raw(
            version=str(declared.get("version") or self._today),
            as_of=str(declared.get("as_of") or self._today),
            rule=_rule(declared.get("protection") or {}), grids=grids,
            counts=told.only(grids),
            missing=missing, overlaps=overlaps, medians=medians,
            described=described if datasets else {**described, "datasets": [{"dataset": d} for d in told]},
            about={key: value for key, value in declared.items() if key not in _NOT_RULE},
            uncounted=told.uncounted(),
        )

    def _rows(self, name: str, required: tuple[str, ...]) -> Iterator[Row]:
        path = self._single or self._folder / name
        if self._single and name != COUNTS:
            return
        if not path.exists():
            if name == COUNTS:
                self._problems.add_file(f"{name}: it is not in the folder; add it")
            return
        try:
            yield from read_rows(path, required, self._problems)
        except UnreadableFile as error:
            self._problems.add_file(str(error))

    def each(self, name: str, shape: Callable[[Row], T], required: tuple[str, ...] = ()) -> list[T]:
        taken = []
        for row in self._rows(name, required):
            try:
                taken.append(shape(row))
            except BadRow as error:
                self._note(row.number, str(error), row.file)
        return taken

    def _note(self, row: int, what: str, file: str = "") -> None:
        """About a row, of the file of counts where no other is named."""
        self._problems.add(file or (self._single.name if self._single else COUNTS), row, what)

    def _described(self, name: str) -> list[Mapping[str, Any]]:
        return [row.cells for row in self._rows(f"{name}.csv", ())]

    def _counts(self, datasets: tuple[str, ...]) -> RawCounts:
        told, known = RawCounts(datasets), frozenset(datasets)
        for row in self._rows(COUNTS, ("dataset", "patients")):
            try:
                count = raw_count(row)
            except BadRow as error:
                self._note(row.number, str(error), row.file)
                continue
            if datasets and count.dataset not in known:
                near = difflib.get_close_matches(count.dataset, datasets, 1)
                what = f"did you mean {near[0]!r}?" if near else "add it there or correct it"
                self._note(row.number, f"dataset {count.dataset!r} is not in datasets.csv; {what}")
                continue
            told.add(row.number, count, row.text("records") is not None)
        return told

    def _grids(self, told: RawCounts) -> dict[str, Grid]:
        declared: dict[str, list[tuple[Row, CohortGrid, tuple[str, ...]]]] = {}
        for row, grid, sexes in self.each("grid.csv", cohort_grid, ("dataset",)):
            declared.setdefault(row.need("dataset"), []).append((row, grid, sexes))
        grids = {}
        for dataset in told:
            rows = declared.get(dataset)
            if rows:
                sexes = tuple(dict.fromkeys(sex for _, _, own in rows for sex in own))
                grids[dataset] = Grid(dataset, sexes, tuple(grid for _, grid, _ in rows))
            elif (counts := list(told.told(dataset))) and (spanned := self._spanned(dataset, counts)):
                grids[dataset] = spanned
        return grids

    def _spanned(self, dataset: str, counts: list[Told]) -> Grid | None:
        """The cells that the rows span, so that none is left out because it is small."""
        cells = [one.count.cell for one in counts]
        bands = tuple(dict.fromkeys(cell.age_band for cell in cells if cell.age_band))
        try:
            bands = check_bands(bands)
        except CatalogInvalid as error:
            row = next(one.row for one in counts if repr(one.count.cell.age_band) in error.message)
            self._note(row, f"{error.message} {error.hint}")
            return None
        sexes = tuple(dict.fromkeys(cell.sex for cell in cells if cell.sex))
        cohorts = dict.fromkeys((EVERYONE, *(cell.cohort for cell in cells)))
        years = {
            name: tuple(sorted({cell.year for cell in cells if cell.cohort == name and cell.year}))
            for name in cohorts
        }
        return Grid(dataset, sexes, tuple(CohortGrid(name, years[name], bands) for name in cohorts))

    def _check(self, grid: Grid, counts: list[Told]) -> None:
        """Each count beside its wholes: they must be there, and no less than their parts."""
        known: dict[Cell, Told] = {}
        for one in counts:
            first = known.setdefault(one.count.cell, one)
            if first is not one:
                self._note(one.row, f"this cell stands in row {first.row} already; remove one")
        cells = set(grid.cells())
        parts: dict[tuple[Cell, str], int] = {}
        for one in known.values():
            cell, row = one.count.cell, one.row
            if cell not in cells:
                self._note(row, f"{cell} is outside the cells of grid.csv; correct one")
                continue
            for dimension, whole in _wholes(cell, grid):
                fault = _fault(one.count, cell, whole, known.get(whole))
                if fault:
                    self._note(row, fault)
                    break
                if dimension in ("sexes", "age bands"):
                    key = (whole, dimension)
                    parts[key] = parts.get(key, 0) + one.count.patients
        for (whole, dimension), patients in parts.items():
            if whole in known and patients > known[whole].count.patients:
                self._note(
                    known[whole].row, f"{whole} has {known[whole].count.patients} patients, but its"
                    f" {dimension} add up to {patients}, and each patient is in one of them; correct them",
                )

    def refuse(self) -> None:
        lines = self._problems.lines()
        if lines:
            more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
            raise CatalogInvalid(
                f"The raw aggregates cannot be used: {lines[0]}{more}.", problems=lines,
                hint="Correct the rows, or profile the source again.",
            )


def _declaration(folder: Path) -> Mapping[str, Any]:
    """raw.yaml, {} where there is none."""
    path = folder / FILE
    if not path.exists():
        return {}
    raw = read_given(path, lambda why: CatalogInvalid(f"{FILE} cannot be read: {why}."), texts=True)
    if not isinstance(raw, dict):
        raise CatalogInvalid(f"{FILE} does not hold keys and values.", hint="Write version and as_of.")
    if raw.get("as_of"):
        try:
            parse_moment(str(raw["as_of"]))
        except ValueError as error:
            raise CatalogInvalid(f"{FILE}: as_of {error}.") from error
    return raw


def _rule(numbers: Any) -> Rule:
    """The rule of raw.yaml; what it does not say is as in the default one."""
    known = [one.name for one in fields(Rule)]
    if not isinstance(numbers, dict):
        raise CatalogInvalid(f"{FILE}: protection is {numbers!r}.", hint=f"Give it {', '.join(known)}.")
    given = {}
    for key, text in numbers.items():
        if key not in known:
            raise CatalogInvalid(
                f"{FILE}: protection.{key} is unknown.", hint=f"There are {', '.join(known)}."
            )
        try:
            given[key] = parse_integer(str(text))
        except ValueError as error:
            raise CatalogInvalid(f"{FILE}: protection.{key} {error}.") from error
    return Rule(**given)


def _wholes(cell: Cell, grid: Grid) -> Iterator[tuple[str, Cell]]:
    """What a cell is a part of, one step up, and by which dimension."""
    if cell.age_band:
        yield "age bands", cell._replace(age_band=None)
    if cell.sex:
        yield "sexes", cell._replace(sex=None)
    if cell.age_band or cell.sex:
        return
    if cell.year:
        yield "years", cell._replace(year=None)
    within = next(cohort.within for cohort in grid.cohorts if cohort.cohort == cell.cohort)
    if cell.cohort and EVERYONE in within:
        yield "cohorts", cell._replace(cohort=EVERYONE)


def _fault(count: RawCount, cell: Cell, whole: Cell, told: Told | None) -> str:
    """What is wrong between a part and its whole, "" where nothing is."""
    if told is None:
        return "" if not count.patients else (
            f"{cell} has no denominator: there is no row for {whole}; add it (each person counts once in it,"
            " so it is no sum)"
        )
    if count.patients > told.count.patients:
        return (
            f"{cell} has {count.patients} patients, more than the {told.count.patients} of {whole};"
            " correct one of the two"
        )
    return ""
