"""Documents and passages in the store. What is searched can be rebuilt from it, Chroma included."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.documents.database import Database
from knowledge.documents.document import Document, Passage
from knowledge.documents.points import Points
from knowledge.text import Language

SCHEMA = "1"

Entry = tuple[str, str, str, str, str]  # document, language, kind, title, text of a catalog passage


@dataclass(frozen=True, slots=True)
class Known:
    """An active document as the store knows it: where it came from, in which version, prepared how."""

    document: str
    version: str
    source: str
    folder: str
    path: str
    format: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage ready to be stored: its search terms, and the point that stands for it."""

    passage: Passage
    terms: tuple[str, ...]
    point: str


@dataclass(frozen=True, slots=True)
class Row:
    """What search keeps in memory of a passage."""

    key: int
    id: str
    document: str
    point: str
    section: str = ""
    start: int = 0
    title: str = ""


class Store:
    """The tables ``versions`` and ``passages``. Methods that take a connection belong inside ``writing``."""

    def __init__(self, database: Database, points: Points) -> None:
        self._database = database
        self._points = points

    # documents

    def known(self) -> list[Known]:
        """All active documents."""
        rows = self._database.all(
            "SELECT document, version, source, folder, path, format FROM versions WHERE active"
        )
        return [Known(*row) for row in rows]

    def activate(
        self, connection: sqlite3.Connection, document: Document, known: Known, prepared: Iterable[Prepared]
    ) -> None:
        """Make this version the active one, with these passages."""
        self.retire(connection, document.document)
        connection.execute(
            "INSERT OR REPLACE INTO versions VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)",
            (
                *(document.document, document.version, known.source, known.folder, known.path, known.format),
                *(_metadata(document), document.text),
            ),
        )
        self.insert(connection, prepared)

    def move(self, connection: sqlite3.Connection, known: Known) -> None:
        """The file of an active document lies elsewhere now; its content is the same."""
        connection.execute(
            "UPDATE versions SET source = ?, folder = ?, path = ? WHERE document = ? AND active",
            (known.source, known.folder, known.path, known.document),
        )

    def retire(self, connection: sqlite3.Connection, document: str) -> None:
        """Make ``document`` inactive; its versions stay readable."""
        connection.execute("UPDATE versions SET active = 0 WHERE document = ? AND active", (document,))
        keys = connection.execute(
            "SELECT key FROM passages WHERE document = ? AND kind = 'document'", (document,)
        )
        self.delete(connection, [key for (key,) in keys.fetchall()])

    def document(self, document: str, version: str | None) -> Document | None:
        """A version, or the active one."""
        sql = "SELECT document, version, metadata, text FROM versions WHERE document = ? AND "
        if version is None:
            rows = self._database.all(sql + "active", (document,))
        else:
            rows = self._database.all(sql + "version = ?", (document, version))
        return _document(*rows[0]) if rows else None

    def documents(self) -> list[Document]:
        """The active versions, by id."""
        sql = "SELECT document, version, metadata, text FROM versions WHERE active ORDER BY document"
        return [_document(*row) for row in self._database.all(sql)]

    def records(self) -> tuple[Document, ...]:
        """The active versions without their text, by id."""
        sql = "SELECT document, version, metadata, '' FROM versions WHERE active ORDER BY document"
        return tuple(_document(*row) for row in self._database.all(sql))

    def names(self) -> list[str]:
        """The ids of all documents ever indexed."""
        return [row[0] for row in self._database.all("SELECT DISTINCT document FROM versions")]

    # passages

    def insert(self, connection: sqlite3.Connection, prepared: Iterable[Prepared]) -> None:
        """Add passages; their points must be wanted in the same transaction."""
        rows = [
            (
                *(p.id, p.document, p.version, p.kind, p.section, p.page, p.start, p.end, p.text),
                *(p.language, p.title, "\n".join(item.terms), item.point),
            )
            for item in prepared
            for p in (item.passage,)
        ]
        connection.executemany(
            "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )

    def delete(self, connection: sqlite3.Connection, keys: Iterable[int]) -> None:
        """Remove passages, and doom the points that nothing uses any more."""
        used: list[tuple[str, str, str]] = []
        for key in keys:
            sql = "DELETE FROM passages WHERE key = ? RETURNING kind, language, point"
            used.extend(connection.execute(sql, (key,)).fetchall())
        self._points.doom_unused(connection, used)

    def passages(self, keys: Iterable[int]) -> dict[int, Passage]:
        """Passages by key; those deleted meanwhile are missing."""
        rows = self._database.among(
            'SELECT key, id, document, version, kind, section, page, start, "end", text, language, title '
            "FROM passages WHERE key IN ({marks})",
            keys,
        )
        return {row[0]: Passage(*row[1:]) for row in rows}

    def rows(self, kind: str, language: Language) -> tuple[list[Row], list[list[str]]]:
        """The passages of a kind in a language, ordered by what they are, not when they came; their terms."""
        found = self._database.all(
            "SELECT key, id, document, point, section, start, title, terms FROM passages "
            "WHERE kind = ? AND language = ? ORDER BY id",
            (kind, language),
        )
        return [Row(*row[:-1]) for row in found], [row[-1].split("\n") for row in found]

    # the catalog's part

    def catalog(self) -> dict[Entry, int]:
        """The catalog passages and their keys."""
        sql = "SELECT document, language, kind, title, text, key FROM passages WHERE kind <> 'document'"
        return {row[:5]: row[5] for row in self._database.all(sql)}

    def catalog_keys(self) -> list[int]:
        """The keys of all catalog passages."""
        return [row[0] for row in self._database.all("SELECT key FROM passages WHERE kind <> 'document'")]

    def relabel_catalog(self, connection: sqlite3.Connection, version: str, format_: str) -> None:
        """Say that all catalog passages belong to ``version`` and were prepared as ``format_`` says."""
        connection.execute(
            "UPDATE passages SET version = ?1 WHERE kind <> 'document' AND version <> ?1", (version,)
        )
        meta = [("catalog_version", version), ("catalog_format", format_)]
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)


_PLAIN = ("title", "language", "kind", "round", "edition", "certainty")


def _metadata(document: Document) -> str:
    given: dict[str, Any] = {name: getattr(document, name) for name in _PLAIN}
    given["supersedes"] = list(document.supersedes)
    given["pages"] = None if document.pages is None else list(document.pages)
    given["valid_from"] = document.valid_from.isoformat() if document.valid_from else None
    given["valid_to"] = document.valid_to.isoformat() if document.valid_to else None
    return json.dumps(given, ensure_ascii=False)


def _document(document: str, version: str, metadata: str, text: str) -> Document:
    given = json.loads(metadata)
    for name in ("valid_from", "valid_to"):
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    given["supersedes"] = tuple(given["supersedes"])
    pages = given.pop("pages", None)
    given["pages"] = None if pages is None else tuple(pages)
    return Document(document=document, version=version, text=text, **given)
