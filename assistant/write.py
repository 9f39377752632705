"""The step *write*: statements in the question's language, from evidence only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import MAX_OPTIONS, Reason, Status
from assistant.drafting import say_draft
from assistant.evidence import Evidence
from assistant.messages import messages
from assistant.say_evidence import say_evidence
from assistant.say_rows import say_rows
from assistant.statement import Statement
from assistant.turn import CatalogInUse, Draft, Gathered, State, Understanding
from knowledge.catalog.read import Catalog
from knowledge.particles import with_particles
from knowledge.text import Language
from tools.drafting.form import load_form
from tools.query.plan import CountPlan, ListPlan, QueryPlan
from tools.query.readback import name_of, readback
from tools.query.understand.numerals import in_figures
from tools.query.understand.outcome import Absent, Cleared, Note, Unclear
from tools.query.understand.words import key


def write(state: State) -> State:
    """Fill in ``draft``."""
    said, found, catalog = state["understanding"], state["gathered"], state.get("catalog")
    known: tuple[str, ...] = (state["question"], in_figures(state["question"]), said.before)
    if said.reason is not None:
        draft = _declined(said, catalog)
    elif found.drafting is not None:
        read = catalog.reader.catalog if catalog is not None else None
        draft = say_draft(found.drafting, load_form(), read, said.language)
        known = (*known, *draft.known)
        if read is not None and found.result is not None and found.result.plan is not None:
            known = (*known, *_known_of(found.result.plan, read, said.language))
    elif found.result is not None and catalog is not None:
        draft = _from_rows(said, found, catalog)
        if found.result.plan is not None:
            known = (*known, *_known_of(found.result.plan, catalog.reader.catalog, said.language))
    elif found.evidence is not None and found.evidence.verdict != "not_stated":
        draft = _from_evidence(said, found)
    elif isinstance(said.outcome, Absent):
        draft = _absent(said, said.outcome, catalog)
    elif isinstance(said.outcome, Unclear):
        draft = _unclear(said, said.outcome, catalog)
    elif isinstance(said.outcome, Cleared):
        draft = Draft((_frame(messages("turns", said.language)["cleared"]),), "answered")
    elif found.evidence is not None:
        draft = _not_stated(said, found, catalog)
    else:
        draft = _nothing(said, catalog)
    if found.evidence is not None:
        known = (*known, *(repr(standing) for standing in found.evidence.standings))
    return {"draft": replace(draft, statements=_worded(draft.statements), known=known)}


def _worded(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Our own sentences with the particles that the words filled in ask for; quotes stay as they are."""
    return tuple(
        one if one.basis == "quote" else replace(one, text=with_particles(one.text)) for one in statements
    )


def _known_of(plan: QueryPlan, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """The plan read back, and the definitions of the cohorts that it counts."""
    cohorts = plan.cohorts if isinstance(plan, CountPlan) else ()
    definitions = [repr(catalog.cohort_by_id[c]) for c in cohorts if c in catalog.cohort_by_id]
    return (readback(plan, catalog, language), *definitions)


def _frame(text: str) -> Statement:
    return Statement(text, basis="frame")


def _declined(said: Understanding, catalog: CatalogInUse | None) -> Draft:
    text = messages("turns", said.language)["declined"][said.reason]
    status: Status = "not_found" if said.reason in {"not_in_catalog", "not_stated"} else "declined"
    return Draft((_frame(text),), status, said.reason, suggestions=suggest(catalog, said.language))


def _from_rows(said: Understanding, found: Gathered, catalog: CatalogInUse) -> Draft:
    assert found.result is not None
    statements = say_rows(found.result, found.notes, catalog.reader.catalog, said.language)
    # That no dataset fits is an answer; that no count is published, or that none holds all that is named, is
    # not: the names may have been meant otherwise.
    plan = found.result.plan
    needed = not isinstance(plan, ListPlan) or plan.subject == "variable"
    needed = needed or (isinstance(plan, ListPlan) and sum(not h.negated for h in plan.holdings) > 1)
    if needed and any(s.basis == "frame" for s in statements):
        return Draft(statements, "not_found", "not_in_catalog", suggestions=suggest(catalog, said.language))
    return Draft(statements, "answered")


def _from_evidence(said: Understanding, found: Gathered) -> Draft:
    assert found.evidence is not None
    statements = (*_carried(said, found.evidence), *say_evidence(found.evidence, said.language))
    if said.intent == "draft":
        statements = (_frame(messages("turns", said.language)["draft"]), *statements)
        return Draft(statements, "partial")
    return Draft(statements, "partial" if found.evidence.verdict == "partial" else "answered")


def _not_stated(said: Understanding, found: Gathered, catalog: CatalogInUse | None) -> Draft:
    assert found.evidence is not None
    statements = (*_carried(said, found.evidence), *say_evidence(found.evidence, said.language))
    if said.intent == "draft":
        statements = (_frame(messages("turns", said.language)["draft"]), *statements)
    return Draft(statements, "not_found", "not_stated", suggestions=suggest(catalog, said.language))


def _carried(said: Understanding, evidence: Evidence) -> tuple[Statement, ...]:
    """That a turn was read with the question before it, so that a wrong reading is visible."""
    if not evidence.carried:
        return ()
    turns = messages("turns", said.language)
    form = turns["carried_without"] if evidence.left_out else turns["carried"]
    return (_frame(form.format(before=said.before, gone=evidence.left_out)),)


def _nothing(said: Understanding, catalog: CatalogInUse | None) -> Draft:
    turns = messages("turns", said.language)
    if said.intent == "smalltalk":
        return Draft((_frame(turns["smalltalk"]),), "answered", suggestions=suggest(catalog, said.language))
    reason: Reason = "out_of_scope" if said.intent == "other" else "not_stated"
    text = turns["declined"]["out_of_scope"] if said.intent == "other" else turns["nothing"]
    status: Status = "declined" if said.intent == "other" else "not_found"
    return Draft((_frame(text),), status, reason, suggestions=suggest(catalog, said.language))


def _absent(said: Understanding, outcome: Absent, catalog: CatalogInUse | None) -> Draft:
    forms = messages("catalog", said.language)["absent"]
    statements = [_filled(forms, outcome.note, "record")]
    if outcome.nearest:
        statements.append(Statement(forms["nearest"].format(names=", ".join(outcome.nearest)), basis="frame"))
    suggestions = suggest(catalog, said.language, outcome.nearest)
    return Draft(tuple(statements), "not_found", "not_in_catalog", suggestions=suggestions)


def _unclear(said: Understanding, outcome: Unclear, catalog: CatalogInUse | None) -> Draft:
    forms = messages("catalog", said.language)["unclear"]
    note = outcome.note
    if note.code == "no_antecedent" and not note.values.get("words"):
        note = Note("no_antecedent_plain")
    options = outcome.choices[:MAX_OPTIONS]
    suggestions = () if options else suggest(catalog, said.language)
    return Draft((_filled(forms, note, "record"),), "clarify", options=options, suggestions=suggestions)


def _filled(forms: dict[str, str], note: Note, basis: str) -> Statement:
    return Statement(forms[note.code].format(**note.values), basis=basis)  # type: ignore[arg-type]


def suggest(catalog: CatalogInUse | None, language: Language, near: Sequence[str] = ()) -> tuple[str, ...]:
    """Questions that this catalog answers, the nearest to what was asked first."""
    if catalog is None:
        return ()
    forms = messages("catalog", language)["suggest"]
    read = catalog.reader.catalog
    found = []
    for name in near[:1]:
        if any(sense.kind == "variable" for sense in catalog.reader.lexicon.senses(key(name))):
            found.append(forms["variable"].format(variable=name))
    for cohort in read.counted_cohorts[:1]:
        found.append(forms["cohort_by_hospital"].format(cohort=name_of("cohort", cohort, read, language)))
    if read.datasets:
        title = name_of("dataset", read.datasets[0].dataset, read, language)
        found.append(forms["period"].format(dataset=title))
    return tuple(dict.fromkeys((*found, forms["datasets"])))[:3]
