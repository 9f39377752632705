"""What a conversation keeps for follow-ups, as plain values, and how it is read again.

    plan, before    documents of the last plan and of the one before it
    named           what the rows named: datasets, hospitals, variables
    listed          the last answer of several rows: their kind and ids in order
    options         the questions that were offered, where one has to be chosen
    absent          why the last plan had nothing to show: a note's code and values
    asked           the last question to the documents, where no rows were shown since
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.turn import CatalogInUse, Gathered, Understanding
from knowledge.errors import PlanIncomplete
from tools.query.execute import Result
from tools.query.plan import CountPlan, ListPlan, QueryPlan
from tools.query.plan_document import plan_document, read_plan
from tools.query.understand.antecedent import Listed, Previous
from tools.query.understand.outcome import Absent, Cleared, Note, Outcome, Unclear

MAX_NAMED = 60
_COLUMNS = {"dataset": "dataset", "hospital": "hospital", "variable": "name", "cohort": "cohort"}
Kept = Mapping[str, Any]


def remember(
    said: Understanding, found: Gathered, catalog: CatalogInUse, previous: Kept | None
) -> dict[str, Any] | None:
    """What to keep after a turn in the place of ``previous``; None forgets all."""
    if found.result is not None:
        if found.result.plan is None:
            return None  # a consultant's statement has no parts that a follow-up could change
        return _of_rows(found.result, found.result.plan, catalog, previous)
    kept = after(said.outcome, catalog, previous)
    if found.evidence is None:
        return kept
    return {**(kept or {}), "asked": said.before or said.question}


def topic(kept: Kept | None) -> str:
    """The question to the documents that a turn may go on from; "" where the last rows are newer."""
    return str(kept.get("asked", "")) if kept else ""


def after(outcome: Outcome | None, catalog: CatalogInUse, previous: Kept | None) -> dict[str, Any] | None:
    """What to keep of a turn that came to no rows."""
    kept = dict(previous) if previous else {}
    if isinstance(outcome, Cleared):
        return None
    if isinstance(outcome, Unclear):
        if outcome.choices:
            return {**kept, "options": list(outcome.choices), "catalog_version": catalog.file.version}
        loose = outcome.follows or outcome.note.code.startswith("no_antecedent")
        return kept or None if loose else None
    if isinstance(outcome, Absent):
        if outcome.follows and outcome.plan is None:
            return kept or None
        if outcome.plan is None:
            return None  # a question of its own that the catalog does not answer: nothing before it counts
        note = {"code": outcome.note.code, "values": dict(outcome.note.values)}
        return {
            "plan": plan_document(outcome.plan),
            "absent": note,
            "listed": kept.get("listed"),
            "catalog_version": catalog.file.version,
        }
    return {k: v for k, v in kept.items() if k != "options"} or None


def _of_rows(result: Result, plan: QueryPlan, catalog: CatalogInUse, previous: Kept | None) -> dict[str, Any]:
    kept = previous or {}
    named = {kind: _ids(result, column) for kind, column in _COLUMNS.items()}
    document = plan_document(plan)
    return {
        "plan": document,
        "before": kept.get("plan") if kept.get("plan") != document else kept.get("before"),
        "named": {kind: ids[:MAX_NAMED] for kind, ids in named.items() if ids},
        "listed": _listed(plan, named) or _only(plan, named, kept.get("listed")),
        "catalog_version": catalog.file.version,
    }


def _ids(result: Result, column: str) -> list[str]:
    if column not in result.columns:
        return []
    at = result.columns.index(column)
    return list(dict.fromkeys(str(row[at]) for row in result.rows if row[at] is not None))


def _listed(plan: QueryPlan, named: Mapping[str, list[str]]) -> dict[str, Any] | None:
    """The things that the rows are about, where there are several."""
    subject = plan.subject if isinstance(plan, ListPlan) else None
    for kind in (subject, "hospital", "dataset", "cohort") if subject is None else (subject,):
        ids = named.get(str(kind), [])
        if 1 < len(ids) <= MAX_NAMED:
            return {"kind": kind, "ids": ids}
    return None


def _only(
    plan: QueryPlan, named: Mapping[str, list[str]], before: dict[str, Any] | None
) -> dict[str, Any] | None:
    """The list before, where the plan is of one thing in it; else the one thing that the rows named."""
    datasets = named.get("dataset", [])
    if isinstance(plan, ListPlan):
        asked = [str(v) for c in plan.simple_conditions if c.field == "dataset.dataset" for v in c.values]
    else:
        asked = list(plan.datasets) if isinstance(plan, CountPlan) else []
    if len(datasets) != 1 or (before is not None and asked == datasets and datasets[0] in before["ids"]):
        return before
    return {"kind": "dataset", "ids": datasets}


def recall(kept: Kept | None, catalog: CatalogInUse) -> Previous | None:
    """What earlier turns left behind, unless the catalog has changed since."""
    if not kept or kept.get("catalog_version") != catalog.file.version:
        return None
    try:
        plan = read_plan(kept["plan"]) if kept.get("plan") else None
        before = read_plan(kept["before"]) if kept.get("before") else None
    except PlanIncomplete:
        return None  # written by a version with other plans: the follow-up asks for its subject again
    named, listed, absent = kept.get("named") or {}, kept.get("listed"), kept.get("absent")
    return Previous(
        plan,
        datasets=tuple(named.get("dataset", ())),
        hospitals=tuple(named.get("hospital", ())),
        variables=tuple(named.get("variable", ())),
        listed=Listed(listed["kind"], tuple(listed["ids"])) if listed else None,
        before=before,
        options=tuple(kept.get("options", ())),
        absent=Note(absent["code"], absent["values"]) if absent else None,
    )
