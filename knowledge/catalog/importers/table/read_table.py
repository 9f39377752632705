"""Reading XLSX and CSV dictionaries: ``read_table(request)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from knowledge.catalog.importers.dictionary import Dictionary, Request, SourceFile, source_file
from knowledge.catalog.importers.draft import slug
from knowledge.catalog.importers.sheets import open_sheets
from knowledge.catalog.importers.sheets.sheet import Sheet
from knowledge.catalog.importers.spill import SpilledRows
from knowledge.catalog.importers.table.code_book import CodeBook
from knowledge.catalog.importers.table.entries import Entries, entry_id
from knowledge.catalog.importers.table.gathered import gather
from knowledge.catalog.importers.table.mapping import TableMapping
from knowledge.catalog.importers.table.mapping_file import read_mapping
from knowledge.catalog.importers.table.records import Record, Records
from knowledge.catalog.importers.table.sheet_choice import Chosen, choose_mapped, choose_recognised
from knowledge.catalog.importers.table.titles import dataset_title, table_named
from knowledge.catalog.importers.table.variables import VariableWords
from knowledge.catalog.rows import Problems
from knowledge.errors import CatalogInvalid

SUFFIXES = frozenset({".xlsx", ".xlsm", ".csv", ".tsv", ".txt"})
_ORDER = ("codes", "concepts", "datasets", "tables", "variables")


def read_table(request: Request) -> Dictionary:
    """The dictionary in a workbook, a text file, or a folder of them.

    Raises CatalogInvalid where no file can be read, the mapping is wrong, or without one the headers
    are not understood; it then holds a mapping to begin with.
    """
    mapping = read_mapping(request.mapping) if request.mapping else None
    return _Reading(request, mapping).run()


def _paths(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    named = (it for it in path.iterdir() if it.suffix.lower() in SUFFIXES)
    found = sorted(it for it in named if not it.name.startswith(("~$", ".")))
    if not found:
        raise CatalogInvalid(
            f"The folder {path.name!r} holds no XLSX or CSV file.", hint="Give the file itself."
        )
    return found


class _Reading:
    """One pass over the files: lists of codes first, then datasets, tables and variables."""

    def __init__(self, request: Request, mapping: TableMapping | None) -> None:
        self._request, self._mapping = request, mapping
        self._problems, self._codes, self._variables = Problems(), CodeBook(), SpilledRows()
        told, stem = mapping and mapping.dataset, request.path.stem
        self._entries = Entries(
            request.path.name, request.dataset, told or slug(stem) or "table",
            None if told else stem.replace("_", " "), self._problems,
        )
        self._path_of: dict[str, Path] = {}
        self._unknown_lists: set[str] = set()

    def run(self) -> Dictionary:
        sheets = self._sheets()
        if self._mapping:
            chosen = choose_mapped(sheets, self._mapping, self._problems)
        else:
            one = self._request.dataset is not None
            chosen = choose_recognised(sheets, self._problems, one_dataset=one)
        for kind in _ORDER:
            told = [it for it in chosen if it.layout.holds == kind]
            for it in told:
                self._read(it, several=len(told) > 1)
        self._entries.finish()
        self._codes.note_unused(self._problems)
        rows, problems = {**self._entries.rows(), "variables": self._variables}, self._problems.lines()
        if not self._variables and not rows["tables"]:
            raise CatalogInvalid(
                f"Nothing of {self._request.path.name!r} can be used.", problems=problems,
                hint=f"Correct it: {problems[0]}." if problems else "It has a header, but no row below it.",
            )
        return Dictionary("table", self._files(chosen), rows, problems)

    def _sheets(self) -> list[Sheet]:
        told = (self._mapping.encoding, self._mapping.delimiter) if self._mapping else (None, None)
        sheets: list[Sheet] = []
        for path in _paths(self._request.path):
            found = open_sheets(path, path.name, self._request.report, *told)
            self._path_of.update((sheet.file, path) for sheet in found)
            sheets += found
        return sheets

    def _files(self, chosen: Sequence[Chosen]) -> tuple[SourceFile, ...]:
        """One per sheet that was read, since rows say which sheet they are of."""
        paths = dict.fromkeys(self._path_of[it.sheet.file] for it in chosen)
        known = {path: source_file(path, path.name, "table") for path in paths}
        files = ((it.sheet.file, known[self._path_of[it.sheet.file]]) for it in chosen)
        return tuple(SourceFile(name, "table", file.sha256, file.bytes) for name, file in files)

    def _read(self, chosen: Chosen, *, several: bool) -> None:
        sheet, layout = chosen.sheet, chosen.layout
        if layout.left_out:
            self._problems.add(
                sheet.file, max(layout.rows, default=1), "these columns have no place in the catalog and were"
                f" left out: {', '.join(layout.left_out)}; map them where they should have one",
            )
        records = Records(sheet, layout, self._problems)
        if layout.holds == "variables":
            self._read_variables(chosen, records, sheet.name if several else None)
        elif layout.holds == "codes":
            self._codes.take(sheet.file, records, self._problems)
        else:
            for record in records:
                self._entries.take(layout.holds, sheet, record)
        if headings := records.headings:
            shown = ", ".join(map(str, headings[:5])) + (", ..." if len(headings) > 5 else "")
            self._problems.add_file(
                f"{sheet.file}: rows with one cell were taken for headings or remarks ({shown});"
                " give them further cells where they are entries"
            )

    def _read_variables(self, chosen: Chosen, records: Records, sheet_table: str | None) -> None:
        sheet, layout, entries = chosen.sheet, chosen.layout, self._entries
        to_row = VariableWords(
            sheet.file, self._problems, {name: it.system for name, it in layout.columns.items()},
            (layout.mapping.between, layout.mapping.inside), partial(self._codes_of, sheet.file),
            entries.concept,
        )
        if layout.rows and not records.blocks and self._mapping is None:
            head = list(islice(sheet.lines(Problems()), min(layout.rows)))
            entries.note_title(dataset_title(head, min(layout.rows)))
        for gathered in gather(_with_tables(records, sheet_table)):
            cells = gathered.cells
            dataset, table = entries.dataset(cells.get("dataset")), cells.get("table")
            entries.describe(sheet.file, gathered.number, dataset, cells)
            self._variables.append(to_row.row(gathered, dataset, entry_id(table) if table else None))
        to_row.note_fractions(max(layout.rows, default=1))

    def _codes_of(self, file: str, number: int, cells: Mapping[str, str]) -> list[tuple[str, str]]:
        found = self._codes.of(cells, cells.get("table"))
        if found is None and (name := cells["group"]) not in self._unknown_lists:
            self._unknown_lists.add(name)
            self._problems.add(
                file, number, f"the list of codes {name!r} is in no sheet; add it or correct the name"
            )
        return found or []


def _with_tables(records: Records, sheet_table: str | None) -> Iterator[Record]:
    """The records, each with the table that it belongs to."""
    of_sheet: dict[str, str] = {}
    if sheet_table:
        id, title = table_named(sheet_table)
        of_sheet = {"table": id} if id == title else {"table": id, "table_title": title}
    for record in records:
        cells = record.cells
        if "table" in cells or not (of_sheet or "table_title" in cells):
            yield record
        elif table := cells.get("table_title"):
            yield Record(record.number, {**cells, "table": table}, record.continues)
        else:
            yield Record(record.number, {**of_sheet, **cells}, record.continues)
