"""The vector side: Chroma, in the index folder or on a server, one collection per kind and language.

A collection of its own for each spares the slow metadata filter, and keeps scores apart that do not
compare. A point's id is a hash of what it stands for, so equal things are held once. Each collection
says by which model it was made; on a server, which others may use too, its name begins with the index's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from knowledge.documents.embed import Vectors
from knowledge.errors import IndexMissing, SettingsInvalid, StoreUnavailable

# wide enough for a recall@10 of .95 and more against exact search on real vectors
_SHAPE = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}
_PAGE = 100  # collections asked for at once
_SECONDS = 30.0  # a server that says nothing for so long is taken as gone


@dataclass(frozen=True, slots=True)
class Make:
    """By which model the vectors of a collection were made."""

    model: str
    dimension: int


def _quiet() -> None:
    """onnxruntime, which Chroma imports, reports home unless told not to before it is imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["ORT_TELEMETRY_DISABLED"] = "1"


class Dense:
    """The collections of one index. Vectors are always given; Chroma never embeds anything itself."""

    def __init__(self, place: Path | str, prefix: str, makes: Mapping[str, Make] | None) -> None:
        """Open or create: in the folder ``place``, or on the server at that URL, where the names of this
        index's collections begin with ``prefix``. ``makes``: what the name of a collection ends in, to its
        make; None looks at no make, for emptying. Raises StoreUnavailable; IndexMissing where a collection
        is of another make; SettingsInvalid for a URL that cannot be one."""
        _quiet()
        import httpx
        from chromadb.errors import ChromaError

        self.place = place if isinstance(place, Path) else _without_password(place)
        self._remote = isinstance(place, str)
        self._prefix, self._makes = prefix, makes
        # AttributeError is what opening again after a failed opening raises
        self._errors = (ChromaError, ValueError, RuntimeError, OSError, AttributeError, httpx.HTTPError)
        self._collections: dict[str, Any] = {}
        try:
            self._client = _on_server(place) if isinstance(place, str) else _in_folder(place)
            held = self._list()
        except self._errors as error:
            raise self._unavailable(error) from error
        for name, collection in held.items() if makes else ():
            self._check_make(collection, self._make(name))

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        if self._remote:
            return StoreUnavailable(
                f"The Chroma server {self.place} cannot be used: {reason}.",
                hint="Start it, or see GILJABI_CHROMA_URL. What it lost is written again when the index is "
                "opened.",
            )
        return StoreUnavailable(
            f"The vector index '{self.place}' cannot be used: {reason}.",
            hint="Check permissions and free space. The folder may be deleted: it is rebuilt from the store.",
        )

    def _list(self) -> dict[str, Any]:
        """The collections of this index, by name without prefix."""
        found: list[Any] = []
        while page := self._client.list_collections(limit=_PAGE, offset=len(found)):
            found += page
        own = [collection for collection in found if collection.name.startswith(self._prefix)]
        return {collection.name.removeprefix(self._prefix): collection for collection in own}

    def _check_make(self, collection: Any, make: Make) -> None:
        said = collection.metadata or {}
        found = (said.get("model", make.model), said.get("dimension", make.dimension))
        if found != (make.model, make.dimension):
            raise IndexMissing(
                f"The collection '{collection.name}' in {self.place} is of model '{found[0]}' with "
                f"{found[1]} dimensions; this index uses '{make.model}' with {make.dimension}.",
                hint="Run `giljabi index --rebuild`, or name another place with GILJABI_CHROMA_URL.",
            )

    def _make(self, name: str) -> Make:
        assert self._makes is not None
        return next(make for end, make in self._makes.items() if name.endswith(end))

    def close(self) -> None:
        self._collections.clear()
        self._client.close()

    def _collection(self, name: str) -> Any:
        """The collection to write to."""
        if name not in self._collections:
            make = self._make(name)
            self._collections[name] = self._client.get_or_create_collection(
                self._prefix + name,
                embedding_function=None,
                configuration=_SHAPE,
                metadata={"model": make.model, "dimension": make.dimension},
            )
        return self._collections[name]

    def _existing(self, name: str) -> Any:
        """The collection to read from; one that a server lost is not made anew without its points."""
        if name not in self._collections:
            own = self._prefix + name
            self._collections[name] = self._client.get_collection(own, embedding_function=None)
        return self._collections[name]

    def counts(self) -> dict[str, int]:
        """How many points each collection holds."""
        try:
            return {name: collection.count() for name, collection in self._list().items()}
        except self._errors as error:
            raise self._unavailable(error) from error

    def drop(self, name: str) -> None:
        """Forget a collection with all its points."""
        try:
            self._collections.pop(name, None)
            self._client.delete_collection(self._prefix + name)
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

    def nearest(self, name: str, vector: Vectors, k: int) -> list[str]:
        """The ``k`` nearest points, best first."""
        try:
            found = self._existing(name).query(query_embeddings=[vector], n_results=k, include=[])
        except self._errors as error:
            self._collections.pop(name, None)  # after a restart of the server it may be another one
            raise self._unavailable(error) from error
        points: list[str] = found["ids"][0]
        return points


def _in_folder(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _on_server(url: str) -> Any:
    """A client of the server; credentials in the URL are for a proxy before it. Raises SettingsInvalid."""
    import chromadb
    import httpx
    from chromadb.config import Settings

    host, port, secure, headers = _parts(url)
    # Chroma's client waits for ever, and has no setting for it: so ask first, and give it a limit after.
    alive = f"{'https' if secure else 'http'}://{host}:{port}/api/v2/heartbeat"
    httpx.get(alive, headers=headers, timeout=_SECONDS).raise_for_status()
    client = chromadb.HttpClient(
        host, port, ssl=secure, headers=headers, settings=Settings(anonymized_telemetry=False)
    )
    client._server._session.timeout = httpx.Timeout(_SECONDS)
    return client


def _parts(url: str) -> tuple[str, int, bool, dict[str, str]]:
    """Host, port, whether TLS, headers."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 8000)
    except ValueError as error:
        raise _no_address(url) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise _no_address(url)
    headers = {}
    if parts.username is not None:
        from base64 import b64encode

        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return parts.hostname, port, parts.scheme == "https", headers


def _no_address(url: str) -> SettingsInvalid:
    return SettingsInvalid(
        f"'{_without_password(url)}' is no address of a Chroma server.",
        hint="Write it as http://HOST:PORT or https://HOST:PORT.",
    )


def _without_password(url: str) -> str:
    """The URL as it may be shown."""
    scheme, _, rest = url.rpartition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if scheme else rest.rpartition("@")[2]
