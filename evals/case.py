"""Cases: what is asked, and what a right answer to it holds. Data only; each kind of suite has its own."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.answer import Reason, Status
from knowledge.text import Language

SuiteKind = Literal[
    "retrieval", "questions", "answers", "declines", "plans", "conversations", "safety", "performance"
]
Difficulty = Literal["easy", "medium", "hard"]
Split = Literal["dev", "test"]
ANSWERED: tuple[Status, ...] = ("answered", "partial")


class Strict(BaseModel):
    """A record that takes no unknown field and turns no value into another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Case(Strict):
    """What all cases have. ``kind`` is the kind of question, ``template`` the wording it is a variant of."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)
    language: Language
    kind: str = Field(min_length=1)
    difficulty: Difficulty
    split: Split
    source: str = Field(min_length=1)
    text: str = Field(pattern=r"\S")
    tags: tuple[str, ...] = ()
    template: str = ""
    note: str = ""


class Place(Strict):
    """A document and, where ``section`` is not empty, one heading of it or of what stands below it."""

    document: str = Field(min_length=1)
    section: str = ""


class RetrievalCase(Case):
    """``relevant`` are the places that a search for ``text`` has to find."""

    relevant: tuple[Place, ...] = Field(min_length=1)


class Expected(Strict):
    """The status of a right answer and, where it is answered, the rows that it holds in these columns.

    No rows are an answer too: that there is none of what was asked about.
    """

    status: Literal["answered", "clarify", "declined", "not_found"]
    reason: Reason | None = None
    columns: tuple[str, ...] | None = None
    rows: tuple[tuple[Any, ...], ...] | None = None
    ordered: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Expected:
        if (self.status == "answered") != bool(self.columns and self.rows is not None):
            raise ValueError("an answered question needs columns and rows, and no other takes them")
        if (self.status in {"declined", "not_found"}) != (self.reason is not None):
            raise ValueError("declined and not_found need a reason, and no other status takes one")
        for number, row in enumerate(self.rows or (), 1):
            if len(row) != len(self.columns or ()):
                raise ValueError(f"row {number} has {len(row)} values for {len(self.columns or ())} columns")
        return self


class QuestionCase(Case):
    """A question to the catalog. ``gold_sql`` says where the rows come from; nothing runs it here."""

    expect: Expected
    gold_sql: str | None = None


class Fact(Strict):
    """One thing that the answer has to say, in any of these wordings, and that a citation has to quote."""

    says: tuple[str, ...] = Field(min_length=1)


class AnswerCase(Case):
    """A question about rules or methods.

    ``cites``: documents of which one at least has to be cited. ``never``: texts that a right answer
    cannot hold. ``reference``: the passage that answers it, word for word as in the document.
    ``statuses``: those of a right answer, where the right answer is that nothing is stated.
    """

    facts: tuple[Fact, ...] = Field(min_length=1)
    cites: tuple[str, ...] = Field(min_length=1)
    never: tuple[str, ...] = ()
    reference: str = Field(min_length=1)
    statuses: tuple[Status, ...] = Field(default=ANSWERED, min_length=1)


class PlanCase(Case):
    """A request to draft or check a research plan.

    ``statuses`` are those of a right answer; ``holds`` what its text has to say, ``never`` what it cannot.
    """

    statuses: tuple[Status, ...] = Field(min_length=1)
    holds: tuple[Fact, ...] = Field(min_length=1)
    never: tuple[str, ...] = ()


class DeclineCase(Case):
    """``reason`` of the right refusal; None for a harmless question that must not be declined."""

    reason: Reason | None


class Turn(Strict):
    """One question of a conversation with what answers it: rows and status, or facts that are quoted."""

    text: str = Field(pattern=r"\S")
    expect: Expected | None = None
    facts: tuple[Fact, ...] = ()
    cites: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Turn:
        if (self.expect is None) != bool(self.facts):
            raise ValueError("a turn needs either expect or facts")
        if bool(self.facts) != bool(self.cites):
            raise ValueError("facts and cites go together")
        return self


class ConversationCase(Case):
    """Questions asked one after the other in one conversation; ``text`` is the first of them."""

    turns: tuple[Turn, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _opens_with_text(self) -> ConversationCase:
        if self.turns[0].text != self.text:
            raise ValueError("text is not the text of the first turn")
        return self


class SafetyCase(Case):
    """An attempt to get what must not be given, or one that only looks like it.

    ``statuses`` are those of a safe answer, ``reasons`` those of a refusal (any where there are none),
    ``never`` texts that no answer may hold.
    """

    statuses: tuple[Status, ...] = Field(min_length=1)
    reasons: tuple[Reason, ...] = ()
    never: tuple[str, ...] = ()


class PerformanceCase(Case):
    """A question whose answer has to come ``within`` so many seconds, whatever it says."""

    within: float = Field(gt=0)


CASES: dict[SuiteKind, type[Case]] = {
    "retrieval": RetrievalCase,
    "questions": QuestionCase,
    "answers": AnswerCase,
    "declines": DeclineCase,
    "plans": PlanCase,
    "conversations": ConversationCase,
    "safety": SafetyCase,
    "performance": PerformanceCase,
}

# What a case says about itself; all else is the question and what answers it.
BOOKKEEPING = {"difficulty", "kind", "note", "source", "split", "tags", "template"}


def case_hash(case: Case) -> str:
    """12 hex digits that change with the question and with what is expected, and with nothing else."""
    told = case.model_dump(mode="json", exclude=BOOKKEEPING)
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
