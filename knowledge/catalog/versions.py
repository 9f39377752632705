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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from knowledge.catalog.columns import schema_hash
from knowledge.catalog.database import build_database
from knowledge.catalog.folder import CatalogFolder
from knowledge.errors import CatalogMissing, HomeBusy, NotFound, StoreUnavailable

_POINTER = "current"
_UNFINISHED = ".unfinished-"
_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """One stored version. ``schema`` is the schema hash it was built with, ``content`` its content hash,
    ``datasets`` a hash per dataset, ``rows`` the number of rows per table."""

    path: Path
    version: str
    as_of: str
    schema: str
    content: str
    datasets: Mapping[str, str]
    rows: Mapping[str, int]


class CatalogVersions:
    """The versions in folder ``root``, which is created with the first one."""

    def __init__(self, root: Path) -> None:
        self._root = root

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

    def publish(self, folder: CatalogFolder) -> str:
        """Make ``folder`` the version in use and return its id. What is stored already is not written again.

        Raises HomeBusy where another process keeps publishing, StoreUnavailable where writing fails.
        """
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with FileLock(self._root / ".lock", timeout=_WAIT_SECONDS):
                self._sweep()
                if self._stored(folder.version, folder.fingerprint.content) is None:
                    self._store(folder)
                if self._pointed() != folder.version:
                    self._write(_POINTER, f"{folder.version}\n")
        except Timeout as error:
            raise HomeBusy(
                "Another process is importing a catalog.", hint="Try again when it is done."
            ) from error
        except OSError as error:
            raise StoreUnavailable(
                f"The catalog cannot be stored: {error}", hint="Check the disk and its rights."
            ) from error
        return folder.version

    def _pointed(self) -> str | None:
        pointer = self._root / _POINTER
        return pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.exists() else None

    def _sweep(self) -> None:
        """Remove what a killed import left behind; the lock says that nobody is at it."""
        for path in self._root.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)

    def _stored(self, version: str, content: str | None = None) -> CatalogFile | None:
        """The version, where database and manifest are there (and hold ``content``); None otherwise."""
        path = self._root / f"{version}.duckdb"
        try:
            manifest: Any = json.loads((self._root / f"{version}.json").read_text(encoding="utf-8"))
            size = path.stat().st_size
            whole = size == manifest["bytes"] and content in (None, manifest["content"])
            return CatalogFile(
                path, manifest["version"], manifest["as_of"], manifest["schema"], manifest["content"],
                manifest["datasets"], manifest["rows"],
            ) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _store(self, folder: CatalogFolder) -> None:
        """The database first: a manifest is there only once its database is."""
        unfinished = self._root / f"{_UNFINISHED}{os.getpid()}.duckdb"
        build_database(folder, unfinished)
        _flush(unfinished)
        size = unfinished.stat().st_size
        unfinished.replace(self._root / f"{folder.version}.duckdb")
        manifest = {
            "version": folder.version,
            "as_of": folder.declaration.as_of,
            "schema": schema_hash(),
            "content": folder.fingerprint.content,
            "bytes": size,
            "rows": {table: len(rows) for table, rows in sorted(folder.rows.items())},
            "datasets": folder.fingerprint.datasets,
        }
        self._write(f"{folder.version}.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")

    def _write(self, name: str, text: str) -> None:
        """Write a file whole: readers see the former content or this one, also after a power cut."""
        unfinished = self._root / f"{_UNFINISHED}{os.getpid()}"
        unfinished.write_text(text, encoding="utf-8")
        _flush(unfinished)
        unfinished.replace(self._root / name)
        _flush(self._root)


def _flush(path: Path) -> None:
    """Bring a file's bytes, or a folder's names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
