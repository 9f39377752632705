"""The state of one turn, as the steps of the road hand it on.

Only ``previous`` outlives the turn: it is what a follow-up refers to, and the only part that is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from langgraph.channels import UntrackedValue

from assistant.answer import Answer, Intent, Reason, Status
from assistant.evidence import Evidence
from assistant.routing import Route
from assistant.statement import Statement
from knowledge.catalog.versions import CatalogFile
from knowledge.text import Language
from tools.query.approved import ApprovedPlan
from tools.query.execute import Result
from tools.query.understand.outcome import Note, Outcome
from tools.query.understand.understand import Reader

if TYPE_CHECKING:
    from assistant.drafting.gather import Drafting


@dataclass(frozen=True, slots=True, eq=False)
class CatalogInUse:
    """One catalog version with everything that reads it; each is its own."""

    file: CatalogFile
    reader: Reader


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question is taken to be: its intent, and what it asks of the catalog where it does.

    ``approved`` is the plan that a reviewer approved for a like question; it goes before ``outcome``.
    ``suggested_by`` names the language model that proposed the outcome's plan, empty for the grammar's.
    ``rejected``: a reviewer turned the reading down. ``otherwise``: what else the whole question can be
    read as, a question to the catalog, for when no document answers it. ``question`` are the words that
    this is the reading of, ``before`` those of the question to the documents that it goes on from.
    """

    language: Language
    intent: Intent
    route: Route
    reason: Reason | None = None
    outcome: Outcome | None = None
    approved: ApprovedPlan | None = None
    rejected: bool = False
    suggested_by: str = ""
    otherwise: Understanding | None = None
    question: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found: rows of the catalog, passages of documents, the parts of a plan.

    ``verified``: the rows come by an approved plan.
    """

    result: Result | None = None
    evidence: Evidence | None = None
    notes: tuple[Note, ...] = ()
    verified: bool = False
    drafting: Drafting | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The answer as written, before it is checked."""

    statements: tuple[Statement, ...]
    status: Status
    reason: Reason | None = None
    options: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    known: tuple[str, ...] = field(default=())


class State(TypedDict, total=False):
    """LangGraph's state. Untracked parts live for one turn and are never stored.

    ``parts``: where several things are asked, the question, understanding and so on of each.
    """

    question: Annotated[str, UntrackedValue]
    language: Annotated[Language | None, UntrackedValue]
    today: Annotated[date, UntrackedValue]
    conversation: Annotated[str, UntrackedValue]
    catalog: Annotated[CatalogInUse | None, UntrackedValue]
    understanding: Annotated[Understanding, UntrackedValue]
    gathered: Annotated[Gathered, UntrackedValue]
    draft: Annotated[Draft, UntrackedValue]
    answer: Annotated[Answer, UntrackedValue]
    timings: Annotated[dict[str, float], UntrackedValue]
    parts: Annotated[tuple[State, ...], UntrackedValue]
    previous: dict[str, Any] | None
