"""The SQLite file of the index: its tables, its two connections, its transactions.

meta        schema, model, dimension, catalog_version, catalog_format
versions    every document version ever indexed; ``active`` marks the current one
passages    of active versions, and catalog entries; ``point`` names the vector that stands for one
texts       hash of a text -> its vector: every distinct text is embedded once
points      the vectors that Chroma holds or should: pending (to be written), live, doomed (to be deleted);
            ``sayings`` are the hashes of the sentences behind one
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowledge.errors import StoreUnavailable

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
    document TEXT NOT NULL, version TEXT NOT NULL, active INTEGER NOT NULL, source TEXT NOT NULL,
    folder TEXT NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL, metadata TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, version));
CREATE UNIQUE INDEX IF NOT EXISTS one_active ON versions (document) WHERE active;
CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, document TEXT NOT NULL, version TEXT NOT NULL,
    kind TEXT NOT NULL, section TEXT NOT NULL, page INTEGER, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, terms TEXT NOT NULL,
    point TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_of_document ON passages (document);
CREATE INDEX IF NOT EXISTS passages_of_point ON passages (kind, language, point);
CREATE TABLE IF NOT EXISTS texts (hash TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS points (
    collection TEXT NOT NULL, point TEXT NOT NULL, state TEXT NOT NULL, vector BLOB NOT NULL,
    sayings TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (collection, point)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS points_open ON points (state) WHERE state <> 'live';
"""


class Database:
    """One file in WAL mode. Readers share a connection of their own and never wait for the writer."""

    def __init__(self, path: Path) -> None:
        """Open or create. Raises StoreUnavailable."""
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect()
            self._writer.executescript(_TABLES)
            self._migrate()
            self._reader = self._connect()
        except (sqlite3.Error, OSError) as error:
            raise self._unavailable(error) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, check_same_thread=False, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def _migrate(self) -> None:
        """An index of an earlier program has no sentences of points: it finds less until it is made anew."""
        columns = {row[1] for row in self._writer.execute("PRAGMA table_info(points)")}
        if "sayings" not in columns:
            self._writer.execute("ALTER TABLE points ADD COLUMN sayings TEXT NOT NULL DEFAULT ''")

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(
            f"The document store '{self.path}' cannot be used: {error}.",
            hint="Check permissions and free space; if the file is broken, delete the index and index again.",
        )

    def close(self) -> None:
        with self._lock:
            self._reader.close()
            self._writer.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all or nothing. The caller sees to it that one thread writes at a time."""
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        """Every row of a query, as committed."""
        try:
            with self._lock:
                return self._reader.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def among(self, sql: str, items: Iterable[Any], *before: Any) -> Iterator[tuple]:
        """Rows of ``sql``, where ``{marks}`` stands for the ``items``; asked in parts that SQLite takes."""
        wanted = list(items)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            yield from self.all(sql.replace("{marks}", ",".join("?" * len(part))), (*before, *part))

    def meta(self, key: str) -> str | None:
        rows = self.all("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
