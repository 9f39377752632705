"""From words to scored passages: how much of the question a passage says, and how near it is in meaning.

Both are fused as scores, in units that mean the same in every language and for every kind of passage.
The keyword part is the share of the question that a passage says: each idea of the question weighs what it
is worth in the question's own language, and is said by its words, by other forms of them, or by what is
given as meaning the same, in either language, which counts a little less. The vector part is the cosine
above that of arbitrary passages, which for this encoder is the same within and across the two languages;
on passages in the other language it weighs more, the more so the less of the question can be met there.
A second view, where there is one, shares in the vector part by how far a passage stands out on its shelf.
A variable says, a little less, what its table says; what every entry of a catalog is about says little there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from knowledge.documents.embed import Vectors
from knowledge.documents.lexical import Lexicon, Scores
from knowledge.documents.points import SECOND
from knowledge.documents.store import Row
from knowledge.text import Language, language_of, normalize, search_terms

LONGEST = 2000  # characters of a question that are read
CANDIDATES = 60  # the nearest points, and the best passages by keyword, of each shelf

# Chosen on 360 questions over seven corpora, six of them mixed; the results are flat around these values.
COVERAGE = 18.0  # what a passage with all of the question's words gains
MEANING = 12.0  # what a cosine of 1 above the usual one gains
SAYING = 0.5  # how much of the cosine is that of the passage's best sentence
USUAL = 0.10  # the mean cosine of a question and an arbitrary passage; their standard deviation is 0.085
ACROSS = 0.6  # how much more meaning weighs where no word of the question can meet the language
SHARE = 0.5  # the share of the second view, where there is one, in what meaning weighs
TRANSLATED = 0.75  # the weight of a translation beside the word itself
SYNONYM = 0.5  # that of another word in the question's language
KIN = 0.8  # that of another form of the word ("applied" for "application")
LOOSE = 0.3  # that of words that belong to no certain stretch of the question
INHERITED = 0.65  # that of what only the table of a variable says
GENERAL = 0.4  # what words of _GENERAL weigh in a catalog, beside others as rare
TABLE = 0.9  # what the words of a table weigh: it touches on much that its variables are about

# words that ask, and say nothing about what is asked
_ASKING = frozenset(
    """can could may might must shall should will would much many any please tell me my we our us get need
    want know about if am been being did had have whether whom whose why or no not so than then them they
    their 수 것 거 하 되 있 없 어떻게 언제 얼마 얼마나 무엇 뭐 어디 누구 왜 몇 어떤 어느 때 등 이번 좀 혹시 그
    이 저 주 알리 알 싶 말 경우 정도 중 안 못 또 더 나 우리 저희""".split()  # noqa: SIM905
)

# what a catalog of patients' data is about, and words by which its parts are asked for
_GENERAL = frozenset(
    """patient person people subject record recorded data information database dataset table field column
    variable value hospital stored store find hold held show say tell look 환자 사람 대상자 기록 자료 데이터
    정보 데이터베이스 데이터셋 테이블 필드 컬럼 칼럼 변수 항목 병원 담 적 보 찾 확인 구하 저장 나타내 남 가지
    위치""".split()  # noqa: SIM905
)

Nearest = Callable[[str, Vectors, int], list[tuple[str, float]]]
Lookup = Callable[[str, Iterable[str]], dict[str, Vectors]]
REFINED = 50  # the best candidates of each shelf whose sentences are looked at


@dataclass(frozen=True, slots=True)
class Meaning:
    """A stretch of the question (""  where it is not known) and what else says the same, in any language."""

    words: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """Terms of the question, and phrases that would say the same, each as its terms."""

    terms: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: the words, the ideas in them, their vector."""

    words: str
    language: Language
    ideas: tuple[Idea, ...]
    vector: Vectors
    second: Vectors | None = None  # by the second view, where there is one


def words_of(text: str) -> str:
    """``text`` as search reads it; "" where there is nothing to look for."""
    words = " ".join(normalize(text[: 2 * LONGEST]).split())[:LONGEST]
    return words if any(char.isalnum() for char in words) else ""


def ask(
    words: str, vector: Vectors, extra: Sequence[Meaning | str] = (), second: Vectors | None = None
) -> Question:
    """The question for ``words``; ``extra`` is what else says something in it, a bare text for no certain
    stretch."""
    meanings = [item if isinstance(item, Meaning) else Meaning("", (item,)) for item in extra]
    return Question(words, language_of(words), _ideas(words, meanings), vector, second)


def _ideas(words: str, meanings: Sequence[Meaning]) -> tuple[Idea, ...]:
    """Every term of the question once, as an idea of its own, or with others where one meaning covers them;
    what belongs to no term stands alone."""
    said = tuple(dict.fromkeys(search_terms(words)))
    terms = [term for term in said if term not in _ASKING] or said
    others: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {(term,): {} for term in terms}
    loose: dict[tuple[str, ...], None] = {}
    for meaning in sorted(meanings, key=lambda m: -len(m.words)):
        alone = {*search_terms(meaning.words)}
        # Korean words may be cut in another way in a sentence than alone, so their pieces count too
        own = tuple(t for t in terms if t in alone or (not t.isascii() and t in meaning.words))
        phrases = dict.fromkeys(phrase for other in meaning.others if (phrase := search_terms(other)))
        if own:
            others.setdefault(own, {}).update(phrases)
        else:
            loose |= phrases
    known = {phrase for phrases in others.values() for phrase in phrases}
    ideas = [Idea(own, tuple(p for p in phrases if p != own)) for own, phrases in others.items()]
    return (*ideas, *(Idea((), (phrase,)) for phrase in loose if phrase not in known))


@dataclass(frozen=True)
class Shelf:
    """The passages of one kind in one language, as search needs them in memory."""

    collection: str
    kind: str
    language: Language
    rows: Sequence[Row]
    lexicon: Lexicon
    sample: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))  # of the second view
    tables: Shelf | None = None  # of variables: the tables that they belong to

    @cached_property
    def table_rows(self) -> Any:
        """For each variable the row of its table among ``tables``; -1 where it has none there."""
        at = {row.document: number for number, row in enumerate(self.tables.rows if self.tables else ())}
        return np.array([_table_row(row.document, at) for row in self.rows], dtype=np.int64)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Point -> the rows it stands for."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            found.setdefault(row.point, []).append(number)
        return found


def _table_row(variable: str, at: Mapping[str, int]) -> int:
    """Names may hold dots: the longest beginning of "dataset/table.variable" that is a table."""
    name = variable
    while "." in name:
        name = name.rpartition(".")[0]
        if name in at:
            return at[name]
    return -1


def score(
    question: Question, shelf: Shelf, own: Lexicon, nearest: Nearest, lookup: Lookup, sayings: Lookup
) -> dict[int, float]:
    """Row number -> score of the candidates on ``shelf``: higher is better, on any shelf.

    ``own`` is the lexicon of the same kind in the question's language, ``lookup`` gives the vectors of
    points, ``sayings`` those of the sentences behind them.
    """
    covered, reach = _coverage(question, shelf, own)
    weight = 1.0 if question.language == shelf.language else 1.0 + ACROSS * (1.0 - reach)
    near = _nearest_rows(shelf, shelf.collection, question.vector, nearest)
    near_second = {}
    if question.second is not None:
        near_second = _nearest_rows(shelf, shelf.collection + SECOND, question.second, nearest)
    rows = _candidates(shelf, covered, [*near, *near_second])
    cosines = _cosines(shelf, shelf.collection, question.vector, near, rows, lookup)
    others: dict[int, float] = {}
    if question.second is not None:
        seconds = _cosines(shelf, shelf.collection + SECOND, question.second, near_second, rows, lookup)
        others = _standing_out(question.second, shelf, seconds)

    def value(row: int, cosine: float) -> float:
        meaning = MEANING * (cosine - USUAL)
        if row in others:
            meaning = (1.0 - SHARE) * meaning + SHARE * others[row]
        return weight * meaning + COVERAGE * float(covered[row])

    scores = {row: value(row, cosine) for row, cosine in cosines.items()}
    best = sorted(scores, key=lambda row: (-scores[row], row))[:REFINED]
    said = sayings(shelf.collection, {shelf.rows[row].point for row in best})
    for row in best:
        vectors = said.get(shelf.rows[row].point)
        if vectors is not None:
            closest = float((vectors @ question.vector).max())
            scores[row] = value(row, (1.0 - SAYING) * cosines[row] + SAYING * closest)
    return scores


def _coverage(question: Question, shelf: Shelf, own: Lexicon) -> tuple[Scores, float]:
    """The share of the question, by weight, that each row's words cover; and the share that any could.

    What an idea weighs is told by ``own``, the lexicon of the question's language, so that it weighs the
    same on the shelves of either language.
    """

    def weight(term: str) -> float:
        return own.rarity(term) * (GENERAL if shelf.kind != "document" and term in _GENERAL else 1.0)

    alike = question.language == shelf.language
    spoken, met = _spoken(question, shelf.lexicon, alike)
    if shelf.tables is not None:
        above, met_above = _spoken(question, shelf.tables.lexicon, alike)
        for term, said in above.items():
            if met_above[term]:
                inherited = INHERITED * np.append(said, np.float32(0))[shelf.table_rows]
                spoken[term] = np.maximum(spoken[term], inherited)
                met[term] = max(met[term], INHERITED * met_above[term])
    covered = np.zeros(shelf.lexicon.size, dtype=np.float32)
    for idea in question.ideas:
        if not idea.terms:
            said, _ = _said(idea, shelf.lexicon, SYNONYM if alike else TRANSLATED)
            covered += LOOSE * said * own.rarity_of_one
    for term, said in spoken.items():
        covered += weight(term) * said
    asked = sum(weight(term) for idea in question.ideas if len(idea.terms) == 1 for term in idea.terms) or 1.0
    reach = sum(weight(term) * share for term, share in met.items())
    share = np.minimum(covered / asked, 1.0) * np.float32(TABLE if shelf.kind == "table" else 1.0)
    return share, min(reach / asked, 1.0)


def _spoken(question: Question, lexicon: Lexicon, alike: bool) -> tuple[dict[str, Scores], dict[str, float]]:
    """For each term of the question how much each row says it, and how much any could at best."""
    spoken: dict[str, Scores] = {}
    met: dict[str, float] = {}
    for idea in question.ideas:
        if not idea.terms:
            continue
        said, reached = _said(idea, lexicon, SYNONYM if alike else TRANSLATED)
        for term in idea.terms:
            spoken[term] = np.maximum(spoken[term], said) if term in spoken else said
            met[term] = max(met.get(term, 0.0), reached)
    return spoken, met


def _said(idea: Idea, lexicon: Lexicon, weight: float) -> tuple[Scores, float]:
    """How much each row says of an idea, and how much any could at best (1 for its own words)."""
    said = np.zeros(lexicon.size, dtype=np.float32)
    reached = 0.0
    if len(idea.terms) == 1:
        rows, values = lexicon.said(idea.terms[0])
        said[rows] = values
        reached = float(len(rows) > 0)
        for kin in lexicon.kin(idea.terms[0]):
            rows, values = lexicon.said(kin)
            said[rows] = np.maximum(said[rows], KIN * values)
            reached = max(reached, KIN * (len(rows) > 0))
    for phrase in idea.others:
        found = _phrase(phrase, lexicon)
        if found is not None:
            rows, values = found
            said[rows] = np.maximum(said[rows], weight * values)
            reached = max(reached, weight * (len(rows) > 0))
    return said, reached


def _phrase(phrase: tuple[str, ...], lexicon: Lexicon) -> tuple[Any, Scores] | None:
    """The rows that have all of a phrase's terms, in any of their forms, and how much they say the least."""
    rows: Any = None
    for term in dict.fromkeys(phrase):
        kin = [form for form in lexicon.kin(term) if form != term]
        here, values = lexicon.said(term)
        for form in kin:
            more, others = lexicon.said(form)
            here, values = np.concatenate([here, more]), np.concatenate([values, KIN * others])
        if not len(here):
            return None
        if kin:
            order = np.argsort(-values, kind="stable")
            here, first = np.unique(here[order], return_index=True)
            values = values[order][first]
        if rows is None:
            rows, least = here, values
        else:
            rows, one, other = np.intersect1d(rows, here, return_indices=True)
            least = np.minimum(least[one], values[other])
    return rows, least


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
