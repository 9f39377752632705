"""Sources in PostgreSQL. One read-only transaction sees one state of the data from first to last."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sqlglot import exp

from knowledge.catalog.profiling.engine import Column, Table, kind_of, refuse_rows
from knowledge.errors import CatalogInvalid, SetupError, StoreUnavailable

CONNECT_SECONDS = 15
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL), col_description(c.oid, a.attnum),
       obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = COALESCE(NULLIF(%s, ''), current_schema()) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""


class PostgresEngine:
    """A connection to PostgreSQL as a source."""

    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.tables = cache(self._tables)

    def run(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """See Engine."""
        import psycopg

        refuse_rows(query)
        try:
            rows = self._connection.execute(query.sql(dialect=self.dialect)).fetchall()
        except psycopg.Error as error:
            self._connection.rollback()
            raise CatalogInvalid(
                f"The source cannot be profiled: {_said_of_names(error)}.",
                hint="Compare the description's tables and columns with the source, and the role's rights.",
            ) from error
        return [tuple(map(_whole, row)) for row in rows]

    def close(self) -> None:
        """See Engine."""
        self._connection.close()

    def _tables(self, schema: str) -> Mapping[str, Table]:
        columns: dict[str, dict[str, Column]] = {}
        comments: dict[str, str] = {}
        for table, name, type_name, comment, about in self._connection.execute(_COLUMNS, (schema,)):
            columns.setdefault(table, {})[name] = Column(name, kind_of(type_name), comment or "")
            comments[table] = about or ""
        return {table: Table(table, found, comments[table]) for table, found in columns.items()}


def open_postgres(url: str) -> PostgresEngine:
    """A database by URL. A password may stand in PGPASSWORD or in the password file instead of the URL."""
    try:
        import psycopg
    except ImportError as error:
        raise SetupError(
            "A source in PostgreSQL needs the package psycopg.", hint="Install giljabi[postgres]."
        ) from error
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET standard_conforming_strings = on")
    except psycopg.Error as error:
        raise StoreUnavailable(
            f"The PostgreSQL source {without_password(url)!r} cannot be opened:"
            f" {' '.join(str(error).split())}.",
            hint="Check host, port, database, user and password.",
        ) from error
    return PostgresEngine(connection)


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"


def _said_of_names(error: Any) -> str:
    """What an error says, as far as it cannot hold a value of the source: classes of SQLSTATE about
    names, rights and time."""
    state = error.sqlstate or ""
    if state[:2] in ("42", "57", "53") and error.diag.message_primary:
        return str(error.diag.message_primary)
    return f"the engine gave up ({state or type(error).__name__})"


def _whole(value: Any) -> Any:
    """SUM gives numeric; the numbers of a profile are whole."""
    return value if value is None or isinstance(value, str | int) else int(value)
