"""The PostgreSQL role that questions are asked by: it logs in, reads one schema, and can do nothing else.

A database administrator may give one by its URL. Otherwise the publishing role makes one, with a
password that follows from its own: every process that knows the one URL can work out the other,
nothing has to be stored, and the process that runs statements never sees the publisher's password.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from knowledge.errors import StoreUnavailable

SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "60s",
    "work_mem": "64MB",
}
# Only a superuser may set these for a role.
SUPERUSER_SETTINGS = {"temp_file_limit": "512MB"}
MAX_NAME = 63
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class ReadingRole:
    """The role, by its URL."""

    def __init__(self, publisher: str, given: str | None) -> None:
        self._publisher = publisher
        self._given = given

    @cached_property
    def url(self) -> str:
        """What to connect by."""
        return self._given or _derived(self._publisher)

    @property
    def name(self) -> str:
        """The role's name."""
        return unquote(urlsplit(self.url).username or "")

    def ensure(self, connection: psycopg.Connection) -> None:
        """Make the role where it is ours and missing. Raises StoreUnavailable where it may do too much."""
        if self._given is None:
            self._make(connection)
        found = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = %s", [self.name]
        ).fetchone()
        if found is None or any(found):
            said = "is not there" if found is None else "has rights beyond reading"
            raise StoreUnavailable(
                f"The reading role {self.name!r} {said}.", hint="Give the URL of a role that may log in only."
            )

    def admit(self, connection: psycopg.Connection, schema: str) -> None:
        """Let the role read the tables of a schema."""
        for grant in ("USAGE ON SCHEMA {}", "SELECT ON ALL TABLES IN SCHEMA {}"):
            text = SQL("GRANT " + grant + " TO {}")
            connection.execute(text.format(Identifier(schema), Identifier(self.name)))

    def keep_out(self, connection: psycopg.Connection, schema: str) -> None:
        """Take that back."""
        for grant in ("SELECT ON ALL TABLES IN SCHEMA {}", "USAGE ON SCHEMA {}"):
            text = SQL("REVOKE " + grant + " FROM {}")
            connection.execute(text.format(Identifier(schema), Identifier(self.name)))

    def _make(self, connection: psycopg.Connection) -> None:
        role = Identifier(self.name)
        known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [self.name]).fetchone()
        if known is None:
            connection.execute(
                SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT").format(role)
            )
            settings = dict(SETTINGS)
            if connection.info.parameter_status("is_superuser") == "on":
                settings |= SUPERUSER_SETTINGS
            for name, value in settings.items():
                change = SQL("ALTER ROLE {} SET {} = {}").format(role, Identifier(name), Literal(value))
                connection.execute(change)
        password = urlsplit(self.url).password
        if password:
            # Hashed here: the server's log never holds it.
            hashed = connection.pgconn.encrypt_password(unquote(password).encode(), self.name.encode())
            connection.execute(SQL("ALTER ROLE {} PASSWORD {}").format(role, Literal(hashed.decode())))


def _derived(publisher: str) -> str:
    """The URL of the role that the publisher makes, one for each database."""
    parts = urlsplit(publisher)
    database = unquote(parts.path.strip("/"))
    name = f"giljabi_reader_{database}"
    if len(name.encode()) > MAX_NAME:
        name = f"giljabi_reader_{hashlib.sha256(database.encode()).hexdigest()[:24]}"
    address = parts.netloc.rpartition("@")[2]
    login = quote(name, safe="")
    if parts.password:
        secret = hashlib.scrypt(unquote(parts.password).encode(), salt=name.encode(), **SCRYPT)
        login = f"{login}:{secret.hex()}"
    return parts._replace(netloc=f"{login}@{address}").geturl()
