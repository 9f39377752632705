"""A data dictionary of another format, turned into rows of the folder format.

Whatever the format, its tables and variables become the rows that datasets.csv, tables.csv,
variables.csv and concepts.csv would have, so that the same validators judge them; each row keeps
the file and the row that it came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalog.rows import Progress, Row
from knowledge.errors import CatalogInvalid

# What a dictionary may bring, in the order in which the rows refer to each other.
TABLES = ("concepts", "datasets", "tables", "variables")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that was read: its name, the format it was read as, its SHA-256 and size in bytes."""

    name: str
    format: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What a dictionary says. ``rows`` has every key of TABLES, its cells text as the folder format
    wants it; ``problems`` are lines "file:row: what; what to do" about what was left out or mended."""

    format: str
    files: tuple[SourceFile, ...]
    rows: Mapping[str, Sequence[Row]]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What to read and how. ``dataset`` is the id that the entries go to; without it, it comes from
    the file. ``mapping`` is the column mapping of a table, ``preset`` the selection of an ARC file."""

    path: Path
    dataset: str | None = None
    mapping: Path | None = None
    preset: str | None = None
    progress: Progress | None = None

    def report(self, what: str, done: int, total: int) -> None:
        """Tell the caller how far the work is."""
        if self.progress is not None:
            self.progress(what, done, total)


def source_file(path: Path, name: str, format: str) -> SourceFile:
    """``path`` as a SourceFile called ``name``. Raises CatalogInvalid where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise CatalogInvalid(
            f"{name} cannot be opened ({error.strerror}).", hint="Give the path of a file that can be read."
        ) from error
    return SourceFile(name, format, digest.hexdigest(), size)
