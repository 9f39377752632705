"""Catalog versions: immutable files behind a pointer, so that many processes may read while one writes.

    <root>/<version>.duckdb    the database, never changed once it has this name
    <root>/<version>.json      its manifest: what the import report and ``current`` need to know
    <root>/current             the name of the version in use

A version gets its name, and the pointer its new value, by one rename each, after the bytes are on
the disk. Whatever fails or is killed before the last rename leaves the former version in use.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from knowledge.catalog.columns import schema_hash
from knowledge.catalog.database import build_database
from knowledge.catalog.mirrors import Mirror
from knowledge.catalog.place import DuckDBFile, Place
from knowledge.catalog.stage import StagedCatalog
from knowledge.errors import CatalogMissing, HomeBusy, NotFound, StoreUnavailable

_POINTER = "current"
_UNFINISHED = ".unfinished-"
_WORK = ".work"
_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """One stored version. ``schema`` is the schema hash it was built with, ``content`` its content hash,
    ``datasets`` a hash per dataset, ``rows`` the number of rows per table. ``place``: where questions
    are asked, which is ``path`` or the same tables on another engine."""

    path: Path
    version: str
    as_of: str
    schema: str
    content: str
    datasets: Mapping[str, str]
    rows: Mapping[str, int]
    place: Place


class CatalogVersions:
    """The versions in folder ``root``, which is created with the first one.

    With a mirror, each version is also published there before it is in use, and asked there.
    """

    def __init__(self, root: Path, mirror: Mirror | None = None) -> None:
        self._root = root
        self._mirror = mirror

    @property
    def work(self) -> Path:
        """Where a catalog that is to be published is put together (see Stage): on the same disk."""
        return self._root / _WORK

    def current(self) -> CatalogFile | None:
        """The version in use, None before the first import; StoreUnavailable where its file is gone."""
        try:
            version = (self._root / _POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreUnavailable(
                f"The catalog pointer cannot be read: {error}", hint="Import the catalog again."
            ) from error
        found = self._stored(version)
        if found is None:
            raise StoreUnavailable(
                f"Catalog version {version!r} is in use, but its file is gone or broken.",
                hint="Import the catalog again.",
            )
        return found

    def require(self) -> CatalogFile:
        """The version in use; CatalogMissing before the first import."""
        found = self.current()
        if found is None:
            raise CatalogMissing(
                "There is no catalog yet.", hint="Import one, or set up the sample programme."
            )
        return found

    def version(self, version: str) -> CatalogFile:
        """A stored version by id; NotFound where there is none."""
        found = self._stored(version)
        if found is None:
            raise NotFound(
                f"There is no catalog version {version!r}.",
                hint=f"Stored are {', '.join(self.versions()) or 'none'}.",
            )
        return found

    def versions(self) -> list[str]:
        """The ids of all stored versions, sorted."""
        return sorted(p.stem for p in self._root.glob("*.duckdb") if not p.name.startswith(_UNFINISHED))

    def publish(self, catalog: StagedCatalog) -> str:
        """Make ``catalog`` the version in use and return its id. What is stored already is not written again.

        Raises HomeBusy where another process keeps publishing, StoreUnavailable where writing fails.
        """
        with self._published():
            if self._stored(catalog.version, catalog.fingerprint.content) is None:
                self._store(catalog)
            self._point(catalog.version, catalog.fingerprint.content)
        return catalog.version

    def use(self, version: str) -> str:
        """Make a stored version the one in use again. Raises NotFound, HomeBusy, StoreUnavailable."""
        with self._published():
            self._point(version, self.version(version).content)
        return version

    @contextmanager
    def _published(self) -> Iterator[None]:
        """One publisher at a time, over all processes."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with FileLock(self._root / ".lock", timeout=_WAIT_SECONDS):
                self._sweep()
                yield
        except Timeout as error:
            raise HomeBusy(
                "Another process is importing a catalog.", hint="Try again when it is done."
            ) from error
        except OSError as error:
            raise StoreUnavailable(
                f"The catalog cannot be stored: {error}", hint="Check the disk and its rights."
            ) from error

    def _point(self, version: str, content: str) -> None:
        """Make a stored version the one in use, once it can be asked wherever questions are asked."""
        if self._mirror is not None:
            self._mirror.publish(self._root / f"{version}.duckdb", version, content)
        if self._pointed() != version:
            self._write(_POINTER, f"{version}\n")
        if self._mirror is not None:
            self._mirror.use(version, content)

    def _place(self, version: str, content: str) -> Place:
        if self._mirror is None:
            return DuckDBFile(self._root / f"{version}.duckdb")
        return self._mirror.place(version, content)

    def _pointed(self) -> str | None:
        pointer = self._root / _POINTER
        return pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.exists() else None

    def _sweep(self) -> None:
        """Remove what a killed import left behind; the lock says that nobody is at it."""
        for path in self._root.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)
        for path in self.work.glob("*"):
            if not _alive(path.name.partition("-")[0]):
                shutil.rmtree(path, ignore_errors=True)

    def _stored(self, version: str, content: str | None = None) -> CatalogFile | None:
        """The version, where database and manifest are there (and hold ``content``); None otherwise."""
        path = self._root / f"{version}.duckdb"
        try:
            manifest: Any = json.loads((self._root / f"{version}.json").read_text(encoding="utf-8"))
            size = path.stat().st_size
            whole = size == manifest["bytes"] and content in (None, manifest["content"])
            return CatalogFile(
                path, manifest["version"], manifest["as_of"], manifest["schema"], manifest["content"],
                manifest["datasets"], manifest["rows"], self._place(version, manifest["content"]),
            ) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _store(self, catalog: StagedCatalog) -> None:
        """The database first: a manifest is there only once its database is."""
        unfinished = self._root / f"{_UNFINISHED}{os.getpid()}.duckdb"
        build_database(catalog, unfinished)
        _flush(unfinished)
        size = unfinished.stat().st_size
        unfinished.replace(self._root / f"{catalog.version}.duckdb")
        manifest = {
            "version": catalog.version,
            "as_of": catalog.declaration.as_of,
            "schema": schema_hash(),
            "content": catalog.fingerprint.content,
            "bytes": size,
            "rows": dict(sorted(catalog.counts.items())),
            "datasets": catalog.fingerprint.datasets,
        }
        self._write(f"{catalog.version}.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")

    def _write(self, name: str, text: str) -> None:
        """Write a file whole: readers see the former content or this one, also after a power cut."""
        unfinished = self._root / f"{_UNFINISHED}{os.getpid()}"
        unfinished.write_text(text, encoding="utf-8")
        _flush(unfinished)
        unfinished.replace(self._root / name)
        _flush(self._root)


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _flush(path: Path) -> None:
    """Bring a file's bytes, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
