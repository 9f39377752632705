"""Passages gathered until they are worth a write: one transaction, after which Chroma follows."""

from __future__ import annotations

from knowledge.documents.document import Document
from knowledge.documents.embed import Vectors, text_hash
from knowledge.documents.holdings import Holdings
from knowledge.documents.points import SECOND, as_kept, collection_name
from knowledge.documents.prepare import Recipe
from knowledge.documents.store import Known

SIZE = 256  # passages


class Batch:
    """Add documents and catalog passages, then ``write`` once more at the end."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
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
        known_wholes, fresh_wholes = self._wholes(recipes)
        vectors, wholes = known | fresh, known_wholes | fresh_wholes
        store, points = self._holdings.store, self._holdings.points
        with self._holdings.database.writing() as connection:
            points.keep_texts(connection, fresh | fresh_wholes)
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
                if wholes:
                    whole = wholes[self._key(recipe.whole)]
                    points.want(connection, collection + SECOND, recipe.prepared.point, whole, ())
        self._holdings.flush()
        self._documents, self._entries, self._size = [], [], 0

    def _vectors(self, recipes: list[Recipe]) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
        """Vectors of all texts: those kept from earlier, and those embedded now."""
        texts = {text_hash(text): text for recipe in recipes for text in recipe.texts}
        known = self._holdings.points.texts(texts)
        lacking = [hash_ for hash_ in texts if hash_ not in known]
        fresh = as_kept(self._holdings.encoder.vectors([texts[hash_] for hash_ in lacking]))
        return known, dict(zip(lacking, fresh, strict=True))

    def _wholes(self, recipes: list[Recipe]) -> tuple[dict[str, Vectors], dict[str, Vectors]]:
        """The same of whole passages by the second view; nothing where there is none."""
        second = self._holdings.second
        if second is None:
            return {}, {}
        texts = {self._key(recipe.whole): recipe.whole for recipe in recipes}
        known = self._holdings.points.texts(texts)
        lacking = [hash_ for hash_ in texts if hash_ not in known]
        fresh = as_kept(second.passages([texts[hash_] for hash_ in lacking]))
        return known, dict(zip(lacking, fresh, strict=True))

    def _key(self, text: str) -> str:
        """Under what the second view's vector of ``text`` is kept."""
        assert self._holdings.second is not None
        return text_hash(f"{self._holdings.second.model}\n{text}")
