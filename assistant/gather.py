"""The step *gather*: run the query plan, look for passages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from assistant.drafting import gather_draft, read_request
from assistant.drafting.gather import Drafting
from assistant.evidence import gather_evidence
from assistant.evidence.continued import whole
from assistant.intent import follows, is_query
from assistant.remember import recall
from assistant.turn import Gathered, State, Understanding
from knowledge.documents.index import KnowledgeIndex
from knowledge.glossary.glossary import Term
from tools.drafting.form import load_form
from tools.query.approved import run_approved
from tools.query.execute import execute
from tools.query.guard import GuardSchema
from tools.query.understand.outcome import Note, Understood


def gather(state: State, index: KnowledgeIndex, schema: GuardSchema, terms: Sequence[Term]) -> State:
    """Fill in ``gathered``. Passages are sought where the catalog does not answer, and the catalog is asked
    where no document does and the whole question can be read as a question to it."""
    said = state["understanding"]
    found = _gather(state, said, index, schema, terms)
    other = said.otherwise
    unstated = found.evidence is not None and found.evidence.verdict == "not_stated"
    if unstated and other is not None and not other.rejected:
        return {"understanding": other, "gathered": _gather(state, other, index, schema, terms)}
    return {"gathered": found}


def _gather(
    state: State, said: Understanding, index: KnowledgeIndex, schema: GuardSchema, terms: Sequence[Term]
) -> Gathered:
    catalog = state.get("catalog")
    if said.reason is not None or said.rejected or said.intent in {"smalltalk", "other"}:
        return Gathered()
    if said.approved is not None and catalog is not None:
        vouched = run_approved(said.approved, said.language, catalog.file.place, schema)
        if vouched is not None:
            return Gathered(vouched, notes=_notes(said), verified=True)
    if isinstance(said.outcome, Understood) and catalog is not None:
        result = execute(said.outcome.plan, catalog.file.place, schema)
        return Gathered(result, notes=said.outcome.notes)
    if follows(said.outcome):
        return Gathered()
    if said.intent == "catalog" and is_query(said.outcome) and said.route.confidence >= SURE_OF_CATALOG:
        return Gathered()
    if said.intent == "draft":
        drafting = _drafting(state, index, schema)
        return Gathered(drafting.result, drafting=drafting)
    style: Literal["rules", "consult"] = "consult" if said.intent == "consult" else "rules"
    ask = partial(
        gather_evidence, state["question"], said.language, index, terms, today=state["today"], intent=style
    )
    evidence = ask(before=said.before)
    if said.before and evidence.verdict == "not_stated" and whole(state["question"]):
        alone = ask()
        evidence = evidence if alone.verdict == "not_stated" else alone
    return Gathered(evidence=evidence)


def _drafting(state: State, index: KnowledgeIndex, schema: GuardSchema) -> Drafting:
    """What a draft question asks for, and what is found for it."""
    language, catalog = state["understanding"].language, state.get("catalog")
    reader = catalog.reader if catalog is not None else None
    previous = recall(state.get("previous"), catalog) if catalog is not None else None
    previous = previous if previous is not None and previous.plan is not None else None
    form = load_form()
    request = read_request(state["question"], form, language, reader, previous)
    source = (catalog.file, catalog.reader.catalog) if catalog is not None else None
    return gather_draft(request, form, language, index, source, schema, state["today"])


def _notes(said: Understanding) -> tuple[Note, ...]:
    """What the reading of the question has to say, where it is the approved one."""
    same = isinstance(said.outcome, Understood) and said.approved is not None and said.approved.sql is None
    return said.outcome.notes if same and isinstance(said.outcome, Understood) else ()


SURE_OF_CATALOG = 0.8
