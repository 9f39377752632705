"""The datasets, tables and concepts that the sheets name, each once, in the order found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from knowledge.catalog.importers.codes import Code
from knowledge.catalog.importers.dictionary import TABLES
from knowledge.catalog.importers.sheets.sheet import Sheet
from knowledge.catalog.importers.table.datasets import dataset_row, table_row
from knowledge.catalog.importers.table.records import Record
from knowledge.catalog.importers.wording import in_language
from knowledge.catalog.rows import Problems, Row

_NOT_IN_IDS = re.compile(r"[\s/\\|]+")


def entry_id(text: str) -> str:
    """An id from a cell: as it stands, without spaces and what parts the ids of an entry."""
    return _NOT_IN_IDS.sub("_", text.strip())


class Entries:
    """Rows by their keys. ``wanted`` is the dataset that everything goes to, ``default`` the id for rows
    that name none, with its ``title``; ``name`` is what the whole input is called in messages."""

    def __init__(
        self, name: str, wanted: str | None, default: str, title: str | None, problems: Problems
    ) -> None:
        self._name, self._wanted, self._default, self._title = name, wanted, default, title
        self._problems, self._heading = problems, ""
        self._rows: dict[str, dict[tuple[str, ...], Row]] = {
            table: {} for table in TABLES if table != "variables"
        }
        self._named: dict[str, None] = {}  # the datasets that the sheets themselves name
        # what sheets of tables say, until a variable of the table comes
        self._told: dict[tuple[str, str], tuple[str, int, dict[str, str]]] = {}

    def rows(self) -> dict[str, Sequence[Row]]:
        """The rows of each table."""
        return {table: list(found.values()) for table, found in self._rows.items()}

    def dataset(self, named: str | None) -> str:
        """The id of the dataset that a row names; where it names none and the files name one, that one."""
        if named:
            self._named[named] = None
        elif len(self._named) == 1:
            named = next(iter(self._named))
        return self._wanted or (entry_id(named) if named else self._default)

    def take(self, holds: str, sheet: Sheet, record: Record) -> None:
        """One record of a sheet that holds datasets, tables or concepts; a repeated one is noted."""
        kind = holds.removesuffix("s")
        named = record.cells.get(kind)
        if named is None:
            self._problems.add(sheet.file, record.number, f"{kind} is empty; give it a value")
            return
        cells = {**({} if entry_id(named) == named else {"title": named}), **record.cells}
        if holds == "datasets":
            known = (self.dataset(named),) in self._rows[holds]
        elif holds == "tables":
            known = (cells.get("dataset", ""), entry_id(named)) in self._told
        else:
            known = (named,) in self._rows[holds]
        if known:
            text = f"{kind} {named!r} stands twice; the first one was kept, remove the other"
            self._problems.add(sheet.file, record.number, text)
        elif holds == "datasets":
            dataset = self.dataset(named)
            row = dataset_row(sheet.file, record.number, dataset, cells, sheet.first_day, self._problems)
            self._rows[holds][dataset,] = row
        elif holds == "tables":  # its variables may name the dataset
            self._told[cells.get("dataset", ""), entry_id(named)] = sheet.file, record.number, cells
        else:
            self._rows[holds][named,] = Row(sheet.file, record.number, record.cells)

    def note_title(self, title: str) -> None:
        """What a heading calls the data; the first one is the title of a dataset that has no other."""
        self._heading = self._heading or title

    def describe(self, file: str, number: int, dataset: str, cells: Mapping[str, str]) -> None:
        """Make the dataset and the table of a variable known."""
        if (dataset,) not in self._rows["datasets"]:
            title = cells.get("dataset_title") or cells.get("dataset")
            if title is None and dataset in (self._default, self._wanted):
                title = self._heading or (self._title if dataset == self._default else None)
            titles = in_language("title", None if title == dataset else title)
            told = {name: text for name, text in titles.items() if text}
            self._rows["datasets"][dataset,] = Row(file, number, {"dataset": dataset, **told})
        named = cells.get("table")
        if named is None or (dataset, entry_id(named)) in self._rows["tables"]:
            return
        keys = ((cells.get("dataset", ""), entry_id(named)), ("", entry_id(named)))
        told_row = next((self._told.pop(key) for key in keys if key in self._told), None)
        about = {"title": cells.get("table_title", named), "description": cells.get("table_description", "")}
        self._add_table(dataset, entry_id(named), *(told_row or (file, number, about)))

    def finish(self) -> None:
        """Take the tables that have no variables, and note datasets that were put together."""
        for (named, table), (file, number, cells) in self._told.items():
            dataset = self.dataset(named or None)
            self.describe(file, number, dataset, {key: text for key, text in cells.items() if key != "table"})
            self._add_table(dataset, table, file, number, cells)
        if self._wanted and len(self._named) > 1:
            names = ", ".join(list(self._named)[:5])
            self._problems.add_file(
                f"{self._name}: it names {len(self._named)} datasets ({names}); all were put into"
                f" {self._wanted!r} as asked, leave the dataset out to keep them apart"
            )

    def _add_table(self, dataset: str, table: str, file: str, number: int, cells: Mapping[str, str]) -> None:
        self._rows["tables"][dataset, table] = table_row(file, number, dataset, table, cells)

    def concept(self, file: str, number: int, named: Code | str) -> str | None:
        """Make a variable's concept known; its id, or None where the code is wrong, which is noted."""
        if isinstance(named, str):
            self._rows["concepts"].setdefault((named,), Row(file, number, {"concept": named}))
            return named
        if named.fault:
            self._problems.add(
                file, number, f"the variable was kept without its concept: {named.fault}; correct it"
            )
            return None
        cells = {"concept": named.concept, "code_system": named.system, "code": named.code}
        self._rows["concepts"].setdefault((named.concept,), Row(file, number, cells))
        return named.concept
