"""Passages gathered until they are worth a write: one transaction, after which Chroma follows."""

from __future__ import annotations

from knowledge.documents.document import Document
from knowledge.documents.embed import SentenceEncoder, Vectors, text_hash
from knowledge.documents.holdings import Holdings
from knowledge.documents.points import as_kept, collection_name
from knowledge.documents.prepare import Recipe
from knowledge.documents.store import Known

SIZE = 256  # passages


class Batch:
    """Add documents and catalog passages, then ``write`` once more at the end."""

    def __init__(self, holdings: Holdings, encoder: SentenceEncoder) -> None:
        self._holdings, self._encoder = holdings, encoder
        self._documents: list[tuple[Document, Known, list[Recipe]]] = []
        self._entries: list[Recipe] = []
        self._size = 0

    def add_document(self, document: Document, known: Known, recipes: list[Recipe]) -> None:
        """The document becomes active, with its passages, as a whole."""
        self._documents.append((document, known, recipes))
        self._grow(len(recipes))

    def add_entry(self, recipe: Recipe) -> None:
        self._entries.append(recipe)
        self._grow(1)

    def _grow(self, count: int) -> None:
        self._size += count
        if self._size >= SIZE:
            self.write()

    def write(self) -> None:
        """Store what was gathered and bring Chroma up to date."""
        recipes = [recipe for _, _, found in self._documents for recipe in found] + self._entries
        known, fresh = self._vectors(recipes)
        vectors = known | fresh
        store, points = self._holdings.store, self._holdings.points
        with self._holdings.database.writing() as connection:
            points.keep_texts(connection, fresh)
            for document, source, found in self._documents:
                store.activate(connection, document, source, [recipe.prepared for recipe in found])
            store.insert(connection, [recipe.prepared for recipe in self._entries])
            for recipe in recipes:
                passage = recipe.prepared.passage
                collection = collection_name(passage.kind, passage.language)
                points.want(
                    connection, collection, recipe.prepared.point, recipe.point_vector(vectors),
                    [text_hash(text) for text in recipe.sayings],
                )
        self._holdings.flush()
        self._documents, self._entries, self._size = [], [], 0

    def _vectors(self, recipes: list[Recipe]) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
        """Vectors of all texts: those kept from earlier, and those embedded now."""
        texts = {text_hash(text): text for recipe in recipes for text in recipe.texts}
        known = self._holdings.points.texts(texts)
        lacking = [hash_ for hash_ in texts if hash_ not in known]
        fresh = as_kept(self._encoder.vectors([texts[hash_] for hash_ in lacking]))
        return known, dict(zip(lacking, fresh, strict=True))
