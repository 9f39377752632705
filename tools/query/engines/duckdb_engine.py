"""DuckDB: the file attached read-only to an in-memory database, which is then shut off and locked.

Attached rather than opened: DuckDB lets one process open a file with one configuration only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from knowledge.catalog.place import DuckDBFile
from tools.query.engines.engine import Ask, Cell, EngineFault, first_line

ATTACHED = "catalog"
THREADS = 2
# Said of a statement that is sound but cannot be worked out on these values.
STATEMENT_ERRORS = (
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.DataError,
    duckdb.InvalidInputException,
    duckdb.NotSupportedError,
    duckdb.ParserException,
    duckdb.PermissionException,
    duckdb.SyntaxException,
    duckdb.TypeMismatchException,
)


class DuckDBEngine:
    """A DuckDB file without reach to files, extensions, settings or Python objects."""

    def __init__(self, place: DuckDBFile, megabytes: int) -> None:
        """Raises EngineFault (store) where the file cannot be read."""
        with _translated():
            self.connection = _hardened(place, megabytes)

    def fetch(self, ask: Ask) -> Sequence[tuple[Cell, ...]]:
        """At most ``limits.rows`` + 1 rows. Raises EngineFault."""
        # A cursor of its own: whatever a statement leaves behind in a session goes with it.
        cursor = self.connection.cursor()
        timer = threading.Timer(ask.limits.seconds, cursor.interrupt)
        timer.daemon = True
        with _translated():
            try:
                cursor.execute(f"USE {ATTACHED}")
                timer.start()
                return cursor.execute(_one_select(cursor, ask.sql)).fetchmany(ask.limits.rows + 1)
            finally:
                timer.cancel()
                cursor.close()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()


def _one_select(cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The statement, if it is one and only reads: the in-memory database stays empty too."""
    statements = cursor.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise EngineFault("statement", "only one SELECT is run")
    return statements[0]


def _hardened(place: DuckDBFile, megabytes: int) -> duckdb.DuckDBPyConnection:
    path = str(place.path.resolve()).replace("'", "''")
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": f"{megabytes}MB",
            "temp_directory": "",
            "threads": str(THREADS),
        },
    )
    # The type is named, since DuckDB would otherwise look for an extension that reads the file.
    connection.execute(f"ATTACH '{path}' AS {ATTACHED} (READ_ONLY, TYPE duckdb)")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise EngineFault("time", first_line(error)) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise EngineFault("memory", first_line(error)) from error
    except STATEMENT_ERRORS as error:
        raise EngineFault("statement", first_line(error)) from error
    except duckdb.Error as error:
        raise EngineFault("store", first_line(error)) from error
