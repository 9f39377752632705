"""How much of a question the words of each passage say.

Each idea of the question weighs what it is worth in the question's own language, and is said by its words,
by other forms of them, or by what is given as meaning the same, in either language, which counts a little
less. Where a shelf has none of these, words that name the kind of thing do. A variable says, a little less,
what its table says; what every entry of a catalog is about says little there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from knowledge.documents.asking import shares
from knowledge.documents.lexical import Lexicon, Scores
from knowledge.documents.question import Idea, Phrase, Question
from knowledge.documents.shelf import Shelf
from knowledge.documents.vocabulary import Neighbours

TRANSLATED = 0.75  # the weight of a translation beside the word itself
SYNONYM = 0.5  # that of another word in the question's language
KIND = 0.7  # that of a word for the kind of thing, beside a word for the thing
KIN = 0.8  # that of another form of the word ("applied" for "application")
LOOSE = 0.3  # that of words that belong to no certain stretch of the question
INHERITED = 0.65  # that of what only the table of a variable says
NEAR = 0.35  # what a word that means the same as one that is missing counts at most
KEPT = 50_000_000  # bytes of how alike the rows of a shelf are to the words asked lately
GENERAL = 0.4  # what words of _GENERAL weigh in a catalog, beside others as rare

# what a catalog of patients' data is about, and words by which its parts are asked for
_GENERAL = frozenset(
    """patient person people subject record recorded data information database dataset table field column
    variable value hospital stored store find hold held show say tell look 환자 사람 대상자 기록 자료 데이터
    정보 데이터베이스 데이터셋 테이블 필드 컬럼 칼럼 변수 항목 병원 담 적 보 찾 확인 구하 저장 나타내 남 가지
    위치""".split()  # noqa: SIM905
)


def coverage(question: Question, shelf: Shelf, own: Lexicon) -> tuple[Scores, float]:
    """The share of the question, by weight, that each row's words cover; and the share that any could.

    What an idea weighs is told by ``own``, the lexicon of the question's language, so that it weighs the
    same on the shelves of either language.
    """

    def weight(term: str) -> float:
        if shelf.kind == "document":
            return own.rarity(term) * shares().get(term, 1.0)
        return own.rarity(term) * (GENERAL if term in _GENERAL else 1.0)

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
            said, _ = _said(idea, shelf.lexicon, alike)
            covered += LOOSE * said * own.rarity_of_one
    near = shelf.vocabulary.neighbours(question.words_meant) if shelf.vocabulary else {}
    for term, said in spoken.items():
        if term in near and len(near[term].places):
            said = said + NEAR * np.maximum(1.0 - said, 0.0) * _alike(term, near[term], shelf)
        covered += weight(term) * said
    asked = sum(weight(term) for idea in question.ideas if len(idea.terms) == 1 for term in idea.terms) or 1.0
    reach = sum(weight(term) * share for term, share in met.items())
    return np.minimum(covered / asked, 1.0), min(reach / asked, 1.0)


def named(question: Question, shelf: Shelf, rows: Iterable[int]) -> dict[int, float]:
    """For each row how much of its name, by weight, the question says: of columns that are called alike but
    for one word, the one without a word that nobody asked for."""
    alike = question.language == shelf.language
    lexicon = shelf.lexicon
    said: dict[str, float] = {}

    def say(phrases: Iterable[Phrase], share: float) -> None:
        for term in (term for phrase in phrases for term in phrase):
            said[term] = max(said.get(term, 0.0), share)
            for kin in lexicon.kin(term):
                said[kin] = max(said.get(kin, 0.0), KIN * share)

    weight = SYNONYM if alike else TRANSLATED
    for idea in question.ideas:
        say([idea.terms], 1.0)
        say(idea.others, weight)
        say(idea.kinds, KIND * weight)
    found = {}
    for row in rows:
        weights = {term: lexicon.rarity(term) for term in shelf.name(row)}
        share = sum(value * said.get(term, 0.0) for term, value in weights.items())
        found[row] = share / (sum(weights.values()) or 1.0)
    return found


def _spoken(question: Question, lexicon: Lexicon, alike: bool) -> tuple[dict[str, Scores], dict[str, float]]:
    """For each term of the question how much each row says it, and how much any could at best."""
    spoken: dict[str, Scores] = {}
    met: dict[str, float] = {}
    for idea in question.ideas:
        if not idea.terms:
            continue
        said, reached = _said(idea, lexicon, alike)
        for term in idea.terms:
            spoken[term] = np.maximum(spoken[term], said) if term in spoken else said
            met[term] = max(met.get(term, 0.0), reached)
    return spoken, met


def _said(idea: Idea, lexicon: Lexicon, alike: bool) -> tuple[Scores, float]:
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
    weight = SYNONYM if alike else TRANSLATED
    for share, phrases in ((weight, idea.others), (KIND * weight, idea.kinds)):
        if phrases is idea.kinds and reached:
            break
        for phrase in phrases:
            found = _phrase(phrase, lexicon)
            if found is not None:
                rows, values = found
                said[rows] = np.maximum(said[rows], share * values)
                reached = max(reached, share * (len(rows) > 0))
    return said, reached


def _alike(word: str, words: Neighbours, shelf: Shelf) -> Scores:
    """How alike the likest word of each row is to ``word``, of which ``words`` are the neighbours."""
    kept = shelf.alike.get(word)
    if kept is None:
        rows, counts = shelf.lexicon.rows_of(shelf.word_numbers[words.places])
        kept = np.zeros(shelf.lexicon.size, dtype=np.float32)
        kept[rows] = np.repeat(words.shares, counts)  # the last one counts
        if len(shelf.alike) * kept.nbytes > KEPT:
            shelf.alike.clear()
        shelf.alike[word] = kept
    return kept


def spoken_terms(question: Question, shelf: Shelf) -> dict[str, Scores]:
    """For each term of the question how much each row says it, in words that mean just that."""
    return _spoken(question, shelf.lexicon, question.language == shelf.language)[0]


def _phrase(phrase: Phrase, lexicon: Lexicon) -> tuple[Any, Scores] | None:
    """The rows that have all of a phrase's terms, in any of their forms, and how much they say the least."""
    forms = {}
    for term in phrase:
        if not (kin := lexicon.kin(term)):
            return None
        forms[term] = kin
    rows: Any = None
    for term, kin in forms.items():
        here, values = lexicon.said(term)
        for form in kin:
            if form != term:
                more, others = lexicon.said(form)
                here, values = np.concatenate([here, more]), np.concatenate([values, KIN * others])
        if len(kin) > 1 or term not in kin:
            order = np.argsort(-values, kind="stable")
            here, first = np.unique(here[order], return_index=True)
            values = values[order][first]
        if rows is None:
            rows, least = here, values
        else:
            rows, one, other = np.intersect1d(rows, here, return_indices=True)
            least = np.minimum(least[one], values[other])
    return rows, least
