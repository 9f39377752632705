"""A SQLite file per version, which gets its name once it is whole."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from knowledge.catalog.mirrors.tables import catalog_tables
from knowledge.catalog.place import SQLiteFile
from knowledge.errors import StoreUnavailable

# SQLite keeps what it is given; DATE and BOOLEAN are declared so that they are read as such again.
TYPES = {
    "VARCHAR": "TEXT", "INTEGER": "INTEGER", "BIGINT": "INTEGER", "DOUBLE": "REAL",
    "DATE": "DATE", "BOOLEAN": "BOOLEAN",
}  # fmt: skip
_UNFINISHED = ".unfinished-"


class SQLiteMirror:
    """The files in ``folder``, which is made with the first one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, version: str, content: str) -> SQLiteFile:
        """The file of a version."""
        return SQLiteFile(self._folder / f"{version}.sqlite")

    def publish(self, database: Path, version: str, content: str) -> None:
        """Write the file, unless it is there. Raises StoreUnavailable."""
        path = self.place(version, content).path
        if path.exists():
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for left in self._folder.glob(f"{_UNFINISHED}*"):
                left.unlink()
            unfinished = self._folder / f"{_UNFINISHED}{os.getpid()}.sqlite"
            _write(database, unfinished)
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.replace(path)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(
                f"The catalog cannot be written to {self._folder}: {error}.",
                hint="Check the folder, the disk and its rights.",
            ) from error

    def use(self, version: str, content: str) -> None:
        """Remove the files of all versions but this one and the newest of the others."""
        kept = self.place(version, content).path
        try:
            others = [path for path in self._folder.glob("*.sqlite") if path != kept]
            for path in sorted(others, key=lambda path: path.stat().st_mtime_ns)[:-1]:
                path.unlink()
        except OSError as error:
            raise StoreUnavailable(
                f"Old catalog versions in {self._folder} cannot be removed: {error}.",
                hint="Check the folder and its rights.",
            ) from error


def _write(database: Path, path: Path) -> None:
    with catalog_tables(database) as source, closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        for table in source.tables:
            connection.execute(f'CREATE TABLE "{table.name}" ({table.shape(TYPES)})')
            marks = ", ".join("?" for _ in table.columns)
            for chunk in source.rows(table):
                rows = (tuple(map(_stored, row)) for row in chunk)
                connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)
            for number, columns in enumerate(table.indexes()):
                connection.execute(f'CREATE INDEX "{table.name}_{number}" ON "{table.name}" ({columns})')
        connection.execute("ANALYZE")
        connection.commit()


def _stored(cell: object) -> object:
    """SQLite has no dates; their ISO text sorts and compares like them."""
    return cell.isoformat() if isinstance(cell, date) else cell
