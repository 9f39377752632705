"""A catalog folder, read and checked: ``read_folder(path)``.

Every row is judged on its own. A bad one is left out and noted with file and row, and the rest is
taken in. Only catalog.yaml and datasets.csv must be there: what an absent file would have declared
is taken from the rows that refer to it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge.catalog import dictionary, measures
from knowledge.catalog.codes import Codes
from knowledge.catalog.completion import complete, remove_repeated_variables
from knowledge.catalog.count_checks import check_counts
from knowledge.catalog.counts import CountReader
from knowledge.catalog.declaration import Declaration, read_declaration
from knowledge.catalog.importers.dictionary import source_file
from knowledge.catalog.references import LeftOut, References
from knowledge.catalog.rows import BadRow, Problems, Progress, Row, UnreadableFile, read_rows
from knowledge.catalog.stage import Stage, StagedCatalog
from knowledge.errors import CatalogInvalid

Cells = tuple[Any, ...]

# File name without .csv, and the columns without which a row says nothing, in the order of reading:
# files come after those that they refer to.
REQUIRED: dict[str, tuple[str, ...]] = {
    "hospitals": ("hospital",),
    "concepts": ("concept",),
    "cohorts": ("cohort",),
    "datasets": ("dataset",),
    "tables": ("dataset", "table"),
    "variables": ("dataset", "name"),
    "counts": ("dataset", "patients", "status"),
    "linkage": ("dataset_a", "dataset_b"),
    "coverage": ("dataset",),
    "access_rules": ("dataset", "rule"),
    "teams": ("team",),
}
_DECLARES = {"hospitals": "hospital", "concepts": "concept", "cohorts": "cohort", "datasets": "dataset"}


def read_folder(
    path: Path, *, work: Path | None = None, progress: Progress | None = None
) -> tuple[StagedCatalog, tuple[str, ...]]:
    """The catalog in folder ``path`` and the problems found, each "file:row: what; what to do".

    ``work`` is the folder for the files of a catalog that is being put together (see Stage).
    Raises CatalogInvalid where catalog.yaml is absent or broken, or no dataset is usable.
    """
    if not path.is_dir():
        raise CatalogInvalid(f"{path.name!r} is no folder.", hint="Give the folder that holds catalog.yaml.")
    declaration = read_declaration(path)
    with Stage(work) as stage:
        problems = Problems()
        _Reading(path, declaration, stage, problems, progress).run()
        return stage.finish(declaration), problems.lines()


class _Reading:
    """One pass over the files, in the order in which they refer to each other."""

    def __init__(
        self, path: Path, declaration: Declaration, stage: Stage, problems: Problems,
        progress: Progress | None,
    ) -> None:
        self._path, self._stage, self._progress = path, stage, progress
        self._rule = declaration.protection
        self._problems = problems
        self._references = References()
        self._codes = Codes()

    def run(self) -> None:
        refs, problems, stage = self._references, self._problems, self._stage
        self._describe("hospitals", lambda row: dictionary.hospital_cells(row, refs))
        self._describe("concepts", lambda row: dictionary.concept_cells(row, refs, self._codes, problems))
        self._describe("cohorts", lambda row: dictionary.cohort_cells(row, refs, self._codes, problems))
        self._describe("datasets", lambda row: dictionary.dataset_cells(row, refs, problems))
        hospitals: dict[str, str | None] = dict(stage.query("SELECT dataset, hospital FROM datasets"))
        if not hospitals:
            raise CatalogInvalid(
                f"No dataset of the folder {self._path.name!r} can be used.", problems=problems.lines(),
                hint="Correct datasets.csv: " + (next(iter(problems.lines()), "") or "it holds no rows."),
            )
        self._describe("tables", lambda row: dictionary.table_cells(row, refs))
        granularities = {
            (dataset, table): granularity
            for dataset, table, granularity in stage.query('SELECT dataset, "table", granularity FROM tables')
        }
        self._describe("variables", lambda row: dictionary.variable_cells(row, refs, granularities, problems))
        self._count(hospitals)
        self._describe("linkage", lambda row: measures.linkage_cells(row, refs, self._rule, problems))
        self._describe("coverage", lambda row: dictionary.coverage_cells(row, refs))
        self._describe("access_rules", lambda row: dictionary.access_rule_cells(row, refs))
        self._describe("teams", lambda row: dictionary.team_cells(row, refs, problems))
        complete(stage, refs, problems, tables_told=(self._path / "tables.csv").exists())

    def _describe(self, table: str, cells: Callable[[Row], Cells]) -> None:
        """Read one file into the stage; an absent or unreadable one leaves its ids open."""
        kind = _DECLARES.get(table)

        def read(file: Path) -> None:
            for row in read_rows(file, REQUIRED[table], self._problems, self._progress):
                try:
                    self._stage.add(table, cells(row))
                except LeftOut as error:
                    self._references.count_dependent(row.file, error)
                except BadRow as error:
                    self._problems.add(row.file, row.number, str(error))
                else:
                    continue
                if kind:
                    self._references.lose(kind, row)
            if table == "variables":
                remove_repeated_variables(self._stage, self._problems)

        self._read(table, read)

    def _count(self, hospitals: dict[str, str | None]) -> None:
        def read(file: Path) -> None:
            if self._rule is not None:
                reader = CountReader(self._stage, self._references, hospitals, self._rule, self._problems)
                reader.read(file, REQUIRED["counts"], self._progress)
                check_counts(self._stage, self._problems)
            elif any(read_rows(file, REQUIRED["counts"], self._problems)):
                raise CatalogInvalid(
                    "catalog.yaml declares no protection, but counts.csv holds counts.",
                    hint="Declare the rule that the counts were protected under, or protect them first.",
                )

        self._read("counts", read)

    def _read(self, table: str, read: Callable[[Path], None]) -> None:
        """Let ``read`` take in a file; note where it came from, or that nothing of it could be read."""
        kind, file = _DECLARES.get(table), self._path / f"{table}.csv"
        try:
            if file.exists():
                read(file)
                source = source_file(file, file.name, "giljabi")
                self._stage.add("sources", (source.name, source.format, source.sha256, source.bytes))
            elif table == "datasets":
                raise UnreadableFile("datasets.csv: it is not in the folder; add it")
            elif kind:
                self._references.open(kind)
        except UnreadableFile as error:
            self._problems.add_file(f"{error}; nothing of it was read")
            if kind and kind != "dataset":
                self._references.open(kind)
        self._references.report_dependents(self._problems)

