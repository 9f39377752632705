"""What has become of a quoted place since the version it was quoted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from knowledge.documents.document import Document

Fate = Literal["current", "kept", "dead", "withdrawn"]


class Index(Protocol):
    """Where documents are kept; the knowledge index is one."""

    def document(self, document: str, version: str | None = None) -> Document: ...
    def records(self) -> tuple[Document, ...]: ...


@dataclass(frozen=True, slots=True)
class QuoteToday:
    """``current``: the version quoted is the one in the index. ``kept``: a newer one holds the same words, at
    ``start`` to ``end`` of its text. ``dead``: the newer one holds them no longer. ``withdrawn``: the
    document has left the index. ``version`` is that of today, "" where there is none."""

    fate: Fate
    version: str = ""
    start: int = 0
    end: int = 0


def quote_today(stored: Document, start: int, end: int, index: Index) -> QuoteToday:
    """The fate of ``stored.text[start:end]``. Where the words stand more than once today, the place nearest
    to the old one counts; an empty quote is kept by any version."""
    if all(record.document != stored.document for record in index.records()):
        return QuoteToday("withdrawn")
    today = index.document(stored.document)
    if today.version == stored.version:
        return QuoteToday("current", today.version, start, end)
    words = stored.text[start:end]
    places = _places(today.text, words) if words else [0]
    if not places:
        return QuoteToday("dead", today.version)
    place = min(places, key=lambda at: abs(at - start))
    return QuoteToday("kept", today.version, place, place + len(words))


def _places(text: str, words: str) -> list[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found
