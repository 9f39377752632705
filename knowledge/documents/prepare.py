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
from knowledge.documents.labels import label_terms
from knowledge.documents.marks import marks_of
from knowledge.documents.sentences import sentences, split_sentences
from knowledge.documents.split import split
from knowledge.documents.store import Prepared
from knowledge.documents.vocabulary import is_word
from knowledge.errors import DocumentInvalid
from knowledge.text import Language, search_terms

# change it when loading, splitting or preparing give something else: everything is then prepared anew
FORMAT = "8"

_TITLE = 0.5  # the weight of a title beside a heading; the heading and all sentences together weigh 1
_HEADER = 0.5  # the weight of the names of a table's columns
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
    """A prepared passage and what its point is the sum of: the mean of its ``sayings``, which are its own
    sentences, as one unit vector, and (text, weight) ``parts``."""

    prepared: Prepared
    sayings: tuple[str, ...]
    parts: tuple[tuple[str, float], ...]

    @property
    def whole(self) -> str:
        """The passage below its heading in one piece, as a model reads it that takes whole passages."""
        passage = self.prepared.passage
        named = passage.section or passage.title
        return passage.text if passage.text.startswith(named) else f"{named}\n{passage.text}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text whose vector is needed."""
        return (*self.sayings, *(text for text, _ in self.parts), *self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a passage of a document, which are compared by meaning too."""
        document = self.prepared.passage.kind == "document"
        return tuple(term for term in dict.fromkeys(self.prepared.terms) if document and is_word(term))

    def point_vector(self, vectors: Mapping[str, Vectors]) -> Vectors:
        """The unit vector for the point, given the vectors of texts by ``text_hash``."""
        weighted = [weight * vectors[text_hash(text)] for text, weight in self.parts]
        if self.sayings:
            weighted.append(_unit(np.sum([vectors[text_hash(text)] for text in self.sayings], axis=0)))
        return _unit(np.sum(weighted, axis=0))


def _unit(vector: Vectors) -> Vectors:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)


def prepare(passage: Passage, header: str = "") -> Recipe:
    """How to index a passage of a document. ``header`` names the columns where it begins inside a table."""
    text = f"{header}\n{passage.text}" if header else passage.text
    parts = [(header, _HEADER)] if header else []
    if passage.section:
        parts.append((passage.section, 1.0))
    if passage.title:
        parts.append((passage.title, _TITLE if passage.section else 1.0))
    terms = search_terms(passage.title) + 2 * search_terms(passage.section) + search_terms(text)
    return _recipe(passage, terms + marks_of(text) + label_terms(text), _sayings(passage), parts)


def _sayings(passage: Passage) -> tuple[str, ...]:
    """The sentences of a passage, or all of it where there are none."""
    spans = sentences(passage.text, 0, len(passage.text))
    return tuple(passage.text[span.start : span.end] for span in spans) or (passage.text,)


def prepare_entry(entry: CatalogEntry, version: str) -> Recipe:
    """How to index a catalog entry, sentence by sentence: what thousands of entries have in common, such as
    the dataset they belong to, is analysed and embedded once."""
    passage = _entry_passage(entry, version)
    said = [passage.text[start:end] for start, end in split_sentences(passage.text)]
    if not passage.text.startswith(passage.title):
        said.insert(0, passage.title)
    terms = search_terms(passage.title) + tuple(term for text in said for term in search_terms(text))
    return _recipe(passage, terms, (), [(text, _FURTHER if n else 1.0) for n, text in enumerate(said)])


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


def _recipe(
    passage: Passage, terms: tuple[str, ...], sayings: tuple[str, ...], parts: list[tuple[str, float]]
) -> Recipe:
    named = repr(([*map(text_hash, sayings)], [(text_hash(text), weight) for text, weight in parts]))
    point = hashlib.sha256(named.encode()).hexdigest()[:32]
    return Recipe(Prepared(passage, terms, point), sayings, tuple(parts))


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
