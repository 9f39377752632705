"""What English steering words ask for by their place: "in the year 2023", "all age groups together".

Each rule leaves a word the roles that its place allows, or says nothing of it.
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

_HOW_MANY = re.compile(r"(?i)\bhow (?:many [a-z]+|long) (?:is|was) $")
_AT_THE_END = re.compile(r"\s*[?.!]*\s*$")
_ALL = re.compile(r"(?i)\b(?:all|both|the|any|every) (?:the )?$")
_TOGETHER = re.compile(
    r"(?i),? (?:(?:put|taken|added|lumped|rolled|grouped|pooled|counted) (?:up )?(?:together|into one|as one)"
    r"|combined|together|pooled|merged)\b"
)
_WHATEVER = re.compile(
    r"(?i)\b(?:(?:regardless|irrespective|independent(?:ly)?) of|whatever|no matter (?:what|which)?) ?"
    r"(?:the |their |any )?(?:[a-z]+(?: groups?| bands?)?(?:,? (?:and|or) |, )){0,3}$"
)
_SPEEDS = frozenset(("quickest", "fastest", "soonest", "slowest"))
_TO_GET = re.compile(r"(?i)\b(?:get|getting|obtain|receive|access|deliver(?:ed)?|arrive)\b")
_CHANGES = re.compile(
    r"(?i)(?:chang|develop|evolv|vary|vari|shift|fluctuat|ris|rose|increas|grow|grew|drop|declin|decreas"
    r"|shr[iu]nk)"
    r"(?:e|ed|es|s|en|n|ing|ped)?\b|(?:gone|go|went|going) (?:up|down)\b"
)
_HOW_DID = re.compile(r"(?i)\b(?:did|do|does|has|have|had|is|are)\b[^.?!]*$")
_SHARE = re.compile(
    r"(?i)\b(?:share|proportion|percentage|fraction|part|per ?cent|portion) (?P<of>of)\b[^.?!]*?"
    r"\b(?:is|are|was|were) (?P<sex>women|men|female|male|girls|boys)\b(?=\s*(?:[?.!,;]|$|in |at ))"
)
_THAN = re.compile(r"(?i)\s+than\b")
_NEAR = 40  # letters
_COMPARED = 2  # of one and the other


def steered(clues: Clues, i: int) -> Segment | None:
    """The segment as its place in an English clause leaves it; None where that says nothing."""
    return next((found for rule in _RULES if (found := rule(clues, i)) is not None), None)


def standing_before(clues: Clues, segment: Segment) -> str:
    """The letters that stand before a segment, to tell its place by."""
    return clues.text[max(0, segment.start - _NEAR) : segment.start]


def _value_asked(clues: Clues, i: int) -> Segment | None:
    """ "Which hospital is the largest, and how many beds is it?": the value it is ordered by."""
    segment = clues.segments[i]
    if segment.text.lower() != "it" or not _AT_THE_END.match(clues.text, segment.end):
        return None
    if not _HOW_MANY.search(standing_before(clues, segment)):
        return None
    before = clues.segments[:i]
    unit = next((s for s in reversed(before) if s.roles != (FILLER,)), None)
    ordered = any(s.plays("rank.most", "rank.least") for s in before)
    ordered = ordered and any(s.plays("which") for s in before)
    measured = len({role for s in before for role in s.roles if role.startswith("field.")}) == 1
    of_it = unit is not None and unit.plays("number.", "field.")
    return replace(segment, roles=(FILLER,)) if ordered and measured and of_it else None


def _oftener(clues: Clues, i: int) -> Segment | None:
    """ "Updated more often than daily", where nothing is: no order is asked for."""
    segment = clues.segments[i]
    if not segment.plays("rank.") or not segment.text.lower().endswith(("often", "frequently")):
        return None
    if not _THAN.match(clues.text, segment.end):
        return None
    named = sum(any(x.kind == "cohort" for x in s.senses) for s in clues.segments)
    return replace(segment, roles=()) if named < _COMPARED else None


def _the_year(clues: Clues, i: int) -> Segment | None:
    """ "In the year 2023": the number is the year, and nothing is asked for each."""
    segment = clues.segments[i]
    if segment.text.lower() != "year" or i in clues.counted or i + 1 not in clues.counted:
        return None
    single = any(q.kind == "year" and q.exact and i + 1 in q.at for q in clues.quantities)
    return replace(segment, roles=(FILLER,)) if single else None


def _altogether(clues: Clues, i: int) -> Segment | None:
    """ "Both sexes taken together", "regardless of sex": nothing is asked for each."""
    segment = clues.segments[i]
    if not segment.plays("dimension."):
        return None
    before = standing_before(clues, segment)
    joined = _ALL.search(before) and _TOGETHER.match(clues.text, segment.end)
    return replace(segment, roles=(FILLER,)) if joined or _WHATEVER.search(before) else None


def _in_each_of(clues: Clues, i: int) -> Segment | None:
    """ "In each of the last four years", "at each of your hospitals": one row each."""
    if clues.segments[i].text.lower() != "each of":
        return None
    after = range(i + 1, len(clues.segments))
    j = next((j for j in after if clues.segments[j].roles != (FILLER,)), None)
    if j is None:
        return None
    years = any(j in q.at and (q.kind == "recent" or not q.exact) for q in clues.quantities)
    noun = clues.segments[j].plays("dimension.", "subject.") and j not in clues.counted
    return replace(clues.segments[i], roles=("group.before",)) if years or noun else None


def _soonest(clues: Clues, i: int) -> Segment | None:
    """ "The quickest dataset to get": how long one waits for it, where nothing else is ordered by."""
    segment = clues.segments[i]
    if segment.text.lower() not in _SPEEDS or not segment.plays("rank.") or not _TO_GET.search(clues.text):
        return None
    if any(s.plays("field.") for j, s in enumerate(clues.segments) if j != i):
        return None
    of_data = any(s.plays("subject.dataset", "subject.data", "subject.registry") for s in clues.segments)
    return replace(segment, roles=(*segment.roles, "field.lead_time")) if of_data else None


def _changing(clues: Clues, i: int) -> Segment | None:
    """ "How did the number of X change", "has it gone up since 2018": told year by year."""
    segment = clues.segments[i]
    if segment.senses or set(segment.roles) - {FILLER, "field.period"}:
        return None
    if not _CHANGES.match(clues.text, segment.start):
        return None
    asked = _HOW_DID.search(clues.text[: segment.start])
    counted = any(s.plays("measure.", "people", "how_many", "records") for s in clues.segments[:i])
    return replace(segment, roles=("dimension.year",)) if asked and counted else None


def _share_of_a_sex(clues: Clues, i: int) -> Segment | None:
    """ "What share of the X patients are women": both numbers, since no share is held."""
    segment = clues.segments[i]
    asked = _SHARE.search(clues.text)
    if asked is None or sum(s.plays("sex.") for s in clues.segments) != 1:
        return None
    if segment.plays("sex.") and segment.start >= asked.start("sex"):
        return replace(segment, roles=(FILLER,))
    inside = asked.start() <= segment.start and segment.end <= asked.end("of")
    told = inside and segment.plays("overlap", "measure.", "how_many")
    return replace(segment, roles=("measure.patients", "dimension.sex")) if told else None


def _meaning(clues: Clues, i: int) -> Segment | None:
    """ "What does X mean", of a cohort: how it is defined."""
    segment = clues.segments[i]
    if not segment.plays("field.values") or not segment.text.lower().startswith(("mean", "stand")):
        return None
    said = [s for s in clues.segments[:i] if any(x.tier < PART for x in s.senses)]
    best = [{x.kind for x in s.senses if x.tier == min(y.tier for y in s.senses)} for s in said]
    of_cohort = any("cohort" in kinds and not kinds & {"variable", "concept", "table"} for kinds in best)
    return replace(segment, roles=("field.definition",)) if of_cohort else None


def _counts_most(clues: Clues, i: int) -> Segment | None:
    """ "Which dataset counts the most X": who has them, and no number of things."""
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    counts = clues.segments[i].text.lower() in {"counts the", "count the", "counts", "count"}
    ranked = counts and following is not None and following.plays("rank.most", "rank.least")
    behind = any(s.plays("subject.") for s in clues.segments[:i])
    return replace(clues.segments[i], roles=("exist",)) if ranked and behind else None


_RULES: tuple[Callable[[Clues, int], Segment | None], ...] = (
    _value_asked, _oftener, _the_year, _altogether, _in_each_of, _soonest, _changing, _share_of_a_sex,
    _meaning, _counts_most,
)  # fmt: skip
