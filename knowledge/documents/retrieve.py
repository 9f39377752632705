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

from collections.abc import Callable

import numpy as np

from knowledge.documents.coverage import coverage, named
from knowledge.documents.embed import Vectors
from knowledge.documents.lexical import Lexicon, Scores
from knowledge.documents.points import SECOND
from knowledge.documents.question import Question
from knowledge.documents.shelf import KEYS, Shelf
from knowledge.documents.vectors import Lines, ShelfVectors

CANDIDATES = 60  # the nearest points, and the best passages by keyword, of each shelf
SAMPLE = 256  # passages of a shelf that tell how near an arbitrary one is in the second view
REFINED = 50  # the best candidates of each shelf whose sentences are looked at

# Chosen on 1,300 questions over 14 corpora, most of them mixed; the results are flat around these values.
COVERAGE = 16.5  # what a passage with all of the question's words gains
MEANING = 12.0  # what a cosine of 1 above the usual one gains
SAYING = 0.5  # how much of the cosine is that of the passage's best sentence
ABOVE = 0.3  # how much of the cosine of a variable is that of its table
USUAL = 0.10  # the mean cosine of a question and an arbitrary passage; their standard deviation is 0.085
ACROSS = 0.6  # how much more meaning weighs where no word of the question can meet the language
SHARE = 0.5  # the share of the second view, where there is one, in what meaning weighs
MARKED = 2.2  # what a passage gains in which a value of the kind asked for stands
NAME = 2.0  # what an entry whose whole name is asked for gains before one whose name is not
ASKED = 0.75  # the share of its name that has to be asked for so that it gains before a document
KEY = 1.0  # what a column loses that only numbers or links rows, where no identifier is asked for

Nearest = Callable[[str, Vectors, int], list[str]]


def score(question: Question, shelf: Shelf, own: Lexicon, nearest: Nearest) -> dict[int, float]:
    """Row number -> score of the candidates on ``shelf``: higher is better, on any shelf.

    ``own`` is the lexicon of the same kind in the question's language, ``nearest`` gives the points of a
    collection that are nearest to a vector, best first.
    """
    covered, reach = coverage(question, shelf, own)
    weight = 1.0 if question.language == shelf.language else 1.0 + ACROSS * (1.0 - reach)
    vector = question.content if shelf.kind == "document" else question.vector
    rows = _candidates(question, vector, shelf, covered, nearest)
    cosines = _with_tables(shelf, vector, rows, shelf.vectors.cosines(rows, vector))
    rows, cosines = rows[~np.isnan(cosines)], cosines[~np.isnan(cosines)]
    gains = COVERAGE * covered[rows] + _gains(question, shelf, rows)
    others = _standing_out(question, shelf, rows)

    def values(near: Vectors) -> Vectors:
        meaning = MEANING * (near - USUAL)
        shared = np.where(np.isnan(others), meaning, (1.0 - SHARE) * meaning + SHARE * others)
        return weight * shared + gains

    best = np.lexsort((rows, -values(cosines)))[:REFINED]
    closest = shelf.vectors.closest(rows[best], vector)
    told = ~np.isnan(closest)
    near = cosines.copy()
    near[best[told]] = (1.0 - SAYING) * cosines[best[told]] + SAYING * closest[told]
    return dict(zip(rows.tolist(), values(near).tolist(), strict=True))


def _candidates(
    question: Question, vector: Vectors, shelf: Shelf, covered: Scores, nearest: Nearest
) -> Lines:
    """The rows worth a score: the nearest by each view and the best by keyword; on a small shelf, all."""
    if len(shelf.rows) <= CANDIDATES:
        return np.arange(len(shelf.rows))
    found = [_near(shelf, shelf.vectors, vector, shelf.collection, nearest)]
    if question.second is not None and shelf.second is not None:
        found.append(_near(shelf, shelf.second, question.second, shelf.collection + SECOND, nearest))
    best = np.argpartition(-covered, CANDIDATES - 1)[:CANDIDATES]
    return np.unique(np.concatenate([*found, best[covered[best] > 0]]))


def _near(shelf: Shelf, view: ShelfVectors, vector: Vectors, collection: str, nearest: Nearest) -> Lines:
    """The rows nearest to ``vector`` in a view: in memory where they are few, else by Chroma."""
    rows = view.nearest(vector, CANDIDATES)
    if rows is not None:
        return rows
    points = nearest(collection, vector, CANDIDATES)
    return np.array([row for point in points for row in shelf.places.get(point, ())], dtype=np.int64)


def _gains(question: Question, shelf: Shelf, rows: Lines) -> Vectors:
    """What rows gain or lose beside their words and their meaning."""
    gains = np.zeros(len(rows), dtype=np.float32)
    if shelf.kind == "document":
        for mark in question.marks:
            gains[np.isin(rows, shelf.lexicon.rows(mark))] = MARKED
        return gains
    shares = named(question, shelf, rows.tolist())
    asked = {term for idea in question.ideas for said in (idea.terms, *idea.others) for term in said}
    numbering = shelf.tables is not None and not asked & KEYS
    for place, row in enumerate(rows.tolist()):
        gains[place] = NAME * (shares[row] - ASKED) - KEY * (numbering and shelf.is_key(row))
    return gains


def _with_tables(shelf: Shelf, vector: Vectors, rows: Lines, cosines: Vectors) -> Vectors:
    """``cosines`` of variables, in part those of their tables."""
    if shelf.tables is None:
        return cosines
    above = shelf.table_rows[rows]
    near = shelf.tables.vectors.cosines(above, vector)
    return np.where((above < 0) | np.isnan(near), cosines, (1.0 - ABOVE) * cosines + ABOVE * near)


def _standing_out(question: Question, shelf: Shelf, rows: Lines) -> Vectors:
    """By the second view, how many standard deviations each row is nearer to the question than an arbitrary
    passage of the shelf; NaN where that is not known. Models differ in what is usual, and some prefer the
    question's own language."""
    if question.second is None or shelf.second is None or not len(shelf.second.points):
        return np.full(len(rows), np.nan, dtype=np.float32)
    usual = shelf.second.some(SAMPLE) @ question.second
    return (shelf.second.cosines(rows, question.second) - usual.mean()) / max(float(usual.std()), 1e-3)
