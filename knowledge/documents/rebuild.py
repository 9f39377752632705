"""Every vector of an index made anew, from the texts in its store: for another model, or another Chroma."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.documents.batch import Batch
from knowledge.documents.holdings import REBUILDING, Holdings
from knowledge.documents.options import IndexOptions
from knowledge.documents.prepare import prepare_document, prepare_entry
from knowledge.errors import DocumentInvalid
from knowledge.text import Language

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A catalog entry as the store has it."""

    document: str
    language: Language
    kind: str
    title: str
    text: str


def rebuild(folder: Path, options: IndexOptions, progress: Progress | None = None) -> int:
    """Make all passages and vectors of the index in ``folder`` anew; nobody else may have it open. Gives the
    number of documents. What is broken off can be run again; until it is through, the index is refused.
    Raises StoreUnavailable, SettingsInvalid."""
    holdings = Holdings(folder, options, remake=True)
    try:
        batch = Batch(holdings)
        count = _documents(holdings, batch, progress)
        _catalog(holdings, batch, progress)
        batch.write()
        with holdings.database.writing() as connection:
            connection.execute("DELETE FROM meta WHERE key = ?", (REBUILDING,))
        return count
    finally:
        holdings.close()


def _documents(holdings: Holdings, batch: Batch, progress: Progress | None) -> int:
    known = holdings.store.known()
    for number, source in enumerate(known, 1):
        document = holdings.store.document(source.document, source.version)
        assert document is not None
        try:
            batch.add_document(document, source, prepare_document(document))
        except DocumentInvalid:  # of an older program; the next indexing of its file says why
            with holdings.database.writing() as connection:
                holdings.store.retire(connection, source.document)
        if progress:
            progress(source.document, number, len(known))
    return len(known)


def _catalog(holdings: Holdings, batch: Batch, progress: Progress | None) -> None:
    entries, old = holdings.store.catalog(), holdings.store.catalog_keys()
    version = holdings.database.meta("catalog_version") or ""
    for number, (document, language, kind, title, text) in enumerate(entries, 1):
        entry = _Entry(document, "ko" if language == "ko" else "en", kind, title, text)
        batch.add_entry(prepare_entry(entry, version))
        if progress and (number % 100 == 0 or number == len(entries)):
            progress(document, number, len(entries))
    batch.write()
    with holdings.database.writing() as connection:
        holdings.store.delete(connection, old)
