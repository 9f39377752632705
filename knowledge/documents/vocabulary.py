"""The words of a shelf by what they mean, so that a passage can say a word of a question in a word like it,
in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.documents.embed import Vectors

MOST = 30_000  # words that are compared, the commonest first: it takes a millisecond for each five thousand
NEIGHBOURS = 40  # words that are like one
LIKE = 0.45  # the cosine from which on words are alike
_REMEMBERED = 20_000  # words whose neighbours stay in memory


def is_word(term: str) -> bool:
    """Whether a term is a word, and no number, mark or label."""
    return term.isalpha()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ``places`` of words in a vocabulary, and from 0 to 1 how alike they are; the least one first."""

    places: NDArray[np.int64]
    shares: Vectors


class Vocabulary:
    """Words with a unit vector each. Many threads may ask at once."""

    def __init__(self, words: Sequence[str], vectors: Vectors) -> None:
        self.words, self._vectors = words, vectors
        self._known: dict[str, Neighbours] = {}

    def neighbours(self, asked: Mapping[str, Vectors]) -> dict[str, Neighbours]:
        """For each word that is ``asked`` by its vector those that are like it, itself among them."""
        known = self._known
        found = {word: known[word] for word in asked if word in known}
        fresh = [word for word in asked if word not in found]
        if fresh and len(self.words):
            cosines = np.stack([asked[word] for word in fresh]) @ self._vectors.T
            found |= {word: self._alike(row) for word, row in zip(fresh, cosines, strict=True)}
            if len(known) > _REMEMBERED:
                self._known = known = {}
            known.update((word, found[word]) for word in fresh)
        return found

    def _alike(self, cosines: Vectors) -> Neighbours:
        count = min(NEIGHBOURS, len(cosines))
        best = np.argpartition(-cosines, count - 1)[:count]
        best = best[np.argsort(cosines[best])]
        best = best[cosines[best] > LIKE]
        return Neighbours(best, (cosines[best] - np.float32(LIKE)) / np.float32(1 - LIKE))
