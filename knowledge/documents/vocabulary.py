"""The words of a shelf by what they mean, so that a passage can say a word of a question in a word like it,
in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from knowledge.documents.embed import Vectors

MOST = 30_000  # words that are compared, the commonest first: it takes a millisecond for each five thousand
NEIGHBOURS = 40  # words that are like one
LIKE = 0.45  # the cosine from which on words are alike
_REMEMBERED = 20_000  # words whose neighbours stay in memory

Neighbours = Sequence[tuple[str, float]]  # words, and from 0 to 1 how alike they are; the least one first


class Vocabulary:
    """Words with a unit vector each. Many threads may ask at once."""

    def __init__(self, words: Sequence[str], vectors: Vectors) -> None:
        self._words, self._vectors = words, vectors
        self._known: dict[str, Neighbours] = {}

    def neighbours(self, asked: Mapping[str, Vectors]) -> dict[str, Neighbours]:
        """For each word that is ``asked`` by its vector those that are like it, itself among them."""
        known = self._known
        found = {word: known[word] for word in asked if word in known}
        fresh = [word for word in asked if word not in found]
        if fresh and len(self._words):
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
        return [
            (self._words[n], (float(cosines[n]) - LIKE) / (1 - LIKE)) for n in best if cosines[n] > LIKE
        ]
