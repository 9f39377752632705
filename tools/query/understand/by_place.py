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
from tools.query.understand.steering_by_place import standing_before, steered

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
_DURING = re.compile(r"(?i)\b(?:in|during) (?:the |an? )?$")
_DETERMINED = re.compile(r"(?i)\b(?:the|your|our|their|this|that) $")
_COLLECTIONS = frozenset((
    *("study", "trial", "project", "programme", "program", "lab", "laboratory", "clinic", "unit", "service"),
    *("survey", "series", "archive", "recordings", "records", "files", "notes", "logs", "log", "visits"),
    *("scans", "images", "readings", "measurements", "system", "group", "cohort"),
))  # fmt: skip
_COUNTING = ("measure.", "how_many", "people", "group.", "rank.", "size", "compare", "records")
_OF_VARIABLES = frozenset(("variable", "concept", "table"))
_HELD = ("variable", "concept", "table", "cohort")


def by_place(clues: Clues, i: int) -> Segment | None:
    """The segment as its place in an English clause leaves it; None where that says nothing."""
    if clues.language != "en":
        return None
    return next((found for rule in _RULES if (found := rule(clues, i)) is not None), None)


def _subject_of_whether(clues: Clues, i: int) -> Segment | None:
    """ "Whether drivers were insured": of whom, though a table is called so; the variable is asked for.
    Unknown where no dataset has both."""
    segment = clues.segments[i]
    if not segment.senses or any(s.kind != "table" for s in segment.senses):
        return None
    if set(segment.roles) - {"people"} or _LISTS.match(clues.text, segment.end):
        return None
    if not _WHETHER.search(standing_before(clues, segment)):
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
    if not asked.search(standing_before(clues, segment)):
        return None
    others = (*clues.segments[:i], *clues.segments[i + 1 :])
    if any(s.plays("subject.") or s.names("cohort") for s in others):
        return None
    ranked = any(s.plays("rank.") for s in others) and any(s.plays("measure.", "people") for s in others)
    return replace(segment, roles=("subject.cohort",)) if ranked else None


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
    without = segment.text in {"o", "O", "out"} and _BEFORE_OUT.search(standing_before(clues, segment))
    return replace(segment, roles=("not",)) if without else None


def asks_where_counted(clues: Clues) -> bool:
    """ "Where are A patients counted", "which datasets count A": what they hold is no matter."""
    return clues.language == "en" and _WHERE_COUNTED.search(clues.text) is not None


def _counts_where(clues: Clues, i: int) -> Segment | None:
    """ "Where do you count A but not B?": cohorts that are counted in one place and not in it, whatever else
    is called so."""
    segment = clues.segments[i]
    cohorts = tuple(s for s in segment.names("cohort") if s.tier < PART)
    if segment.text.lower() not in {"count", "counted"} and not segment.senses:
        return None
    asked = _WHERE_COUNTED.search(clues.text)
    if asked is None or not any(s.plays("not") for s in clues.segments):
        return None
    if cohorts:
        return replace(segment, senses=cohorts)
    if any(s.field == "dataset.theme" for s in segment.senses) and not segment.names("hospital", "dataset"):
        return replace(segment, senses=())  # "but not dementia": a topic is not what is counted
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


def _said_of_people(clues: Clues, i: int) -> Segment | None:
    """ "Hemiplegic patients": what people are is no word out of a variable's name ("hemiplegic side")."""
    segment = clues.segments[i]
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    if following is None or segment.roles or not segment.senses or not following.plays("people"):
        return None
    if following.senses or clues.text[segment.end : following.start] != " ":
        return None
    weak = all(s.tier == PART and s.kind in _OF_VARIABLES for s in segment.senses)
    return replace(segment, senses=()) if weak else None


def _circumstance(clues: Clues, i: int) -> Segment | None:
    """ "Datasets that record the blood lost in surgery": where no dataset with the variable has a table of
    that name, it tells only when the variable was measured."""
    segment = clues.segments[i]
    tables = {id for s in segment.senses for id in s.ids if s.kind == "table"}
    if not tables or segment.roles or not _DURING.search(standing_before(clues, segment)):
        return None
    before = [x for s in clues.segments[max(0, i - 2) : i] for x in s.names("variable") if x.tier < PART]
    holding = {v.dataset for x in before for id in x.ids for v in clues.catalog.variables_by_name.get(id, ())}
    having = {t.dataset for t in clues.catalog.tables if t.table in tables}
    return replace(segment, senses=(), roles=(FILLER,)) if holding and not holding & having else None


def _collection(clues: Clues, i: int) -> Segment | None:
    """ "The voice clinic", "your robot study": a plain noun behind words of one dataset's title."""
    segment = clues.segments[i]
    if segment.text.lower() not in _COLLECTIONS or not i or set(segment.roles) - {FILLER, "records", "exist"}:
        return None
    before = clues.segments[i - 1]
    if any(s.tier < PART and s.kind != "table" for s in segment.senses):
        return None
    apart = clues.text[before.end : segment.start] != " " or not before.senses
    if apart or not _DETERMINED.search(standing_before(clues, before)):
        return None
    if any(s.tier < PART and s.kind != "value" for s in before.senses):
        return None
    said = clues.text[before.start : segment.end] if segment.senses else before.text
    meant = {id for s in clues.lexicon.parts(said) if s.kind == "dataset" for id in s.ids}
    return replace(segment, roles=("subject.registry",), senses=()) if len(meant) == 1 else None


def _amount_of(clues: Clues, i: int) -> Segment | None:
    """ "Minutes of exercise": how a variable is told by its name, and not how often it is measured."""
    segment = clues.segments[i]
    if not segment.senses or any(s.kind != "value" or s.tier < PART for s in segment.senses):
        return None
    behind = clues.segments[i + 1 : i + 3]
    of_it = len(behind) > 1 and behind[0].text.lower() == "of"
    named = of_it and any(s.tier < PART for s in behind[1].names("variable", "concept"))
    return replace(segment, senses=(), roles=(FILLER,)) if named else None


_RULES: tuple[Callable[[Clues, int], Segment | None], ...] = (
    _subject_of_whether, _illnesses, _made_in, _with, _counts_where, _held_beside, _said_of_people,
    _circumstance, _collection, _amount_of, steered,
)  # fmt: skip
