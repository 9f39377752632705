"""What is indexed of a passage: its search terms, and the texts whose vectors make its point."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.documents.blocks import blocks
from knowledge.documents.document import Document, Passage
from knowledge.documents.embed import Vectors, text_hash
from knowledge.documents.split import split
from knowledge.documents.store import Prepared
from knowledge.errors import DocumentInvalid
from knowledge.text import search_terms

# change it when loading, splitting or preparing give something else: everything is then prepared anew
FORMAT = "2"

_TITLE = 0.5  # the weight of a title beside a heading; heading and text weigh 1


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
    """How to index ``passage``. ``header`` names the columns where it begins in the middle of a table."""
    text = f"{header}\n{passage.text}" if header else passage.text
    parts = [(text, 1.0)]
    if passage.section:
        parts.append((passage.section, 1.0))
    if passage.title:
        parts.append((passage.title, _TITLE if passage.section else 1.0))
    terms = search_terms(passage.title) + 2 * search_terms(passage.section) + search_terms(text)
    point = hashlib.sha256(repr([(text_hash(part), weight) for part, weight in parts]).encode()).hexdigest()[
        :32
    ]
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
