"""The runner: a checked statement in, rows out, on an engine that could do no harm without the check.

The database file is attached read-only to an in-memory DuckDB, which is then shut off from files,
extensions and Python objects, and its settings are locked. One such engine is kept per file.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from knowledge.errors import QueryTimeout, SqlRejected, StoreUnavailable
from tools.query.guard.safe_query import SafeQuery

ATTACHED = "catalog"
KEPT_ENGINES = 4
THREADS = 2
# Said by the engine of a statement that is sound but cannot be worked out on these values.
STATEMENT_ERRORS = (
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.DataError,
    duckdb.InvalidInputException,
    duckdb.NotSupportedError,
    duckdb.ParserException,
    duckdb.SyntaxException,
    duckdb.TypeMismatchException,
)

_engines: OrderedDict[tuple[object, ...], duckdb.DuckDBPyConnection] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rows:
    """What came back. ``truncated``: a limit that the statement did not ask for ended the rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool


def run(
    query: SafeQuery, database: Path, *, timeout_s: float = 10.0, memory_mb: int = 512, max_rows: int = 1000
) -> Rows:
    """Run a checked statement on a DuckDB file.

    Raises TypeError for anything but a SafeQuery, QueryTimeout past ``timeout_s`` seconds or
    ``memory_mb`` megabytes, StoreUnavailable when the file cannot be read, SqlRejected (rule
    "engine") when the engine cannot work the statement out, as for text cast to a number.
    """
    if type(query) is not SafeQuery:
        raise TypeError(f"run() takes a SafeQuery, not {type(query).__name__}. Pass the SQL through check().")
    if query.dialect != "duckdb":
        raise SqlRejected(
            f"The statement was checked for {query.dialect}, the catalog runs on duckdb.",
            rule="dialect",
            hint="Check it again with dialect='duckdb'.",
        )
    cursor = open_engine(database, memory_mb=memory_mb).cursor()
    timer = threading.Timer(timeout_s, cursor.interrupt)
    timer.daemon = True
    with _translated(database, timeout_s, memory_mb):
        try:
            cursor.execute(f"USE {ATTACHED}")
            timer.start()
            rows = cursor.execute(query.sql).fetchmany(max_rows + 1)
        finally:
            timer.cancel()
            cursor.close()
    cut = len(rows) > max_rows or (query.capped and len(rows) >= query.limit)
    return Rows(query.columns, tuple(rows[:max_rows]), cut)


def open_engine(database: Path, *, memory_mb: int = 512) -> duckdb.DuckDBPyConnection:
    """The hardened engine for one version of a file, made at the first call. Use a cursor per thread."""
    try:
        stat = database.stat()
    except OSError as error:
        raise StoreUnavailable(
            f"The catalog database {database} cannot be opened: {error.strerror}.",
            hint="Import a catalog first.",
        ) from error
    key = (database.resolve(), stat.st_ino, stat.st_mtime_ns, stat.st_size, memory_mb)
    with _lock:
        if key not in _engines:
            _engines[key] = _hardened(database, memory_mb)
        _engines.move_to_end(key)
        while len(_engines) > KEPT_ENGINES:
            # Cursors at work keep the engine alive; this only lets go of our own hold on it.
            _engines.popitem(last=False)
        return _engines[key]


def close_engines() -> None:
    """Let go of every kept engine, as before a file is moved away."""
    with _lock:
        _engines.clear()


def _hardened(database: Path, memory_mb: int) -> duckdb.DuckDBPyConnection:
    path = str(database.resolve()).replace("'", "''")
    try:
        connection = duckdb.connect(
            ":memory:",
            config={
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
                "python_enable_replacements": "false",
                "memory_limit": f"{memory_mb}MB",
                "temp_directory": "",
                "threads": str(THREADS),
            },
        )
        # Attached rather than opened: DuckDB lets one process open a file with one configuration only,
        # and the catalog's importer opens the same files.
        connection.execute(f"ATTACH '{path}' AS {ATTACHED} (READ_ONLY)")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise StoreUnavailable(
            f"The catalog database {database} cannot be opened: {_first_line(error)}",
            hint="Import the catalog again.",
        ) from error
    return connection


@contextmanager
def _translated(database: Path, timeout_s: float, memory_mb: int) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTimeout(
            f"The query ran longer than {timeout_s:g} s and was stopped.", hint="Narrow it by conditions."
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise QueryTimeout(
            f"The query needed more than {memory_mb} MB and was stopped.", hint="Narrow it by conditions."
        ) from error
    except STATEMENT_ERRORS as error:
        raise SqlRejected(
            f"The engine cannot work the statement out: {_first_line(error)}",
            rule="engine",
            hint="Check types and values.",
        ) from error
    except duckdb.Error as error:
        raise StoreUnavailable(
            f"The catalog database {database.name} cannot be read: {_first_line(error)}",
            hint="Import the catalog again.",
        ) from error


def _first_line(error: BaseException) -> str:
    return str(error).split("\n")[0]
