"""The JSON documents that HTTP and the command line both give back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langchain_core.documents import Document as Page

    from assistant.proposed import Proposed
    from assistant.records import Verdict
    from assistant.records.turns import Conversation, Turn
    from assistant.review_desk import DeskEntry
    from knowledge.catalog.import_report import ImportReport
    from knowledge.documents.document import IndexReport

SCORE_DIGITS = 4


def search_result(found: Sequence[Page]) -> dict[str, Any]:
    """``{"passages": [...]}``, best first. A catalog entry has no stored text, so its ``url`` is empty."""
    return {"passages": [_passage(page) for page in found]}


def _passage(page: Page) -> dict[str, Any]:
    place = page.metadata
    named = {name: place[name] for name in ("document", "kind", "title", "section", "page")}
    url = document_url(place["document"], place["version"], place["start"], place["end"])
    return {
        **named,
        "text": page.page_content,
        "score": round(float(place["score"]), SCORE_DIGITS),
        **{name: place[name] for name in ("language", "version", "start", "end")},
        "url": url if place["kind"] == "document" else "",
    }


def document_url(document: str, version: str, start: int, end: int) -> str:
    """Where the server shows the stored text, with the code points from ``start`` to ``end`` marked."""
    return f"/documents/{quote(document)}?version={quote(version)}&start={start}&end={end}"


def index_result(report: IndexReport) -> dict[str, Any]:
    """What happened to each document: ids by outcome, and ``failed`` with path and reason."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "failed": [{"path": str(path), "reason": reason} for path, reason in report.failed],
        "notes": [{"path": str(path), "note": note} for path, note in report.notes],
    }


def import_result(report: ImportReport) -> dict[str, Any]:
    """The version imported (or previewed), the one before, what differs by dataset, and the rows left out."""
    return {
        "version": report.version,
        "previous": report.previous,
        "preview": report.preview,
        "changed": report.changed,
        "rows": dict(report.rows),
        "rows_before": dict(report.rows_before),
        "added": list(report.added),
        "removed": list(report.removed),
        "changed_datasets": list(report.changed_datasets),
        "datasets": {name: dict(held) for name, held in report.datasets.items()},
        "removed_datasets": {name: dict(held) for name, held in report.removed_datasets.items()},
        "problems": list(report.problems),
    }


def review_result(entry: DeskEntry, explained: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """One entry of the review desk: its query, its state, and ``history``, the audit rows of its acts.

    ``explained`` is what its SQL reads and costs, given as ``explain``.
    """
    review = {name: value for name, value in asdict(entry.review).items() if name != "number"}
    found = {**review, "outdated": entry.outdated, "history": [asdict(row) for row in entry.history]}
    return found if explained is None else {**found, "explain": dict(explained)}


def reviews_result(entries: Sequence[DeskEntry]) -> dict[str, Any]:
    """``{"reviews": [...]}`` without their histories, the one changed last first."""
    found = [review_result(entry) for entry in entries]
    return {"reviews": [{k: v for k, v in review.items() if k != "history"} for review in found]}


def proposed_result(found: Sequence[tuple[DeskEntry, Proposed]]) -> dict[str, Any]:
    """``{"reviews": [...]}`` as ``reviews_result``, each with ``proposed``: asked, often, likeness, nearest,
    unlike."""
    entries = reviews_result([entry for entry, _ in found])["reviews"]
    why = (
        {"asked": p.asked, "often": p.often, "likeness": p.likeness, "nearest": p.nearest, "unlike": p.unlike}
        for _, p in found
    )
    return {"reviews": [{**entry, "proposed": one} for entry, one in zip(entries, why, strict=True)]}


def conversations_result(found: Sequence[Conversation]) -> dict[str, Any]:
    """``{"conversations": [...]}``, the one with the newest turn first."""
    return {"conversations": [asdict(conversation) for conversation in found]}


def conversation_result(id: str, turns: Sequence[Turn]) -> dict[str, Any]:
    """A conversation: its turns in order, each with its Answer and the feedback on it."""
    kept = ("question", "answer", "created", "rating")
    return {"id": id, "turns": [{name: getattr(turn, name) for name in kept} for turn in turns]}


def audit_result(verdict: Verdict) -> dict[str, Any]:
    """What the walk along the audit trail found."""
    return asdict(verdict)
