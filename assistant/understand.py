"""The step *understand*: language, intent, what is asked of the catalog, or why there will be no answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from assistant.answer import Intent
from assistant.routing import Route, Router
from assistant.turn import CatalogInUse, State, Understanding
from knowledge.errors import PlanIncomplete
from knowledge.text import Language, language_of, normalize
from tools.query.plan import CountPlan, ListPlan, QueryPlan
from tools.query.plan_document import read_plan
from tools.query.understand.follow import Previous
from tools.query.understand.outcome import NoQuery, Outcome, Understood

SURE = 0.8
Rule = Callable[[Understanding, str, CatalogInUse], Understanding]


def understand(state: State, router: Router, rule: Rule | None = None) -> State:
    """Fill in ``understanding``. ``rule`` brings in what reviewers decided on catalog questions."""
    question = normalize(state["question"])
    language: Language = state.get("language") or language_of(question)
    route = router.route(question)
    if route.decline is not None:
        return {"understanding": Understanding(language, _declined_intent(route), route, route.decline)}
    outcome = _outcome(question, language, state)
    intent = _intent(route, outcome)
    kept = outcome if intent == "catalog" else None
    said = Understanding(language, intent, route, outcome=kept)
    catalog = state.get("catalog")

    def ruled(reading: Understanding) -> Understanding:
        return reading if rule is None or catalog is None else rule(reading, question, catalog)

    if intent == "catalog":
        said = ruled(said)
    elif intent in {"rules", "consult"} and isinstance(outcome, Understood) and _names(outcome.plan):
        said = replace(said, otherwise=ruled(Understanding(language, "catalog", route, outcome=outcome)))
    return {"understanding": said}


def _names(plan: QueryPlan) -> bool:
    """Whether a plan is about something that the question names, not about the catalog at large."""
    if isinstance(plan, ListPlan):
        return bool(plan.conditions or plan.holdings)
    if isinstance(plan, CountPlan):
        return bool(plan.cohorts or plan.hospitals or plan.datasets)
    return bool(plan.left or plan.right)


def _declined_intent(route: Route) -> Intent:
    return "other" if route.intent == "smalltalk" else route.intent


def _outcome(question: str, language: Language, state: State) -> Outcome | None:
    catalog = state.get("catalog")
    if catalog is None:
        return None
    return catalog.reader.understand(question, recall(state.get("previous"), catalog), language)


def _intent(route: Route, outcome: Outcome | None) -> Intent:
    """The router's intent, unless the catalog reads the whole question and the router is not sure."""
    if route.intent == "catalog":
        return "catalog"
    if isinstance(outcome, Understood) and route.confidence < SURE and route.intent != "draft":
        return "catalog"
    return route.intent


def recall(previous: Mapping[str, Any] | None, catalog: CatalogInUse) -> Previous | None:
    """The plan of an earlier turn, unless the catalog has changed since."""
    if not previous or previous.get("catalog_version") != catalog.file.version:
        return None
    try:
        return Previous(read_plan(previous["plan"]), tuple(previous.get("datasets", ())))
    except PlanIncomplete:
        return None  # written by a version with other plans: the follow-up asks for its subject again


def is_query(outcome: Outcome | None) -> bool:
    """True when the catalog has something to say, if only what is unclear or missing."""
    return outcome is not None and not isinstance(outcome, NoQuery)
