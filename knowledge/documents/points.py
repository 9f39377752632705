"""Vectors in the store, and the books on what Chroma has been told about them.

A passage is stood for by one point: the unit vector of the weighted sum of the vectors of its title,
heading and sentences. Measured, such sums find more than the vector of the joined text. A passage of a
document also keeps the vectors of its sentences: the best of them tells more than their mean.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.documents.database import Database
from knowledge.documents.embed import Vectors, text_hash
from knowledge.documents.vectors import ShelfVectors, gathered, stacked
from knowledge.documents.vocabulary import Vocabulary

SECOND = "-second"  # what the collections of the second view end in


@dataclass(frozen=True, slots=True)
class Work:
    """Points of one collection that Chroma has to be told about."""

    collection: str
    points: list[str]
    vectors: Vectors


def collection_name(kind: str, language: str) -> str:
    """The collection of a kind of passage ("document", "dataset", ...) in a language; that of the second
    view has ``SECOND`` behind it."""
    return f"{kind}-{language}"


class Points:
    """The tables ``texts`` and ``points``. Methods that take a connection belong inside ``writing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def texts(self, hashes: Iterable[str]) -> dict[str, Vectors]:
        """The vectors kept for texts, by hash; those never embedded are missing."""
        return {hash_: _unpack(blob) for hash_, blob in self._kept_texts(set(hashes))}

    def _kept_texts(self, hashes: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        return self._database.among("SELECT hash, vector FROM texts WHERE hash IN ({marks})", hashes)

    def keep_texts(self, connection: sqlite3.Connection, vectors: Mapping[str, Vectors]) -> None:
        rows = [(hash_, _pack(vector)) for hash_, vector in vectors.items()]
        connection.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?)", rows)

    def want(
        self, connection: sqlite3.Connection, collection: str, point: str, vector: Vectors,
        sayings: Iterable[str],
    ) -> None:
        """Chroma shall hold this point of ``collection``; ``sayings`` are the hashes of its sentences."""
        connection.execute(
            "INSERT INTO points VALUES (?, ?, 'pending', ?, ?) "
            "ON CONFLICT DO UPDATE SET state = 'pending' WHERE state = 'doomed'",
            (collection, point, _pack(vector), " ".join(sayings)),
        )

    def doom_unused(self, connection: sqlite3.Connection, used: Iterable[tuple[str, str, str]]) -> None:
        """Of points (kind, language, point) whose passage went, doom those that no other passage uses."""
        connection.executemany(
            "UPDATE points SET state = 'doomed' WHERE point = ?3 "
            f"AND collection IN (?1 || '-' || ?2, ?1 || '-' || ?2 || '{SECOND}') "
            "AND NOT EXISTS (SELECT 1 FROM passages WHERE kind = ?1 AND language = ?2 AND point = ?3)",
            list(used),
        )

    def open_work(self, state: str, limit: int = 500) -> Work | None:
        """The next points in ``state`` ("pending" or "doomed"), of one collection."""
        first = self._database.all("SELECT collection FROM points WHERE state = ? LIMIT 1", (state,))
        if not first:
            return None
        rows = self._database.all(
            "SELECT point, vector FROM points WHERE state = ? AND collection = ? LIMIT ?",
            (state, first[0][0], limit),
        )
        return Work(first[0][0], [row[0] for row in rows], _matrix([row[1] for row in rows]))

    def settle(self, work: Work, state: str) -> None:
        """Chroma has done ``work``."""
        what = {"pending": "UPDATE points SET state = 'live'", "doomed": "DELETE FROM points"}[state]
        sql = f"{what} WHERE collection = ? AND point = ? AND state = ?"
        with self._database.writing() as connection:
            connection.executemany(sql, [(work.collection, point, state) for point in work.points])

    def live(self) -> dict[str, int]:
        """How many points each collection holds by the books."""
        sql = "SELECT collection, count(*) FROM points WHERE state = 'live' GROUP BY collection"
        return dict(self._database.all(sql))

    def forget(self, connection: sqlite3.Connection) -> None:
        """Drop every vector: passages have to be prepared and embedded again."""
        connection.execute("DELETE FROM points")
        connection.execute("DELETE FROM texts")

    def reopen(self, collection: str) -> None:
        """Chroma holds nothing of ``collection`` any more: everything in it is to be written again."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM points WHERE collection = ? AND state = 'doomed'", (collection,))
            connection.execute("UPDATE points SET state = 'pending' WHERE collection = ?", (collection,))

    def vocabulary(self, words: Sequence[str]) -> Vocabulary:
        """Those of ``words`` that have a vector."""
        by_hash = {text_hash(word): word for word in words}
        kept = [(by_hash[hash_], blob) for hash_, blob in self._kept_texts(sorted(by_hash))]
        return Vocabulary([word for word, _ in kept], _matrix([blob for _, blob in kept]))

    def of_shelf(self, collection: str, points: Sequence[str]) -> ShelfVectors:
        """The vectors of a shelf whose rows are stood for by ``points``, and those of their sentences."""
        sql = "SELECT point, vector, sayings FROM points WHERE collection = ?"
        kept = self._database.all(sql, (collection,))
        hashes = sorted({hash_ for _, _, said in kept for hash_ in said.split()})
        said: dict[str, int] = {}
        blobs: list[bytes] = []
        for hash_, blob in self._kept_texts(hashes):
            said[hash_] = len(blobs)
            blobs.append(blob)
        return gathered(points, kept, said, blobs)


def as_kept(vectors: Vectors) -> Vectors:
    """Vectors with the precision in which they are kept, so that new and remembered ones are the same."""
    return vectors.astype(np.float16).astype(np.float32)


def _pack(vector: Vectors) -> bytes:
    return vector.astype(np.float16).tobytes()


def _unpack(blob: bytes) -> Vectors:
    return np.frombuffer(blob, dtype=np.float16).astype(np.float32)


def _matrix(blobs: Sequence[bytes]) -> Vectors:
    return stacked(blobs).astype(np.float32)
