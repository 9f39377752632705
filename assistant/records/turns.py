"""Turns: every question with the answer that was given to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from assistant.records.database import Database, now
from assistant.records.tables import feedback, turns
from knowledge.errors import NotFound


@dataclass(frozen=True, slots=True)
class Turn:
    """``answer`` is the Answer document; ``rating`` is "up", "down" or None where nobody said."""

    conversation: str
    question: str
    answer: dict[str, Any]
    created: str
    rating: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as lists show it; ``title`` is its first question."""

    id: str
    title: str
    turns: int
    created: str
    updated: str


class Turns:
    """The turns of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, conversation: str, question: str, answer: dict[str, Any]) -> None:
        """Keep one turn; ``answer["id"]`` names it."""
        with self._database.write() as connection:
            connection.execute(
                insert(turns).values(
                    answer_id=answer["id"],
                    conversation=conversation,
                    question=question,
                    answer=answer,
                    created=now(),
                )
            )

    def conversations(self, limit: int = 100, offset: int = 0) -> list[Conversation]:
        """Conversations, the one with the newest turn first."""
        spans = (
            select(
                turns.c.conversation,
                func.min(turns.c.number).label("first"),
                func.max(turns.c.number).label("last"),
                func.count().label("turns"),
                func.min(turns.c.created).label("created"),
                func.max(turns.c.created).label("updated"),
            )
            .group_by(turns.c.conversation)
            .subquery()
        )
        query = (
            select(spans, turns.c.question)
            .join(turns, turns.c.number == spans.c.first)
            .order_by(spans.c.last.desc())
            .limit(limit)
            .offset(offset)
        )
        with self._database.read() as connection:
            return [
                Conversation(row.conversation, row.question, row.turns, row.created, row.updated)
                for row in connection.execute(query)
            ]

    def conversation(self, id: str) -> list[Turn]:
        """The turns of a conversation in order. Raises NotFound."""
        query = (
            select(turns, feedback.c.rating)
            .outerjoin(feedback, feedback.c.answer_id == turns.c.answer_id)
            .where(turns.c.conversation == id)
            .order_by(turns.c.number)
        )
        with self._database.read() as connection:
            found = [
                Turn(row.conversation, row.question, row.answer, row.created, row.rating)
                for row in connection.execute(query)
            ]
        if not found:
            raise NotFound(
                f"There is no conversation {id!r}.", hint="GET /api/conversations lists those there are."
            )
        return found

    def queries(self, last: int) -> list[dict[str, Any] | None]:
        """The ``query`` of each of the last answers, the newest first; None where one ran none."""
        query = select(turns.c.answer).order_by(turns.c.number.desc()).limit(last)
        with self._database.read() as connection:
            return [row.answer.get("query") for row in connection.execute(query)]

    def answer(self, id: str) -> dict[str, Any]:
        """The Answer document with this id. Raises NotFound."""
        with self._database.read() as connection:
            found = connection.execute(select(turns.c.answer).where(turns.c.answer_id == id)).scalar()
        if found is None:
            raise NotFound(f"There is no answer {id!r}.", hint="Give the `id` of an Answer of this home.")
        document: dict[str, Any] = found
        return document
