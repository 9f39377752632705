"""Import of a data dictionary into the version in use: ``import_dictionary(dictionary, versions)``.

Each dataset that the dictionary names gets the dictionary's tables and variables in the place of its
former ones; its counts, links and teams stay. A list of tables without any variable of the dataset
describes these tables anew, and its variables stay. What the dictionary says of the dataset itself
wins over what is stored, apart from the title of a dataset that it did not bring. Concepts are added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from knowledge.catalog import dictionary as describe
from knowledge.catalog.codes import Codes
from knowledge.catalog.columns import COLUMNS, ORIGIN
from knowledge.catalog.completion import complete, remove_repeated_variables
from knowledge.catalog.declaration import Declaration, stored_declaration
from knowledge.catalog.import_report import ImportReport, in_use, publish
from knowledge.catalog.importers.dictionary import Dictionary, SourceFile
from knowledge.catalog.importers.wording import is_korean
from knowledge.catalog.read import stored_meta
from knowledge.catalog.references import LeftOut, References
from knowledge.catalog.rows import BadRow, Problems, Progress, Row
from knowledge.catalog.stage import CONTENT, Stage
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.errors import CatalogInvalid

Cells = tuple[Any, ...]
_TITLES = ("title_en", "title_ko")
_DERIVED = frozenset({"start_year", "end_year", *ORIGIN})
_REPORTED_ROWS = 5_000


def import_dictionary(
    dictionary: Dictionary, versions: CatalogVersions, *, today: date, preview: bool = False,
    strict: bool = False, progress: Progress | None = None,
) -> ImportReport:
    """Make the version in use with the dictionary in it the version in use; with ``preview``, write nothing.

    Where there is no version yet, one is declared as of ``today``. Importing the same again gives the
    same version. Bad rows are left out and reported, with the dictionary's own problems first; with
    ``strict``, they raise CatalogInvalid. Raises
    CatalogInvalid where no table and no variable can be used; the version in use then stays.
    """
    before = in_use(versions)
    problems = Problems()
    with Stage(None if preview else versions.work, before.path if before else None) as stage:
        merge = _Merge(stage, dictionary, problems, progress)
        merge.run()
        staged = stage.finish(_declaration(before, today))
    with staged:
        lines = (*dictionary.problems, *problems.lines())
        return publish(
            staged, versions, problems=lines, preview=preview, strict=strict, imported=merge.datasets
        )


def _declaration(before: CatalogFile | None, today: date) -> Declaration:
    if before is None:
        return Declaration(f"{today:%Y.%m}", today.isoformat(), None)
    return stored_declaration(stored_meta(before.path))


class _Merge:
    """One dictionary into one stage. ``datasets`` are the ids that it is about."""

    def __init__(
        self, stage: Stage, dictionary: Dictionary, problems: Problems, progress: Progress | None
    ) -> None:
        self._stage, self._dictionary = stage, dictionary
        self._problems, self._progress = problems, progress
        self._references, self._codes = References(), Codes()
        named = (row.text("dataset") for table in ("datasets", "tables", "variables")
                 for row in dictionary.rows.get(table, ()))
        self.datasets = list(dict.fromkeys(name for name in named if name))
        self._names: dict[str, str] = {}  # of the dictionary's files in the table of sources

    def run(self) -> None:
        """Raises CatalogInvalid where nothing of the dictionary can be used."""
        rows, refs, problems = self._dictionary.rows, self._references, self._problems
        stored = self._stored_datasets()
        self._know_what_is_there(stored)
        described = self._described(stored)
        self._take_out(described)
        self._record_files()
        for cells in described:
            if self._brought(stored, cells[0]):
                self._add("datasets", cells)
            else:
                self._stage.add("datasets", cells)
        self._take("concepts", self._new_concepts(), lambda row: describe.concept_cells(
            row, refs, self._codes, problems
        ))
        taken = self._take("tables", rows.get("tables", ()), lambda row: describe.table_cells(row, refs))
        granularities = {
            (dataset, table): granularity
            for dataset, table, granularity in self._stage.query(
                'SELECT dataset, "table", granularity FROM tables'
            ) if dataset in self.datasets
        }
        taken += self._take("variables", rows.get("variables", ()), lambda row: describe.variable_cells(
            row, refs, granularities, problems
        ))
        if not taken:
            raise CatalogInvalid(
                "No table and no variable of the dictionary can be used.",
                problems=(*self._dictionary.problems, *problems.lines()),
                hint=next(iter(problems.lines()), "It holds none; look whether the format is the right one."),
            )
        remove_repeated_variables(self._stage, problems)
        for name, row in refs.implied("dataset").items():
            self._add("datasets", Row(row.file, row.number, {"dataset": name}).stored("datasets"))
        complete(self._stage, refs, problems, tables_told=False, datasets=self.datasets)
        self._follow_hospitals()

    def _stored_datasets(self) -> dict[str, tuple[Row, str | None]]:
        """The stored rows of the dictionary's datasets as a folder would have them, and their format."""
        names = [name for name in COLUMNS["datasets"] if name not in _DERIVED]
        chosen = ", ".join(f'd."{name}"::VARCHAR' for name in names)
        found = self._stage.query(
            f"SELECT {chosen}, d.source_file, d.source_row, s.format FROM datasets d"
            " LEFT JOIN sources s USING (source_file) WHERE d.dataset IN (SELECT unnest($1::VARCHAR[]))",
            [self.datasets],
        )
        rows = {}
        for *cells, file, number, format in found:
            given = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
            rows[given["dataset"]] = Row(file or "", number or 0, given), format
        return rows

    def _know_what_is_there(self, stored: Mapping[str, object]) -> None:
        refs = self._references
        for kind, table in (("hospital", "hospitals"), ("concept", "concepts"), ("dataset", "datasets")):
            refs.open(kind)
            for (name,) in self._stage.query(f'SELECT "{kind}" FROM "{table}"'):
                if not (kind == "dataset" and name in stored):
                    refs.declare(kind, name)
        for name, former in self._stage.query("SELECT dataset, supersedes FROM datasets"):
            if former and name not in stored:
                refs.supersede(name, tuple(former.split("|")))

    def _brought(self, stored: Mapping[str, tuple[Row, str | None]], name: str) -> bool:
        """True for a dataset that is new, or came from a dictionary of this kind: it is called by it."""
        return name not in stored or stored[name][1] == self._dictionary.format

    def _take_out(self, described: list[Cells]) -> None:
        """The datasets that are described anew, the former tables and variables, the concepts of the
        dictionary's former state, and the files that no row comes from any more."""
        names = [name for name, *_ in described]
        self._stage.query("DELETE FROM datasets WHERE dataset IN (SELECT unnest($1::VARCHAR[]))", [names])
        given = {row.text("concept"): row.file for row in self._dictionary.rows.get("concepts", ())}
        for name, file in self._stage.query("SELECT concept, source_file FROM concepts"):
            if name in given and (file or "").partition("#")[0] == given[name]:
                self._stage.query("DELETE FROM concepts WHERE concept = $1", [name])
                self._references.forget("concept", name)
        self._take_out_entries()
        used = " UNION ".join(f'SELECT source_file FROM "{table}"' for table in CONTENT)
        self._stage.query(
            f"DELETE FROM sources WHERE source_file NOT IN (SELECT source_file FROM ({used}"
            " UNION SELECT unnest($1::VARCHAR[])) WHERE source_file IS NOT NULL)",
            [[file for *_, file, _ in described if file not in {f.name for f in self._dictionary.files}]],
        )

    def _take_out_entries(self) -> None:
        """The tables and variables that the dictionary's take the place of; all values, since those of
        variables that stay are made anew as well."""
        rows = self._dictionary.rows
        whole = list({row.text("dataset") for row in rows.get("variables", ())} & set(self.datasets))
        for table, datasets in (("variable_values", self.datasets), ("variables", whole), ("tables", whole)):
            self._stage.query(
                f'DELETE FROM "{table}" WHERE dataset IN (SELECT unnest($1::VARCHAR[]))', [datasets]
            )
        told = [row for row in rows.get("tables", ()) if row.text("dataset") not in whole]
        for row in told:
            self._stage.query(
                'DELETE FROM tables WHERE dataset = $1 AND "table" = $2',
                [row.text("dataset"), row.text("table")],
            )

    def _record_files(self) -> None:
        """A file that is called like another one in use goes by its name and the start of its hash."""
        known: dict[str, str] = dict(self._stage.query("SELECT source_file, sha256 FROM sources"))
        for file in self._dictionary.files:
            name = self._names[file.name] = _free_name(file, known)
            if name not in known:
                known[name] = file.sha256
                self._stage.add("sources", (name, file.format, file.sha256, file.bytes))

    def _new_concepts(self) -> Iterable[Row]:
        """Those that are not there otherwise."""
        there = {name for (name,) in self._stage.query("SELECT concept FROM concepts")}
        return [row for row in self._dictionary.rows.get("concepts", ()) if row.text("concept") not in there]

    def _described(self, stored: Mapping[str, tuple[Row, str | None]]) -> list[Cells]:
        """The datasets that the dictionary says something of. One that it would spoil stays as it was."""
        described: list[Cells] = []
        for given in self._dictionary.rows.get("datasets", ()):
            name = given.text("dataset") or ""
            if name in stored:
                merged = _merged(stored[name][0], given, renamed=self._brought(stored, name))
            else:
                merged = _titled(given, name)
            try:
                described.append(describe.dataset_cells(merged, self._references, self._problems))
            except (BadRow, LeftOut) as error:
                self._problems.add(given.file, given.number, str(error))
        for name in stored.keys() - {cells[0] for cells in described}:
            self._references.declare("dataset", name)
        return described

    def _take(self, table: str, rows: Iterable[Row], cells: Callable[[Row], Cells]) -> int:
        """Judge and add rows; the number of those that could be used."""
        taken = 0
        for number, row in enumerate(rows, 1):
            try:
                self._add(table, cells(row))
                taken += 1
            except (BadRow, LeftOut) as error:
                self._problems.add(row.file, row.number, str(error))
            if self._progress is not None and number % _REPORTED_ROWS == 0:
                self._progress(table, number, len(self._dictionary.rows.get(table, ())))
        return taken

    def _add(self, table: str, cells: Cells) -> None:
        *content, file, number = cells
        self._stage.add(table, (*content, self._names.get(file, file), number))

    def _follow_hospitals(self) -> None:
        self._stage.query(
            "UPDATE counts SET hospital = d.hospital FROM datasets d WHERE counts.dataset = d.dataset"
            " AND d.dataset IN (SELECT unnest($1::VARCHAR[]))"
            " AND counts.hospital IS DISTINCT FROM d.hospital", [self.datasets],
        )


def _merged(stored: Row, given: Row, *, renamed: bool) -> Row:
    """The stored dataset with what the dictionary says of it. Where it is not called anew, its row goes on
    coming from where it came from, so that importing again does the same again."""
    if renamed:
        return replace(given, cells={**stored.cells, **given.cells})
    new = {c: cell for c, cell in given.cells.items() if c not in _TITLES or stored.text(c) is None}
    return replace(stored, cells={**stored.cells, **new})


def _titled(given: Row, name: str) -> Row:
    """A new dataset, called by its id where nothing else calls it: answers name it by its title."""
    if any(given.text(title) for title in _TITLES):
        return given
    title = "title_ko" if is_korean(name) else "title_en"
    return replace(given, cells={**given.cells, title: name.replace("_", " ")})


def _free_name(file: SourceFile, known: Mapping[str, str]) -> str:
    if known.get(file.name, file.sha256) == file.sha256:
        return file.name
    return f"{file.name}#{file.sha256[:8]}"
