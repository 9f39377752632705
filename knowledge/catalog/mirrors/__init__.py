"""Catalog versions where another engine answers: ``mirror_at(url, ...)``.

The DuckDB file of a version stays what everything else reads; a mirror holds the same tables with
the same rows for questions.

    sqlite:///FOLDER                         a file per version in FOLDER
    postgresql://USER:PASSWORD@HOST/NAME     a schema per version in that database
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from knowledge.catalog.place import Place
from knowledge.errors import SettingsInvalid

POSTGRES = ("postgresql", "postgres")


class Mirror(Protocol):
    """Where versions are published beside their DuckDB files. ``content``: the version's content hash."""

    def place(self, version: str, content: str) -> Place:
        """Where this version is asked, whether or not it is there."""
        ...

    def publish(self, database: Path, version: str, content: str) -> None:
        """Copy the tables of a DuckDB file, whole or not at all. What is there already stays.

        Raises StoreUnavailable.
        """
        ...

    def use(self, version: str, content: str) -> None:
        """This version is in use from now on: readers are kept from others, and old ones removed.

        Raises StoreUnavailable.
        """
        ...


@dataclass(frozen=True, slots=True)
class CatalogEngine:
    """Where the catalog is asked: ``url`` as ``mirror_at`` takes it, ``reader`` of the role that reads."""

    url: str = field(repr=False)
    reader: str | None = field(default=None, repr=False)

    def mirror(self, folder: Path) -> Mirror:
        """The mirror of the catalog in ``folder``. Raises SettingsInvalid."""
        return mirror_at(self.url, folder, self.reader)


def mirror_at(url: str, root: Path, reader: str | None = None) -> Mirror:
    """The mirror that a URL names. A relative folder is taken from ``root``.

    reader: URL of the role that PostgreSQL is asked by; without it such a role is made.
    Raises SettingsInvalid for a URL of another kind, or where psycopg is missing.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsInvalid(f"The catalog's URL cannot be read: {error}.", hint=_FORMS) from error
    if parts.scheme == "sqlite" and parts.path.strip("/") and not parts.netloc:
        from knowledge.catalog.mirrors.sqlite import SQLiteMirror

        return SQLiteMirror(root / unquote(parts.path.removeprefix("/")))
    if parts.scheme in POSTGRES and parts.path.strip("/") and (port is None or port > 0):
        try:
            from knowledge.catalog.mirrors.postgres import PostgresMirror
        except ImportError as error:
            raise SettingsInvalid(
                "The catalog cannot be published to PostgreSQL without psycopg.",
                hint="Install the extra: pip install 'giljabi[postgres]'.",
            ) from error
        return PostgresMirror(url, reader)
    raise SettingsInvalid(f"The catalog cannot be kept at a URL of kind {parts.scheme!r}.", hint=_FORMS)


_FORMS = "Give postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:///FOLDER."
