"""The account of a question: which of its words were not understood, and which changed nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.query.understand.in_context import OF_VARIABLES, is_it
from tools.query.understand.segment import FILLER, Segment

if TYPE_CHECKING:
    from tools.query.understand.clues import Clues

# Steering words that change nothing by themselves: they may stay unused.
_LOOSE = (
    *("and", "which", "exist", "all", "follow", "people", "records", "how_many", "size", "both"),
    *("differ", "compare", "rank.order", "between", FILLER),
    *("subject.hospital", "subject.dataset", "subject.registry", "subject.data", "subject.cohort"),
    *("subject.where", "value.", "related", "clause.", "range.from"),
    *("number.", "group.", "measure.", "ge.", "gt.", "le.", "lt."),
)


def unused(clues: Clues) -> tuple[list[int], list[int]]:
    """(unknown strong words, known words that changed nothing) among what was not used."""
    unknown, idle = [], []
    unsaid = {
        q.at[0] for q in clues.quantities
        if (q.kind != "plain" or not q.exact or any(clues.segments[i].plays("number.") for i in q.at))
        and not clues.used & set(q.at)
    }
    for i, segment in enumerate(clues.segments):
        if i in clues.used:
            continue
        if i in clues.counted:
            if i in unsaid or (segment.strong and not segment.roles):
                idle.append(i)
        elif not segment.known or _unit_of_nothing(segment):
            if segment.strong:
                unknown.append(i)
        elif not _idles(segment) and not _said_before(clues, i):
            idle.append(i)
    return unknown, idle


def _said_before(clues: Clues, i: int) -> bool:
    """ "Ferritin - in what unit is it stored": the pronoun is the name before it, which has the unit."""
    segment = clues.segments[i]
    if segment.text.lower() not in {"it", "they"} or not is_it(clues, i):
        return False
    names = [j for j in clues.mentions_used if j < i]
    own = any(s.plays(*OF_VARIABLES) for s in clues.segments)
    kind = "variable" if own else "dataset"
    return len(names) == 1 and bool(clues.segments[names[0]].names(kind))


def _idles(segment: Segment) -> bool:
    """Whether a known segment may stay unused: no order in which rows were asked for may ("많은 순")."""
    if segment.plays("rank.most", "rank.least") and segment.plays("rank.order"):
        return False
    if segment.plays("dimension."):
        # "HbA1c and year": no unit of a number, which would count.
        return any(_loose(role) for role in segment.roles if not role.startswith("number."))
    return any(_loose(role) for role in segment.roles)


def _unit_of_nothing(segment: Segment) -> bool:
    """ "살" without a number before it is no year of age ("살 빼는 약")."""
    return segment.roles == ("number.age",) and not segment.senses


def _loose(role: str) -> bool:
    return any(role == loose or (loose.endswith(".") and role.startswith(loose)) for loose in _LOOSE)
