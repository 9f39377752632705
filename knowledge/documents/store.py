"""The source of truth of the index: one SQLite file in WAL mode.

It keeps every document version ever indexed (a citation may point at an old one), the passages of
the active versions and of the catalog with their search terms, one vector per distinct text, and
what Chroma still has to be told. Chroma and the keyword index can be rebuilt from it.

    versions    one row per document version; ``active`` marks the current one
    passages    of active versions, and catalog entries
    links       which vectors stand for a passage, and in which Chroma collection
    vectors     hash of a text -> its vector (float16)
    dense       (collection, hash) that Chroma holds or should: pending, live, doomed
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.documents.document import Document, Passage
from knowledge.documents.embed import Vectors
from knowledge.errors import StoreUnavailable
from knowledge.text import Language

SCHEMA = "1"

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
    document TEXT NOT NULL, version TEXT NOT NULL, active INTEGER NOT NULL, source TEXT NOT NULL,
    folder TEXT NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL, metadata TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, version));
CREATE UNIQUE INDEX IF NOT EXISTS one_active ON versions (document) WHERE active;
CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, document TEXT NOT NULL, version TEXT NOT NULL,
    kind TEXT NOT NULL, section TEXT NOT NULL, page INTEGER, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, terms TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passages_of ON passages (kind, document);
CREATE TABLE IF NOT EXISTS links (
    collection TEXT NOT NULL, hash TEXT NOT NULL, passage INTEGER NOT NULL,
    PRIMARY KEY (collection, hash, passage)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_of ON links (passage);
CREATE TABLE IF NOT EXISTS vectors (hash TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dense (
    collection TEXT NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (collection, hash)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dense_open ON dense (state) WHERE state <> 'live';
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage ready to be stored: with its search terms and the hashes of the texts that stand for it."""

    passage: Passage
    terms: tuple[str, ...]
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """An active document as the store knows it: where it came from and in which version."""

    document: str
    version: str
    source: str
    folder: str
    path: str
    format: str


@dataclass(frozen=True, slots=True)
class Row:
    """What search keeps in memory of a passage. ``hashes`` name its vectors."""

    key: int
    id: str
    document: str
    kind: str
    terms: tuple[str, ...]
    hashes: tuple[str, ...]


def collection_name(kind: str, language: str) -> str:
    """The Chroma collection of a kind of passage and a language."""
    return f"{kind}-{language}"


class Store:
    """All access to the file. Readers share one connection and never wait for the writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect()
            with self._writer:
                self._writer.executescript(_TABLES)
            self._reader = self._connect()
        except (sqlite3.Error, OSError) as error:
            raise self._unavailable(error) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, check_same_thread=False, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(
            f"The document store '{self.path}' cannot be used: {error}.",
            hint="Check the folder's permissions and free space; if the file is broken, delete the index and index again.",
        )

    def close(self) -> None:
        with self._lock:
            self._reader.close()
            self._writer.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; all or nothing."""
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

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        try:
            with self._lock:
                return self._reader.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    # meta

    def meta(self, key: str) -> str | None:
        rows = self._all("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # documents

    def known(self) -> list[Known]:
        rows = self._all("SELECT document, version, source, folder, path, format FROM versions WHERE active")
        return [Known(*row) for row in rows]

    def activate(self, document: Document, known: Known, prepared: Sequence[Prepared]) -> None:
        """Make this version the active one, with these passages; call inside ``writing``."""
        self.retire(document.document)
        self._writer.execute(
            "INSERT OR REPLACE INTO versions VALUES (?,?,1,?,?,?,?,?,?)",
            (
                document.document,
                document.version,
                known.source,
                known.folder,
                known.path,
                known.format,
                _metadata(document),
                document.text,
            ),
        )
        self.insert(prepared)

    def retire(self, document: str) -> None:
        """Make ``document`` inactive; its versions stay readable. Call inside ``writing``."""
        self._writer.execute("UPDATE versions SET active = 0 WHERE document = ?", (document,))
        keys = self._writer.execute(
            "SELECT key FROM passages WHERE kind = 'document' AND document = ?", (document,)
        ).fetchall()
        self.delete(key for (key,) in keys)

    def document(self, document: str, version: str | None) -> Document | None:
        which = "active" if version is None else "version = ?"
        rows = self._all(
            f"SELECT document, version, metadata, text FROM versions WHERE document = ? AND {which}",
            (document,) if version is None else (document, version),
        )
        return _document(*rows[0]) if rows else None

    def documents(self) -> list[Document]:
        rows = self._all(
            "SELECT document, version, metadata, text FROM versions WHERE active ORDER BY document"
        )
        return [_document(*row) for row in rows]

    def names(self) -> list[str]:
        return [row[0] for row in self._all("SELECT DISTINCT document FROM versions")]

    # passages

    def insert(self, prepared: Iterable[Prepared]) -> None:
        """Add passages and say which vectors Chroma lacks; call inside ``writing``."""
        for item in prepared:
            p = item.passage
            cursor = self._writer.execute(
                "INSERT INTO passages VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    p.id, p.document, p.version, p.kind, p.section, p.page, p.start, p.end,
                    p.text, p.language, p.title, "\n".join(item.terms),
                ),
            )  # fmt: skip
            collection = collection_name(p.kind, p.language)
            for hash_ in item.hashes:
                self._writer.execute(
                    "INSERT OR IGNORE INTO links VALUES (?,?,?)", (collection, hash_, cursor.lastrowid)
                )
                self._writer.execute(
                    "INSERT INTO dense VALUES (?,?,'pending') ON CONFLICT DO UPDATE SET state = 'pending' "
                    "WHERE state = 'doomed'",
                    (collection, hash_),
                )

    def delete(self, keys: Iterable[int]) -> None:
        """Remove passages and doom the vectors that nothing else uses; call inside ``writing``."""
        for key in keys:
            links = self._writer.execute(
                "SELECT collection, hash FROM links WHERE passage = ?", (key,)
            ).fetchall()
            self._writer.execute("DELETE FROM links WHERE passage = ?", (key,))
            self._writer.execute("DELETE FROM passages WHERE key = ?", (key,))
            self._writer.executemany(
                "UPDATE dense SET state = 'doomed' WHERE collection = ?1 AND hash = ?2 AND NOT EXISTS "
                "(SELECT 1 FROM links WHERE collection = ?1 AND hash = ?2)",
                links,
            )

    def catalog(self) -> dict[tuple[str, str, str, str, str], int]:
        """(document, language, kind, title, text) of each catalog passage -> its key."""
        rows = self._all(
            "SELECT document, language, kind, title, text, key FROM passages WHERE kind <> 'document'"
        )
        return {(row[0], row[1], row[2], row[3], row[4]): row[5] for row in rows}

    def relabel_catalog(self, version: str) -> None:
        """Say that all catalog passages belong to ``version``; call inside ``writing``."""
        self._writer.execute(
            "UPDATE passages SET version = ? WHERE kind <> 'document' AND version <> ?", (version, version)
        )
        self._writer.execute("INSERT OR REPLACE INTO meta VALUES ('catalog_version', ?)", (version,))

    def rows(self, kind: str, language: Language) -> list[Row]:
        """The passages of a kind in a language, in a fixed order."""
        linked: dict[int, list[str]] = {}
        name = collection_name(kind, language)
        for key, hash_ in self._all("SELECT passage, hash FROM links WHERE collection = ?", (name,)):
            linked.setdefault(key, []).append(hash_)
        found = self._all(
            "SELECT key, id, document, kind, terms FROM passages WHERE kind = ? AND language = ? ORDER BY id",
            (kind, language),
        )
        return [
            Row(
                key,
                id_,
                document,
                kind,
                tuple(terms.split("\n")) if terms else (),
                tuple(linked.get(key, ())),
            )
            for key, id_, document, kind, terms in found
        ]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        marks = ",".join("?" * len(keys))
        rows = self._all(
            'SELECT key, id, document, version, kind, section, page, start, "end", text, language, title '
            f"FROM passages WHERE key IN ({marks})",
            list(keys),
        )
        return {row[0]: Passage(*row[1:]) for row in rows}

    # vectors

    def lacking(self, hashes: Iterable[str]) -> set[str]:
        """Those of ``hashes`` that have no vector yet."""
        wanted = list(dict.fromkeys(hashes))
        have: set[str] = set()
        for part in _parts(wanted):
            marks = ",".join("?" * len(part))
            have.update(
                row[0] for row in self._all(f"SELECT hash FROM vectors WHERE hash IN ({marks})", part)
            )
        return set(wanted) - have

    def put_vectors(self, hashes: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors; call inside ``writing``."""
        self._writer.executemany(
            "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
            [
                (hash_, vector.astype(np.float16).tobytes())
                for hash_, vector in zip(hashes, vectors, strict=True)
            ],
        )

    def vectors(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for part in _parts(list(hashes)):
            marks = ",".join("?" * len(part))
            for hash_, blob in self._all(f"SELECT hash, vector FROM vectors WHERE hash IN ({marks})", part):
                found[hash_] = np.frombuffer(blob, dtype=np.float16).astype(np.float32)
        return found

    def sample(self, collection: str, size: int) -> Vectors:
        """Up to ``size`` vectors of a collection; the order of hashes makes them a fair sample."""
        rows = self._all(
            "SELECT vector FROM dense JOIN vectors USING (hash) WHERE collection = ? AND state <> 'doomed' "
            "ORDER BY hash LIMIT ?",
            (collection, size),
        )
        return (
            np.frombuffer(b"".join(row[0] for row in rows), dtype=np.float16)
            .astype(np.float32)
            .reshape(len(rows), -1)
        )

    # what Chroma still has to be told

    def open_work(self, state: str, limit: int) -> list[tuple[str, str]]:
        """(collection, hash) of at most ``limit`` rows of one collection in ``state`` ("pending" or "doomed")."""
        first = self._all("SELECT collection FROM dense WHERE state = ? LIMIT 1", (state,))
        if not first:
            return []
        rows = self._all(
            "SELECT collection, hash FROM dense WHERE state = ? AND collection = ? LIMIT ?",
            (state, first[0][0], limit),
        )
        return [(row[0], row[1]) for row in rows]

    def settle(self, work: Sequence[tuple[str, str]], state: str) -> None:
        """Chroma has done ``work``."""
        sql = (
            "UPDATE dense SET state = 'live' WHERE collection = ? AND hash = ? AND state = 'pending'"
            if state == "pending"
            else "DELETE FROM dense WHERE collection = ? AND hash = ? AND state = 'doomed'"
        )
        with self.writing() as connection:
            connection.executemany(sql, work)

    def live(self) -> dict[str, int]:
        """How many vectors each collection holds by the books."""
        return dict(
            self._all("SELECT collection, count(*) FROM dense WHERE state <> 'pending' GROUP BY collection")
        )

    def reopen(self, collection: str) -> None:
        """Chroma lost ``collection``: everything in it is to be written again."""
        with self.writing() as connection:
            connection.execute("DELETE FROM dense WHERE collection = ? AND state = 'doomed'", (collection,))
            connection.execute("UPDATE dense SET state = 'pending' WHERE collection = ?", (collection,))


def _parts(items: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


_PLAIN = ("title", "language", "kind", "round", "edition", "certainty")


def _metadata(document: Document) -> str:
    given: dict[str, Any] = {name: getattr(document, name) for name in _PLAIN}
    given["supersedes"] = list(document.supersedes)
    given["valid_from"] = document.valid_from.isoformat() if document.valid_from else None
    given["valid_to"] = document.valid_to.isoformat() if document.valid_to else None
    return json.dumps(given, ensure_ascii=False)


def _document(document: str, version: str, metadata: str, text: str) -> Document:
    given = json.loads(metadata)
    for name in ("valid_from", "valid_to"):
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    given["supersedes"] = tuple(given["supersedes"])
    return Document(document=document, version=version, text=text, **given)
