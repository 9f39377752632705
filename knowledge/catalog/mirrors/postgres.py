"""A schema per version in a PostgreSQL database, and a role that may read the one in use and nothing else.

    giljabi_<content>          the tables of a version, written in one transaction with its line in
    giljabi.versions           schema, version, content, when it was published, which is in use

One database holds the catalog of one home.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from knowledge.catalog.mirrors.reading_role import ReadingRole
from knowledge.catalog.mirrors.tables import CatalogTables, TableCopy, catalog_tables
from knowledge.catalog.place import PostgresSchema
from knowledge.errors import StoreUnavailable

# Text sorts by its bytes, as in the other engines: the same question gives rows in the same order.
TYPES = {
    "VARCHAR": 'text COLLATE "C"', "INTEGER": "integer", "BIGINT": "bigint",
    "DOUBLE": "double precision", "DATE": "date", "BOOLEAN": "boolean",
}  # fmt: skip
CONNECT_SECONDS = 10
PUBLISHER_LOCK = 0x67696C6A6163
VERSIONS = """
CREATE SCHEMA IF NOT EXISTS giljabi;
CREATE TABLE IF NOT EXISTS giljabi.versions (
    schema text PRIMARY KEY, version text NOT NULL, content text NOT NULL,
    published timestamptz NOT NULL DEFAULT now(), used timestamptz, in_use boolean NOT NULL DEFAULT false
)
"""


class PostgresMirror:
    """Versions in the database at ``url``, whose role owns them. ``reader``: URL of the role that reads."""

    def __init__(self, url: str, reader: str | None = None) -> None:
        self._url = url
        self._role = ReadingRole(url, reader)

    def place(self, version: str, content: str) -> PostgresSchema:
        """The schema of a version."""
        return PostgresSchema(self._role.url, schema_name(content))

    def publish(self, database: Path, version: str, content: str) -> None:
        """Copy the tables in one transaction, unless they are there. Raises StoreUnavailable."""
        schema = schema_name(content)
        with self._transaction() as connection:
            connection.execute(VERSIONS)
            known = connection.execute("SELECT FROM giljabi.versions WHERE schema = %s", [schema]).fetchone()
            if known is None:
                connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
                connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
                with catalog_tables(database) as source:
                    for table in source.tables:
                        _copy(connection, schema, source, table)
                connection.execute(
                    "INSERT INTO giljabi.versions (schema, version, content) VALUES (%s, %s, %s)",
                    [schema, version, content],
                )
            # Both the version in use and this one can be read until the home's pointer has moved.
            self._role.ensure(connection)
            self._role.admit(connection, schema)

    def use(self, version: str, content: str) -> None:
        """Move the pointer; keep the reading role from the other versions; drop all but the one before."""
        schema = schema_name(content)
        with self._transaction() as connection:
            connection.execute(
                "UPDATE giljabi.versions SET in_use = (schema = %(schema)s),"
                " used = CASE WHEN schema = %(schema)s THEN now() ELSE used END"
                " WHERE in_use OR schema = %(schema)s",
                {"schema": schema},
            )
            others = connection.execute(
                "SELECT schema FROM giljabi.versions WHERE NOT in_use"
                " ORDER BY used DESC NULLS LAST, published DESC"
            ).fetchall()
            for number, (other,) in enumerate(others):
                if number:
                    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(other)))
                    connection.execute("DELETE FROM giljabi.versions WHERE schema = %s", [other])
                else:
                    self._role.keep_out(connection, other)

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection]:
        """One publisher at a time, and all of it or nothing."""
        try:
            with psycopg.connect(self._url, connect_timeout=CONNECT_SECONDS) as connection:
                connection.execute("SET LOCAL lock_timeout = '60s'")
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHER_LOCK])
                yield connection
        except psycopg.Error as error:
            said = str(error).strip().split("\n")[0]
            raise StoreUnavailable(
                f"The catalog cannot be published to PostgreSQL: {said}.",
                hint="Check the server, the URL, and that its role may create schemas and roles.",
            ) from error


def schema_name(content: str) -> str:
    """The schema of a version, from its content hash (hex)."""
    return f"giljabi_{content[:24].lower()}"


def _copy(connection: psycopg.Connection, schema: str, source: CatalogTables, table: TableCopy) -> None:
    name = Identifier(schema, table.name)
    connection.execute(_sql(f"CREATE TABLE {{}} ({table.shape(TYPES)})", name))
    with connection.cursor() as cursor, cursor.copy(SQL("COPY {} FROM STDIN").format(name)) as copy:
        for chunk in source.rows(table):
            for row in chunk:
                copy.write_row(row)
    for columns in table.indexes():
        connection.execute(_sql(f"CREATE INDEX ON {{}} ({columns})", name))
    connection.execute(SQL("ANALYZE {}").format(name))


def _sql(text: str, *names: Identifier) -> Composed:
    """SQL around names. ``text`` is made of the catalog's own column names, never of cells."""
    return SQL(text).format(*names)
