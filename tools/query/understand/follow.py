"""Follow-ups: what a turn keeps, replaces and clears of what was answered before it.

"그럼 2021년은?" keeps the plan and replaces its years; "split that by sex" replaces the grouping; "of those,
women" keeps the people; "which of them have X" narrows a list; "the first one" points into it. A question
that stands on its own is never bent to the plan before, and a reference to nothing is asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tools.query.plan import Condition, CountPlan, LinkagePlan, ListPlan, Span
from tools.query.understand.antecedent import Previous, both, others, placed
from tools.query.understand.change_count import change_count
from tools.query.understand.change_list import change_list
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import Sense
from tools.query.understand.outcome import Absent, Cleared, Note, Outcome, Unclear, Understood
from tools.query.understand.references import (
    NAMES,
    bare,
    implied,
    names,
    no_antecedent,
    refers,
    resolved,
    some_of,
    without_years,
)
from tools.query.understand.segment import FILLER
from tools.query.understand.shapes.others import asks_place
from tools.query.understand.turn import Turn, read_turn

__all__ = [
    "Previous", "bare", "follow_up", "implied", "needs_previous", "no_antecedent", "resolved", "without_years"
]  # fmt: skip

_OWN = ("measure.", "field.", "linkage", "overlap", "how_many", "ongoing", "over", "starts", "ends")
_SLOTS = ("sex.", "dimension.", "rank.", "group.", "measure.", "records")
_ALONE = ("ordinals", "others", "both", "everything", "later", "earlier")
_FEW = 6  # words that a turn may have beside its marks


def needs_previous(clues: Clues) -> bool:
    """True for a question that refers back ("that dataset") or is a fragment ("and in 2021?")."""
    if refers(clues):
        return True
    content = [s for s in clues.segments if s.strong or s.senses]
    opens = bool(clues.segments) and clues.segments[0].plays("follow", "and")
    fragment = not _asks(clues) and len(content) <= _FEW
    return (opens and fragment) or (fragment and _limits_only(clues))


def _asks(clues: Clues) -> bool:
    """The turn asks something that could stand on its own."""
    things = clues.subject is not None and clues.has("which", "exist", "all", "not")
    if asks_place(clues):
        return True
    return clues.has(*_OWN) or things or clues.subject in {"variable", "table", "team"}


def _limits_only(clues: Clues) -> bool:
    """Nothing but years, ages, sexes, groupings or an order."""
    limits = any(q.kind in {"year", "age", "recent"} for q in clues.quantities)
    limits = limits or clues.has("sex.", "rank.") or bool(clues.groups) or _dimensions_only(clues)
    return limits and not names(clues) and not clues.has("people", "exist", "which")


def _dimensions_only(clues: Clues) -> bool:
    """ "성별로는?", "by age band": a dimension and nothing beside it."""
    content = [s for s in clues.segments if s.roles != (FILLER,) and not s.plays("and", "follow")]
    return bool(content) and all(s.plays("dimension.", "group.") for s in content)


def follow_up(text: str, previous: Previous | None, read: Callable[[str], Clues]) -> Outcome | None:
    """What the turn makes of the plan before; None for a question that stands on its own.

    ``text`` is the turn in normal form, ``read`` cuts a text into clues.
    """
    turn = read_turn(text)
    if turn.has("reset"):
        return Cleared()
    if turn.has("why"):
        return _why(turn, previous)
    clues = read(turn.rest)
    whole = read(text)
    pointing = turn.has("ordinals", "others", "both")
    if _asks(clues) and not turn.has("ordinals"):
        some = all(some_of(s) for s in whole.segments if s.plays("anaphor"))
        return _counted_anew(turn, clues, previous) if previous is not None and some else None
    if not _fragment(turn, clues, whole):
        return _pointing_question(turn, clues, whole, previous)
    if previous is None or previous.plan is None:
        # "Datasets with both X and Y", "the smallest dataset": these say themselves what they are about.
        ranked = whole.subject in {"dataset", "hospital"} and whole.has("rank.")
        own = bool(names(whole)) or ranked
        asks = ranked or (bool(names(clues)) and clues.has("exist") and not turn.has("about"))
        points = (pointing and not own) or refers(whole) or (turn.has("opener", "about") and not asks)
        points = points or (not own and not names(clues) and needs_previous(clues))
        return no_antecedent(whole) if points and _close(turn, clues) else None
    pointed = _point(turn, previous, clues) if pointing else None
    if pointing and pointed is None:
        return no_antecedent(whole)
    if turn.gone and not _given_up(read(turn.gone), previous):
        return None
    outcome = _settled(_changed(turn, clues, previous, pointed), clues)
    alone = not pointing and not refers(whole) and not names(clues)
    if outcome is None and alone and needs_previous(clues) and _close(turn, clues):
        return no_antecedent(whole)
    return outcome


def _fragment(turn: Turn, clues: Clues, whole: Clues) -> bool:
    """A turn that says what is other than before, and does not ask anew."""
    content = [s for s in clues.segments if (s.strong or s.senses) and s.roles != (FILLER,)]
    if _asks(clues) or len(content) > _FEW:
        return False
    if not turn.marks and not refers(whole) and _whole_phrase(clues):
        return False
    if not content and not turn.has(*_ALONE):
        return False
    held = clues.has("exist") and clues.mentions("variable", "cohort", "table", "concept")
    if held:
        return clues.subject is None and (refers(whole) or not clues.has("which"))
    named = bool(names(clues, *NAMES, "value"))
    slots = bool(clues.quantities or clues.groups) or clues.has(*_SLOTS) or named
    return slots or turn.has(*_ALONE)


def _whole_phrase(clues: Clues) -> bool:
    """ "Asthma patients by hospital", "datasets with X": a question without a verb."""
    placed = bool(clues.groups) or bool(clues.mentions("hospital", "dataset"))
    if clues.mentions("cohort") and clues.has("people") and placed:
        return True
    things = clues.subject in {"hospital", "dataset"} and not clues.groups
    return things and bool(clues.mentions("variable", "cohort", "table", "concept", "value"))


def _close(turn: Turn, clues: Clues) -> bool:
    """Nothing in the turn is unknown, so that it is the reference that is missing."""
    unknown, _ = clues.left_over()
    return not unknown


def _point(turn: Turn, previous: Previous, clues: Clues) -> Sense | None:
    """What an ordinal, "the others" or "both" stand for."""
    if turn.has("ordinals") and turn.place is not None:
        return placed(previous, turn.place, turn.kind)
    if turn.has("others"):
        return others(previous, clues.catalog, turn.kind)
    return both(previous, turn.kind)


def _given_up(gone: Clues, previous: Previous) -> bool:
    """Whether "not X" gives up what the last plan was about."""
    plan = previous.plan
    named = {id for i in gone.mentions() for sense in gone.segments[i].senses for id in sense.ids}
    if isinstance(plan, CountPlan):
        return bool(named & {*plan.cohorts, *plan.hospitals, *plan.datasets})
    conditions = plan.simple_conditions if isinstance(plan, ListPlan) else ()
    held = {id for h in getattr(plan, "holdings", ()) for _, ids in h.things for id in ids}
    return bool(named & ({str(v) for c in conditions for v in c.values} | held))


def _changed(turn: Turn, clues: Clues, previous: Previous, pointed: Sense | None) -> Outcome | None:
    plan = previous.plan
    narrowing = clues.has("exist") and clues.mentions("variable", "cohort", "table", "concept")
    if isinstance(plan, CountPlan):
        asking = clues.subject is None and clues.has("which")
        if narrowing and (asking or not clues.has("people")):
            return _holders(turn, clues, previous)
        if turn.has("later", "earlier"):
            return _shifted(turn, clues, plan)
        return change_count(turn, clues, plan, pointed)
    if isinstance(plan, ListPlan):
        return change_list(turn, clues, plan, pointed)
    if isinstance(plan, LinkagePlan) and (ids := _linked(clues, pointed)):
        return Understood(replace(plan, left=ids, language=clues.language), follows=True)
    return None


def _shifted(turn: Turn, clues: Clues, plan: CountPlan) -> Outcome | None:
    """ "The year after": the year behind the one that was counted, unless the turn names one itself."""
    if any(q.kind == "year" for q in clues.quantities):
        return change_count(turn, clues, plan)
    if plan.years is None or not plan.years.single or plan.years.low is None:
        return no_antecedent(clues)
    year = plan.years.low + (1 if turn.has("later") else -1)
    published = {y for years in clues.catalog.counts.years.values() for y in years}
    if year not in published:
        ends = {"first": min(published, default="-"), "last": max(published, default="-")}
        return Absent(Note("years_outside", {"asked": str(year), **ends}), plan=plan, follows=True)
    clues.take("dimension.year")
    return Understood(replace(plan, years=Span(year, year), language=clues.language), follows=True)


def _linked(clues: Clues, pointed: Sense | None) -> tuple[str, ...]:
    if pointed is not None:
        return pointed.ids if pointed.kind == "dataset" else ()
    for i in clues.mentions("dataset"):
        clues.used.add(i)
        return clues.titles(i) or clues.ids(i, "dataset")
    return ()


def _holders(turn: Turn, clues: Clues, previous: Previous) -> Outcome | None:
    """ "Which of them have X" of the hospitals or datasets that were counted."""
    listed = previous.listed
    if listed is None or listed.kind not in {"hospital", "dataset"}:
        return None
    field = f"{listed.kind}.{listed.kind}"
    show = ("hospital.type",) if listed.kind == "hospital" else ("hospital.name_en", "dataset.theme")
    plan = ListPlan(
        listed.kind,
        show=show, conditions=(Condition(field, "eq", listed.ids),), language=clues.language,
    )  # fmt: skip
    return change_list(turn, clues, plan)


def _settled(outcome: Outcome | None, clues: Clues) -> Outcome | None:
    """A changed plan stands only when every word that matters was used."""
    if not isinstance(outcome, Understood):
        return outcome
    unknown, idle = clues.left_over()
    return None if unknown or idle else outcome


def _counted_anew(turn: Turn, clues: Clues, previous: Previous) -> Outcome | None:
    """ "환자 수는?", "how many are women?": the same people counted, named by nothing in the turn itself."""
    plan = previous.plan
    fields = [f for f in clues.fields() if f.startswith("field.")]
    scoped = {"hospital", "dataset"} & {*clues.groups, clues.subject or ""}
    if not isinstance(plan, CountPlan) or names(clues) or fields or scoped:
        return None
    if clues.has("all", "total", "linkage"):
        return None
    counts = clues.has("measure.", "records") or (clues.has("how_many") and clues.has("people", "sex."))
    if not counts or clues.subject in {"variable", "table", "team", "cohort"}:
        return None
    return _settled(change_count(turn, clues, plan), clues)


def _pointing_question(
    turn: Turn, clues: Clues, whole: Clues, previous: Previous | None
) -> Outcome | None:
    """A question about what was named before: clarified where there is nothing that it can be."""
    if turn.has("ordinals") and turn.place is not None and not clues.mentions("hospital", "dataset"):
        found = previous is not None and placed(previous, turn.place, turn.kind) is not None
        return None if found or not _close(turn, clues) else no_antecedent(whole)
    if refers(whole) and previous is None and not whole.mentions("cohort", "variable"):
        return no_antecedent(whole)
    return None


def _why(turn: Turn, previous: Previous | None) -> Outcome | None:
    """Why the last answer shows nothing or hides something."""
    if previous is None or (previous.plan is None and previous.absent is None):
        return Unclear(Note("no_antecedent"), follows=True)
    if previous.absent is not None:
        return Absent(previous.absent, plan=previous.plan, follows=True)
    if not isinstance(previous.plan, CountPlan):
        return None
    return Understood(previous.plan, (Note("why_hidden"),), follows=True)
