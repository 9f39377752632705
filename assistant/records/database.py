"""One database of records: SQLite in a file or PostgreSQL by URL, brought to the newest revision at open."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from assistant.records.migrations import HEAD, REVISIONS
from knowledge.errors import SettingsInvalid, StoreUnavailable

BUSY_SECONDS = 15
MIGRATIONS = Path(__file__).with_name("migrations")
_WRITER_LOCK = 0x67696C6A  # any number, the same for every process that writes to one database
_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg"}
# Alembic keeps the running migration in a module: one at a time in a process.
_migrating = threading.Lock()


class Database:
    """Reading and writing in transactions. Safe to use from many threads and processes; close it when done.

    Writers take turns, in SQLite by its own lock and in PostgreSQL by an advisory one, so that what
    a transaction has read stays true until it ends.
    """

    def __init__(self, place: Path | str) -> None:
        """``place`` is a SQLite file or a PostgreSQL URL. Raises StoreUnavailable, SettingsInvalid."""
        url = _sqlite_url(place) if isinstance(place, Path) else _postgres_url(place)
        self.name = url.database if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(writes=True)
        try:
            with self._translated():
                self._bring_up_to_date()
        except StoreUnavailable:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database. Raises StoreUnavailable."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is stored as a whole, or, when its body raises, not at all."""
        with self._translated(), self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
            yield connection

    def close(self) -> None:
        """Close the connections. The database can be opened again."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
            raise StoreUnavailable(
                f"The records in {self.name} cannot be used: {said}.",
                hint="Check that the database can be reached, that it may be written, and its disk.",
            ) from error

    def _bring_up_to_date(self) -> None:
        with self._engine.connect() as connection:
            found = _revision(connection)
        if found == HEAD:
            return
        if found is not None and found not in REVISIONS:
            raise StoreUnavailable(
                f"The records in {self.name} are of revision {found!r}, which this program does not know.",
                hint="Use the newer program that wrote them.",
            )
        with _migrating, self.write() as connection:
            upgrade(connection, HEAD)


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the tables to ``revision`` in the connection's transaction; what is there already is kept."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    command.upgrade(config, revision)


def now() -> str:
    """The moment, in UTC, as records keep it: text that sorts by time."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _postgres_url(place: str) -> URL:
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:
        raise SettingsInvalid(
            "The database URL cannot be read.", hint="Write postgresql://USER:PASSWORD@HOST:PORT/NAME."
        ) from error
    if url.drivername not in _POSTGRES:
        raise SettingsInvalid(
            f"Records cannot be kept in {url.drivername!r}.",
            hint="Give a postgresql:// URL, or none: then they are kept in a file of the home.",
        )
    return url.set(drivername="postgresql+psycopg")


def _engine(url: URL) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS})
    except (ImportError, NoSuchModuleError) as error:
        raise SettingsInvalid(
            "The database URL names PostgreSQL, whose driver psycopg is not installed.",
            hint="Install it with `pip install 'giljabi[postgres]'`.",
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Transactions begin where we say so, not where the driver guesses."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
