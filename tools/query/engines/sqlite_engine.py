"""SQLite: an immutable file, an authorizer that knows SELECT and nothing else, and limits of its own.

SQLite asks the authorizer while it compiles a statement, so nothing that is denied begins to run.
The progress handler ends what runs too long; what it cannot reach, a single long step, ends with
the process.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from knowledge.catalog.place import SQLiteFile
from tools.query.engines.engine import Ask, Cell, EngineFault, first_line

_LISTED = """
abs avg ceil ceiling coalesce concat concat_ws count cume_dist date dense_rank exp first_value floor
format glob group_concat ifnull iif instr lag last_value lead length like ln log log10 lower ltrim max
min mod nth_value ntile nullif percent_rank pow power printf rank regexp replace round row_number rtrim
sign sqrt strftime string_agg substr substring sum total trim trunc upper
"""
FUNCTIONS = frozenset(_LISTED.split())
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 4_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 300,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
STEPS_BETWEEN_LOOKS = 10_000
# Said where the file is another one than the statement was checked for.
MISSING = ("no such table", "no such column")
STORE_CODES = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_SCHEMA,
}


class SQLiteEngine:
    """A SQLite file from which listed tables can be selected with listed functions."""

    def __init__(self, place: SQLiteFile, megabytes: int) -> None:
        """Raises EngineFault (store) where the file cannot be read."""
        self._tables: frozenset[str] = frozenset()
        self._until = float("inf")
        with _translated():
            self.connection = _opened(place, megabytes)
            found = self.connection.execute("SELECT lower(name) FROM sqlite_schema").fetchall()
            self._stored = frozenset(name for (name,) in found)
            self.connection.set_authorizer(self._authorise)
            self.connection.set_progress_handler(self._late, STEPS_BETWEEN_LOOKS)

    def fetch(self, ask: Ask) -> Sequence[tuple[Cell, ...]]:
        """At most ``limits.rows`` + 1 rows. Raises EngineFault."""
        self._tables = frozenset(name.lower() for name in ask.tables)
        self._until = time.monotonic() + ask.limits.seconds
        cursor = self.connection.cursor()
        with _translated():
            try:
                rows = cursor.execute(ask.sql).fetchmany(ask.limits.rows + 1)
                if cursor.description is None:
                    raise EngineFault("statement", "only a SELECT is run")
                return rows
            finally:
                cursor.close()
                self._until = float("inf")

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def _authorise(
        self, action: int, first: str | None, second: str | None, database: str | None, _trigger: str | None
    ) -> int:
        """SELECT; columns of listed tables of the file, or of nothing stored; listed functions."""
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and self._readable((first or "").lower(), second, database):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    def _readable(self, relation: str, column: str | None, database: str | None) -> bool:
        """SQLite names no database where it asks for a relation of which no column is read.

        That may be a subquery or a WITH of the statement too, under a name that nothing stored has.
        """
        if relation in self._tables:
            return database in {"main", None}
        own = relation not in self._stored and not relation.startswith("sqlite_")
        return own and column == "" and database is None

    def _late(self) -> bool:
        return time.monotonic() > self._until


def _opened(place: SQLiteFile, megabytes: int) -> sqlite3.Connection:
    if not place.path.is_file():
        raise EngineFault("store", "there is no such file")
    sqlite3.register_converter("DATE", lambda said: date.fromisoformat(said.decode()))
    sqlite3.register_converter("BOOLEAN", lambda said: said != b"0")
    connection = sqlite3.connect(
        f"{place.path.resolve().as_uri()}?mode=ro&immutable=1",
        uri=True,
        check_same_thread=False,
        isolation_level=None,
        cached_statements=0,  # one that is kept is not asked about again, though other tables are listed
        detect_types=sqlite3.PARSE_DECLTYPES,
    )
    for what, most in LIMITS.items():
        connection.setlimit(what, most)
    for pragma in (
        *("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY"),
        f"hard_heap_limit = {megabytes * 1_000_000}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("regexp", 2, _regexp, deterministic=True)
    return connection


def _regexp(pattern: str | None, text: object) -> bool | None:
    """``text REGEXP pattern``: SQLite has the operator, but no function behind it."""
    if pattern is None or text is None:
        return None
    return re.search(str(pattern), str(text)) is not None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise EngineFault("memory", "out of memory") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        said = first_line(error)
        if code == sqlite3.SQLITE_INTERRUPT:
            raise EngineFault("time", said) from error
        if code == sqlite3.SQLITE_NOMEM:
            raise EngineFault("memory", said) from error
        if code in STORE_CODES or said.startswith(MISSING):
            raise EngineFault("store", said) from error
        raise EngineFault("statement", said) from error
