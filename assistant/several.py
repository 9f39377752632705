"""A question that asks for several things, read part by part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from assistant.intent import PART, REFUSED_SURELY, follows, names_something, read_catalog
from assistant.parts import pieces, stands_alone, wants
from assistant.turn import State, Understanding
from tools.query.covering import covers
from tools.query.plan import CountPlan, QueryPlan
from tools.query.plan_document import plan_document
from tools.query.understand.outcome import Absent, Unclear, Understood

Read = Callable[[str, State], Understanding]  # one question alone


def split(question: str, whole: Understanding, state: State, read: Read) -> list[Understanding]:
    """The parts of a question that asks the catalog and the documents, or two things of the catalog that
    cannot be one query; the whole question where that is read as one."""
    texts = pieces(question)
    answered = isinstance(whole.outcome, Understood) and whole.intent == "catalog"
    refused = whole.reason is not None and whole.route.confidence >= REFUSED_SURELY
    # "Is there X, and who may use it?": nothing came before, so that "it" may be of the first part.
    within = isinstance(whole.outcome, Unclear) and not state.get("previous")
    settled = refused or (follows(whole.outcome) and not within) or bool(whole.before)
    if len(texts) == 1 or settled or whole.intent == "draft":
        return [whole]
    if answered and not all(stands_alone(text) for text in texts[1:]):
        return [whole]  # "... and are updated monthly": the second part narrows the first
    parts = _parts(texts, answered, state, read)
    if len(parts) < len(texts):
        return parts or [whole]
    if not _asks_apart(parts) or _place_lost(parts):
        return [whole]
    if all(said.intent == "catalog" for said in parts):
        if not all(stands_alone(text) for text in texts[1:]):
            return [whole]
        if answered:
            alone = all(isinstance(read_catalog(text, state), Understood) for text in texts[1:])
            return parts if _dropped(whole, parts, alone) else [whole]
    return parts


def _parts(texts: Sequence[str], answered: bool, state: State, read: Read) -> list[Understanding]:
    """Each part as it is read after those before it; only the one that has to be refused, if there is one;
    none where one of them is not read surely. ``answered``: the catalog answers the whole question."""
    parts: list[Understanding] = []
    for text in texts:
        said = read(text, _after(state, parts))
        sure = isinstance(said.outcome, Understood) or (
            said.intent in {"rules", "consult"} and said.route.confidence >= PART
        )
        # "How many with X, and what does it cost?" where the catalog has no X: the documents still answer.
        absent = isinstance(said.outcome, Absent) and said.route.intent == "catalog" and not answered
        sure = sure or (absent and said.route.confidence >= PART)
        refused = said.reason not in {None, "out_of_scope"} and said.route.confidence >= REFUSED_SURELY
        if refused and wants(text):
            return [said]  # "what does it cost, and send me the raw records"
        if said.reason is not None or not sure:
            return []
        parts.append(said)
    return parts


def _asks_apart(parts: Sequence[Understanding]) -> bool:
    """Whether the parts that the catalog answers are questions to it."""
    asked = [said.outcome for said in parts if said.intent == "catalog"]
    if not asked:
        return False
    if parts[0].intent != "catalog" and any(
        isinstance(outcome, Understood) and not names_something(outcome.plan) for outcome in asked
    ):
        return False  # "who should we contact about X? Only the team please"
    return len(asked) < len(parts) or not any(isinstance(outcome, Absent) for outcome in asked)


def _place_lost(read: list[Understanding]) -> bool:
    """ "How many with A and how many with B does X have?": the first part is of X too, unsaid."""
    plans = [said.outcome.plan for said in read if isinstance(said.outcome, Understood)]
    placed = [bool(p.datasets or p.hospitals) for p in plans if isinstance(p, CountPlan)]
    return len(placed) == len(read) > 1 and placed[-1] and not placed[0]


def _dropped(whole: Understanding, read: list[Understanding], alone: bool) -> bool:
    """True where the whole question came to one of its parts only, and another asks something else; or, where
    they are read ``alone``, to what does not hold all of them."""
    if not isinstance(whole.outcome, Understood):
        return False
    if any(note.code == "introduction" for note in whole.outcome.notes):
        return False  # a sentence of explanation, which the reader set aside, asks nothing
    outcomes = [said.outcome for said in read if isinstance(said.outcome, Understood)]
    plans = [outcome.plan for outcome in outcomes]
    if any(outcome.follows and outcome.plan == whole.outcome.plan for outcome in outcomes):
        return False  # "started after 2015 and are ongoing": the second part narrows the first to the whole
    if all(covers(whole.outcome.plan, _going_on(plan, whole.outcome.plan)) for plan in plans):
        return False
    if not all(names_something(plan) for plan in plans if plan != whole.outcome.plan):
        return False  # "..., and in which dataset is it": what the second part is about is in the first
    return alone or whole.outcome.plan in plans


def _going_on(part: QueryPlan, whole: QueryPlan) -> QueryPlan:
    """ "In the X registry in 2024: how many men, how many women": a later part leaves the place and the time
    to the first."""
    if not (isinstance(part, CountPlan) and isinstance(whole, CountPlan)):
        return part
    placed = part.datasets or part.hospitals
    return replace(
        part,
        datasets=part.datasets if placed else whole.datasets,
        hospitals=part.hospitals if placed else whole.hospitals,
        years=part.years or whole.years,
    )


def _after(state: State, read: list[Understanding]) -> State:
    """The state in which a further part is read: the part before it is what it may refer to."""
    catalog, last = state.get("catalog"), read[-1].outcome if read else None
    if catalog is None or not isinstance(last, Understood):
        return state
    previous = {"plan": plan_document(last.plan), "catalog_version": catalog.file.version}
    return cast(State, {**state, "previous": previous})
