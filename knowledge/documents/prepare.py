"""What is indexed of a passage: its search terms, and the texts whose vectors make its point."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge.documents.blocks import blocks
from knowledge.documents.document import Document, Passage
from knowledge.documents.embed import Vectors, text_hash
from knowledge.documents.sentences import split_sentences
from knowledge.documents.split import split
from knowledge.documents.store import Prepared
from knowledge.errors import DocumentInvalid
from knowledge.text import Language, search_terms

# change it when loading, splitting or preparing give something else: everything is then prepared anew
FORMAT = "4"

_TITLE = 0.5  # the weight of a title beside a heading; heading and text weigh 1
_FURTHER = 0.5  # the weight of each sentence of a catalog entry after the first, which names it


class CatalogEntry(Protocol):
    """What the index needs of a catalog entry: one dataset, table or variable in one language."""

    @property
    def document(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> Language: ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """A prepared passage and the (text, weight) pairs that its point is the sum of."""

    prepared: Prepared
    parts: tuple[tuple[str, float], ...]

    def point_vector(self, vectors: Mapping[str, Vectors]) -> Vectors:
        """The unit vector for the point, given the vectors of texts by ``text_hash``."""
        total = np.sum([weight * vectors[text_hash(text)] for text, weight in self.parts], axis=0)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-6), dtype=np.float32)


def prepare(passage: Passage, header: str = "") -> Recipe:
    """How to index a passage of a document. ``header`` names the columns where it begins inside a table."""
    text = f"{header}\n{passage.text}" if header else passage.text
    parts = [(text, 1.0)]
    if passage.section:
        parts.append((passage.section, 1.0))
    if passage.title:
        parts.append((passage.title, _TITLE if passage.section else 1.0))
    terms = search_terms(passage.title) + 2 * search_terms(passage.section) + search_terms(text)
    return _recipe(passage, terms, parts)


def prepare_entry(entry: CatalogEntry, version: str) -> Recipe:
    """How to index a catalog entry, sentence by sentence: what thousands of entries have in common, such as
    the dataset they belong to, is analysed and embedded once."""
    passage = _entry_passage(entry, version)
    sentences = [passage.text[start:end] for start, end in split_sentences(passage.text)]
    if not passage.text.startswith(passage.title):
        sentences.insert(0, passage.title)
    terms = search_terms(passage.title) + tuple(term for text in sentences for term in search_terms(text))
    return _recipe(passage, terms, [(text, _FURTHER if n else 1.0) for n, text in enumerate(sentences)])


def _entry_passage(entry: CatalogEntry, version: str) -> Passage:
    return Passage(
        id=f"catalog:{entry.document}",
        document=entry.document,
        version=version,
        kind=entry.kind,
        section="",
        page=None,
        start=0,
        end=len(entry.text),
        text=entry.text,
        language=entry.language,
        title=entry.title,
    )


def _recipe(passage: Passage, terms: tuple[str, ...], parts: list[tuple[str, float]]) -> Recipe:
    named = repr([(text_hash(text), weight) for text, weight in parts])
    point = hashlib.sha256(named.encode()).hexdigest()[:32]
    return Recipe(Prepared(passage, terms, point), tuple(parts))


def prepare_document(document: Document) -> list[Recipe]:
    """How to index a document: all its passages. Raises DocumentInvalid where it has none."""
    passages = split(document)
    if not passages:
        raise DocumentInvalid(
            f"'{document.document}' has no text outside of comments.",
            hint="Write some text into it, or remove it.",
        )
    return [prepare(passage, _header(document, passage)) for passage in passages]


def _header(document: Document, passage: Passage) -> str:
    found = blocks(document.text)
    number = bisect_right(found, passage.start, key=lambda block: block.start) - 1
    return " ".join(found[number].header) if number >= 0 else ""
