"""The definitions of the sample programme, read from the files beside this module."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped

FOLDER = Path(__file__).with_name("definitions")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Variable:
    """One variable of one dataset's table. missing: percent of rows that are empty, before site noise."""

    row: Row
    missing: float
    draw: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.row["name"]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the allowed values."""
        return tuple(item.partition("=")[0] for item in self.row["values"].split("|") if item)

    @property
    def role(self) -> str:
        """What the column is for ("patient", "date" ...), "" for an ordinary value."""
        return self.draw[1] if self.draw[0] == "role" else ""


@dataclass(frozen=True)
class Table:
    """One table of one dataset: ``entry`` as in tables.yaml, its columns, and the items of a long table."""

    entry: Mapping[str, Any]
    columns: tuple[Variable, ...]
    items: tuple[Variable, ...]

    @property
    def name(self) -> str:
        return str(self.entry["table"])


@dataclass(frozen=True)
class Dataset:
    """One dataset: ``entry`` as in datasets.yaml, and its tables."""

    entry: Mapping[str, Any]
    tables: tuple[Table, ...]

    @property
    def name(self) -> str:
        return str(self.entry["dataset"])

    @property
    def hospital(self) -> str:
        return str(self.entry["hospital"])

    @property
    def years(self) -> tuple[int, ...]:
        """Declared coverage."""
        first, last = self.entry["years"]
        return tuple(range(first, last + 1))

    @property
    def members(self) -> Mapping[str, Any]:
        return self.entry["members"]

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(table for table in self.tables if table.name == name)


class Definitions:
    """Everything under a definitions folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def rows(self, name: str) -> list[Row]:
        """The rows of a CSV file."""
        with (self._folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _yaml(self, name: str) -> Any:
        return read_shipped(self._folder / f"{name}.yaml")

    @cached_property
    def programme(self) -> Mapping[str, Any]:
        return self._yaml("programme")

    @cached_property
    def links(self) -> Mapping[str, Any]:
        return self._yaml("links")

    @cached_property
    def measured(self) -> Mapping[str, list[Mapping[str, Any]]]:
        return self._yaml("measured")

    @cached_property
    def conditions(self) -> list[Row]:
        return self.rows("conditions")

    @cached_property
    def cohorts(self) -> Mapping[str, Row]:
        return {row["cohort"]: row for row in self.rows("cohorts")}

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        tables, groups = self._yaml("tables"), self._groups()
        return tuple(
            Dataset(entry, tuple(_table(tables[name], entry, groups) for name in entry["tables"]))
            for entry in self._yaml("datasets")
        )

    def _groups(self) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        for row in self.rows("variables"):
            groups.setdefault(row["group"], []).append(row)
        return groups


def _table(entry: Mapping[str, Any], dataset: Mapping[str, Any], groups: Mapping[str, list[Row]]) -> Table:
    """A table with what this dataset drops or changes."""
    by_name = {row["name"]: row for rows in reversed(list(groups.values())) for row in rows}
    taken = [by_name[name] for name in entry.get("take", ())]
    rows = taken + [row for group in entry["groups"] for row in groups[group]]
    items = [row for group in entry.get("items", ()) for row in groups[group]]
    return Table(entry, _variables(rows, entry, dataset), _variables(items, entry, dataset))


def _variables(rows: list[Row], table: Mapping[str, Any], dataset: Mapping[str, Any]) -> tuple[Variable, ...]:
    dropped, changes = dataset.get("drop", ()), dataset.get("change", {})
    variables = []
    for row in rows:
        if row["name"] in dropped:
            continue
        changed = {**row, **changes.get(row["name"], {})}
        changed["granularity"] = changed["granularity"] or table["granularity"]
        variables.append(Variable(
            changed, float(row["missing"]) * float(dataset.get("missing", 1)), tuple(row["draw"].split())
        ))
    return tuple(variables)
