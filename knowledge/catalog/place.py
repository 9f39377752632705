"""Where the tables of one catalog version can be asked: a DuckDB file, a SQLite file, a PostgreSQL schema.

Values only, with the Python standard library: the process that runs statements imports them too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DuckDBFile:
    """A DuckDB database file."""

    path: Path
    dialect: ClassVar[str] = "duckdb"

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class SQLiteFile:
    """A SQLite database file that is never written again."""

    path: Path
    dialect: ClassVar[str] = "sqlite"

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class PostgresSchema:
    """A schema of a PostgreSQL database. ``url`` is that of a role that may read this schema only."""

    url: str = field(repr=False)
    schema: str
    dialect: ClassVar[str] = "postgres"

    @property
    def name(self) -> str:
        """How messages call it, without the password of the URL."""
        return self.schema


Place = DuckDBFile | SQLiteFile | PostgresSchema


def place_of(place: Place | Path) -> Place:
    """A bare path is that of a DuckDB file."""
    return DuckDBFile(place) if isinstance(place, Path) else place
