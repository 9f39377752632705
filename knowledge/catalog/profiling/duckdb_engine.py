"""Sources that DuckDB reads: a database file, or a folder of CSV and Parquet files (files.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from knowledge.catalog.profiling.engine import Column, Kind, Table, kind_of, refuse_rows
from knowledge.catalog.profiling.private_folder import PrivateFolder
from knowledge.errors import CatalogInvalid, StoreUnavailable

_ATTACHED = "profiled_source"
_COLUMNS = """
SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = ? ORDER BY table_name, column_index
"""
_COMMENTS = """
SELECT table_name, comment FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = ?
"""
# Errors whose text names tables and columns; the text of the others may hold what a row holds.
_ABOUT_NAMES = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


class DuckDbEngine:
    """A DuckDB connection as a source. ``says`` adds what text columns of files were found to hold."""

    dialect = "duckdb"

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, on_close: Callable[[], None] = lambda: None,
        says: Mapping[str, Mapping[str, Kind]] | None = None,
    ) -> None:
        self._connection, self._on_close, self._says = connection, on_close, says or {}
        self.tables = cache(self._tables)

    def run(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """See Engine."""
        refuse_rows(query)
        try:
            return self._connection.execute(query.sql(dialect=self.dialect)).fetchall()
        except duckdb.Error as error:
            raise CatalogInvalid(
                f"The source cannot be profiled: {said_of_names(error)}.",
                hint="Compare the description's tables and columns with the source.",
            ) from error

    def close(self) -> None:
        """See Engine."""
        self._connection.close()
        self._on_close()

    def _tables(self, schema: str) -> dict[str, Table]:
        schema = schema or "main"
        comments = dict(self._connection.execute(_COMMENTS, [schema]).fetchall())
        columns: dict[str, dict[str, Column]] = {}
        for table, name, type_name, comment in self._connection.execute(_COLUMNS, [schema]).fetchall():
            column = Column(name, kind_of(type_name), comment or "")
            columns.setdefault(table, {})[name] = replace(
                column, says=self._says.get(table, {}).get(name)
            )
        return {table: Table(table, found, comments.get(table) or "") for table, found in columns.items()}


def open_duckdb(
    path: Path, make_folder: Callable[[], PrivateFolder] = PrivateFolder.make
) -> DuckDbEngine:
    """A database file, read-only, in one transaction. The folder is for what does not fit in memory."""
    if not path.is_file():
        raise CatalogInvalid(f"There is no DuckDB file {str(path)!r}.", hint="Correct source.duckdb.")
    quoted = exp.Literal.string(str(path)).sql(dialect="duckdb")
    with ExitStack() as opened:
        folder = make_folder()
        opened.callback(folder.close)
        connection = opened.enter_context(folder.connect())
        try:
            # Under a name of its own: as cdm.duckdb, the file would make the schema cdm ambiguous.
            connection.execute(f"ATTACH {quoted} AS {_ATTACHED} (READ_ONLY, TYPE duckdb)")
            connection.execute(f"USE {_ATTACHED}")
        except duckdb.Error as error:
            raise StoreUnavailable(
                f"The DuckDB file {str(path)!r} cannot be opened: {str(error).splitlines()[0]}",
                hint="Close the program that holds it, or copy the file.",
            ) from error
        opened.pop_all()
    return DuckDbEngine(connection, on_close=folder.close)


def said_of_names(error: duckdb.Error) -> str:
    """What an error says, as far as it cannot hold a value of the source."""
    if isinstance(error, _ABOUT_NAMES):
        return str(error).splitlines()[0].rstrip(".")
    return f"the engine gave up ({type(error).__name__})"
