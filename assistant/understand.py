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
Rule = Callable[[Understanding, str, CatalogInUse, str], Understanding]  # ..., the conversation


def understand(state: State, router: Router, rule: Rule | None = None) -> State:
    """Fill in ``understanding``. ``rule`` brings in what reviewers decided on catalog questions."""
    question = normalize(state["question"])
    language: Language = state.get("language") or language_of(question)
    route = router.route(question)
    if route.decline is not None:
        return {"understanding": Understanding(language, _declined_intent(route), route, route.decline)}
    outcome = _outcome(question, language, state)
    intent = _intent(route, outcome, question)
    kept = outcome if intent == "catalog" else None
    said = Understanding(language, intent, route, outcome=kept)
    catalog = state.get("catalog")

    def ruled(reading: Understanding) -> Understanding:
        if rule is None or catalog is None:
            return reading
        return rule(reading, question, catalog, state.get("conversation", ""))

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


def _intent(route: Route, outcome: Outcome | None, question: str) -> Intent:
    """The router's intent, unless the catalog reads the whole question and the router is not sure, or
    the question has an identifier of the catalog in it, which no document is asked about."""
    if route.intent == "catalog":
        return "catalog"
    if isinstance(outcome, Understood) and route.intent != "draft" and (
        route.confidence < SURE or _identifiers(outcome.plan, question)
    ):
        return "catalog"
    return route.intent


def _identifiers(plan: QueryPlan, question: str) -> bool:
    """True where a condition of the plan is a name such as birth_date, as the question spells it."""
    conditions = plan.simple_conditions if isinstance(plan, ListPlan) else ()
    asked = question.casefold()
    return any(
        "_" in str(value) and str(value).casefold() in asked
        for condition in conditions for value in condition.values
    )


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
