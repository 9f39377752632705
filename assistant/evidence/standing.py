"""Which edition or round a quote belongs to, and whether that is in force on the day asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.evidence.cues import load_cues
from knowledge.documents.document import Document
from knowledge.text import Language

State = Literal["open", "closed", "coming", "in_force", "expired", "superseded"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document's record says of its place. ``round`` and ``edition`` as the record names them;
    ``opens`` and ``closes`` bound the application window of a round, or the time an edition is in
    force. ``successor`` is the document that replaced it."""

    document: str
    title: str
    state: State
    round: str
    edition: str
    opens: date | None
    closes: date | None
    successor: str = ""
    successor_edition: str = ""


class Record:
    """The records of all active documents of an index."""

    def __init__(self, documents: Sequence[Document], superseded: dict[str, str | None]) -> None:
        self.documents = {d.document: d for d in documents}
        self.superseded = superseded

    def standing(self, document: Document, today: date) -> Standing | None:
        """The standing of a document, or None where its record names neither round nor edition nor dates."""
        successor = self.documents.get(self.superseded.get(document.document) or "")
        window = self._window(document)
        if window is not None:
            opens, closes = window
            state: State = (
                "coming" if opens and opens > today else "closed" if closes and closes < today else "open"
            )
            if successor is not None:
                state = "superseded"
            return self._told(document, state, opens, closes, successor)
        dated = document.valid_from is not None or document.valid_to is not None
        if not dated or not (document.edition or successor):
            return None
        if successor is not None:
            return self._told(document, "superseded", document.valid_from, document.valid_to, successor)
        if document.valid_to and document.valid_to < today:
            return self._told(document, "expired", document.valid_from, document.valid_to, None)
        if document.valid_from and document.valid_from > today:
            return self._told(document, "coming", document.valid_from, document.valid_to, None)
        if self._replaces(document):
            return self._told(document, "in_force", document.valid_from, document.valid_to, None)
        return None

    def _window(self, document: Document) -> tuple[date | None, date | None] | None:
        """The application window of the round that a document belongs to."""
        if not document.round:
            return None
        cues = load_cues()
        calls = [
            d
            for d in self.documents.values()
            if d.round == document.round and d.kind.lower() in cues.kinds["closed"] and d.valid_to
        ]
        if not calls:
            return None
        own = [d for d in calls if d.language == document.language] or calls
        return min((d.valid_from for d in own if d.valid_from), default=None), max(
            d.valid_to for d in own if d.valid_to
        )

    def _replaces(self, document: Document) -> bool:
        return bool(document.supersedes)

    @staticmethod
    def _told(
        document: Document, state: State, opens: date | None, closes: date | None, successor: Document | None
    ) -> Standing:
        return Standing(
            document.document, document.title, state, document.round, document.edition, opens, closes,
            successor.title if successor else "", (successor.edition or successor.round) if successor else "",
        )  # fmt: skip


def told_once(standings: Sequence[Standing], language: Language) -> tuple[Standing, ...]:
    """Each round or edition once, in the order met."""
    unique: dict[tuple[str, str, object], Standing] = {}
    for standing in standings:
        unique.setdefault((standing.state, standing.round or standing.edition, standing.closes), standing)
    return tuple(unique.values())[:2]
