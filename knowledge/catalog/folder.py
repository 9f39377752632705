"""A catalog folder, read and checked: ``read_folder(path)``.

Every row is judged on its own. A bad one is left out and noted with file and row, and the rest is
taken in. Only catalog.yaml and datasets.csv must be there: what an absent file would have declared
is taken from the rows that refer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.catalog import dictionary, measures
from knowledge.catalog.declaration import Declaration, Protection, read_declaration
from knowledge.catalog.fingerprint import Fingerprint, fingerprint
from knowledge.catalog.references import LeftOut, References
from knowledge.catalog.rows import BadRow, Problems, Row, UnreadableFile, read_rows
from knowledge.errors import CatalogInvalid

Cells = tuple[Any, ...]

# File name without .csv, and the columns without which a row says nothing.
REQUIRED: dict[str, tuple[str, ...]] = {
    "hospitals": ("hospital",),
    "concepts": ("concept",),
    "cohorts": ("cohort",),
    "datasets": ("dataset",),
    "tables": ("dataset", "table"),
    "variables": ("dataset", "name"),
    "counts": ("dataset", "patients", "status"),
    "linkage": ("dataset_a", "dataset_b"),
    "teams": ("team",),
}
_DECLARES = {"hospitals": "hospital", "concepts": "concept", "cohorts": "cohort", "datasets": "dataset"}


@dataclass(frozen=True)
class CatalogFolder:
    """The usable content of a catalog folder. ``rows`` holds the database rows of each table but
    catalog_meta: cells in the order of columns.py, rows in the order of the files."""

    declaration: Declaration
    rows: Mapping[str, Sequence[Cells]]

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the content is, regardless of the order of its rows."""
        return fingerprint(self.declaration, self.rows)

    @property
    def version(self) -> str:
        """The version id that this content has."""
        return self.fingerprint.version


def read_folder(path: Path) -> tuple[CatalogFolder, tuple[str, ...]]:
    """The catalog in folder ``path`` and the problems found, each "file:row: what; what to do".

    Raises CatalogInvalid where catalog.yaml is absent or broken, or no dataset is usable.
    """
    if not path.is_dir():
        raise CatalogInvalid(f"{path.name!r} is no folder.", hint="Give the folder that holds catalog.yaml.")
    return _Reading(path, read_declaration(path)).run()


class _Reading:
    """One pass over the files, in the order in which they refer to each other."""

    def __init__(self, path: Path, declaration: Declaration) -> None:
        self._path = path
        self._declaration = declaration
        self._problems = Problems()
        self._references = References()
        self._rows: dict[str, list[Cells]] = {}

    def run(self) -> tuple[CatalogFolder, tuple[str, ...]]:
        refs, problems = self._references, self._problems
        self._describe("hospitals", lambda row: dictionary.hospital_cells(row, refs))
        self._describe("concepts", lambda row: dictionary.concept_cells(row, refs))
        self._describe("cohorts", lambda row: dictionary.cohort_cells(row, refs))
        self._describe("datasets", lambda row: dictionary.dataset_cells(row, refs))
        if not self._rows["datasets"]:
            raise CatalogInvalid(
                f"No dataset of the folder {self._path.name!r} can be used.", problems=problems.lines(),
                hint="Correct datasets.csv: " + (next(iter(problems.lines()), "") or "it holds no rows."),
            )
        self._describe("tables", lambda row: dictionary.table_cells(row, refs))
        granularities = {(cells[0], cells[1]): cells[4] for cells in self._rows["tables"]}
        self._describe("variables", lambda row: dictionary.variable_cells(row, refs, granularities, problems))
        self._rows["variable_values"] = [
            value for cells in self._rows["variables"] for value in dictionary.value_cells(cells)
        ]
        self._count()
        rule = self._declaration.protection
        self._describe("linkage", lambda row: measures.linkage_cells(row, refs, rule, problems))
        self._describe("teams", lambda row: dictionary.team_cells(row, refs, problems))
        self._imply()
        return CatalogFolder(self._declaration, self._rows), problems.lines()

    def _describe(self, table: str, cells: Callable[[Row], Cells]) -> None:
        """Read one file into ``rows``; an absent or unreadable one leaves its ids open."""
        taken = self._rows[table] = []
        kind = _DECLARES.get(table)
        try:
            for row in self._read(table):
                try:
                    taken.append(cells(row))
                except LeftOut as error:
                    self._references.count_dependent(row.file, error)
                except BadRow as error:
                    self._problems.add(row.file, row.number, str(error))
                else:
                    continue
                if kind:
                    self._references.lose(kind, row)
        except UnreadableFile as error:
            self._problems.add_file(f"{error}; nothing of it was read")
            if kind and kind != "dataset":
                self._references.open(kind)
        self._references.report_dependents(self._problems)

    def _read(self, table: str) -> Iterator[Row]:
        file = self._path / f"{table}.csv"
        if file.exists():
            yield from read_rows(file, REQUIRED[table], self._problems)
        elif table == "datasets":
            raise UnreadableFile("datasets.csv: it is not in the folder; add it")
        elif table in _DECLARES:
            self._references.open(_DECLARES[table])

    def _count(self) -> None:
        hospitals = {cells[0]: cells[1] for cells in self._rows["datasets"]}
        rule = self._declaration.protection
        self._describe("counts", lambda row: measures.count_cells(
            row, self._references, hospitals, _declared(rule), self._problems
        ))

    def _imply(self) -> None:
        """Rows for what is referred to and has no file, or no row in tables.csv, of its own."""
        for table, row in (
            ("hospitals", _bare_hospital), ("concepts", dictionary.implied_concept), ("cohorts", _bare_cohort)
        ):
            have = {cells[0] for cells in self._rows[table]}
            used = self._references.names(_DECLARES[table])
            self._rows[table] += [row(name) for name in used if name not in have]
        told = (self._path / "tables.csv").exists()
        have = {(cells[0], cells[1]) for cells in self._rows["tables"]}
        for dataset, table in dict.fromkeys((cells[0], cells[1]) for cells in self._rows["variables"]):
            if (dataset, table) in have:
                continue
            self._rows["tables"].append((dataset, table, None, None, None))
            if told:
                self._problems.add_file(
                    f"tables.csv: table {table!r} of dataset {dataset!r} has variables but no row;"
                    " it was taken in without titles, add the row"
                )


def _declared(rule: Protection | None) -> Protection:
    if rule is None:
        raise CatalogInvalid(
            "catalog.yaml declares no protection, but counts.csv holds counts.",
            hint="Declare the rule that the counts were protected under, or protect them first.",
        )
    return rule


def _bare_hospital(name: str) -> Cells:
    return name, *(None,) * 7


def _bare_cohort(name: str) -> Cells:
    return name, *(None,) * 4
