"""The step *propose*: where the grammar abstains and a language model is configured, its proposal, checked.

Without a model the step is not on the road. With one, a question that the grammar reads, a choice it
offers and everything that is declined stay as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from assistant.language_model import Proposer
from assistant.turn import State, Understanding
from knowledge.errors import ModelUnavailable, PlanIncomplete
from knowledge.glossary.glossary import Term
from knowledge.text import normalize
from tools.query.propose import Accepted, accept, offer
from tools.query.understand.figures import with_digits
from tools.query.understand.outcome import Absent, NoQuery, Note, Unclear, Understood

_log = logging.getLogger(__name__)
# Of these a model knows no more than the grammar: what "that one" is, and whether numbers are published.
_SETTLED = {"no_antecedent", "no_antecedent_plain", "no_count", "joint_cohorts", "rejected_reading"}


def propose(state: State, model: Proposer, terms: Sequence[Term]) -> State:
    """``understanding`` with the model's reading where one is accepted; else nothing changes."""
    said, catalog = state["understanding"], state.get("catalog")
    if catalog is None or not _open(said):
        return {}
    question = normalize(state["question"])
    offered = offer(question, catalog.reader.catalog)
    try:
        proposal = model.propose(question, offered)
    except (ModelUnavailable, PlanIncomplete) as error:
        _log.warning("%s", error)
        return {}
    found = accept(proposal, catalog.reader.clues(with_digits(question), said.language), offered, terms)
    if not isinstance(found, Accepted):
        _log.info("The proposal of %s is not taken: %s.", model.name, found.why)
        return {}
    notes = [Note("suggested")]
    if found.unknown:
        notes.append(Note("not_understood", {"words": ", ".join(found.unknown)}))
    outcome = Understood(found.plan, tuple(notes))
    return {"understanding": replace(said, intent="catalog", outcome=outcome, suggested_by=model.name)}


def _open(said: Understanding) -> bool:
    """True where the grammar abstains on a question to the catalog."""
    if said.reason is not None or said.rejected or said.approved is not None or said.intent != "catalog":
        return False
    outcome = said.outcome
    if isinstance(outcome, Absent | Unclear) and outcome.note.code in _SETTLED:
        return False
    if isinstance(outcome, Unclear):
        return not outcome.choices
    return isinstance(outcome, Absent | NoQuery)
