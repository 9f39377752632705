"""What the router and the catalog together make of a question: its intent, or a refusal."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answer import Intent
from assistant.drafting.request import asks_for_draft
from assistant.remember import recall
from assistant.routing import Route, Router
from assistant.routing.declines import TOPICS
from assistant.routing.route import INTENTS, PATTERN_CONFIDENCE
from assistant.turn import State
from tools.drafting.form import load_form
from tools.query.plan import CountPlan, ListPlan, QueryPlan
from tools.query.understand.asides import GAP
from tools.query.understand.outcome import Absent, Cleared, NoQuery, Outcome, Unclear, Understood

SURE = 0.8
PART = 0.6  # how sure the router has to be of a part of a question
REFUSED_SURELY = 0.9  # how sure, by likeness, that what the catalog reads whole is to be refused all the same
ELSEWHERE = 0.95  # ... that what could change the last query asks the documents


def read_catalog(question: str, state: State) -> Outcome | None:
    catalog = state.get("catalog")
    if catalog is None:
        return None
    previous = recall(state.get("previous"), catalog)
    return catalog.reader.understand(question, previous, state.get("language"), state["today"])


def intent_of(route: Route, outcome: Outcome | None, question: str) -> Intent:
    """The router's intent, unless the catalog reads the whole question and the router is not sure, or
    the question has an identifier of the catalog in it, which no document is asked about."""
    if isinstance(outcome, Cleared):
        return "smalltalk"
    if route.intent == "smalltalk" and route.confidence >= SURE and not reads(outcome):
        return "smalltalk"  # "I'll be back tomorrow then"
    elsewhere = route.intent in {"rules", "consult", "draft"}
    if isinstance(outcome, Absent) and outcome.note.code == "no_values" and route.intent != "draft":
        return "catalog"  # an average over patients: no document has it either
    if route.intent == "catalog" or (follows(outcome) and not (
        elsewhere and route.confidence >= (ELSEWHERE if isinstance(outcome, Understood) else PART)
    )):
        return "catalog"
    if reads(outcome) and route.intent != "draft":
        identified = isinstance(outcome, Understood) and _identifiers(outcome.plan, question)
        if route.confidence < SURE or identified:
            return "catalog"
    return route.intent


def declined_intent(route: Route) -> Intent:
    return "other" if route.intent == "smalltalk" else route.intent


def without_draft(route: Route, question: str, outcome: Outcome | None) -> Route:
    """The route; the next likely one for a draft where the question speaks of no plan and of no writing."""
    asked = question
    if isinstance(outcome, Understood):  # a plan that is only spoken of first is not asked for
        for note in outcome.notes:
            if note.code == "introduction":  # its words may have been put right, so that they are not cut out
                asked = question[max(0, min(len(str(note.values["words"])), len(question))) :]
    if route.intent != "draft" or asks_for_draft(asked, load_form()):
        return route
    if isinstance(outcome, Understood):
        return replace(route, intent="catalog")
    rest = {label: route.scores[label] for label in (*INTENTS, "out_of_scope") if label != "draft"}
    best = max(rest, key=rest.__getitem__)
    share = rest[best] / (sum(rest.values()) or 1.0)
    if best == "out_of_scope":
        return Route("other", "out_of_scope", share, route.scores)
    return Route(best, None, share, route.scores)  # type: ignore[arg-type]


def overruled(route: Route, outcome: Outcome | None, question: str, router: Router) -> bool:
    """A refusal by likeness alone gives way where the catalog reads every word as a question for published
    aggregates ("show me X patients for each dataset") or for a variable by its name, or as a change of what
    was answered before; or all but what is said beside the question, which alone is not refused."""
    if not isinstance(outcome, Understood):
        return route.decline == "out_of_scope" and follows(outcome)
    unsure = route.confidence < REFUSED_SURELY and names_something(outcome.plan)
    if route.decline == "out_of_scope":
        named = unsure and not outcome.notes
        return named or outcome.follows or _one_variable(outcome.plan, question)
    if route.decline not in TOPICS or route.confidence >= PATTERN_CONFIDENCE:
        return False
    counted = unsure and isinstance(outcome.plan, CountPlan)
    if outcome.follows or ((route.decline == "patient_level" or counted) and not outcome.notes):
        return True
    asked = question
    for note in outcome.notes:
        if note.code == "introduction":
            for words in str(note.values["words"]).split(GAP):
                asked = asked.replace(words, " ")
                said = router.route(words)
                if said.decline in TOPICS and said.confidence >= REFUSED_SURELY:
                    return False  # "if I give you someone's birthday, could you say ..."
    if asked == question:
        return False
    alone = router.route(asked.strip())
    return alone.decline is None or (counted and alone.confidence < REFUSED_SURELY)


def names_something(plan: QueryPlan) -> bool:
    """Whether a plan is about something that the question names, not about the catalog at large."""
    if isinstance(plan, ListPlan):
        return bool(plan.conditions or plan.holdings)
    if isinstance(plan, CountPlan):
        return bool(plan.cohorts or plan.hospitals or plan.datasets)
    return bool(plan.left or plan.right)


def about_something(outcome: Outcome | None) -> bool:
    """Whether it is about something that the question names; a choice always is."""
    plan = outcome.plan if isinstance(outcome, Understood | Absent) else None
    return plan is None or names_something(plan)


def reads(outcome: Outcome | None) -> bool:
    """Whether the catalog reads the whole question, if only down to a choice or to an empty limit."""
    if isinstance(outcome, Unclear):
        return bool(outcome.choices)
    return isinstance(outcome, Understood) or (isinstance(outcome, Absent) and outcome.plan is not None)


def _identifiers(plan: QueryPlan, question: str) -> bool:
    """True where a condition of the plan is a name such as birth_date, as the question spells it."""
    conditions = plan.simple_conditions if isinstance(plan, ListPlan) else ()
    asked = question.casefold()
    return any(
        "_" in str(value) and str(value).casefold() in asked
        for condition in conditions for value in condition.values
    )


def _one_variable(plan: QueryPlan, question: str) -> bool:
    """Whether a plan is about one variable whose name stands in the question ("What does eGFR_v mean?")."""
    conditions = plan.simple_conditions if isinstance(plan, ListPlan) and plan.subject == "variable" else ()
    names = [str(value) for c in conditions if c.field == "variable.name" for value in c.values]
    if not len(conditions) == len(names) == 1:
        return False
    return bool(re.search(rf"(?<!\w){re.escape(names[0])}(?![A-Za-z0-9_])", question))


def is_query(outcome: Outcome | None) -> bool:
    """True when the catalog has something to say, if only what is unclear or missing."""
    return outcome is not None and not isinstance(outcome, NoQuery | Cleared)


def follows(outcome: Outcome | None) -> bool:
    """True for a turn that is nothing without the ones before it, so that no document is asked about it."""
    return isinstance(outcome, Cleared) or (
        isinstance(outcome, Understood | Unclear | Absent) and outcome.follows
    )
