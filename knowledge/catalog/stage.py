"""A catalog being put together: its tables in a DuckDB file of their own, filled bit by bit.

Rows go to the disk as they come, so that memory stays bounded whatever a file holds. When all are
in, ``finish`` closes the file and gives the ``StagedCatalog`` that can be looked at and published.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.columns import COLUMNS, SCHEMA_VERSION
from knowledge.catalog.declaration import Declaration
from knowledge.catalog.fingerprint import Fingerprint, fingerprint
from knowledge.errors import StoreUnavailable

Cells = tuple[Any, ...]
CONTENT = tuple(table for table in COLUMNS if table not in {"sources", "catalog_meta"})
_CHUNK = 20_000
_CHUNK_CHARACTERS = 16_000_000
_FILE = "stage.duckdb"
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


class Stage:
    """The tables of columns.py, empty at first. ``work`` is the folder for its files; without one, the
    system's for temporary files. Use as a context manager: leaving it early throws everything away."""

    def __init__(self, work: Path | None = None, base: Path | None = None) -> None:
        """``base``: a catalog database whose content it starts with."""
        with _disk():
            if work is not None:
                work.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=work)
            folder = Path(self._folder.name)
            self._path = folder / _FILE
            self.connection = duckdb.connect(
                str(self._path), config=_CONFIG | {"temp_directory": str(folder / "spilled")}
            )
            for table, columns in COLUMNS.items():
                shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
                self.connection.execute(f'CREATE TABLE "{table}" ({shape})')
            if base is not None:
                self._start_with(base)
        self._characters = 0  # that wait to be written
        self._waiting: dict[str, list[Cells]] = {table: [] for table in COLUMNS}

    def _start_with(self, base: Path) -> None:
        """What a former program wrote may lack tables and columns."""
        quoted = str(base).replace("'", "''")
        self.connection.execute(f"ATTACH '{quoted}' AS base (READ_ONLY, TYPE duckdb)")
        there = self.connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns()"
            " WHERE database_name = 'base' GROUP BY ALL"
        ).fetchall()
        for table, columns in there:
            shared = ", ".join(f'"{name}"' for name in COLUMNS.get(table, ()) if name in columns)
            if shared and table != "catalog_meta":
                self.connection.execute(
                    f'INSERT INTO "{table}" ({shared}) SELECT {shared} FROM base."{table}" ORDER BY rowid'
                )
        self.connection.execute("DETACH base")

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *exc: object) -> None:
        self.connection.close()
        if exc[0] is not None:
            self._folder.cleanup()

    def add(self, table: str, cells: Cells) -> None:
        """One row, its cells in the order of columns.py."""
        waiting = self._waiting[table]
        waiting.append(cells)
        self._characters += sum(len(cell) for cell in cells if type(cell) is str)
        if len(waiting) >= _CHUNK:
            self._write(table)
        if self._characters > _CHUNK_CHARACTERS:
            self._write_all()

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Cells]:
        """Rows of a query over everything that was added. Tables go by their names."""
        self._write_all()
        with _disk():
            return self.connection.execute(sql, parameters or None).fetchall()

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Cells]:
        """The rows of ``query``, a chunk in memory at a time; rows may be added meanwhile."""
        self._write_all()
        with _disk():
            found = self.connection.cursor().execute(sql, parameters or None)
            while chunk := found.fetchmany(_CHUNK):
                yield from chunk

    def fill(self, sql: str, chunk: Mapping[str, Any], parameters: Sequence[Any] = ()) -> None:
        """Run a statement that reads ``chunk``: columns as NumPy arrays of one length."""
        with _disk():
            self.connection.register("chunk", dict(chunk))
            self.connection.execute(sql, parameters or None)
            self.connection.unregister("chunk")

    def _write_all(self) -> None:
        for table in COLUMNS:
            self._write(table)
        self._characters = 0

    def _write(self, table: str) -> None:
        """Column lists rather than rows: a row at a time takes a hundred times as long."""
        rows = self._waiting[table]
        if not rows:
            return
        chosen = ", ".join(f"unnest(${i}::{kind}[])" for i, kind in enumerate(COLUMNS[table].values(), 1))
        with _disk():
            by_column = [list(cells) for cells in zip(*rows, strict=True)]
            self.connection.execute(f'INSERT INTO "{table}" SELECT {chosen}', by_column)
        rows.clear()

    def finish(self, declaration: Declaration) -> StagedCatalog:
        """Name what is there by its content, and close the file."""
        self._write_all()
        with _disk():
            found = fingerprint(declaration, self.connection, CONTENT)
            self.connection.execute("DELETE FROM catalog_meta")
            for cells in _meta(declaration, found.version):
                self.add("catalog_meta", cells)
            self._write("catalog_meta")
            counts = {
                table: int(self.query(f'SELECT count(*) FROM "{table}"')[0][0]) for table in CONTENT
            }
            self.connection.execute("CHECKPOINT")
            self.connection.close()
        return StagedCatalog(declaration, found, counts, self._path, self._folder)


class StagedCatalog:
    """The usable content of a catalog, in a file that is gone once this object is.

    fingerprint: what the content is, regardless of the order of its rows and of where they came from.
    counts: number of rows per table. path: the complete database file.
    """

    def __init__(
        self, declaration: Declaration, fingerprint: Fingerprint, counts: Mapping[str, int], path: Path,
        folder: tempfile.TemporaryDirectory[str],
    ) -> None:
        self.declaration = declaration
        self.fingerprint = fingerprint
        self.counts = counts
        self.path = path
        self._folder = folder

    @property
    def version(self) -> str:
        """The version id that this content has."""
        return self.fingerprint.version

    @cached_property
    def rows(self) -> Mapping[str, list[Cells]]:
        """Every row of each table but catalog_meta, all in memory: cells in the order of columns.py."""
        with duckdb.connect(str(self.path), read_only=True, config=_CONFIG) as connection:
            return {
                table: connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()
                for table in COLUMNS if table != "catalog_meta"
            }

    def close(self) -> None:
        """Remove the file now rather than when nobody holds this object any more."""
        self._folder.cleanup()

    def __enter__(self) -> StagedCatalog:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _meta(declared: Declaration, version: str) -> list[tuple[str, str]]:
    values: dict[str, object] = {
        "version": version,
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


@contextmanager
def _disk() -> Iterator[None]:
    """What DuckDB or the system says about the disk, as StoreUnavailable."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"The catalog cannot be put together on disk: {error}", hint="Check the disk and its rights."
        ) from error
