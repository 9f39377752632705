"""What the document index stores and gives back: documents, passages, hits, reports."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from knowledge.text import Language


@dataclass(frozen=True, slots=True)
class Document:
    """One stored version of a document.

    ``document`` is unique in a home; ``version`` is the first 12 hex digits of the sha256 of the
    file's bytes. ``text`` is the body without front matter, NFC, with "\\n" line ends; every offset
    anywhere counts code points of it. Metadata that the file does not give is "" or None. ``pages``
    holds where each page after the first begins, and is None for a format without pages.
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
    pages: tuple[int, ...] | None = None

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, that a place in the text lies on; None for a format without pages."""
        return None if self.pages is None else bisect_right(self.pages, offset) + 1


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
    """What one call changed: document ids, and (path, reason) of each file that was left out.

    ``notes`` are (path, note) about files that were taken in: pages that hold no text, a passage that reads
    like an instruction to a machine, content that another document has as well.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the index holds something else than before."""
        return bool(self.added or self.updated or self.removed)
