"""What English words mean by their place in the clause: "whether drivers were ...", "built in OMOP", "w/".

Each rule leaves a word the roles or the names that its place allows, or says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.query.understand.lexicon import PART
from tools.query.understand.segment import FILLER, Segment

if TYPE_CHECKING:
    from tools.query.understand.clues import Clues

_WHETHER = re.compile(
    r"(?i)\b(?:whether|if|how(?: often| long| well| much| far)?) "
    r"(?:(?:the|all|any|some|these|those|their|your) )?$"
)
_LISTS = re.compile(r"(?i)\s*(?:[,/]|(?:and|or)\b)")
_ILLNESSES = frozenset(("conditions", "diagnoses", "diseases", "disorders", "illnesses"))
_ILLNESS = frozenset(("condition", "diagnosis", "disease", "disorder", "illness"))
_ASKED = re.compile(r"(?i)\b(?:the|which|what|its|their|your|all|all the) $")
_ASKED_ONE = re.compile(r"(?i)\b(?:which|what) $")
_HOW_MANY = re.compile(r"(?i)\bhow (?:many [a-z]+|long) (?:is|was) $")
_AT_THE_END = re.compile(r"\s*[?.!]*\s*$")
_MADE = frozenset(("built", "implemented", "modelled", "modeled", "hosted"))
_MADE_IN = re.compile(r"(?i)\s+(?:up )?(?:in|on|with|using|as|to|under) (?:the |an? )?")
_WHERE_COUNTED = re.compile(
    r"(?i)\b(?:where (?:do|does|did|can|could) (?:you|we|they|i|one)"
    r"|which (?:datasets|registries|databases|sources)"
    r"|(?:datasets|registries|databases|sources) (?:that|which)) count\b"
    r"|\bwhere (?:is|are) [^,.?!;]+? counted\b"
)
_SLASH = re.compile(r"(?i)/(?:o|out)? ")
_BEFORE_OUT = re.compile(r"(?i)(?<!\S)w/$")
_COUNTING = ("measure.", "how_many", "people", "group.", "rank.", "size", "compare", "records")
_HELD = ("variable", "concept", "table", "cohort")
_NEAR = 40  # letters


def in_clause(clues: Clues, i: int) -> Segment | None:
    """The segment as its place in an English clause leaves it; None where that says nothing."""
    if clues.language != "en":
        return None
    return next((found for rule in _RULES if (found := rule(clues, i)) is not None), None)


def _before(clues: Clues, segment: Segment) -> str:
    return clues.text[max(0, segment.start - _NEAR) : segment.start]


def _subject_of_whether(clues: Clues, i: int) -> Segment | None:
    """ "Whether drivers were insured": of whom, though a table is called so; the variable is asked for.
    Unknown where no dataset has both."""
    segment = clues.segments[i]
    if not segment.senses or segment.roles or any(s.kind != "table" for s in segment.senses):
        return None
    if not _WHETHER.search(_before(clues, segment)) or _LISTS.match(clues.text, segment.end):
        return None
    behind = [x for s in clues.segments[i + 1 :] for x in s.names("variable")]
    asked = {id for x in behind if x.tier < PART for id in x.ids}
    if not asked:
        return None
    tables = {id for s in segment.senses for id in s.ids}
    having = {t.dataset for t in clues.catalog.tables if t.table in tables}
    holding = {v.dataset for name in asked for v in clues.catalog.variables_by_name.get(name, ())}
    return replace(segment, senses=(), roles=(FILLER,) if having & holding else ())


def _illnesses(clues: Clues, i: int) -> Segment | None:
    """ "Rank the conditions in X by number of patients": the cohorts, where no other noun is asked for."""
    segment = clues.segments[i]
    word = segment.text.lower()
    if segment.senses or set(segment.roles) - {FILLER} or word not in _ILLNESSES | _ILLNESS:
        return None
    asked = _ASKED if word in _ILLNESSES else _ASKED_ONE
    if not asked.search(_before(clues, segment)):
        return None
    others = (*clues.segments[:i], *clues.segments[i + 1 :])
    if any(s.plays("subject.") or s.names("cohort") for s in others):
        return None
    ranked = any(s.plays("rank.") for s in others) and any(s.plays("measure.", "people") for s in others)
    return replace(segment, roles=("subject.cohort",)) if ranked else None


def _value_asked(clues: Clues, i: int) -> Segment | None:
    """ "Which has the longest follow-up, and how many months is it?": the value it is ordered by."""
    segment = clues.segments[i]
    if segment.text.lower() != "it" or not _AT_THE_END.match(clues.text, segment.end):
        return None
    if not _HOW_MANY.search(_before(clues, segment)):
        return None
    before = clues.segments[:i]
    unit = next((s for s in reversed(before) if s.roles != (FILLER,)), None)
    ordered = any(s.plays("rank.most", "rank.least") for s in before)
    ordered = ordered and any(s.plays("which") for s in before)
    measured = len({role for s in before for role in s.roles if role.startswith("field.")}) == 1
    of_it = unit is not None and unit.plays("number.", "field.")
    return replace(segment, roles=(FILLER,)) if ordered and measured and of_it else None


def _made_in(clues: Clues, i: int) -> Segment | None:
    """ "Built in OMOP": what it is made in is a data model, where "built in 2020" would be a time."""
    segment = clues.segments[i]
    if segment.senses or segment.roles or segment.text.lower() not in _MADE:
        return None
    made = _MADE_IN.match(clues.text, segment.end)
    if made is None:
        return None
    behind = next((s for s in clues.segments[i + 1 :] if s.start <= made.end() < s.end), None)
    if behind is None or not behind.senses:
        return None
    words = clues.text[made.end() : behind.end].lower()
    models = any(words in (d.data_model or "").lower() for d in clues.catalog.datasets)
    return replace(segment, roles=(FILLER,)) if models else None


def _with(clues: Clues, i: int) -> Segment | None:
    """ "Centres w/ 40+ rooms", "datasets w/o HbA1c"."""
    segment = clues.segments[i]
    if segment.senses:
        return None
    if segment.text in {"w", "W"} and _SLASH.match(clues.text, segment.end):
        return replace(segment, roles=(FILLER,))
    without = segment.text in {"o", "O", "out"} and _BEFORE_OUT.search(_before(clues, segment))
    return replace(segment, roles=("not",)) if without else None


def _counts_where(clues: Clues, i: int) -> Segment | None:
    """ "Where do you count A but not B?": cohorts that are counted in one place and not in it, whatever else
    is called so."""
    segment = clues.segments[i]
    cohorts = tuple(s for s in segment.names("cohort") if s.tier < PART)
    if segment.text.lower() not in {"count", "counted"} and not cohorts:
        return None
    asked = _WHERE_COUNTED.search(clues.text)
    if asked is None or not any(s.plays("not") for s in clues.segments):
        return None
    if cohorts:
        return replace(segment, senses=cohorts)
    return replace(segment, roles=("exist",)) if segment.end == asked.end() else None


def _held_beside(clues: Clues, i: int) -> Segment | None:
    """ "Which datasets have both A and sex?": a variable like the one beside it, where nothing is counted."""
    segment = clues.segments[i]
    if not segment.plays("dimension.") or not any(s.tier < PART for s in segment.names("variable")):
        return None
    if any(s.plays(*_COUNTING) for s in clues.segments):
        return None
    if not any(s.plays("subject.dataset") for s in clues.segments[:i]):
        return None
    if not any(s.plays("exist") for s in clues.segments[:i]):
        return None
    for beside in (clues.segments[:i][::-1], clues.segments[i + 1 :]):
        if not beside or not beside[0].plays("and", "or"):
            continue
        other = next((s for s in beside[1:] if s.roles != (FILLER,)), None)
        named = other is not None and not other.roles and any(s.tier < PART for s in other.names(*_HELD))
        if named:
            return replace(segment, roles=())
    return None


_RULES: tuple[Callable[[Clues, int], Segment | None], ...] = (
    _subject_of_whether, _illnesses, _value_asked, _made_in, _with, _counts_where, _held_beside,
)  # fmt: skip
