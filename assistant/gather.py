"""The step *gather*: run the query plan, look for passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.evidence import gather_evidence
from assistant.turn import Gathered, State, Understanding
from assistant.understand import is_query
from knowledge.documents.index import KnowledgeIndex
from knowledge.glossary.glossary import Term
from tools.query.approved import run_approved
from tools.query.execute import execute
from tools.query.guard import GuardSchema
from tools.query.understand.outcome import Note, Understood


def gather(state: State, index: KnowledgeIndex, schema: GuardSchema, terms: Sequence[Term]) -> State:
    """Fill in ``gathered``. Passages are sought where the catalog does not answer."""
    said = state["understanding"]
    catalog = state.get("catalog")
    if said.reason is not None or said.rejected or said.intent in {"smalltalk", "other"}:
        return {"gathered": Gathered()}
    if said.approved is not None and catalog is not None:
        vouched = run_approved(said.approved, said.language, catalog.file.path, schema)
        if vouched is not None:
            return {"gathered": Gathered(vouched, notes=_notes(said), verified=True)}
    if isinstance(said.outcome, Understood) and catalog is not None:
        result = execute(said.outcome.plan, catalog.file.path, schema)
        return {"gathered": Gathered(result, notes=said.outcome.notes)}
    if said.intent == "catalog" and is_query(said.outcome) and said.route.confidence >= SURE_OF_CATALOG:
        return {"gathered": Gathered()}
    style: Literal["rules", "consult"] = "consult" if said.intent == "consult" else "rules"
    evidence = gather_evidence(
        state["question"], said.language, index, terms, today=state["today"], intent=style
    )
    return {"gathered": Gathered(evidence=evidence)}


def _notes(said: Understanding) -> tuple[Note, ...]:
    """What the reading of the question has to say, where it is the approved one."""
    same = isinstance(said.outcome, Understood) and said.approved is not None and said.approved.sql is None
    return said.outcome.notes if same and isinstance(said.outcome, Understood) else ()


SURE_OF_CATALOG = 0.8
