"""The vectors of a shelf in memory, as precise as they are kept: one of each passage, and those of its
sentences.

A search reads some hundred of them; from the store that would take longer than all the rest of it. A passage
takes a kilobyte, and one more for each sentence that no other passage has. On a shelf of at most ``EXACT``
points it takes two, and all are compared, which is quicker there than asking Chroma and misses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.documents.embed import Vectors

Lines = NDArray[np.int64]
Kept = NDArray[np.float16]

EXACT = 16_000  # points


@dataclass(frozen=True)
class ShelfVectors:
    """``points``: the vectors of points; ``at``: for each row of the shelf the line among them, -1 where
    there is none. ``sayings``: vectors of sentences; the lines of those of point ``p`` among them are
    ``lines[starts[p] : starts[p + 1]]``."""

    points: Kept | Vectors
    at: Lines
    sayings: Kept
    lines: Lines
    starts: Lines

    def cosines(self, rows: Lines, vector: Vectors) -> Vectors:
        """How near each of ``rows`` is to a unit vector; NaN for one without a vector."""
        at = self.at[rows]
        if not len(self.points):
            return np.full(len(rows), np.nan, dtype=np.float32)
        found = self.points[at].astype(np.float32, copy=False) @ vector
        return np.where(at < 0, np.float32(np.nan), found)

    def nearest(self, vector: Vectors, count: int) -> Lines | None:
        """The rows whose points are the ``count`` nearest to a unit vector; None where there are too many to
        compare."""
        if not len(self.points) or self.points.dtype != np.float32:
            return None
        chosen = np.zeros(len(self.points), dtype=bool)
        count = min(count, len(self.points))
        chosen[np.argpartition(-(self.points @ vector), count - 1)[:count]] = True
        return np.flatnonzero(chosen[self.at] & (self.at >= 0))

    def closest(self, rows: Lines, vector: Vectors) -> Vectors:
        """How near the best sentence of each of ``rows`` is to a unit vector; NaN for one without any."""
        found = np.full(len(rows), np.nan, dtype=np.float32)
        at = self.at[rows]
        counts = np.where(at < 0, 0, self.starts[at + 1] - self.starts[at])
        told = np.flatnonzero(counts)
        if not len(told):
            return found
        lines = np.concatenate([self.lines[self.starts[at[n]] : self.starts[at[n] + 1]] for n in told])
        near = self.sayings[lines].astype(np.float32) @ vector
        found[told] = np.maximum.reduceat(near, np.cumsum(counts[told]) - counts[told])
        return found

    def some(self, count: int) -> Vectors:
        """About ``count`` vectors of points, spread over all."""
        return self.points[:: max(1, len(self.points) // count)].astype(np.float32)


def gathered(
    rows: Sequence[str], kept: Iterable[tuple[str, bytes, str]], said: Mapping[str, int],
    sayings: Sequence[bytes],
) -> ShelfVectors:
    """The vectors of ``rows``, each given by its point. ``kept``: points, their vectors and the hashes of
    their sentences; ``said``: the place of each hash among ``sayings``, the vectors of sentences."""
    known: dict[str, int] = {}
    points: list[bytes] = []
    lines: list[int] = []
    starts = [0]
    for point, blob, hashes in kept:
        known[point] = len(points)
        points.append(blob)
        lines += [said[hash_] for hash_ in hashes.split() if hash_ in said]
        starts.append(len(lines))
    at = np.array([known.get(point, -1) for point in rows], dtype=np.int64)
    matrix: Kept | Vectors = stacked(points)
    if len(points) <= EXACT:
        matrix = matrix.astype(np.float32)
    return ShelfVectors(matrix, at, stacked(sayings), np.array(lines, np.int64), np.array(starts))


def stacked(blobs: Sequence[bytes]) -> Kept:
    """Vectors as they are stored (float16), a row for each blob."""
    return np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(len(blobs), -1 if blobs else 0)
