"""From ranked sentences to what is shown for one part of a question, or to the finding that nothing answers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.cover import HELD
from assistant.evidence.cues import load_cues
from assistant.evidence.evidence import Answered, Found, Shape
from assistant.evidence.question import Part, Wanted
from assistant.evidence.rank import Candidate, beside, leans
from assistant.evidence.roots import root, words
from assistant.evidence.sense import Sense
from assistant.evidence.units import Unit, quote_of, units_of
from assistant.evidence.values import values
from knowledge.documents.document import Document

ENOUGH = 0.7  # share of a question's firm terms that a sentence and its surroundings must cover
ENOUGH_OF_LITTLE = 0.3  # the same for a question without a firm term
ENOUGH_OF_CARRIED = 0.5  # and for one that takes all of them from what was asked before
RARE = 0.6  # a term of this weight must be covered, whatever the rest
CLOSE = {"rules": 0.8, "consult": 0.68}  # share of the best score that another sentence needs
NEWS = 0.45  # share of a sentence's words that make it news beside another
SAME_VALUES, SAME_WORDS = 0.78, 0.84  # cosines from which two sentences say the same
SAID = 0.6  # share of what the best sentence says itself, and does not leave to its heading, that others must say
LONGEST_LIST, LONGEST_TABLE = 12, 8
WHOLE = frozenset({"items", "difference", "how_to", "new"})  # questions that a table answers as a whole
_ORDERED = re.compile(r"\(?(\d{1,2}|[가-하]|[a-z]|[①-⑳])[.)]?\)?$")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is shown for one part, and how close to the best sentence another has to be."""

    most: int
    close: float


def choose(part: Part, ranked: Sequence[Candidate], limits: Limits, sense: Sense) -> Answered:
    """What the part is answered with; ``stated`` is False where no sentence answers it."""
    able = [c for c in ranked if answers(part, c)]
    silent = [c for c in ranked if c.absent and not c.contact and _share(part, c) >= ENOUGH]
    best = _first(part, able)
    if best is None or (silent and _outweighs(silent[0], best)):
        missed = _missed(part, best or (ranked[0] if ranked else None))
        shown = [c for c in silent if c.unit.language == part.language][:1] or silent[:1]
        return Answered(part, False, tuple(_found(part, c.document, c.unit, absent=True) for c in shown), missed)
    chosen = _others(part, best, ranked, limits, sense)
    found = _arranged(part, chosen)
    return Answered(part, True, found, _missed(part, best), _differ(part, chosen))


def _outweighs(silent: Candidate, best: Candidate) -> bool:
    """Whether the sentence that says that this is not settled holds more of the question than the best other one,
    or as much where that one gives no value."""
    if silent.own > best.own + 0.1:
        return silent.score > best.score - 0.1
    return not best.valued and silent.own >= best.own and silent.score >= best.score - 0.1


def answers(part: Part, candidate: Candidate) -> bool:
    """Whether a sentence answers the part: its terms are covered, none that is rare or a year is missing, and it
    gives the kind of value that is asked for."""
    if candidate.absent or candidate.gives is False:
        return False
    if candidate.contact and not part.asks & {"contact", "who", "where", "how_to"}:
        return False
    lacking = [w for w, c in zip(part.wanted, candidate.covers, strict=True) if c < HELD and not w.soft]
    if any((w.kind == "year" or w.weight >= RARE) and not w.carried for w in lacking):
        return False
    firm = [w for w in part.wanted if not w.soft]
    enough = ENOUGH_OF_LITTLE if not firm else ENOUGH_OF_CARRIED if all(w.carried for w in firm) else ENOUGH
    own = 0.0 if candidate.gives else min(0.3, enough)  # a value may leave its subject to the title
    return _share(part, candidate) >= enough and candidate.own >= own


def _share(part: Part, candidate: Candidate) -> float:
    """The share of the firm terms that are covered; of all terms where none is firm."""
    pairs = list(zip(part.wanted, candidate.covers, strict=True))
    pairs = [(w, c) for w, c in pairs if not w.soft] or pairs
    total = sum(w.weight for w, _ in pairs)
    return sum(w.weight for w, c in pairs if c >= HELD) / total if total else 0.0


def _missed(part: Part, candidate: Candidate | None) -> tuple[str, ...]:
    covers = candidate.covers if candidate else (0.0,) * len(part.wanted)
    return tuple(w.text for w, c in zip(part.wanted, covers, strict=True) if c < HELD and not w.soft)


def _first(part: Part, able: Sequence[Candidate]) -> Candidate | None:
    """The best sentence; one in force and in the question's language where there is one."""
    return next(
        (
            c
            for wish in (
                lambda c: not c.superseded and c.unit.language == part.language,
                lambda c: not c.superseded,
                lambda c: True,
            )
            for c in able
            if wish(c)
        ),
        None,
    )


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
    if candidate.score < limits.close * best.score or candidate.own < 0.3:
        return False
    if candidate.absent:
        return candidate.own >= ENOUGH
    beside = candidate.document.document == best.document.document and candidate.unit.section == best.unit.section
    if candidate.said < SAID * best.said and not (beside and not part.asks & {"when", "date"}):
        return False
    if candidate.unit.kind == "row" and not holds_any(part, candidate.unit):
        return False
    return candidate.gives is not False or candidate.absent


def holds_any(part: Part, unit: Unit) -> bool:
    """Whether the cells of a row hold a term of the question."""
    return any(unit.words.holds(*w.forms, *w.alike) for w in part.wanted if not w.soft)


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
    if one.document.document == other.document.document and one.unit.lead is not None and one.unit.lead == other.unit.lead:
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
    kinds = {kind for ask in part.asks if ask in ("when", "how_much", "how_long") for kind in cues.values[ask]}
    told = []
    for candidate in chosen:
        facts = {v.key for v in values(candidate.unit.text) if v.kind in kinds and not v.key.endswith("-0-0")}
        if facts:
            told.append((facts, candidate.unit.words.known | set(candidate.unit.words.korean.split())))
    return any(
        not (a & b) and len(x & y) >= 0.45 * min(len(x), len(y))
        for n, (a, x) in enumerate(told)
        for b, y in told[n + 1 :]
    )


# how the chosen are shown


def _arranged(part: Part, chosen: Sequence[Candidate]) -> tuple[Found, ...]:
    """The chosen with what must stand beside them, section by section in the order of their best sentence."""
    groups: dict[tuple[str, str], list[tuple[Document, Unit, bool]]] = {}
    for candidate in chosen:
        key = (candidate.document.document, candidate.unit.section)
        for unit in _with_neighbours(part, candidate):
            groups.setdefault(key, []).append((candidate.document, unit, candidate.absent))
    found: list[Found] = []
    ordered = sorted(groups.values(), key=lambda group: not _steps(part, units_of(group[0][0]), group[0][1]))
    for group in ordered:
        unique = {unit.number: (document, unit, absent) for document, unit, absent in reversed(group)}
        for number in sorted(unique):
            document, unit, absent = unique[number]
            if any(u.lead == number for _, u, _ in unique.values()):
                continue
            found.append(_found(part, document, unit, absent=absent))
    return tuple(found)


def _with_neighbours(part: Part, candidate: Candidate) -> list[Unit]:
    """A sentence with the one it leans on, the limits that follow it, the list it announces or is a step of."""
    units, unit = units_of(candidate.document), candidate.unit
    steps = _steps(part, units, unit)
    if steps:
        return steps
    if unit.kind == "row" and not holds_any(part, unit) and (not part.asks or part.asks & WHOLE):
        table = [u for u in units if u.head == unit.head and u.kind == "row"]
        return table if len(table) <= LONGEST_TABLE else [unit]
    listed = [u for u in units[unit.number + 1 :] if u.lead == unit.number]
    if listed:
        return [unit, *listed[:LONGEST_LIST]]
    found = [unit]
    if beside(units, unit) and (leans(unit) or _needs(part, candidate, units[unit.number - 1])):
        found.insert(0, units[unit.number - 1])
    after = units[unit.number + 1] if unit.number + 1 < len(units) else None
    if after and after.section == unit.section and after.quotable and load_cues().limits[after.language].search(after.text):
        found.append(after)
    return found


def _needs(part: Part, candidate: Candidate, before: Unit) -> bool:
    """Whether the sentence leaves a term of the question to the one before it."""
    unit = candidate.unit
    if not load_cues().mentions[unit.language].search(unit.text):
        return False
    firm = [w for w, c in zip(part.wanted, candidate.covers, strict=True) if c >= HELD and not w.soft]
    return any(
        before.words.holds(*w.forms, *w.alike)
        and not unit.words.holds(*w.forms, *w.alike)
        and not words(unit.heading).holds(*w.forms, *w.alike)
        for w in firm
    )


def _steps(part: Part, units: Sequence[Unit], unit: Unit) -> list[Unit]:
    """The ordered list that a unit is in, where the question asks for an order of things."""
    if not part.asks & {"order", "how_to"} or unit.kind != "item" or not _ORDERED.match(unit.span.mark):
        return []
    listed = [u for u in units if u.section == unit.section and u.kind == "item" and u.level == unit.level]
    listed = [u for u in listed if _ORDERED.match(u.span.mark)]
    return listed if 2 < len(listed) <= LONGEST_LIST else []


def _found(part: Part, document: Document, unit: Unit, *, absent: bool = False) -> Found:
    units = units_of(document)
    shape: Shape = "row" if unit.kind == "row" else "item" if unit.kind == "item" else "sentence"
    if shape == "item" and _ORDERED.match(unit.span.mark):
        shape = "step"
    lead = units[unit.lead] if unit.lead is not None else None
    head = None
    if unit.head:
        start, end = unit.head
        own = quote_of(document, unit)
        head = type(own)(own.document, own.version, own.section, own.page, start, end, document.text[start:end], own.language)
    return Found(
        quote_of(document, unit),
        shape,
        lead=quote_of(document, lead) if lead else None,
        head=head,
        mark=unit.span.mark,
        title=document.title,
        foreign=unit.language != part.language,
        absent=absent,
    )


def firm(part: Part) -> tuple[Wanted, ...]:
    """The terms of a part that an answer may not miss."""
    return tuple(w for w in part.wanted if not w.soft)
