"""What words and sentences mean, by the vectors that the index searches with.

A cosine alone is a poor measure for single words: some words lie near everything. Hence it is held
against how near each word lies to words in general (the entries of words.yaml), as in cross-domain
similarity local scaling: 2 cos(a, b) - r(a) - r(b), where r is the mean cosine with the ten nearest
general words of the other word's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from assistant.evidence.cues import load_ideas
from assistant.evidence.roots import HANGUL
from knowledge.documents.embed import Vectors
from knowledge.text import Language

NEIGHBOURS = 10
NEAR, SURE = 0.17, 0.45  # scaled likeness from which two words mean alike, and from which they surely do
LEAST_COSINE = 0.58

Encode = Callable[[Sequence[str]], Vectors]


class Sense:
    """Likeness of words and sentences. Safe to share between threads."""

    def __init__(self, encode: Encode) -> None:
        self.encode = encode
        self._general: dict[Language, Vectors] = {}

    def cosines(self, text: str, others: Sequence[str]) -> list[float]:
        """The likeness of each of the others to the text, -1 to 1."""
        if not others:
            return []
        return [float(c) for c in self.encode(others) @ self.encode([text])[0]]

    def likeness(self, term: str, words: Sequence[str]) -> float:
        """0 to 1: how surely one of the words means what the term means."""
        if not words:
            return 0.0
        own, vectors = self.encode([term])[0], self.encode(words)
        cosines = vectors @ own
        best = 0.0
        for language in ("ko", "en"):
            rows = [n for n, w in enumerate(words) if _language(w) == language and cosines[n] >= LEAST_COSINE]
            if rows:
                mine = self._crowd(own[None, :], language)[0]
                theirs = self._crowd(vectors[rows], _language(term))
                best = max(best, float(np.max(2 * cosines[rows] - mine - theirs)))
        return 0.0 if best < NEAR else min(1.0, 0.6 + 0.4 * (best - NEAR) / (SURE - NEAR))

    def _crowd(self, vectors: Vectors, language: Language) -> Vectors:
        """How near each vector lies to the general words of a language."""
        if language not in self._general:
            self._general[language] = self.encode(_general_words(language))
        cosines = np.sort(vectors @ self._general[language].T, axis=1)
        # the nearest one is left out: a general word is its own nearest
        return cosines[:, -NEIGHBOURS - 1 : -1].mean(axis=1)


def _language(word: str) -> Language:
    return "ko" if HANGUL.search(word) else "en"


@lru_cache(maxsize=2)
def _general_words(language: Language) -> tuple[str, ...]:
    entries = (entry for en, ko in load_ideas() for entry in (ko if language == "ko" else en))
    return tuple(sorted({entry for entry in entries if " " not in entry and len(entry) > 1}))
