"""What the document index stores and gives back: documents, passages, hits, reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.text import Language


@dataclass(frozen=True, slots=True)
class Document:
    """One stored version of a document.

    ``document`` is unique in a home; ``version`` is the first 12 hex digits of the sha256 of the
    file's bytes. ``text`` is the body without front matter, NFC, with "\\n" line ends; every offset
    anywhere counts code points of it. Metadata that the file does not give is "" or None.
    """

    document: str
    version: str
    title: str
    language: Language
    text: str
    kind: str = ""
    round: str = ""
    edition: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    supersedes: tuple[str, ...] = ()
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one document version, ``text == Document.text[start:end]``, or one catalog entry.

    ``kind`` is "document", "dataset", "table" or "variable"; a catalog entry has ``start`` 0, ``end``
    ``len(text)``, and the catalog's version as ``version``.
    """

    id: str
    document: str
    version: str
    kind: str
    section: str
    page: int | None
    start: int
    end: int
    text: str
    language: Language
    title: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. Higher ``score`` is better; scores compare within one answer only."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one call changed: document ids, and (path, reason) of each file that was left out."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the index holds something else than before."""
        return bool(self.added or self.updated or self.removed)
