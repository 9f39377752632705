"""What is indexed of a passage: its search terms and the texts whose vectors stand for it."""

from __future__ import annotations

from bisect import bisect_right

from knowledge.documents.blocks import blocks
from knowledge.documents.document import Document, Passage
from knowledge.documents.embed import text_hash
from knowledge.documents.split import split
from knowledge.documents.store import Prepared
from knowledge.text import search_terms

FORMAT = (
    "1"  # change it when loading, splitting or this file change what is stored: documents are then read again
)


def prepare(passage: Passage, header: str = "") -> tuple[Prepared, dict[str, str]]:
    """The passage with its terms and hashes, and hash -> text of what is to be embedded. ``header`` names the
    columns where the passage begins in the middle of a table."""
    texts = [view for view in _views(passage, header) if view.strip()]
    by_hash = {text_hash(text): text for text in texts}
    terms = (*search_terms(f"{passage.title}\n{passage.section}\n{header}"), *search_terms(passage.text))
    return Prepared(passage, terms, tuple(by_hash)), by_hash


def _views(passage: Passage, header: str) -> list[str]:
    lead = passage.title if passage.title not in passage.text else ""
    return ["\n".join(part for part in (lead, passage.section, header, passage.text) if part)]


def prepare_document(document: Document) -> list[tuple[Prepared, dict[str, str]]]:
    """All passages of a document, prepared."""
    return [prepare(passage, _header(document, passage)) for passage in split(document)]


def _header(document: Document, passage: Passage) -> str:
    found = blocks(document.text)
    number = bisect_right(found, passage.start, key=lambda block: block.start) - 1
    return " ".join(found[number].header) if number >= 0 else ""
