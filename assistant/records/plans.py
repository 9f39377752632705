"""Research plans: a title, a language, and numbered versions, each a JSON document that is never changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, select, update

from assistant.records.database import Database, now
from assistant.records.tables import plan_versions, research_plans
from knowledge.errors import NotFound, ReviewConflict
from knowledge.text import Language

FIRST = 1


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan as lists show it; ``version`` is the newest one. Times are UTC, ISO 8601."""

    id: str
    title: str
    language: Language
    version: int
    created: str
    updated: str


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of a plan with its document."""

    id: str
    version: int
    title: str
    language: Language
    document: dict[str, Any]
    created: str


class Plans:
    """The research plans of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, document: Mapping[str, Any], *, title: str, language: Language) -> PlanVersion:
        """Store a new plan as its version 1 and give it an id."""
        id, time = f"p-{secrets.token_hex(6)}", now()
        with self._database.write() as connection:
            connection.execute(
                insert(research_plans).values(
                    id=id, title=title, language=language, version=FIRST, created=time, updated=time
                )
            )
            _store(connection, id, FIRST, title, document, time)
            return _version(connection, id, FIRST)

    def read(self, id: str, version: int | None = None) -> PlanVersion:
        """A version, the newest one where none is named. Raises NotFound."""
        with self._database.read() as connection:
            return _version(connection, id, version)

    def save_version(
        self, id: str, document: Mapping[str, Any], *, title: str | None = None, base: int | None = None
    ) -> PlanVersion:
        """Store the document as the next version, which becomes the newest.

        ``base`` is the version that the document was made from: where another one has been saved since,
        ReviewConflict is raised and nothing is stored. Raises NotFound.
        """
        with self._database.write() as connection:
            plan = _plan(connection, id)
            if base is not None and base != plan.version:
                raise ReviewConflict(
                    f"The plan {id} is at version {plan.version}; the change was made to version {base}.",
                    hint=f"Read version {plan.version} and make the change there.",
                )
            number, time, named = plan.version + 1, now(), title or plan.title
            _store(connection, id, number, named, document, time)
            connection.execute(
                update(research_plans)
                .where(research_plans.c.id == id)
                .values(version=number, title=named, updated=time)
            )
            return _version(connection, id, number)

    def versions(self, id: str) -> list[PlanVersion]:
        """Every version, the first one first. Raises NotFound."""
        with self._database.read() as connection:
            newest = _plan(connection, id).version
            return [_version(connection, id, number) for number in range(FIRST, newest + 1)]

    def list(self, limit: int = 100, offset: int = 0) -> list[PlanSummary]:
        """Plans, the one changed last first."""
        query = select(research_plans).order_by(research_plans.c.updated.desc()).limit(limit).offset(offset)
        with self._database.read() as connection:
            return [PlanSummary(**row._mapping) for row in connection.execute(query)]


def _store(
    connection: Connection, id: str, version: int, title: str, document: Mapping[str, Any], time: str
) -> None:
    connection.execute(
        insert(plan_versions).values(
            plan=id, version=version, title=title, document=dict(document), created=time
        )
    )


def _plan(connection: Connection, id: str) -> Row[Any]:
    row = connection.execute(select(research_plans).where(research_plans.c.id == id)).first()
    if row is None:
        raise NotFound(f"There is no research plan {id!r}.", hint="Make one with `giljabi plan new`.")
    return row


def _version(connection: Connection, id: str, version: int | None) -> PlanVersion:
    plan = _plan(connection, id)
    number = plan.version if version is None else version
    found = connection.execute(
        select(plan_versions).where(plan_versions.c.plan == id, plan_versions.c.version == number)
    ).first()
    if found is None:
        raise NotFound(
            f"The plan {id} has no version {number}.", hint=f"It has versions 1 to {plan.version}."
        )
    language = cast(Language, plan.language)
    return PlanVersion(id, number, found.title, language, found.document, found.created)
