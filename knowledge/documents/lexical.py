"""Keyword scores: BM25 over the terms of the passages of one language."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


class Lexicon:
    """A BM25 index in memory; passage ``i`` has the terms ``corpus[i]``."""

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        self.size = len(corpus)
        self._index: Any = None
        self._ids: dict[str, int] = {}
        self._families: dict[str, list[str]] = {}
        if not any(corpus):
            return
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for every message by itself
        self._index = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        self._index.index(list(map(list, corpus)), show_progress=False)
        self._ids = self._index.vocab_dict
        self._families = _families(self._ids)

    @property
    def terms(self) -> Iterable[str]:
        """Every term that a passage has."""
        return self._ids

    def has(self, term: str) -> bool:
        """Whether any passage has ``term``."""
        return term in self._ids

    def rarity(self, term: str) -> float:
        """The inverse document frequency of ``term``; of a term that no passage has, as if one had it."""
        number = self._ids.get(term)
        count = 1.0
        if number is not None:
            starts = self._index.scores["indptr"]
            count = float(starts[number + 1] - starts[number])
        return log(1 + (self.size - count + 0.5) / (count + 0.5))

    @property
    def rarity_of_one(self) -> float:
        """The rarity of a term that one passage has."""
        return log(1 + (self.size - 0.5) / 1.5)

    def kin(self, term: str) -> list[str]:
        """The terms that any passage has of the same root as ``term``, which is among them if one has it."""
        found = self._families.get(root(term), [])
        return found if term in found or term not in self._ids else [term, *found]

    def rows(self, term: str) -> NDArray[np.int32]:
        """The passages that have ``term``."""
        number = self._ids.get(term)
        if number is None:
            return np.zeros(0, dtype=np.int32)
        starts = self._index.scores["indptr"]
        found: NDArray[np.int32] = self._index.scores["indices"][starts[number] : starts[number + 1]]
        return found

    def numbers(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """Numbers for ``rows_of``, of terms that passages have."""
        return np.array([self._ids[term] for term in terms], dtype=np.int64)

    def rows_of(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The passages that have each of several terms, one term after the other, and how many have each."""
        matrix = self._index.scores
        first = matrix["indptr"][numbers]
        counts = matrix["indptr"][numbers + 1] - first
        ends = np.cumsum(counts)
        at = np.arange(counts.sum()) + np.repeat(first - ends + counts, counts)
        return matrix["indices"][at], counts

    def said(self, term: str) -> tuple[NDArray[np.int32], Scores]:
        """The passages that have ``term``, and how much they say it: BM25 without the rarity."""
        number = self._ids.get(term)
        if number is None:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        matrix = self._index.scores
        part = slice(matrix["indptr"][number], matrix["indptr"][number + 1])
        return matrix["indices"][part], matrix["data"][part] / np.float32(self.rarity(term))


def _families(terms: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for term in terms:
        if (stem := root(term)) != term:
            found.setdefault(stem, []).append(term)
    for stem, members in found.items():
        if stem in terms:
            members.append(stem)
    return found


_ENDINGS = sorted(
    """ication ications icant icants ational ations ation ions ion ities ity ments ment ness ings ing ied ies
    ed es er ers or ors ly al ally ance ances ence ences able ible ive ives ant ent e s y""".split(),  # noqa: SIM905
    key=len,
    reverse=True,
)


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """What the forms of an English word have in common, roughly; other words as they are."""
    if len(word) < 5 or not (word.isascii() and word.isalpha()):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
