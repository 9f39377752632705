"""From ranked sentences to those that answer one part of a question, or to the finding that none does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.arrange import arrange, as_a_whole, found_of, holds_any
from assistant.evidence.cues import load_cues
from assistant.evidence.enough import ENOUGH, answers, may_answer, missed, share_of
from assistant.evidence.evidence import Answered
from assistant.evidence.question import Part
from assistant.evidence.rank import Candidate
from assistant.evidence.roots import root
from assistant.evidence.sense import Sense
from assistant.evidence.units import Unit
from assistant.evidence.weights import Rarity
from knowledge.documents.values import values

CLOSE = {"rules": 2.3, "consult": 2.7}  # how far below the best score another sentence may be
NEWS = 0.45  # share of a sentence's words that make it news beside another
SAME_VALUES, SAME_WORDS = 0.78, 0.84  # cosines from which two sentences say the same
ALIKE_BUT_FOR_VALUES = 0.45  # share of words that two sentences with different values have in common
CLEARLY = 1.0  # what a sentence in the other language has to be better by
ELSEWHERE = 2  # sentences of other documents that join
ABROAD, IN_ANOTHER = 2.0, 2.5  # differences up to which they do, in another language and in the same
ONE = "number:1"  # "one company" tells nothing
TWIN = 4.0  # difference up to which a sentence with the same values is a twin
TRANSLATED = 0.6  # cosine from which a sentence without values says the same in the other language
SAID_ELSEWHERE = 0.6  # share of the terms that they say themselves
NARROWLY = 1.0  # difference of scores that does not decide


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown for one part, and how far below the best sentence another may be."""

    most: int
    close: float


def choose(part: Part, ranked: Sequence[Candidate], limits: Limits, sense: Sense, rarity: Rarity) -> Answered:
    """What the part is answered with; ``stated`` is False where no sentence answers it."""
    best = _first(part, ranked, rarity)
    silent = [c for c in ranked if c.absent and not c.contact and share_of(part, c) >= ENOUGH]
    if best is None or (silent and _outweighs(silent[0], best)):
        lacking = missed(part, best or (ranked[0] if ranked else None))
        shown = [c for c in silent if c.unit.language == part.language][:1] or silent[:1]
        return Answered(
            part, False, tuple(found_of(part, c.document, c.unit, absent=True) for c in shown), lacking
        )
    best = _own_twin(part, best, ranked)
    chosen = _others(part, best, ranked, limits, sense)
    able = [c for c in ranked if c not in chosen and may_answer(part, c) and c.gives is not False]
    chosen += _elsewhere(part, best, able, chosen, sense)
    found = arrange(part, chosen)
    return Answered(part, True, found, missed(part, best), _differ(part, chosen))


def _outweighs(silent: Candidate, best: Candidate) -> bool:
    """Whether the sentence that says that this is not settled holds more of the question than the best
    other one, or as much where that one gives no value."""
    if silent.own > best.own:
        return silent.score > best.score - NARROWLY
    if best.valued or silent.own < best.own:
        return False
    return silent.score >= best.score - (NARROWLY if best.gives else 0.0)


def _first(part: Part, ranked: Sequence[Candidate], rarity: Rarity) -> Candidate | None:
    """The best sentence that may answer, if it does; one in force where there is one. One in the question's
    language comes first unless one in the other is clearly better."""
    able = [c for c in ranked if may_answer(part, c)]
    current = [c for c in able if not c.superseded]
    for group in (current, able):
        own = [c for c in group if c.unit.language == part.language]
        if own and own[0].score >= group[0].score - CLEARLY and answers(part, own[0], rarity):
            return own[0]
        if group and answers(part, group[0], rarity):
            return group[0]
    return None


def _own_twin(part: Part, best: Candidate, ranked: Sequence[Candidate]) -> Candidate:
    """The sentence in the question's language that gives the values of the best one, where that is in the
    other: documents often stand in both."""
    if best.unit.language == part.language or not _facts(best.unit):
        return best
    twins = [
        c
        for c in ranked
        if c.unit.language == part.language
        and _facts(best.unit) <= _facts(c.unit)
        and c.score >= best.score - TWIN
        and not (c.superseded or c.contact or c.absent)
    ]
    return twins[0] if twins else best


def _others(
    part: Part, best: Candidate, ranked: Sequence[Candidate], limits: Limits, sense: Sense
) -> list[Candidate]:
    """The best sentence with those that add to it."""
    chosen = [best]
    for candidate in [*_sides(part, ranked), *ranked]:
        if len(chosen) >= limits.most:
            break
        if candidate in chosen or not _belongs(part, best, candidate, limits):
            continue
        if not any(_same(candidate, other, sense) for other in chosen):
            chosen.append(candidate)
    return chosen


def _belongs(part: Part, best: Candidate, candidate: Candidate, limits: Limits) -> bool:
    if candidate.superseded != best.superseded or candidate.unit.language != best.unit.language:
        return False
    if candidate.contact and not best.contact:
        return False
    if candidate.score < best.score - limits.close:
        return False
    if candidate.absent:
        return candidate.own >= ENOUGH
    if best.valued and not candidate.valued and part.asks & {"when", "how_much", "how_many", "how_long"}:
        return False
    row = candidate.unit.kind == "row"
    if row and not holds_any(part, candidate.unit) and not as_a_whole(part, candidate):
        return False
    return candidate.gives is not False


def _elsewhere(
    part: Part, best: Candidate, able: Sequence[Candidate], chosen: Sequence[Candidate], sense: Sense
) -> list[Candidate]:
    """What another document answers: the best sentence in the other language where it is nearly as good, and
    those that give another value of the kind asked for."""
    found: list[Candidate] = []
    for candidate in able:
        other = candidate.document.document != best.document.document
        if len(found) >= ELSEWHERE or not other or candidate.superseded != best.superseded:
            continue
        if candidate.contact and not best.contact:
            continue
        foreign = candidate.unit.language != best.unit.language
        least = best.score - (ABROAD if foreign else IN_ANOTHER)
        if candidate.score < least or (best.valued and not candidate.valued):
            continue
        if not foreign and candidate.said < SAID_ELSEWHERE:
            continue
        if not foreign and not (best.valued and _facts(candidate.unit) - _facts(best.unit)):
            continue
        if not any(_same(candidate, c, sense) for c in [*chosen, *found]) and not (
            foreign and _translates(candidate, [*chosen, *found], sense)
        ):
            found.append(candidate)
    return found


def _translates(candidate: Candidate, chosen: Sequence[Candidate], sense: Sense) -> bool:
    """Whether a sentence in the other language only says again what is chosen: its values, or where it has
    none, its meaning."""
    facts = frozenset(fact for fact in _facts(candidate.unit) if fact != ONE)
    if facts:
        return facts <= frozenset().union(*(_facts(c.unit) for c in chosen))
    return max(sense.cosines(candidate.unit.text, [c.unit.text for c in chosen])) >= TRANSLATED


def _sides(part: Part, ranked: Sequence[Candidate]) -> list[Candidate]:
    """For a comparison, the best sentence for each of the two things."""
    found = []
    for side in part.sides:
        number = part.wanted.index(side) if side in part.wanted else -1
        holding = [c for c in ranked if number >= 0 and c.covers[number] >= 0.8 and not c.absent]
        found.extend(holding[:1])
    return found


def _same(one: Candidate, other: Candidate, sense: Sense) -> bool:
    """Whether two sentences tell the same fact."""
    if (
        one.document.document == other.document.document
        and one.unit.lead is not None
        and one.unit.lead == other.unit.lead
    ):
        return False
    fresh, known = _telling(one.unit), _telling(other.unit)
    if len(fresh - known) >= NEWS * len(fresh):
        return False
    mine, theirs = _facts(one.unit), _facts(other.unit)
    if mine != theirs and (mine - theirs or not mine):
        return False
    return sense.cosines(one.unit.text, [other.unit.text])[0] >= (SAME_VALUES if mine else SAME_WORDS)


def _telling(unit: Unit) -> frozenset[str]:
    return frozenset(root(word) if word.isascii() else word for word in unit.words.plain)


def _facts(unit: Unit) -> frozenset[str]:
    return frozenset(v.key for v in values(unit.text) if not re.fullmatch(r"date:\d{4}-0-0", v.key))


def _differ(part: Part, chosen: Sequence[Candidate]) -> bool:
    """Whether two sentences of about the same words give different values of the kind asked for."""
    cues = load_cues()
    kinds = {
        kind for ask in part.asks if ask in ("when", "how_much", "how_long") for kind in cues.values[ask]
    }
    told = []
    for candidate in chosen:
        facts = {v.key for v in values(candidate.unit.text) if v.kind in kinds and not v.key.endswith("-0-0")}
        if facts:
            told.append((facts, candidate.unit.words.known | set(candidate.unit.words.korean.split())))
    return any(
        not (a & b) and len(x & y) >= ALIKE_BUT_FOR_VALUES * min(len(x), len(y))
        for n, (a, x) in enumerate(told)
        for b, y in told[n + 1 :]
    )
