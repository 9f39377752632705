"""From words to scored passages: how much of the question a passage says, and how near it is in meaning.

Both are fused as scores, in units that mean the same in every language and for every kind of passage.
The keyword part is BM25 divided by what the whole question weighs: the share of the question's words
that a passage covers. The vector part is the cosine above that of arbitrary passages, which for this
encoder is the same within and across the two languages. On passages in the other language BM25 sees
only what is written alike (abbreviations, codes, numbers) and the translated terms it is given; there
the cosine weighs more, the more so the less of the question can be met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.documents.embed import Vectors
from knowledge.documents.lexical import Lexicon, Scores
from knowledge.documents.store import Row
from knowledge.text import Language, language_of, normalize, search_terms

LONGEST = 2000  # characters of a question that are read
CANDIDATES = 60  # the nearest points, and the best passages by keyword, of each shelf

# Chosen on 270 questions over six corpora, five of them mixed; the results are flat around these values.
COVERAGE = 16.0  # what a passage with all of the question's words gains
MEANING = 12.0  # what a cosine of 1 above the usual one gains
SAYING = 0.5  # how much of the cosine is that of the passage's best sentence
USUAL = 0.10  # the mean cosine of a question and an arbitrary passage; their standard deviation is 0.085
ACROSS = 0.6  # how much more meaning weighs where no word of the question can meet the language
TRANSLATED = 0.7  # the weight of a translated term: a glossary gives several for one

Nearest = Callable[[str, Vectors, int], list[tuple[str, float]]]
Lookup = Callable[[str, Iterable[str]], dict[str, Vectors]]
REFINED = 50  # the best candidates of each shelf whose sentences are looked at


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


def ask(words: str, vector: Vectors, extra: Sequence[str] = ()) -> Question:
    """The question for ``words``; ``extra`` are words for it in the other language."""
    terms = search_terms(words)
    translated = dict.fromkeys(t for phrase in extra for t in search_terms(phrase) if t not in terms)
    return Question(words, language_of(words), terms, tuple(translated), vector)


@dataclass(frozen=True)
class Shelf:
    """The passages of one kind in one language, as search needs them in memory."""

    collection: str
    kind: str
    language: Language
    rows: Sequence[Row]
    lexicon: Lexicon

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Point -> the rows it stands for."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            found.setdefault(row.point, []).append(number)
        return found


def score(
    question: Question, shelf: Shelf, nearest: Nearest, lookup: Lookup, sayings: Lookup
) -> dict[int, float]:
    """Row number -> score of the candidates on ``shelf``: higher is better, on any shelf.

    ``lookup`` gives the vectors of points, ``sayings`` those of the sentences behind them.
    """
    covered, reach = _coverage(question, shelf)
    weight = 1.0 if question.language == shelf.language else 1.0 + ACROSS * (1.0 - reach)

    def value(row: int, cosine: float) -> float:
        return weight * MEANING * (cosine - USUAL) + COVERAGE * float(covered[row])

    cosines = _cosines(question, shelf, covered, nearest, lookup)
    scores = {row: value(row, cosine) for row, cosine in cosines.items()}
    best = sorted(scores, key=lambda row: (-scores[row], row))[:REFINED]
    said = sayings(shelf.collection, {shelf.rows[row].point for row in best})
    for row in best:
        vectors = said.get(shelf.rows[row].point)
        if vectors is not None:
            closest = float((vectors @ question.vector).max())
            scores[row] = value(row, (1.0 - SAYING) * cosines[row] + SAYING * closest)
    return scores


def _coverage(question: Question, shelf: Shelf) -> tuple[Scores, float]:
    """The share of the question, by weight, that each row's words cover; and the share that any could."""
    lexicon = shelf.lexicon
    asked = sum(lexicon.rarity(term) for term in set(question.terms)) or 1.0
    covered = lexicon.scores(question.terms)
    met = sum(lexicon.rarity(term) for term in set(question.terms) if lexicon.has(term))
    if question.language != shelf.language and question.translated:
        covered = covered + TRANSLATED * lexicon.scores(question.translated)
        met += TRANSLATED * sum(lexicon.rarity(term) for term in question.translated if lexicon.has(term))
    return np.minimum(covered / asked, 1.0), min(met / asked, 1.0)


def _cosines(
    question: Question, shelf: Shelf, covered: Scores, nearest: Nearest, lookup: Lookup
) -> dict[int, float]:
    """The cosine of every candidate: the nearest points and the best rows by keyword."""
    found: dict[int, float] = {}
    wanted: Iterable[int] = range(len(shelf.rows))  # on a small shelf, all
    if len(shelf.rows) > CANDIDATES:
        for point, cosine in nearest(shelf.collection, question.vector, CANDIDATES):
            found.update(dict.fromkeys(shelf.places.get(point, ()), cosine))
        best = np.argpartition(-covered, CANDIDATES - 1)[:CANDIDATES]
        wanted = [int(row) for row in best if covered[row] > 0]
    missing = {row: shelf.rows[row].point for row in wanted if row not in found}
    vectors = lookup(shelf.collection, set(missing.values()))
    for row, point in missing.items():
        if point in vectors:
            found[row] = float(question.vector @ vectors[point])
    return found
