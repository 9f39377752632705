"""How chosen sentences are shown: with what must stand beside them, in the order of their documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence.cover import HELD
from assistant.evidence.cues import load_cues
from assistant.evidence.evidence import Found, Shape
from assistant.evidence.question import Part
from assistant.evidence.rank import Candidate
from assistant.evidence.roots import words
from assistant.evidence.units import Unit, quote_of, units_of
from assistant.evidence.views import beside, leans, mentions
from knowledge.documents.document import Document

LONGEST_LIST, LONGEST_TABLE = 12, 8
WHOLE = frozenset({"items", "difference", "how_to", "new"})  # questions that a table answers as a whole
_ORDERED = re.compile(r"\(?(\d{1,2}|[가-하]|[a-z]|[①-⑳])[.)]?\)?$")


def arrange(part: Part, chosen: Sequence[Candidate]) -> tuple[Found, ...]:
    """The chosen with what must stand beside them, section by section in the order of their best sentence."""
    groups: dict[tuple[str, str], list[tuple[Document, Unit, bool]]] = {}
    for candidate in chosen:
        key = (candidate.document.document, candidate.unit.section)
        for unit in _with_neighbours(part, candidate):
            groups.setdefault(key, []).append((candidate.document, unit, candidate.absent))
    found: list[Found] = []
    # where there are steps, they come first
    ordered = sorted(groups.values(), key=lambda group: not _steps(part, units_of(group[0][0]), group[0][1]))
    for group in ordered:
        unique = {unit.number: (document, unit, absent) for document, unit, absent in reversed(group)}
        for number in sorted(unique):
            document, unit, absent = unique[number]
            if any(u.lead == number for _, u, _ in unique.values()):
                continue
            found.append(found_of(part, document, unit, absent=absent))
    return tuple(found)


def _with_neighbours(part: Part, candidate: Candidate) -> list[Unit]:
    """A sentence with the one it leans on, the limits that follow it, the list it announces or is a step
    of."""
    units, unit = units_of(candidate.document), candidate.unit
    steps = _steps(part, units, unit)
    if steps:
        return steps
    if unit.kind == "row" and as_a_whole(part, candidate):
        table = [u for u in units if u.head == unit.head and u.kind == "row"]
        return table if len(table) <= LONGEST_TABLE else [unit]
    listed = [u for u in units[unit.number + 1 :] if u.lead == unit.number]
    if listed:
        return [unit, *listed[:LONGEST_LIST]]
    found = [unit]
    if beside(units, unit) and (leans(unit) or _needs(part, candidate, units[unit.number - 1])):
        found.insert(0, units[unit.number - 1])
    after = units[unit.number + 1] if unit.number + 1 < len(units) else None
    if (
        after
        and after.section == unit.section
        and after.quotable
        and load_cues().limits[after.language].search(after.text)
    ):
        found.append(after)
    return found


def as_a_whole(part: Part, candidate: Candidate) -> bool:
    """Whether a table is asked for, not one of its rows: what is asked stands over it."""
    unit = candidate.unit
    if part.asks and not part.asks & WHOLE:
        return False
    over = words(unit.heading)
    head = words(candidate.document.text[unit.head[0] : unit.head[1]]) if unit.head else over
    return not holds_any(part, unit) or any(
        view.holds(*w.forms, *w.alike) and not unit.words.holds(*w.forms, *w.alike)
        for w in part.wanted
        for view in (over, head)
        if not w.soft
    )


def _needs(part: Part, candidate: Candidate, before: Unit) -> bool:
    """Whether the sentence leaves a term of the question to the one before it."""
    unit = candidate.unit
    if not mentions(unit):
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


def holds_any(part: Part, unit: Unit) -> bool:
    """Whether the cells of a row hold a term of the question."""
    return any(unit.words.holds(*w.forms, *w.alike) for w in part.wanted if not w.soft)


def found_of(part: Part, document: Document, unit: Unit, *, absent: bool = False) -> Found:
    """A unit as it is shown, with its lead and the head of its table."""
    shape: Shape = "row" if unit.kind == "row" else "item" if unit.kind == "item" else "sentence"
    if shape == "item" and _ORDERED.match(unit.span.mark):
        shape = "step"
    quote = quote_of(document, unit)
    head = None
    if unit.head:
        start, end = unit.head
        head = replace(quote, start=start, end=end, text=document.text[start:end])
    return Found(
        quote,
        shape,
        lead=quote_of(document, units_of(document)[unit.lead]) if unit.lead is not None else None,
        head=head,
        mark=unit.span.mark,
        title=document.title,
        foreign=unit.language != part.language,
        absent=absent,
    )
