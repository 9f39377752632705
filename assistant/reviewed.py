"""What reviewers decided, brought to a turn, and what the turn leaves for them."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from assistant.answer import Answer
from assistant.records import AskedQuery, Records, Review
from assistant.turn import CatalogInUse, Understanding
from knowledge.catalog.versions import CatalogFile
from knowledge.errors import NotFound, PlanIncomplete, SqlRejected
from knowledge.text import Language, normalize
from tools.query.approved import ApprovedPlan, Asked, RejectedPlan, asked, match, rejected
from tools.query.execute import Result
from tools.query.guard import GuardSchema, catalog_schema
from tools.query.ledger import refuse_differencing
from tools.query.plan import QueryPlan
from tools.query.plan_document import plan_document, read_plan
from tools.query.understand.outcome import Note, Unclear, Understood
from tools.query.understand.understand import Reader

REJECTED = "rejected_reading"
MAX_PAST = 50  # turns of a conversation whose statements are compared with a new one


class Reviewed:
    """The reviews in force, looked up for each turn. Safe to use from many threads."""

    def __init__(self, records: Records, schema: GuardSchema | None = None) -> None:
        """``schema`` is what statements are judged by; the catalog's own where none is given."""
        self._records = records
        self._schema = schema or catalog_schema()
        self._lock = threading.Lock()
        self._version = ""
        self._readings: dict[str, Asked] = {}

    def rule(
        self, said: Understanding, question: str, catalog: CatalogInUse, conversation: str
    ) -> Understanding:
        """The understanding with the approved plan of a like question, or without a rejected reading.

        An approved statement that with earlier ones of the conversation gives a small slice away is declined.
        """
        approved, turned_down = self._in_force(catalog)
        if not approved and not turned_down:
            return said
        plan = said.outcome.plan if isinstance(said.outcome, Understood) else None
        mine = _asked(question, plan, said.language, catalog.reader)
        vouched = match(mine, approved, lambda other: self._reading(other, catalog))
        if vouched is not None:
            if vouched.sql is not None and self.gives_away(vouched.sql, catalog.file, conversation):
                return replace(said, reason="differencing")
            return replace(said, approved=vouched)
        if rejected(mine, turned_down, lambda other: self._reading(other, catalog)) is not None:
            return replace(said, outcome=Unclear(Note(REJECTED)), rejected=True)
        return said

    def keep(
        self, answer: Answer, result: Result | None, said: Understanding, catalog: CatalogInUse
    ) -> Answer:
        """The answer as it is given: its query's review looked up, an entry made where there is none."""
        answer = self._without_rejected(answer, catalog)
        outcome = said.outcome
        if answer.query is None or result is None or answer.query.review == "verified":
            return answer
        if answer.status not in {"answered", "partial"} or not isinstance(outcome, Understood):
            return answer
        status = self._records.reviews.keep(
            AskedQuery(
                id=answer.query.id,
                question=said.question or answer.question,
                language=answer.language,
                plan=plan_document(outcome.plan),
                sql=result.query.sql,
                hash=result.query.hash,
                catalog_version=answer.query.catalog_version,
                suggested_by=said.suggested_by,
            )
        )
        if status != "pending" or said.suggested_by:
            return answer
        return answer.model_copy(update={"query": answer.query.model_copy(update={"review": "pending"})})

    def keep_further(
        self, answer: Answer, n: int, result: Result | None, said: Understanding, catalog: CatalogInUse
    ) -> Answer:
        """The same for the further query ``n`` of an answer in parts."""
        alone = answer.model_copy(update={"query": answer.further[n], "options": (), "suggestions": ()})
        query = self.keep(alone, result, said, catalog).query
        further = (*answer.further[:n], query, *answer.further[n + 1 :])
        return answer.model_copy(update={"further": further})

    def remember(self, answer: Answer) -> None:
        """Keep the turn."""
        self._records.turns.add(answer.conversation, answer.question, answer.model_dump(mode="json"))

    def gives_away(self, sql: str, catalog: CatalogFile, conversation: str) -> bool:
        """True where a statement and those that ran in the conversation differ by a small slice."""
        try:
            turns = self._records.turns.conversation(conversation)
        except NotFound:
            return False
        told = [(turn.answer.get("query"), *turn.answer.get("further", ())) for turn in turns[-MAX_PAST:]]
        queries = [query for found in told for query in found if query]
        past = [str(q["sql"]) for q in queries if q["catalog_version"] == catalog.version]
        try:
            refuse_differencing(sql, self._schema, past, catalog.place.dialect)
        except SqlRejected:
            return True
        return False

    def _in_force(self, catalog: CatalogInUse) -> tuple[list[ApprovedPlan], list[RejectedPlan]]:
        found = self._records.reviews.in_force(catalog.file.version)
        approved = [_approved(r) for r in found if r.status == "approved"]
        turned_down = [_rejected(r) for r in found if r.status == "rejected"]
        return [a for a in approved if a is not None], [r for r in turned_down if r is not None]

    def _without_rejected(self, answer: Answer, catalog: CatalogInUse) -> Answer:
        """A question whose reading was turned down is neither a choice nor a suggestion."""
        if not answer.options and not answer.suggestions:
            return answer
        _, turned_down = self._in_force(catalog)
        if not turned_down:
            return answer

        def offered(question: str) -> bool:
            outcome = catalog.reader.understand(question, None, answer.language)
            plan = outcome.plan if isinstance(outcome, Understood) else None
            mine = _asked(question, plan, answer.language, catalog.reader)
            return rejected(mine, turned_down, lambda other: self._reading(other, catalog)) is None

        return answer.model_copy(
            update={
                "options": tuple(option for option in answer.options if offered(option.label)),
                "suggestions": tuple(text for text in answer.suggestions if offered(text)),
            }
        )

    def _reading(self, question: str, catalog: CatalogInUse) -> Asked:
        """The words of a reviewed question, read once per catalog version."""
        with self._lock:
            if self._version != catalog.file.version:
                self._version, self._readings = catalog.file.version, {}
            if question not in self._readings:
                self._readings[question] = _asked(question, None, None, catalog.reader)
            return self._readings[question]


def _asked(question: str, plan: QueryPlan | None, language: Language | None, reader: Reader) -> Asked:
    text, _ = reader.vocabulary.corrected(normalize(question))
    return asked(reader.clues(text, language), plan)


def _approved(review: Review) -> ApprovedPlan | None:
    plan = _plan(review.plan)
    if plan is None:
        return None
    return ApprovedPlan(
        question=review.question,
        language=review.language,
        plan=plan,
        hash=review.hash,
        reviewer=review.reviewer,
        expires=review.catalog_version,
        sql=None if review.edited_from is None else review.sql,
    )


def _rejected(review: Review) -> RejectedPlan | None:
    plan = _plan(review.plan)
    return None if plan is None else RejectedPlan(review.question, plan, review.reviewer, review.reason)


def _plan(document: dict[str, Any]) -> QueryPlan | None:
    """The plan, None where a former version of the program wrote one that there is no more."""
    try:
        return read_plan(document)
    except PlanIncomplete:
        return None
