"""Keyword scores: BM25 over the terms of the passages of one language."""

from __future__ import annotations

import logging
from collections.abc import Sequence
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
        if not any(corpus):
            return
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for every message by itself
        self._index = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        self._index.index(list(map(list, corpus)), show_progress=False)
        self._ids = self._index.vocab_dict

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
        return float(np.log(1 + (self.size - count + 0.5) / (count + 0.5)))

    @property
    def rarity_of_one(self) -> float:
        """The rarity of a term that one passage has."""
        return float(np.log(1 + (self.size - 0.5) / 1.5))

    def scores(self, terms: Sequence[str]) -> Scores:
        """One score per passage, 0 where no term occurs."""
        numbers = [self._ids[term] for term in terms if term in self._ids]
        if not numbers:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._index.get_scores_from_ids(numbers), dtype=np.float32)
