"""Plans that a consultant has approved or rejected, and whether a question is like theirs.

Two questions are alike when they come to the same plan, whatever language its labels are in, and
say nothing different beyond it. So particles, politeness and the order of clauses do not count, nor
does which of its names a thing is called by; a word that the plan has no place for does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.catalog.place import Place
from knowledge.errors import SqlRejected
from knowledge.text import Language
from tools.query.execute import Result, execute, execute_sql, query_id
from tools.query.guard import GuardSchema
from tools.query.plan import ListPlan, QueryPlan
from tools.query.understand.clues import Clues
from tools.query.understand.follow import needs_previous
from tools.query.understand.segment import FILLER
from tools.query.understand.words import key

# Steering words that change what is asked; the others only ask, name or group, which the plan shows.
TURNS = (
    *("not", "or", "both", "rank.", "compare", "differ", "overlap", "linkage"),
    *("recent", "ongoing", "starts", "ends"),
)


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """The plan of a question, vouched for by a reviewer.

    ``sql`` is what a consultant wrote in the place of the plan's own statement, None for that one.
    ``hash`` is of the statement and the guard's schema: with another hash it is not what was approved.
    ``expires``: it holds while this catalog version is in use.
    """

    question: str
    language: Language
    plan: QueryPlan
    hash: str
    reviewer: str
    expires: str
    sql: str | None = None

    @property
    def id(self) -> str:
        """Names the approved statement, as ``Result.id`` would."""
        return query_id(self.hash)


@dataclass(frozen=True, slots=True)
class RejectedPlan:
    """A reading of a question that a reviewer turned down."""

    question: str
    plan: QueryPlan
    reviewer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What likeness is judged by: the question's key, its reading where there is one, its words.

    whole: it stands on its own, without an earlier question.
    """

    key: str
    plan: QueryPlan | None
    words: frozenset[str]
    whole: bool


Reading = Callable[[str], Asked]


def asked(clues: Clues, plan: QueryPlan | None) -> Asked:
    """A question as it is compared. ``plan`` is what the reader takes it to mean, None for no query."""
    return Asked(key(clues.text), plan, _beyond(clues), not needs_previous(clues))


def match(question: Asked, approved: Sequence[ApprovedPlan], reading: Reading) -> ApprovedPlan | None:
    """The first approved plan of a like question. ``reading`` gives what an approved question says."""
    for one in approved:
        other = reading(one.question)
        if like(question, other, one.plan) or (question.whole and question.key == other.key):
            return one
    return None


def rejected(question: Asked, turned_down: Sequence[RejectedPlan], reading: Reading) -> RejectedPlan | None:
    """The rejected plan that a like question comes to, if it does."""
    found = (one for one in turned_down if like(question, reading(one.question), one.plan))
    return next(found, None)


def like(question: Asked, other: Asked, plan: QueryPlan) -> bool:
    """True where the question comes to the other one's plan and says nothing different beyond it."""
    return question.plan is not None and same_reading(question.plan, plan) and question.words == other.words


def same_reading(first: QueryPlan, second: QueryPlan) -> bool:
    """True for plans that differ in the language of their labels, or in the words kept for reading back."""
    return _bare(first) == _bare(second)


def run_approved(
    approved: ApprovedPlan, language: Language, database: Place | Path, schema: GuardSchema
) -> Result | None:
    """Rows of an approved plan, labels in ``language``; None where its statement is no more the approved one.

    Raises QueryTimeout, StoreUnavailable.
    """
    try:
        result = _own_statement(approved, database, schema)
    except SqlRejected:
        return None
    if result.query.hash != approved.hash:
        return None
    if approved.sql is not None or approved.plan.language == language:
        return result
    return execute(replace(approved.plan, language=language), database, schema)


def _own_statement(approved: ApprovedPlan, database: Place | Path, schema: GuardSchema) -> Result:
    if approved.sql is not None:
        return execute_sql(approved.sql, database, schema)
    return execute(approved.plan, database, schema)


def _bare(plan: QueryPlan) -> QueryPlan:
    if isinstance(plan, ListPlan):
        holdings = tuple(replace(holding, words="") for holding in plan.holdings)
        return replace(plan, holdings=holdings, language="en")
    return replace(plan, language="en")


def _beyond(clues: Clues) -> frozenset[str]:
    """What a question says beside names and numbers: words not understood, and words that turn it."""
    found: set[str] = set()
    for i, segment in enumerate(clues.segments):
        if i in clues.counted or segment.senses:
            continue
        if not segment.roles:
            found.add(key(segment.text))
        elif FILLER not in segment.roles:
            found.update(role for role in segment.roles if _turns(role))
    return frozenset(found)


def _turns(role: str) -> bool:
    return any(role == turn or (turn.endswith(".") and role.startswith(turn)) for turn in TURNS)
