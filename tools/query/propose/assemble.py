"""Slots to a typed QueryPlan. Nothing is judged here but that the parts fit together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.catalog.read import Catalog
from knowledge.errors import PlanIncomplete
from knowledge.text import Language
from tools.query.plan import (
    Condition,
    CountPlan,
    Holding,
    LinkagePlan,
    ListPlan,
    QueryPlan,
    Ranking,
    Span,
    Summary,
)
from tools.query.plan_document import plan_document, read_plan
from tools.query.propose.slots import Proposal, Slot
from tools.query.sex import codes_for

_HERE = {
    "count": {
        "cohort", "hospital", "dataset", "sex", "from_year", "to_year", "from_age", "to_age", "at_least",
        "at_most", "measure", "group_by", "most", "least",
    },
    "list": {
        "hospital", "dataset", "group_by", "most", "least", "subject", "show", "where", "holds", "lacks",
        "how_many",
    },
    "linkage": {"dataset"},
}


def assemble(proposal: Proposal, catalog: Catalog, language: Language) -> QueryPlan:
    """The plan that the slots make. PlanIncomplete where they do not make one."""
    if proposal.kind == "none":
        raise PlanIncomplete("The model sees no question to the catalog.", hint="Ask in other words.")
    stray = next((slot for slot in proposal.slots if slot.part not in _HERE[proposal.kind]), None)
    if stray is not None:
        raise PlanIncomplete(
            f"A {proposal.kind} plan has no part {stray.part!r}.",
            hint=f"Its parts are {sorted(_HERE[proposal.kind])}.",
        )
    parts = _Parts(proposal.slots)
    if proposal.kind == "count":
        plan: QueryPlan = _count(parts, catalog, language)
    elif proposal.kind == "list":
        plan = _list(parts, catalog, language)
    else:
        left, *right = (*parts.all("dataset"), "")
        if not left:
            raise PlanIncomplete("A linkage of no dataset was proposed.", hint="Name at least one.")
        plan = LinkagePlan((left,), tuple(r for r in right if r), language=language)
    return read_plan(plan_document(plan))  # types of values are checked as those of any stored plan


class _Parts:
    """The slots by part."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots

    def all(self, part: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot.value for slot in self.slots if slot.part == part))

    def of(self, *parts: str) -> list[Slot]:
        return [slot for slot in self.slots if slot.part in parts]

    def one(self, part: str) -> Slot | None:
        found = self.of(part)
        if len({(slot.value, slot.field) for slot in found}) > 1:
            raise PlanIncomplete(
                f"The part {part!r} was proposed twice.", hint="Ask for one thing at a time."
            )
        return found[0] if found else None

    def number(self, part: str) -> int | None:
        slot = self.one(part)
        return None if slot is None else whole(slot)

    def span(self, what: str) -> Span | None:
        low, high = self.number(f"from_{what}"), self.number(f"to_{what}")
        return None if low is None and high is None else Span(low, high)


def whole(slot: Slot) -> int:
    """The whole number that a slot's value is. PlanIncomplete for any other value."""
    try:
        return int(slot.value.replace(",", ""))
    except ValueError as error:
        raise PlanIncomplete(
            f"The {slot.part} {slot.value!r} is no whole number.", hint="Give one in figures."
        ) from error


def _count(parts: _Parts, catalog: Catalog, language: Language) -> CountPlan:
    measure = parts.one("measure")
    shown: Any = "patients" if measure is None else measure.value
    groups: Any = parts.all("group_by")
    return CountPlan(
        measure=shown,
        cohorts=parts.all("cohort"),
        hospitals=parts.all("hospital"),
        datasets=parts.all("dataset"),
        years=parts.span("year"),
        ages=parts.span("age"),
        sex=codes_for(parts.all("sex"), catalog.counts.sexes),
        group_by=groups,
        at_least=parts.number("at_least"),
        at_most=parts.number("at_most"),
        rounded_to=catalog.meta.half_up_to if parts.number("at_least") or parts.number("at_most") else 0,
        ranking=_ranking(parts, shown),
        language=language,
    )


def _list(parts: _Parts, catalog: Catalog, language: Language) -> ListPlan:
    subject = parts.one("subject")
    if subject is None:
        raise PlanIncomplete("A list of nothing was proposed.", hint="Say what is to be listed.")
    kind: Any = subject.value
    groups: Any = parts.all("group_by")
    within = [
        Condition(f"{owner}.{owner}", "eq", parts.all(owner))
        for owner in ("hospital", "dataset") if parts.all(owner)
    ]
    counted = bool(parts.of("how_many"))
    return ListPlan(
        subject=kind,
        show=tuple(dict.fromkeys(slot.field or slot.value for slot in parts.of("show"))),
        conditions=(*within, *(_condition(slot) for slot in parts.of("where"))),
        holdings=tuple(_holding(slot) for slot in parts.of("holds", "lacks")),
        summary=Summary() if counted else None,
        group_by=groups,
        ranking=_ranking(parts, ""),
        language=language,
    )


def _condition(slot: Slot) -> Condition:
    op: Any = slot.op or "eq"
    if op == "missing":
        return Condition(slot.field, op, ())
    return Condition(slot.field, op, (whole(slot) if op in {"ge", "gt", "le", "lt"}
                                      and slot.value.isdigit() else slot.value,))


def _holding(slot: Slot) -> Holding:
    thing: Any = slot.field
    return Holding(((thing, (slot.value,)),), slot.part == "lacks", slot.words)


def _ranking(parts: _Parts, by: str) -> Ranking | None:
    found = parts.of("most", "least")
    if not found:
        return None
    if len(found) > 1:
        raise PlanIncomplete("Two rankings were proposed.", hint="Ask for one at a time.")
    slot = found[0]
    limit = whole(slot) if slot.value else None
    return Ranking(slot.field or by, slot.part == "most", limit, with_ties=limit is not None)
