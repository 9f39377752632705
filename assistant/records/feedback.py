"""Feedback: what a person said of an answer. A later word replaces an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, insert, select

from assistant.records.database import Database, now
from assistant.records.tables import feedback, turns
from knowledge.errors import NotFound

Rating = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """``answer`` is the id of the Answer."""

    answer: str
    rating: Rating
    comment: str
    created: str


class FeedbackStore:
    """The feedback of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, answer: str, rating: Rating, comment: str = "") -> Feedback:
        """Keep the word on an answer. Raises NotFound where there is no such answer."""
        given = Feedback(answer, rating, comment, now())
        with self._database.write() as connection:
            if connection.execute(select(turns.c.number).where(turns.c.answer_id == answer)).first() is None:
                raise NotFound(
                    f"There is no answer {answer!r}.", hint="Give the `id` of an Answer of this home."
                )
            connection.execute(delete(feedback).where(feedback.c.answer_id == answer))
            connection.execute(
                insert(feedback).values(
                    answer_id=answer, rating=rating, comment=comment, created=given.created
                )
            )
        return given
