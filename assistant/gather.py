"""The step *gather*: run the query plan, look for passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.evidence import gather_evidence
from assistant.turn import Gathered, State
from assistant.understand import is_query
from knowledge.documents.index import KnowledgeIndex
from knowledge.glossary.glossary import Term
from tools.query.execute import execute
from tools.query.guard import GuardSchema
from tools.query.understand.outcome import Understood


def gather(state: State, index: KnowledgeIndex, schema: GuardSchema, terms: Sequence[Term]) -> State:
    """Fill in ``gathered``. Passages are sought where the catalog does not answer."""
    said = state["understanding"]
    catalog = state.get("catalog")
    if said.reason is not None or said.intent in {"smalltalk", "other"}:
        return {"gathered": Gathered()}
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


SURE_OF_CATALOG = 0.8
