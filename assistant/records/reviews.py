"""Reviews: one entry per catalog query that was answered, and what a consultant decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from assistant.records.audit import Audit
from assistant.records.database import Database, now
from assistant.records.tables import reviews
from knowledge.errors import NotFound, ReviewConflict
from knowledge.text import Language

ReviewStatus = Literal["unreviewed", "pending", "approved", "rejected", "superseded"]
OPEN: tuple[ReviewStatus, ...] = ("unreviewed", "pending")


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A query as it was answered: the reading of the question, and the statement that ran.

    ``hash`` is the sha256 of the canonical SQL and the guard schema's fingerprint.
    ``suggested_by`` names the language model that proposed the reading, empty where none did.
    """

    id: str
    question: str
    language: Language
    plan: dict[str, Any]
    sql: str
    hash: str
    catalog_version: str
    suggested_by: str = ""

    @property
    def first(self) -> ReviewStatus:
        """What its entry begins as: what a model suggests is looked at by a person."""
        return "pending" if self.suggested_by else "unreviewed"


@dataclass(frozen=True, slots=True)
class Review:
    """An entry. ``id`` is the query's as it was answered, ``runs_as`` that of the SQL as it stands now.

    ``edited_from`` is the SQL before the first edit, None where there was none.
    ``plan`` is the reading of the question, whatever the SQL was edited into.
    """

    number: int
    id: str
    runs_as: str
    question: str
    language: Language
    plan: dict[str, Any]
    sql: str
    hash: str
    catalog_version: str
    status: ReviewStatus
    reviewer: str
    reason: str
    edited_from: str | None
    created: str
    updated: str
    decided: str | None

    @property
    def subject(self) -> str:
        """What the audit trail calls it."""
        return f"review:{self.id}"


class Reviews:
    """The reviews of one database."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def keep(self, asked: AskedQuery) -> ReviewStatus:
        """Make sure that a query which nobody has approved has an entry; its status.

        An entry made under another catalog version is superseded. A decided one stays as it is: the
        question that comes to its query is another one, and gets an entry of its own.
        """
        with self._database.write() as connection:
            latest = _latest(connection, asked.id)
            if latest is None:
                return _add(connection, asked, asked.first)
            current = latest.catalog_version == asked.catalog_version
            if current and latest.status in OPEN:
                if latest.status != "pending" and asked.suggested_by:
                    _set(connection, latest, {"status": "pending", "reason": _suggested(asked)})
                    return "pending"
                return latest.status
            if current or latest.status == "rejected":
                return _add(connection, asked, asked.first)
            _set(connection, latest, {"status": "superseded"})
            return _add(connection, asked, "pending" if latest.status == "pending" else asked.first)

    def get(self, id: str) -> Review:
        """The newest entry of a query, by the id it was answered or runs under. Raises NotFound."""
        with self._database.read() as connection:
            return _require(connection, id)

    def find(
        self, statuses: tuple[ReviewStatus, ...] | None = None, limit: int = 100, offset: int = 0
    ) -> list[Review]:
        """Entries of these statuses (all where none are named), the one changed last first."""
        query = select(reviews).order_by(reviews.c.updated.desc(), reviews.c.number.desc())
        if statuses is not None:
            query = query.where(reviews.c.status.in_(statuses))
        with self._database.read() as connection:
            return _all(connection, query.limit(limit).offset(offset))

    def in_force(self, catalog_version: str) -> list[Review]:
        """What binds answers: entries approved under this catalog version, and every rejected one."""
        approved = (reviews.c.status == "approved") & (reviews.c.catalog_version == catalog_version)
        query = select(reviews).where(or_(approved, reviews.c.status == "rejected"))
        with self._database.read() as connection:
            return _all(connection, query.order_by(reviews.c.number.desc()))

    def change(self, seen: Review, act: str, *, actor: str, reason: str, changes: dict[str, Any]) -> Review:
        """Change an entry and write the audit row of the act, both or neither.

        Raises ReviewConflict where the entry is not, any more, as it was ``seen``.
        """
        with self._database.write() as connection:
            found = _by_number(connection, seen.number)
            if found != seen:
                raise ReviewConflict(
                    f"The review {seen.id} was changed meanwhile: it is {found.status} now.",
                    hint="Look at it again, then decide.",
                )
            _set(connection, seen, {**changes, "reason": reason})
            after = _by_number(connection, seen.number)
            self._audit.append(
                connection,
                actor=actor,
                act=f"review.{act}",
                subject=seen.subject,
                before=_state(seen),
                after=_state(after),
            )
            return after


def _state(review: Review) -> dict[str, Any]:
    """What an audit row keeps of an entry."""
    kept = ("status", "sql", "hash", "catalog_version", "reviewer", "reason")
    return {name: getattr(review, name) for name in kept}


def _add(connection: Connection, asked: AskedQuery, status: ReviewStatus) -> ReviewStatus:
    time = now()
    connection.execute(
        insert(reviews).values(
            query_id=asked.id,
            runs_as=asked.id,
            question=asked.question,
            language=asked.language,
            plan=asked.plan,
            sql=asked.sql,
            hash=asked.hash,
            catalog_version=asked.catalog_version,
            status=status,
            reviewer="",
            reason=_suggested(asked),
            created=time,
            updated=time,
        )
    )
    return status


def _suggested(asked: AskedQuery) -> str:
    return f"The language model {asked.suggested_by} suggested this reading." if asked.suggested_by else ""


def _set(connection: Connection, review: Review, changes: dict[str, Any]) -> None:
    connection.execute(
        update(reviews).where(reviews.c.number == review.number).values(**changes, updated=now())
    )


def _latest(connection: Connection, id: str) -> Review | None:
    named = or_(reviews.c.query_id == id, reviews.c.runs_as == id)
    found = _all(connection, select(reviews).where(named).order_by(reviews.c.number.desc()).limit(1))
    return found[0] if found else None


def _require(connection: Connection, id: str) -> Review:
    found = _latest(connection, id)
    if found is None:
        raise NotFound(
            f"There is no review {id!r}.",
            hint="Give the `query.id` of an Answer; `giljabi review list --all` lists them.",
        )
    return found


def _by_number(connection: Connection, number: int) -> Review:
    return _all(connection, select(reviews).where(reviews.c.number == number))[0]


def _all(connection: Connection, query: Select[Any]) -> list[Review]:
    return [_read(row) for row in connection.execute(query)]


def _read(row: Row[Any]) -> Review:
    values = dict(row._mapping)
    values["id"] = values.pop("query_id")
    return Review(**{**values, "language": cast(Language, values["language"])})
