"""The review desk: what a consultant may do with a query that was answered.

    unreviewed ──request──> pending ──approve──> approved
         └────────approve, reject, edit──────────┘  │ reject, edit
                     rejected <─────────────────────┘
                     rejected ──request──> pending

An edit puts the entry to pending, whatever it was. An entry made under another catalog version is
outdated: it binds no answer, and can be neither approved nor edited. Asked again, the query gets a
new entry, which supersedes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from assistant.proposed import Encode, Proposed, propose_reviews, times_asked
from assistant.records import AuditRow, Records, Review, ReviewStatus
from assistant.records.database import now
from assistant.records.feedback import Feedback, Rating
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.errors import NotFound, ReviewConflict, UserError
from tools.query.execute import Result, execute, execute_sql
from tools.query.explain import explain
from tools.query.guard import GuardSchema, catalog_schema
from tools.query.ledger import refuse_differencing
from tools.query.plan_document import read_plan

MAX_REVIEWER = 100
MAX_REASON = 2_000
BY_FEEDBACK = "feedback"
MAX_TURNS = 5_000  # the newest ones, of which it is counted how often a query was asked
MAX_WAITING = 500


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A review as the desk shows it. ``outdated``: made under another catalog version than the one in use."""

    review: Review
    outdated: bool
    history: tuple[AuditRow, ...] = ()


class ReviewDesk:
    """Every act raises NotFound for an unknown id and ReviewConflict where the entry does not allow it."""

    def __init__(
        self, records: Records, versions: CatalogVersions, schema: GuardSchema | None = None
    ) -> None:
        self._records = records
        self._versions = versions
        self._schema: GuardSchema = schema or catalog_schema()

    def find(
        self, statuses: Sequence[ReviewStatus] | None = ("pending",), limit: int = 100, offset: int = 0
    ) -> list[DeskEntry]:
        """Entries of these statuses, all of them where None is given, the one changed last first."""
        wanted = None if statuses is None else tuple(statuses)
        return [self._shown(review) for review in self._records.reviews.find(wanted, limit, offset)]

    def proposed(self, encode: Encode, limit: int = 100) -> list[tuple[DeskEntry, Proposed]]:
        """Open queries of the catalog in use that are worth a look, the most asked first: asked often, or
        unlike every approved question. ``encode`` gives unit vectors of texts. Raises CatalogMissing."""
        version = self._versions.require().version
        waiting = [
            review
            for review in self._records.reviews.find(("pending", "unreviewed"), MAX_WAITING)
            if review.catalog_version == version
        ]
        approved = [r for r in self._records.reviews.in_force(version) if r.status == "approved"]
        times = times_asked(self._records.turns.queries(MAX_TURNS), version)
        found = propose_reviews(waiting, approved, times, encode)
        return [(self._shown(one.review), one) for one in found[:limit]]

    def show(self, id: str) -> DeskEntry:
        """One entry, with the audit rows of its acts."""
        review = self._records.reviews.get(id)
        return self._shown(review, tuple(self._records.audit.rows(review.subject)))

    def explain(self, id: str) -> dict[str, Any]:
        """What an entry's SQL reads and costs, what to look at, and what an edit changed.

        As ``tools.query.explain.explain`` gives it.
        """
        review = self._records.reviews.get(id)
        current = self._versions.current()
        return explain(
            review.sql,
            self._schema,
            dialect="duckdb" if current is None else current.place.dialect,
            compiled=review.edited_from is None,
            before=review.edited_from,
        )

    def request(self, id: str, *, reviewer: str, reason: str = "") -> DeskEntry:
        """Ask for a review, or for another look at a rejected one."""
        review = self._open(id)
        if review.status in {"pending", "approved"}:
            raise ReviewConflict(_decided(review), hint="Nothing needs to be asked for.")
        return self._change(review, "request", reviewer, reason, {"status": "pending"})

    def approve(self, id: str, *, reviewer: str, reason: str = "") -> DeskEntry:
        """Vouch for the statement as it stands, for the catalog version in use.

        Raises SqlRejected where the guard refuses it by now, QueryTimeout, StoreUnavailable.
        """
        review = self._open(id)
        catalog = self._current(review, "approved")
        if review.status == "approved":
            raise ReviewConflict(_decided(review), hint="Reject or edit it to change that.")
        found = self._run(review, catalog)
        if found.query.hash != review.hash:
            raise ReviewConflict(
                f"The plan of {review.id} makes another statement by now than the one that was answered.",
                hint="Ask the question again and review the new answer.",
            )
        return self._change(review, "approve", reviewer, reason, {"status": "approved", "decided": now()})

    def reject(self, id: str, *, reviewer: str, reason: str = "") -> DeskEntry:
        """Turn the reading of the question down: it is not offered again."""
        review = self._open(id)
        if review.status == "rejected":
            raise ReviewConflict(_decided(review), hint="`giljabi review request` opens it again.")
        return self._change(review, "reject", reviewer, reason, {"status": "rejected", "decided": now()})

    def edit(self, id: str, sql: str, *, reviewer: str, reason: str = "") -> DeskEntry:
        """Put SQL in the place of the entry's own; it answers like questions once it is approved.

        Raises SqlRejected, naming the rule ("differencing" where this and earlier SQL of the reviewer
        give a small slice away), QueryTimeout, StoreUnavailable; nothing is stored then.
        """
        review = self._open(id)
        catalog = self._current(review, "edited")
        refuse_differencing(
            sql, self._schema, self._written_by(reviewer, catalog.version), catalog.place.dialect
        )
        result = execute_sql(sql, catalog.place, self._schema)
        if result.query.hash == review.hash:
            raise ReviewConflict(
                f"The SQL given is that of {review.id} as it stands.", hint="Approve it, or change it."
            )
        changes = {
            "status": "pending",
            "sql": result.query.sql,
            "hash": result.query.hash,
            "runs_as": result.id,
            "edited_from": review.edited_from or review.sql,
            "decided": None,
        }
        return self._change(review, "edit", reviewer, reason, changes)

    def hear(self, answer: str, rating: Rating, comment: str = "") -> Feedback:
        """Keep what a person says of an answer; "down" asks for a review of its query, if nobody has."""
        given = self._records.feedback.give(answer, rating, _short(comment, "comment"))
        query = self._records.turns.answer(answer)["query"]
        if rating == "down" and query is not None:
            # Where it is under review, decided on, or had no entry, there is nothing to ask for.
            with suppress(NotFound, ReviewConflict):
                if self._records.reviews.get(query["id"]).status == "unreviewed":
                    self.request(query["id"], reviewer=BY_FEEDBACK, reason=comment)
        return given

    def _open(self, id: str) -> Review:
        review = self._records.reviews.get(id)
        if review.status == "superseded":
            raise ReviewConflict(f"The review {id} is superseded.", hint="Ask the question again.")
        return review

    def _current(self, review: Review, done: str) -> CatalogFile:
        """The catalog in use, if it is the one that the entry was made under."""
        catalog = self._versions.require()
        if catalog.version != review.catalog_version:
            raise ReviewConflict(
                f"The review {review.id} cannot be {done}: it was answered from catalog "
                f"{review.catalog_version!r}, and {catalog.version!r} is in use.",
                hint="Ask the question again and review the new answer.",
            )
        return catalog

    def _written_by(self, reviewer: str, version: str) -> list[str]:
        """The SQL that a reviewer put in place of others under this catalog version."""
        states = (row.after or {} for row in self._records.audit.by(_named(reviewer), "review.edit"))
        return [str(state["sql"]) for state in states if state.get("catalog_version") == version]

    def _run(self, review: Review, catalog: CatalogFile) -> Result:
        if review.edited_from is not None:
            return execute_sql(review.sql, catalog.place, self._schema)
        return execute(read_plan(review.plan), catalog.place, self._schema)

    def _change(
        self, review: Review, act: str, reviewer: str, reason: str, changes: dict[str, Any]
    ) -> DeskEntry:
        name, said = _named(reviewer), _short(reason, "reason")
        changes = {**changes, "reviewer": name}
        self._records.reviews.change(review, act, actor=name, reason=said, changes=changes)
        return self.show(review.id)

    def _shown(self, review: Review, history: tuple[AuditRow, ...] = ()) -> DeskEntry:
        current = self._versions.current()
        outdated = current is None or current.version != review.catalog_version
        return DeskEntry(review, outdated, history)


def _named(reviewer: str) -> str:
    name = reviewer.strip()
    if not name or len(name) > MAX_REVIEWER:
        raise UserError(
            f"The reviewer {name[:MAX_REVIEWER]!r} cannot be kept.",
            hint=f"Give a name of 1 to {MAX_REVIEWER} characters.",
        )
    return name


def _short(text: str, what: str) -> str:
    if len(text) > MAX_REASON:
        raise UserError(
            f"The {what} has {len(text):,} characters; at most {MAX_REASON:,} are kept.", hint="Shorten it."
        )
    return text.strip()


def _decided(review: Review) -> str:
    if review.status in {"approved", "rejected"}:
        return (
            f"The review {review.id} was {review.status} already, by {review.reviewer} at {review.decided}."
        )
    return f"The review {review.id} is {review.status} already."
