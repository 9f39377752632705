"""The step *understand*: language, intent, what is asked of the catalog, or why there will be no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.answer import Intent
from assistant.evidence.continued import asks, goes_on, may_stand_alone
from assistant.intent import (
    PART,
    about_something,
    declined_intent,
    follows,
    intent_of,
    overruled,
    read_catalog,
    reads,
    without_draft,
)
from assistant.remember import recall, topic
from assistant.routing import Route, Router
from assistant.several import split
from assistant.turn import CatalogInUse, State, Understanding
from knowledge.text import Language, language_of, normalize
from tools.query.understand.choices import chosen
from tools.query.understand.outcome import Cleared, Note, Outcome, Unclear, Understood

Rule = Callable[[Understanding, str, CatalogInUse, str], Understanding]  # ..., the conversation


def understand(state: State, router: Router, rule: Rule | None = None) -> State:
    """Fill in ``understanding``, and ``parts`` where several things are asked.

    ``rule`` brings in what reviewers decided on catalog questions.
    """
    question = normalize(state["question"])
    picked = _picked(question, state)
    if picked == ():
        route = router.route(question)
        unclear = Unclear(Note("neither"), follows=True)
        language: Language = state.get("language") or language_of(question)
        return {"understanding": Understanding(language, "catalog", route, outcome=unclear)}
    texts = picked or (question,)

    def read(text: str, state: State) -> Understanding:
        return _read(text, state, router, rule)

    understood = [read(text, state) for text in texts]
    if picked is None:
        understood = split(question, understood[0], state, read)
    if len(understood) == 1:
        return {"understanding": understood[0]}
    parts = tuple(State(question=said.question, understanding=said) for said in understood)
    return {"understanding": understood[0], "parts": parts}


def _picked(question: str, state: State) -> tuple[str, ...] | None:
    """The choices offered before that the reply picks; None where it is a question of its own."""
    catalog = state.get("catalog")
    previous = recall(state.get("previous"), catalog) if catalog is not None else None
    return chosen(question, previous.options) if previous is not None and previous.options else None


def _read(question: str, state: State, router: Router, rule: Rule | None) -> Understanding:
    """One question alone."""
    language: Language = state.get("language") or language_of(question)
    outcome = read_catalog(question, state)
    route = without_draft(router.route(question), question, outcome)
    before = _goes_on_from(question, route, outcome, state)
    if before:
        style: Intent = "consult" if route.intent == "consult" else "rules"
        return Understanding(language, style, route, question=question, before=before)
    if route.decline is not None:
        if not overruled(route, outcome, question, router):
            return Understanding(language, declined_intent(route), route, route.decline, question=question)
        route = replace(route, intent="catalog")
    if isinstance(outcome, Understood) and follows(outcome) and state.get("language") is None:
        language = outcome.plan.language
    intent = intent_of(route, outcome, question)
    kept = outcome if intent == "catalog" or isinstance(outcome, Cleared) else None
    said = Understanding(language, intent, route, outcome=kept, question=question)
    catalog = state.get("catalog")

    def ruled(reading: Understanding) -> Understanding:
        if rule is None or catalog is None:
            return reading
        return rule(reading, question, catalog, state.get("conversation", ""))

    if intent == "catalog":
        return ruled(said)
    if intent in {"rules", "consult"} and reads(outcome) and about_something(outcome):
        return replace(said, otherwise=ruled(replace(said, intent="catalog", outcome=outcome)))
    return said


def _goes_on_from(question: str, route: Route, outcome: Outcome | None, state: State) -> str:
    """The question to the documents that a turn leaves its topic to; "" where it stands alone, where the
    catalog reads it, or where it is refused."""
    before = topic(state.get("previous"))
    if not before or route.decline not in {None, "out_of_scope"} or route.intent == "draft":
        return ""
    thanks = route.intent == "smalltalk" and route.confidence >= PART and not asks(question)
    if thanks or reads(outcome) or isinstance(outcome, Cleared) or not goes_on(question):
        return ""
    return "" if route.intent == "catalog" and may_stand_alone(question) else before
