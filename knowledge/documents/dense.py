"""The vector side: Chroma in the index folder, one collection per kind and language.

A collection of its own for each spares the slow metadata filter, and keeps scores apart that do not
compare. A point's id is a hash of what it stands for, so equal things are held once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.documents.embed import Vectors
from knowledge.errors import StoreUnavailable

# wide enough for a recall@10 of .95 and more against exact search on real vectors
_SHAPE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}


def _quiet() -> None:
    """onnxruntime, which Chroma imports, reports home unless told not to before it is imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["ORT_TELEMETRY_DISABLED"] = "1"


class Dense:
    """The collections of one folder. Vectors are always given; Chroma never embeds anything itself."""

    def __init__(self, folder: Path) -> None:
        """Open or create. Raises StoreUnavailable."""
        _quiet()
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self.folder = folder
        # AttributeError is what opening again after a failed opening raises
        self._errors = (ChromaError, ValueError, RuntimeError, OSError, AttributeError)
        self._collections: dict[str, Any] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._client = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        except self._errors as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(
            f"The vector index '{self.folder}' cannot be used: {error}.",
            hint="Check permissions and free space. The folder may be deleted: it is rebuilt from the store.",
        )

    def close(self) -> None:
        self._collections.clear()
        self._client.close()

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_or_create_collection(
                name, embedding_function=None, configuration=_SHAPE
            )
        return self._collections[name]

    def counts(self) -> dict[str, int]:
        """How many points each collection holds."""
        try:
            names = [collection.name for collection in self._client.list_collections()]
            return {name: self._collection(name).count() for name in names}
        except self._errors as error:
            raise self._unavailable(error) from error

    def drop(self, name: str) -> None:
        """Forget a collection with all its points."""
        try:
            self._collections.pop(name, None)
            self._client.delete_collection(name)
        except self._errors as error:
            raise self._unavailable(error) from error

    def upsert(self, name: str, points: Sequence[str], vectors: Vectors) -> None:
        try:
            self._collection(name).upsert(ids=list(points), embeddings=vectors)
        except self._errors as error:
            raise self._unavailable(error) from error

    def delete(self, name: str, points: Sequence[str]) -> None:
        try:
            self._collection(name).delete(ids=list(points))
        except self._errors as error:
            raise self._unavailable(error) from error

    def nearest(self, name: str, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """(point, cosine) of the ``k`` nearest points, best first."""
        try:
            found = self._collection(name).query(
                query_embeddings=[vector], n_results=k, include=["distances"]
            )
        except self._errors as error:
            raise self._unavailable(error) from error
        return [(point, 1.0 - d) for point, d in zip(found["ids"][0], found["distances"][0], strict=True)]
