"""The audit trail: one row per act, chained by hashes, only ever added to.

A row's hash covers the row and the hash of the row before it. So a row that was changed, taken out
or put in breaks the chain behind it. What the chain cannot show is that its newest rows were cut
off: keep the head that ``verify`` gives, and compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from assistant.records.database import Database, now
from assistant.records.tables import audit, canonical, clean

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what to which subject, and what it was before and after. ``time`` is UTC, ISO 8601."""

    number: int
    time: str
    actor: str
    act: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``head`` is the hash of the last sound row; ``broken_at`` the number of the first that is not."""

    intact: bool
    rows: int
    head: str
    broken_at: int | None = None
    problem: str = ""


class Audit:
    """The audit trail of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self,
        connection: Connection,
        *,
        actor: str,
        act: str,
        subject: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a row in the transaction of the act, so that both are stored or neither."""
        last = connection.execute(
            select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
        ).first()
        number, previous = (1, BEGINNING) if last is None else (last.number + 1, last.hash)
        row = AuditRow(number, now(), clean(actor), act, clean(subject), _copy(before), _copy(after))
        connection.execute(insert(audit).values(**asdict(row), previous=previous, hash=seal(row, previous)))

    def rows(self, subject: str | None = None, limit: int = 1000) -> list[AuditRow]:
        """Rows of a subject, or all, the oldest first."""
        query = select(audit).order_by(audit.c.number).limit(limit)
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        with self._database.read() as connection:
            return [_read(row) for row in connection.execute(query)]

    def by(self, actor: str, act: str, limit: int = 100) -> list[AuditRow]:
        """The newest acts of this kind by a person, the newest first."""
        query = select(audit).where(audit.c.actor == clean(actor), audit.c.act == act)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(audit.c.number.desc()).limit(limit))
            return [_read(row) for row in rows]

    def verify(self) -> Verdict:
        """Walk the chain from its beginning to the first row that does not fit."""
        previous, number = BEGINNING, 0
        with self._database.read() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.number)):
                problem = _fault(row, number + 1, previous)
                if problem:
                    return Verdict(False, number, previous, number + 1, problem)
                previous, number = row.hash, number + 1
        return Verdict(True, number, previous)


def seal(row: AuditRow, previous: str) -> str:
    """The sha256 (hex) of a row and of the hash of the row before it."""
    return hashlib.sha256(canonical([*asdict(row).values(), previous]).encode()).hexdigest()


def _copy(state: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if state is None else dict(state)


def _read(row: Row[Any]) -> AuditRow:
    return AuditRow(row.number, row.time, row.actor, row.act, row.subject, row.before, row.after)


def _fault(row: Row[Any], number: int, previous: str) -> str:
    """What is wrong with a row that has to be this number and follow this hash; empty when nothing is."""
    if row.number != number:
        return f"row {number} is missing"
    if row.previous != previous:
        return f"row {number} does not follow the row before it"
    return "" if row.hash == seal(_read(row), previous) else f"row {number} was changed"
