"""The tables of a DuckDB catalog file, as they are, for whoever copies them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.read import open_catalog
from knowledge.errors import StoreUnavailable

CHUNK = 10_000
# Columns by which questions look things up; engines that read row by row are slow without.
INDEXED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "counts": (("dataset", "cohort"), ("cohort", "year")),
    "variables": (("dataset", "table"), ("name",), ("concept",)),
    "variable_values": (("dataset", "table", "name"),),
    "tables": (("dataset",),),
}


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table: its name, and its columns in order with DuckDB's types."""

    name: str
    columns: Mapping[str, str]

    def shape(self, types: Mapping[str, str]) -> str:
        """The columns as SQL declares them; ``types`` names each DuckDB type. Raises StoreUnavailable."""
        for name, kind in self.columns.items():
            if kind not in types:
                raise StoreUnavailable(
                    f"Column {self.name}.{name} has type {kind}, which the other engine has no type for.",
                    hint="Import the catalog again.",
                )
        return ", ".join(f'"{name}" {types[kind]}' for name, kind in self.columns.items())

    def indexes(self) -> list[str]:
        """The column lists to index by, as SQL."""
        known = [by for by in INDEXED.get(self.name, ()) if set(by) <= set(self.columns)]
        return [", ".join(f'"{name}"' for name in by) for by in known]


class CatalogTables:
    """The tables of an open catalog file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        found = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = current_database() ORDER BY table_name, column_index"
        ).fetchall()
        shapes: dict[str, dict[str, str]] = {}
        for table, column, kind in found:
            shapes.setdefault(table, {})[column] = kind
        self.tables = tuple(TableCopy(table, columns) for table, columns in shapes.items())

    def rows(self, table: TableCopy) -> Iterator[list[tuple[Any, ...]]]:
        """The rows in their order, in chunks."""
        found = self._connection.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid')
        while chunk := found.fetchmany(CHUNK):
            yield chunk


@contextmanager
def catalog_tables(database: Path) -> Iterator[CatalogTables]:
    """The tables of a catalog file. Raises NotFound, StoreUnavailable."""
    with open_catalog(database) as connection:
        yield CatalogTables(connection)
