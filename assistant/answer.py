"""The Answer document: what every face (command line, HTTP, batch) gives back for a question."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.text import Language

Intent = Literal["catalog", "rules", "consult", "draft", "smalltalk", "other"]
Status = Literal["answered", "partial", "clarify", "declined", "not_found"]
Decline = Literal[
    "patient_level",
    "reidentification",
    "differencing",
    "injection",
    "raw_sql",
    "medical_advice",
    "out_of_scope",
]
Reason = Literal[Decline, "not_in_catalog", "not_stated"]
Review = Literal["verified", "unreviewed", "pending", "suggested"]
MAX_OPTIONS = 4


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(Frozen):
    """A quote and its place: ``start`` and ``end`` are code points of the stored text of ``version``."""

    id: str
    document: str
    version: str
    section: str
    page: int | None = None
    quote: str
    start: int
    end: int
    url: str


class QueryResult(Frozen):
    """The statement that ran, its plan and its rows. A suppressed cell is None beside its status column."""

    id: str
    plan: dict[str, Any]
    sql: str
    dialect: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    review: Review = "unreviewed"
    catalog_version: str
    as_of: str
    rule: str


class Option(Frozen):
    """One choice of a clarifying answer; its label can be sent back as the next question."""

    id: str
    label: str


class Answer(Frozen):
    """One turn. ``text`` is Markdown in the question's language; each claim is cited or stands in a row.

    ``further``: of a question that asks the catalog several things, the queries behind the first one.
    """

    id: str
    conversation: str
    question: str
    language: Language
    intent: Intent
    status: Status
    text: str
    citations: tuple[Citation, ...] = ()
    query: QueryResult | None = None
    further: tuple[QueryResult, ...] = ()
    options: tuple[Option, ...] = Field(default=(), max_length=MAX_OPTIONS)
    reason: Reason | None = None
    suggestions: tuple[str, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)

    @property
    def queries(self) -> tuple[QueryResult, ...]:
        """Every query of the answer, in the order of its parts."""
        return () if self.query is None else (self.query, *self.further)
