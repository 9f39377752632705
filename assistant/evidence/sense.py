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

from assistant.evidence.cues import LANGUAGES, load_ideas
from knowledge.documents.embed import Vectors
from knowledge.text import HANGUL, Language

NEIGHBOURS = 10
NEAR, SURE = 0.17, 0.45  # scaled likeness from which two words mean alike, and from which they surely do
LEAST_COSINE = 0.58
KEPT = 50_000  # words whose nearness to general ones is kept

Encode = Callable[[Sequence[str]], Vectors]


class Sense:
    """Likeness of words and sentences. Safe to share between threads."""

    def __init__(self, encode: Encode) -> None:
        self.encode = encode
        self._general: dict[Language, Vectors] = {}
        self._crowds: dict[tuple[str, Language], float] = {}  # of words met

    def cosines(self, text: str, others: Sequence[str]) -> list[float]:
        """The likeness of each of the others to the text, -1 to 1."""
        if not others:
            return []
        return [float(c) for c in self.encode(others) @ self.encode([text])[0]]

    def likeness(self, term: str, words: Sequence[str]) -> float:
        """0 to 1: how surely one of the words means what the term means."""
        if not words:
            return 0.0
        cosines = self.encode(words) @ self.encode([term])[0]
        near = [word for word, cosine in zip(words, cosines, strict=True) if cosine >= LEAST_COSINE]
        best = float(self.scaled([term], near).max()) if near else 0.0
        return 0.0 if best < NEAR else min(1.0, 0.6 + 0.4 * (best - NEAR) / (SURE - NEAR))

    def scaled(self, terms: Sequence[str], words: Sequence[str]) -> Vectors:
        """The scaled likeness of each term (row) to each word (column); about -0.6 for what has nothing in
        common, above ``NEAR`` for what means alike."""
        scaled: Vectors = 2 * (self.encode(terms) @ self.encode(words).T)
        for language in LANGUAGES:
            scaled[:, [_language(word) == language for word in words]] -= self._crowd(terms, language)[
                :, None
            ]
            scaled[[_language(term) == language for term in terms]] -= self._crowd(words, language)[None, :]
        return scaled

    def _crowd(self, texts: Sequence[str], language: Language) -> Vectors:
        """How near each text lies to the general words of a language."""
        fresh = [text for text in dict.fromkeys(texts) if (text, language) not in self._crowds]
        if fresh:
            if language not in self._general:
                self._general[language] = self.encode(_general_words(language))
            cosines = np.partition(self.encode(fresh) @ self._general[language].T, -NEIGHBOURS - 1, axis=1)
            # the nearest one is left out: a general word is its own nearest
            crowds = np.sort(cosines[:, -NEIGHBOURS - 1 :], axis=1)[:, :-1].mean(axis=1)
            if len(self._crowds) > KEPT:
                self._crowds.clear()
            self._crowds.update(((text, language), float(c)) for text, c in zip(fresh, crowds, strict=True))
        kept = self._crowds
        return np.array([kept[text, language] for text in texts], dtype=np.float32)


def _language(word: str) -> Language:
    return "ko" if HANGUL.search(word) else "en"


@lru_cache(maxsize=2)
def _general_words(language: Language) -> tuple[str, ...]:
    entries = (entry for en, ko in load_ideas() for entry in (ko if language == "ko" else en))
    return tuple(sorted({entry for entry in entries if " " not in entry and len(entry) > 1}))
