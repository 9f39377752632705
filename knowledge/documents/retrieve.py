"""From words to scored passages: how much of the question a passage says, and how near it is in meaning.

Both are fused as scores, in units that mean the same in every language and for every kind of passage.
The keyword part is the share of the question that a passage says (``coverage``). The vector part is the
cosine above that of arbitrary passages, which for this encoder is the same within and across the two
languages; on passages in the other language it weighs more, the more so the less of the question can be
met there.
A second view, where there is one, shares in the vector part by how far a passage stands out on its shelf.
A passage of a document gains where a value of the kind asked for stands in it (``marks``), an entry of a
catalog by how much of its name is asked for; a variable is also as near as its table is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from knowledge.documents.coverage import coverage, named
from knowledge.documents.embed import Vectors
from knowledge.documents.lexical import Lexicon, Scores
from knowledge.documents.points import SECOND
from knowledge.documents.question import Question
from knowledge.documents.shelf import KEYS, Shelf

CANDIDATES = 60  # the nearest points, and the best passages by keyword, of each shelf
REFINED = 50  # the best candidates of each shelf whose sentences are looked at

# Chosen on 1,300 questions over 14 corpora, most of them mixed; the results are flat around these values.
COVERAGE = 18.0  # what a passage with all of the question's words gains
MEANING = 12.0  # what a cosine of 1 above the usual one gains
SAYING = 0.5  # how much of the cosine is that of the passage's best sentence
ABOVE = 0.3  # how much of the cosine of a variable is that of its table
USUAL = 0.10  # the mean cosine of a question and an arbitrary passage; their standard deviation is 0.085
ACROSS = 0.8  # how much more meaning weighs where no word of the question can meet the language
SHARE = 0.5  # the share of the second view, where there is one, in what meaning weighs
MARKED = 2.0  # what a passage gains in which a value of the kind asked for stands
NAME = 2.0  # what an entry whose whole name is asked for gains before one whose name is not
ASKED = 0.75  # the share of its name that has to be asked for so that it gains before a document
KEY = 1.0  # what a column loses that only numbers or links rows, where no identifier is asked for

Nearest = Callable[[str, Vectors, int], list[tuple[str, float]]]
Lookup = Callable[[str, Iterable[str]], dict[str, Vectors]]


def score(
    question: Question, shelf: Shelf, own: Lexicon, nearest: Nearest, lookup: Lookup, sayings: Lookup
) -> dict[int, float]:
    """Row number -> score of the candidates on ``shelf``: higher is better, on any shelf.

    ``own`` is the lexicon of the same kind in the question's language, ``lookup`` gives the vectors of
    points, ``sayings`` those of the sentences behind them.
    """
    covered, reach = coverage(question, shelf, own)
    weight = 1.0 if question.language == shelf.language else 1.0 + ACROSS * (1.0 - reach)
    near = _nearest_rows(shelf, shelf.collection, question.vector, nearest)
    near_second = {}
    if question.second is not None:
        near_second = _nearest_rows(shelf, shelf.collection + SECOND, question.second, nearest)
    rows = _candidates(shelf, covered, [*near, *near_second])
    cosines = _cosines(shelf, shelf.collection, question.vector, near, rows, lookup)
    cosines = _with_tables(shelf, question.vector, cosines, lookup)
    others: dict[int, float] = {}
    if question.second is not None:
        seconds = _cosines(shelf, shelf.collection + SECOND, question.second, near_second, rows, lookup)
        others = _standing_out(question.second, shelf, seconds)
    gains = _gains(question, shelf, cosines)

    def value(row: int, cosine: float) -> float:
        meaning = MEANING * (cosine - USUAL)
        if row in others:
            meaning = (1.0 - SHARE) * meaning + SHARE * others[row]
        return weight * meaning + COVERAGE * float(covered[row]) + gains.get(row, 0.0)

    scores = {row: value(row, cosine) for row, cosine in cosines.items()}
    best = sorted(scores, key=lambda row: (-scores[row], row))[:REFINED]
    said = sayings(shelf.collection, {shelf.rows[row].point for row in best})
    for row in best:
        vectors = said.get(shelf.rows[row].point)
        if vectors is not None:
            closest = float((vectors @ question.vector).max())
            scores[row] = value(row, (1.0 - SAYING) * cosines[row] + SAYING * closest)
    return scores


def _gains(question: Question, shelf: Shelf, rows: Iterable[int]) -> dict[int, float]:
    """What rows gain or lose beside their words and their meaning."""
    if shelf.kind == "document":
        return {int(row): MARKED for mark in question.marks for row in shelf.lexicon.said(mark)[0]}
    gains = {row: NAME * (share - ASKED) for row, share in named(question, shelf, rows).items()}
    asked = {term for idea in question.ideas for said in (idea.terms, *idea.others) for term in said}
    if shelf.tables is not None and not asked & KEYS:
        gains = {row: gain - KEY * shelf.is_key(row) for row, gain in gains.items()}
    return gains


def _with_tables(
    shelf: Shelf, vector: Vectors, cosines: Mapping[int, float], lookup: Lookup
) -> dict[int, float]:
    """``cosines`` of variables, in part those of their tables."""
    if shelf.tables is None:
        return dict(cosines)
    above = {row: int(shelf.table_rows[row]) for row in cosines}
    points = {table: shelf.tables.rows[table].point for table in above.values() if table >= 0}
    vectors = lookup(shelf.tables.collection, set(points.values()))
    near = {table: float(vector @ vectors[point]) for table, point in points.items() if point in vectors}
    return {
        row: (1.0 - ABOVE) * cosine + ABOVE * near[above[row]] if above[row] in near else cosine
        for row, cosine in cosines.items()
    }


def _nearest_rows(shelf: Shelf, collection: str, vector: Vectors, nearest: Nearest) -> dict[int, float]:
    """Rows of the nearest points and their cosine; none on a small shelf, where every row is looked at."""
    found: dict[int, float] = {}
    if len(shelf.rows) > CANDIDATES:
        for point, cosine in nearest(collection, vector, CANDIDATES):
            found.update(dict.fromkeys(shelf.places.get(point, ()), cosine))
    return found


def _candidates(shelf: Shelf, covered: Scores, near: Iterable[int]) -> Iterable[int]:
    """The rows worth a score: the near ones and the best by keyword; on a small shelf, all."""
    if len(shelf.rows) <= CANDIDATES:
        return range(len(shelf.rows))
    best = np.argpartition(-covered, CANDIDATES - 1)[:CANDIDATES]
    return dict.fromkeys([*near, *(int(row) for row in best if covered[row] > 0)])


def _cosines(
    shelf: Shelf, collection: str, vector: Vectors, found: dict[int, float], rows: Iterable[int],
    lookup: Lookup,
) -> dict[int, float]:
    """The cosine of each of ``rows``, some of which are ``found`` already."""
    cosines = {row: found[row] for row in rows if row in found}
    missing = {row: shelf.rows[row].point for row in rows if row not in found}
    vectors = lookup(collection, set(missing.values()))
    for row, point in missing.items():
        if point in vectors:
            cosines[row] = float(vector @ vectors[point])
    return cosines


def _standing_out(vector: Vectors, shelf: Shelf, cosines: dict[int, float]) -> dict[int, float]:
    """By how many standard deviations each row is nearer to the question than an arbitrary passage of the
    shelf. Models differ in what is usual, and some prefer the question's own language."""
    if not len(shelf.sample):
        return {}
    usual = shelf.sample @ vector
    mean, spread = float(usual.mean()), max(float(usual.std()), 1e-3)
    return {row: (cosine - mean) / spread for row, cosine in cosines.items()}
