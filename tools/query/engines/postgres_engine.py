"""PostgreSQL: a role that may read one schema, in read-only transactions that are always rolled back.

The statement is the body of a cursor, sent by the protocol that takes one statement at a time: SET,
COPY, DO, CALL and anything that writes are no such body. Afterwards the session is reset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import errors

from knowledge.catalog.place import PostgresSchema
from tools.query.engines.engine import Ask, Cell, EngineFault, FaultKind, first_line

CONNECT_SECONDS = 5
SORTS = 8  # of one statement, each of which may take its share of the memory
SETTINGS = {
    "default_transaction_read_only": "on",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "60s",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "datestyle": "ISO",
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
}
# What PostgreSQL itself lets do more than read tables.
POWERS = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
    OR EXISTS (SELECT FROM pg_roles AS power WHERE power.rolname ~ '^pg_(read|write|execute)_'
               AND power.rolname <> 'pg_read_all_settings' AND pg_has_role(current_user, power.oid, 'member'))
FROM pg_roles WHERE rolname = current_user
"""
KINDS: tuple[tuple[type[psycopg.Error], FaultKind], ...] = (
    (errors.QueryCanceled, "time"),
    (errors.LockNotAvailable, "time"),
    (errors.OutOfMemory, "memory"),
    (errors.ConfigurationLimitExceeded, "memory"),
    (errors.InsufficientPrivilege, "store"),
    (errors.InvalidSchemaName, "store"),
    (errors.UndefinedTable, "store"),
    (errors.UndefinedColumn, "store"),
    (errors.ProgrammingError, "statement"),
    (errors.DataError, "statement"),
    (errors.NotSupportedError, "statement"),
    (errors.ReadOnlySqlTransaction, "statement"),
    (errors.StatementTooComplex, "statement"),
)


class PostgresEngine:
    """A schema of a PostgreSQL database. A connection that was lost is made again at the next statement."""

    def __init__(self, place: PostgresSchema, megabytes: int) -> None:
        """Raises EngineFault (store) where the database cannot be reached or the role may do too much."""
        self._place = place
        self._megabytes = megabytes
        with _translated():
            self.connection = self._connected()

    def fetch(self, ask: Ask) -> Sequence[tuple[Cell, ...]]:
        """At most ``limits.rows`` + 1 rows. Raises EngineFault."""
        with _translated():
            if self.connection.closed or not self._alive():
                self.connection.close()
                self.connection = self._connected()
            try:
                return self._rows(ask)
            finally:
                if not self.connection.closed:
                    self.connection.execute("DISCARD ALL")

    def close(self) -> None:
        """Leave the server."""
        self.connection.close()

    def _rows(self, ask: Ask) -> Sequence[tuple[Cell, ...]]:
        milliseconds = max(1, round(ask.limits.seconds * 1000))
        with self.connection.transaction(force_rollback=True):
            self.connection.execute("SET TRANSACTION READ ONLY")
            self.connection.execute(f"SET LOCAL statement_timeout = {milliseconds}".encode())
            with self.connection.cursor(name="answer") as cursor:
                cursor.execute(ask.sql.encode())
                return cursor.fetchmany(ask.limits.rows + 1)

    def _alive(self) -> bool:
        """False where the server went away since the last statement."""
        try:
            self.connection.execute("")
        except psycopg.OperationalError:
            return False
        return True

    def _connected(self) -> psycopg.Connection:
        # What stands in the options is what a reset of the session comes back to.
        memory = f"{max(1, self._megabytes // SORTS)}MB"
        settings = {**SETTINGS, "work_mem": memory, "search_path": f"{self._place.schema},pg_temp"}
        connection = psycopg.connect(
            self._place.url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name="giljabi",
            prepare_threshold=None,
            options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
        )
        found = connection.execute(POWERS).fetchone()
        if found is None or found[0]:
            connection.close()
            raise EngineFault("store", "its role may do more than read the catalog")
        return connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise EngineFault("memory", "out of memory") from error
    except psycopg.Error as error:
        found: list[FaultKind] = [kind for given, kind in KINDS if isinstance(error, given)]
        kind = found[0] if found else "store"
        raise EngineFault(kind, first_line(error)) from error
