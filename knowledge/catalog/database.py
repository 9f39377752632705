"""The DuckDB file of a catalog folder: ``build_database(folder, path)``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.columns import COLUMNS, SCHEMA_VERSION
from knowledge.catalog.folder import CatalogFolder
from knowledge.catalog.read import CONFIG
from knowledge.errors import StoreUnavailable

_CHUNK = 20_000


def build_database(folder: CatalogFolder, path: Path) -> None:
    """Write the catalog as a new DuckDB file, complete and closed when this returns.

    The tables are those of columns.py; rows stand in the order of the folder's files. Raises
    StoreUnavailable where the file exists or cannot be written.
    """
    if path.exists():
        raise StoreUnavailable(f"The database {path.name!r} exists already.", hint="Give a new file name.")
    try:
        connection = duckdb.connect(str(path), config=CONFIG)
        try:
            for table, columns in COLUMNS.items():
                shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
                connection.execute(f'CREATE TABLE "{table}" ({shape})')
                rows = _meta(folder) if table == "catalog_meta" else folder.rows.get(table, ())
                _insert(connection, table, rows)
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
    except duckdb.Error as error:
        raise StoreUnavailable(
            f"The catalog database {path.name!r} cannot be written: {error}",
            hint="Check the disk and its rights.",
        ) from error


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Column lists rather than rows: a row at a time takes a hundred times as long."""
    chosen = ", ".join(f"unnest(${i}::{kind}[])" for i, kind in enumerate(COLUMNS[table].values(), 1))
    for chunk in _chunks(rows):
        by_column = [list(cells) for cells in zip(*chunk, strict=True)]
        connection.execute(f'INSERT INTO "{table}" SELECT {chosen}', by_column)


def _chunks(rows: Sequence[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _meta(folder: CatalogFolder) -> list[tuple[str, str]]:
    declared = folder.declaration
    values: dict[str, object] = {
        "version": folder.version,
        "declared_version": declared.version,
        "as_of": declared.as_of,
        "schema_version": SCHEMA_VERSION,
    }
    if rule := declared.protection:
        values |= {
            "rule": rule.id, "threshold": rule.threshold, "base": rule.base,
            "rounding": rule.rounding or "none", "zeros": rule.zeros,
            "suppressed_below": rule.suppressed_below,
        }
    return [(key, str(value)) for key, value in values.items()]
