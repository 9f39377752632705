"""The step *understand*: language, intent, what is asked of the catalog, or why there will be no answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from assistant.answer import Intent
from assistant.drafting.request import asks_for_draft
from assistant.evidence.continued import asks, goes_on, may_stand_alone
from assistant.parts import pieces, stands_alone, wants
from assistant.remember import recall, topic
from assistant.routing import Route, Router
from assistant.routing.route import INTENTS, PATTERN_CONFIDENCE, TOPICS
from assistant.turn import CatalogInUse, State, Understanding
from knowledge.text import Language, language_of, normalize
from tools.drafting.form import load_form
from tools.query.covering import covers
from tools.query.plan import CountPlan, ListPlan, QueryPlan
from tools.query.plan_document import plan_document
from tools.query.understand.asides import GAP
from tools.query.understand.choices import chosen
from tools.query.understand.outcome import Absent, Cleared, NoQuery, Note, Outcome, Unclear, Understood

SURE = 0.8
PART = 0.6  # how sure the router has to be of a part of a question
REFUSED_SURELY = 0.9  # how sure, by likeness, that what the catalog reads whole is to be refused all the same
ELSEWHERE = 0.95  # ... that what could change the last query asks the documents
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
    read = [_read(text, state, router, rule) for text in texts]
    if picked is None:
        read = _split(question, read[0], state, router, rule)
    if len(read) == 1:
        return {"understanding": read[0]}
    parts = tuple(State(question=said.question, understanding=said) for said in read)
    return {"understanding": read[0], "parts": parts}


def _picked(question: str, state: State) -> tuple[str, ...] | None:
    """The choices offered before that the reply picks; None where it is a question of its own."""
    catalog = state.get("catalog")
    previous = recall(state.get("previous"), catalog) if catalog is not None else None
    return chosen(question, previous.options) if previous is not None and previous.options else None


def _split(
    question: str, whole: Understanding, state: State, router: Router, rule: Rule | None
) -> list[Understanding]:
    """The parts of a question that asks the catalog and the documents, or two things of the catalog that
    cannot be one query; the whole question where that is read as one."""
    texts = pieces(question)
    answered = isinstance(whole.outcome, Understood) and whole.intent == "catalog"
    refused = whole.reason is not None and whole.route.confidence >= REFUSED_SURELY
    settled = refused or follows(whole.outcome) or bool(whole.before)
    if len(texts) == 1 or settled or whole.intent == "draft":
        return [whole]
    if answered and not all(stands_alone(text) for text in texts[1:]):
        return [whole]  # "... and are updated monthly": the second part narrows the first
    read: list[Understanding] = []
    for text in texts:
        said = _read(text, _after(state, read), router, rule)
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
            return [whole]
        read.append(said)
    vague = [said.outcome for said in read[1:] if said.intent == "catalog"]
    if read[0].intent != "catalog" and any(isinstance(o, Understood) and not _names(o.plan) for o in vague):
        return [whole]  # "who should we contact about X? Only the team please"
    if _place_lost(read):
        return [whole]
    kinds = {"catalog" if said.intent == "catalog" else "documents" for said in read}
    lacking = any(isinstance(said.outcome, Absent) for said in read if said.intent == "catalog")
    if "catalog" not in kinds or (lacking and "documents" not in kinds):
        return [whole]
    if kinds == {"catalog"} and not all(stands_alone(text) for text in texts[1:]):
        return [whole]
    if kinds == {"catalog"} and answered:
        alone = all(isinstance(_outcome(text, state), Understood) for text in texts[1:])
        return read if _dropped(whole, read, alone) else [whole]
    return read


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
    if not all(_names(plan) for plan in plans if plan != whole.outcome.plan):
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


def _read(question: str, state: State, router: Router, rule: Rule | None) -> Understanding:
    """One question alone."""
    language: Language = state.get("language") or language_of(question)
    outcome = _outcome(question, state)
    route = _of_a_draft(router.route(question), question, outcome)
    before = _goes_on_from(question, route, outcome, state)
    if before:
        style: Intent = "consult" if route.intent == "consult" else "rules"
        return Understanding(language, style, route, question=question, before=before)
    if route.decline is not None:
        if not _overruled(route, outcome, question, router):
            return Understanding(language, _declined_intent(route), route, route.decline, question=question)
        route = replace(route, intent="catalog")
    if isinstance(outcome, Understood) and follows(outcome) and state.get("language") is None:
        language = outcome.plan.language
    intent = _intent(route, outcome, question)
    kept = outcome if intent == "catalog" or isinstance(outcome, Cleared) else None
    said = Understanding(language, intent, route, outcome=kept, question=question)
    catalog = state.get("catalog")

    def ruled(reading: Understanding) -> Understanding:
        if rule is None or catalog is None:
            return reading
        return rule(reading, question, catalog, state.get("conversation", ""))

    if intent == "catalog":
        return ruled(said)
    if intent in {"rules", "consult"} and _reads(outcome) and _named(outcome):
        return replace(said, otherwise=ruled(replace(said, intent="catalog", outcome=outcome)))
    return said


def _of_a_draft(route: Route, question: str, outcome: Outcome | None) -> Route:
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


def _goes_on_from(question: str, route: Route, outcome: Outcome | None, state: State) -> str:
    """The question to the documents that a turn leaves its topic to; "" where it stands alone, where the
    catalog reads it, or where it is refused."""
    before = topic(state.get("previous"))
    if not before or route.decline not in {None, "out_of_scope"} or route.intent == "draft":
        return ""
    thanks = route.intent == "smalltalk" and route.confidence >= PART and not asks(question)
    if thanks or _reads(outcome) or isinstance(outcome, Cleared) or not goes_on(question):
        return ""
    return "" if route.intent == "catalog" and may_stand_alone(question) else before


def _overruled(route: Route, outcome: Outcome | None, question: str, router: Router) -> bool:
    """A refusal by likeness alone gives way where the catalog reads every word as a question for published
    aggregates ("show me X patients for each dataset") or for a variable by its name, or as a change of what
    was answered before; or all but what is said beside the question, which alone is not refused."""
    if not isinstance(outcome, Understood):
        return route.decline == "out_of_scope" and follows(outcome)
    unsure = route.confidence < REFUSED_SURELY and _names(outcome.plan)
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
    if asked == question:
        return False
    alone = router.route(asked.strip())
    return alone.decline is None or (counted and alone.confidence < REFUSED_SURELY)


def _names(plan: QueryPlan) -> bool:
    """Whether a plan is about something that the question names, not about the catalog at large."""
    if isinstance(plan, ListPlan):
        return bool(plan.conditions or plan.holdings)
    if isinstance(plan, CountPlan):
        return bool(plan.cohorts or plan.hospitals or plan.datasets)
    return bool(plan.left or plan.right)


def _declined_intent(route: Route) -> Intent:
    return "other" if route.intent == "smalltalk" else route.intent


def _outcome(question: str, state: State) -> Outcome | None:
    catalog = state.get("catalog")
    if catalog is None:
        return None
    previous = recall(state.get("previous"), catalog)
    return catalog.reader.understand(question, previous, state.get("language"), state["today"])


def _intent(route: Route, outcome: Outcome | None, question: str) -> Intent:
    """The router's intent, unless the catalog reads the whole question and the router is not sure, or
    the question has an identifier of the catalog in it, which no document is asked about."""
    if isinstance(outcome, Cleared):
        return "smalltalk"
    elsewhere = route.intent in {"rules", "consult", "draft"}
    if isinstance(outcome, Absent) and outcome.note.code == "no_values" and route.intent != "draft":
        return "catalog"  # an average over patients: no document has it either
    if route.intent == "catalog" or (follows(outcome) and not (
        elsewhere and route.confidence >= (ELSEWHERE if isinstance(outcome, Understood) else PART)
    )):
        return "catalog"
    if _reads(outcome) and route.intent != "draft":
        identified = isinstance(outcome, Understood) and _identifiers(outcome.plan, question)
        if route.confidence < SURE or identified:
            return "catalog"
    return route.intent


def _reads(outcome: Outcome | None) -> bool:
    """Whether the catalog reads the whole question, if only down to a choice or to an empty limit."""
    if isinstance(outcome, Unclear):
        return bool(outcome.choices)
    return isinstance(outcome, Understood) or (isinstance(outcome, Absent) and outcome.plan is not None)


def _named(outcome: Outcome | None) -> bool:
    """Whether it is about something that the question names; a choice always is."""
    plan = outcome.plan if isinstance(outcome, Understood | Absent) else None
    return plan is None or _names(plan)


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
