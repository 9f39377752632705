"""The asking clause: what is left of a question when its introduction is set aside.

Names of the catalog in the introduction are kept where the asking clause names nothing of their
kind ("We study glaucoma. How many patients does each hospital have?"). Its numbers and other words
are not, which the answer says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.operators import Operators
from tools.query.understand.quantities import quantities
from tools.query.understand.segment import Segment

_CARRIED = ("cohort", "dataset", "hospital", "variable")


@dataclass(frozen=True, slots=True)
class Asking:
    """The clause that asks, and the words before it."""

    clues: Clues
    introduction: str


@lru_cache(maxsize=8)
def _ends(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Sentence ends, and the phrases that close an introduction when white space or a comma follows."""
    words = "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))
    return re.compile(
        rf"[.!?。]\s+|(?:{words})[,.]?(?:\s+|(?<=\s))|,\s+(?=how |what |which |do |is |can )", re.I
    )


def asking_clause(clues: Clues, operators: Operators) -> Asking | None:
    """The last clause with something in it; None when the question is one clause."""
    cuts = [m.end() for m in _ends(operators.phrases.get("clause.end", ())).finditer(clues.text)]
    for cut in reversed(cuts):
        before = [s for s in clues.segments if s.end <= cut]
        after = [s for s in clues.segments if s.start >= cut]
        if not before or not any(s.strong and s.known for s in after):
            continue
        if _limits(before, after, clues):
            return None
        segments = (*_carried(before, after), *after)
        found = quantities(segments, clues.text)
        text = clues.text[:cut].strip()
        return Asking(Clues(clues.catalog, clues.lexicon, clues.text, clues.language, segments, found), text)
    return None


def _limits(before: list[Segment], after: list[Segment], clues: Clues) -> bool:
    """True when the introduction says something that would limit the answer, and so must not be set aside."""
    numbers = {i for q in clues.quantities for i in q.at}
    known = {id(clues.segments[i]) for i in numbers}
    repeated = {s.senses for s in after}
    lost = [
        s for s in before if s.senses and min(x.tier for x in s.senses) < PART and s.senses not in repeated
    ]
    carried = _carried(before, after)
    if any(s not in carried for s in lost):
        return True
    return any(id(s) in known or s.plays("sex.", "not", "or", "both", "anaphor") for s in before)


def _carried(before: list[Segment], after: list[Segment]) -> list[Segment]:
    """Names in the introduction of a kind that the asking clause does not name."""
    named = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    kept: dict[tuple[object, ...], Segment] = {}
    for segment in before:
        kinds = {s.kind for s in segment.senses if s.tier < PART}
        if kinds & set(_CARRIED) and not kinds & named:
            kept.setdefault(segment.senses, segment)
    return list(kept.values())
