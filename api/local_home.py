"""A home that this process opened, as commands ask it: every answer is a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from api.plan_acts import plan_act
from api.results import (
    audit_result,
    import_result,
    index_result,
    proposed_result,
    review_result,
    reviews_result,
    search_result,
)
from assistant.home import Home
from knowledge.text import Language

if TYPE_CHECKING:
    from assistant.home import Progress
    from assistant.records import ReviewStatus
    from knowledge.catalog.import_catalog import ImportRequest

ReviewAct = Literal["request", "approve", "reject", "edit"]


class LocalHome:
    """The home, opened by this process."""

    def __init__(self, home: Home, today: date | None) -> None:
        self._home = home
        self._today = today

    def ask(
        self, question: str, *, conversation: str | None = None, language: Language | None = None
    ) -> dict[str, Any]:
        """The Answer as a JSON object."""
        answer = self._home.assistant().ask(
            question,
            today=self._today or date.today(),
            conversation=conversation,
            language=language,
        )
        return answer.model_dump(mode="json")

    def search(self, words: str, k: int) -> dict[str, Any]:
        """Passages, best first."""
        return search_result(self._home.search(words, k, self._today or date.today()))

    def index(
        self, paths: Sequence[Path], *, source: str, remove: bool, progress: Progress | None = None
    ) -> dict[str, Any]:
        """Add, refresh or remove documents."""
        if remove:
            return index_result(self._home.remove_documents(paths, source=source))
        return index_result(self._home.add_documents(paths, source=source, progress=progress))

    def rebuild_index(self, progress: Progress | None = None) -> dict[str, Any]:
        """Make every vector anew, by the models that are set now."""
        return {"rebuilt": self._home.rebuild_index(progress)}

    def import_catalog(self, request: ImportRequest, progress: Progress | None = None) -> dict[str, Any]:
        """Publish a catalog folder, or a dictionary within the current version."""
        return import_result(self._home.import_catalog(request, progress=progress))

    def use_catalog(self, version: str, progress: Progress | None = None) -> dict[str, Any]:
        """Make a stored version of the catalog the current one again."""
        from knowledge.catalog.info import version_list

        self._home.use_catalog(version, progress=progress)
        return version_list(self._home.versions)

    def reviews(self, status: ReviewStatus | Literal["all", "proposed"], limit: int) -> dict[str, Any]:
        """Entries of the review desk of a status, or "all"."""
        desk = self._home.desk()
        if status == "proposed":
            return proposed_result(desk.proposed(self._home.index.encode, limit))
        return reviews_result(desk.find(None if status == "all" else (status,), limit))

    def review(self, id: str) -> dict[str, Any]:
        """One entry with its history."""
        return review_result(self._home.desk().show(id), self._home.desk().explain(id))

    def decide(self, id: str, act: ReviewAct, body: dict[str, str]) -> dict[str, Any]:
        """An act of the review desk; ``body`` holds reviewer, reason and for an edit the SQL."""
        return review_result(getattr(self._home.desk(), act)(id, **body))

    def plan(self, act: str, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """An act on a research plan: new, list, show, fill, check, versions."""
        return plan_act(act, self._home.plan_desk(), id, body, self._today or date.today())

    def plan_file(self, id: str, format: str, version: int | None) -> bytes:
        """A research plan as a file."""
        return self._home.plan_desk().export(id, format, self._today or date.today(), version)

    def verify_audit(self) -> dict[str, Any]:
        """Walk the audit trail."""
        return audit_result(self._home.records.audit.verify())
