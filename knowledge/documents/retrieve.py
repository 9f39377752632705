"""From words to ranked passages: keyword and vector scores, fused where they are comparable.

Scores are standardised within one shelf, the passages of one pool in one language, since neither a
BM25 score nor a cosine means the same in two of them. Between languages BM25 sees only what is
written alike in both (abbreviations, codes, numbers) and the translated terms it is given, so there
the vectors count for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.documents.embed import Vectors
from knowledge.documents.lexical import Lexicon
from knowledge.documents.store import Row
from knowledge.text import Language, language_of, normalize, search_terms

LONGEST = 2000  # characters of a question that are read
CANDIDATES = 60  # nearest vectors asked of each shelf

Nearest = Callable[[str, Vectors, int], list[tuple[str, float]]]
Lookup = Callable[[Sequence[str]], dict[str, Vectors]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: the words, their terms, terms for them in the other language, their vector."""

    words: str
    language: Language
    terms: tuple[str, ...]
    translated: tuple[str, ...]
    vector: Vectors


def words_of(text: str) -> str:
    """``text`` as search reads it; "" where there is nothing to look for."""
    words = " ".join(normalize(text[: 2 * LONGEST]).split())[:LONGEST]
    return words if any(char.isalnum() for char in words) else ""


def ask(words: str, vector: Vectors, extra: Sequence[str]) -> Question:
    """The question for ``words``, with ``extra`` terms in the other language."""
    terms = search_terms(words)
    translated = tuple(dict.fromkeys(t for phrase in extra for t in search_terms(phrase) if t not in terms))
    return Question(words, language_of(words), terms, translated, vector)


@dataclass(frozen=True)
class Shelf:
    """The passages of one kind in one language, as search needs them in memory."""

    collection: str
    kind: str
    language: Language
    rows: Sequence[Row]
    lexicon: Lexicon
    mean: Vectors
    spread: Vectors  # covariance of the vectors: gives the variance of a question's cosines without computing them

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Hash of a vector -> the rows that it stands for."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            for hash_ in row.hashes:
                found.setdefault(hash_, []).append(number)
        return found


def moments(sample: Vectors) -> tuple[Vectors, Vectors]:
    """Mean and covariance of vectors."""
    mean = sample.mean(axis=0)
    centred = sample - mean
    return mean, (centred.T @ centred) / max(1, len(sample))


def score(question: Question, shelf: Shelf, nearest: Nearest, lookup: Lookup) -> dict[int, float]:
    """Row number -> fused score of the candidates on ``shelf``; higher is better."""
    same = question.language == shelf.language
    terms = question.terms if same else question.terms + question.translated
    keyword = shelf.lexicon.scores(terms)
    cosines = _cosines(question, shelf, keyword, nearest, lookup)
    weight = 1.0 if same else _share(question, shelf)
    spread = float(keyword.std())
    centre = float(keyword.mean())
    low, high = float(question.vector @ shelf.mean), float(question.vector @ shelf.spread @ question.vector)
    deviation = max(high, 1e-4) ** 0.5
    return {
        row: weight * ((float(keyword[row]) - centre) / spread if spread else 0.0)
        + (2.0 - weight) * (cosine - low) / deviation
        for row, cosine in cosines.items()
    }


def _cosines(
    question: Question, shelf: Shelf, keyword: np.ndarray, nearest: Nearest, lookup: Lookup
) -> dict[int, float]:
    """The cosine of every candidate: the nearest vectors and the best by keyword."""
    found: dict[int, float] = {}
    for hash_, cosine in nearest(shelf.collection, question.vector, CANDIDATES):
        for row in shelf.places.get(hash_, ()):
            found[row] = max(cosine, found.get(row, -1.0))
    best = np.argpartition(-keyword, min(CANDIDATES, len(keyword) - 1))[:CANDIDATES]
    missing = [int(row) for row in best if keyword[row] > 0 and int(row) not in found]
    vectors = lookup([hash_ for row in missing for hash_ in shelf.rows[row].hashes])
    for row in missing:
        cosines = [float(question.vector @ vectors[h]) for h in shelf.rows[row].hashes if h in vectors]
        if cosines:
            found[row] = max(cosines)
    return found


def _share(question: Question, shelf: Shelf) -> float:
    """How much BM25 can be trusted on a shelf in the other language: 0 where none of the terms exists there."""
    terms = set(question.terms) | set(question.translated)
    met = sum(shelf.lexicon.rarity(term) for term in terms if shelf.lexicon.has(term))
    asked = sum(shelf.lexicon.rarity(term) for term in set(question.terms))
    return min(1.0, met / asked) if asked else 0.0
