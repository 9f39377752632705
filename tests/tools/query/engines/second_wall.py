"""What still executes on each engine where there is no guard, and what has to be as it was afterwards.

`python -m tests.tools.query.engines.second_wall` prints the table for the note.
"""

from __future__ import annotations

import hashlib
import socket
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from knowledge.catalog.mirrors import mirror_at
from knowledge.catalog.place import DuckDBFile, Place, SQLiteFile
from tests.postgres import fresh_database, running
from tests.tools.query.guard.lists import entries
from tests.tools.query.guard.test_same_rows import PLAIN, ROWS
from tools.query.engines.engine import Ask, EngineFault, Limits
from tools.query.worker.pool import Pool

LISTS = ("attacks", "engine_attacks")  # the others only read the catalog's own tables
SHORT = Limits(seconds=0.25)
FILE_SECRET, TABLE_SECRET = "secret-of-a-file", "secret-of-a-table"
# What comes back where a file, another table or a password was reached.
GIVEN_AWAY = (FILE_SECRET, TABLE_SECRET, "root:x:0:0", "SCRAM-SHA-256$")


@dataclass(frozen=True)
class Surroundings:
    """An engine's catalog amid things that must stay out of reach. ``state``: what must not change."""

    place: Place
    folder: Path
    port: int
    state: Callable[[], object]

    def filled(self, sql: str) -> str:
        """The statement, with the names of what is planted."""
        planted = {"secret": self.folder / "secret.csv", "folder": self.folder, "port": self.port}
        for name, value in planted.items():
            sql = sql.replace(f"{{{name}}}", str(value))
        return sql


@dataclass(frozen=True)
class Outcome:
    """One statement: "refused" (by the engine), "ended" (by a limit) or "executed"; ``said`` is what came."""

    label: str
    sql: str
    end: str
    said: str

    @property
    def leaks(self) -> bool:
        """True where something planted came back."""
        return self.end == "executed" and any(secret in self.said for secret in GIVEN_AWAY)


def own_attacks(dialect: str) -> list[tuple[str, str]]:
    """(reach, statement) of raw_attacks.yaml."""
    listed = yaml.safe_load(Path(__file__).with_name("raw_attacks.yaml").read_text(encoding="utf-8"))
    return [(entry["reach"], entry["sql"]) for entry in listed if entry["dialect"] == dialect]


def listed_attacks(dialect: str) -> list[tuple[str, str]]:
    """(label, statement) of the guard's lists over the same tables."""
    return [
        (label, entry["sql"]) for name in LISTS for label, engine, entry in entries(name) if engine == dialect
    ]


def outcomes(around: Surroundings, attacks: Sequence[tuple[str, str]], pool: Pool) -> Iterator[Outcome]:
    """Send each statement to the engine as it is."""
    for label, sql in attacks:
        text = around.filled(sql)
        try:
            rows = pool.run(around.place, Ask(text, tuple(PLAIN.tables), SHORT))
        except EngineFault as fault:
            end = "ended" if fault.kind in {"time", "memory"} else "refused"
            yield Outcome(label, text, end, fault.said)
        else:
            yield Outcome(label, text, "executed", repr(rows))


@contextmanager
def surroundings(server: str, folder: Path) -> Iterator[dict[str, Surroundings]]:
    """The three engines, by dialect, each with a secret file, a secret table and a listener beside it."""
    (folder / "secret.csv").write_text(f"{FILE_SECRET}\n")
    with duckdb.connect(str(folder / "other.duckdb")) as other:
        other.execute(f"CREATE TABLE notes AS SELECT '{TABLE_SECRET}' AS note")
    with closing(sqlite3.connect(folder / "other.sqlite")) as lite:
        lite.execute("CREATE TABLE notes (note)")
    source = _plain(folder / "plain.duckdb")
    url = fresh_database(server)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port: int = listener.getsockname()[1]

        def around(place: Place, state: Callable[[], object]) -> Surroundings:
            beside = lambda: (_files(folder), _connections(listener), state())  # noqa: E731
            return Surroundings(place, folder, port, beside)

        yield {
            "duckdb": around(DuckDBFile(source), lambda: None),
            "sqlite": around(_sqlite(source, folder), lambda: None),
            "postgres": around(_postgres(source, url, folder), lambda: _database(url, server)),
        }


def _plain(path: Path) -> Path:
    with duckdb.connect(str(path)) as connection:
        for table, rows in ROWS["plain"].items():
            columns = ", ".join(f"{name} {spec.type}" for name, spec in PLAIN.tables[table].columns.items())
            connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return path


def _sqlite(source: Path, folder: Path) -> Place:
    mirror = mirror_at("sqlite:///mirror", folder)
    mirror.publish(source, "plain", "a" * 64)
    place = mirror.place("plain", "a" * 64)
    assert isinstance(place, SQLiteFile)
    with closing(sqlite3.connect(place.path)) as connection:
        connection.execute("CREATE TABLE notes (note)")
        connection.execute("INSERT INTO notes VALUES (?)", [TABLE_SECRET])
        connection.execute("CREATE VIEW notes_view AS SELECT * FROM notes")
        connection.commit()
    return place


def _postgres(source: Path, url: str, folder: Path) -> Place:
    import psycopg

    mirror = mirror_at(url, folder)
    mirror.publish(source, "plain", "a" * 64)
    mirror.use("plain", "a" * 64)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA private")
        for schema in ("private", "public"):
            made = f"CREATE TABLE {schema}.notes AS SELECT '{TABLE_SECRET}'::text AS note"
            connection.execute(made.encode())
            connection.execute(f"ANALYZE {schema}.notes".encode())
    return mirror.place("plain", "a" * 64)


def _files(folder: Path) -> dict[str, str]:
    """Every file below the folder, with a hash of what is in it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _connections(listener: socket.socket) -> int:
    """0 where nobody has called."""
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return 0
    return 1


def _database(url: str, server: str) -> list[Any]:
    """Everything that a statement could leave behind in a PostgreSQL."""
    import psycopg

    found: list[Any] = []
    with psycopg.connect(url) as owner, psycopg.connect(server) as superuser:
        for query in (
            "SELECT oid, relname, relacl::text FROM pg_class"
            " WHERE relkind IN ('r', 'v', 'S') AND oid >= 16384 AND relpersistence <> 't' ORDER BY oid",
            "SELECT oid, proname FROM pg_proc WHERE oid >= 16384 ORDER BY oid",
            "SELECT oid FROM pg_largeobject_metadata",
            "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname NOT LIKE 'pg_%temp%' ORDER BY 1",
            "SELECT extname FROM pg_extension",
        ):
            found.append(owner.execute(query.encode()).fetchall())
        (schema,) = owner.execute("SELECT schema FROM giljabi.versions").fetchall()[0]
        for table in PLAIN.tables:
            rows = owner.execute(f'SELECT * FROM "{schema}"."{table}"'.encode()).fetchall()
            found.append(sorted(map(repr, rows)))
        for query in (
            "SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting ORDER BY 1, 2",
            "SELECT rolname, rolsuper, rolconfig FROM pg_roles ORDER BY 1",
            "SELECT name, setting FROM pg_file_settings ORDER BY 1",
            "SELECT slot_name FROM pg_replication_slots",
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory'",
        ):
            found.append(superuser.execute(query.encode()).fetchall())
    return found


def _table() -> None:
    with (
        running() as server,
        tempfile.TemporaryDirectory() as name,
        surroundings(server, Path(name)) as found,
        closing(Pool(size=1)) as pool,
    ):
        print("| engine | list | statements | refused | ended by a limit | executed | gave something away |")
        print("|---|---|---|---|---|---|---|")
        executed: list[str] = []
        for dialect, around in found.items():
            for title, attacks in (("own", own_attacks(dialect)), ("guard's", listed_attacks(dialect))):
                ends = list(outcomes(around, attacks, pool))
                count = Counter(outcome.end for outcome in ends)
                leaks = sum(outcome.leaks for outcome in ends)
                cells = (len(ends), count["refused"], count["ended"], count["executed"], leaks)
                print(f"| {dialect} | {title} | {' | '.join(map(str, cells))} |")
                executed += [f"{dialect}\t{o.label}\t{o.sql}" for o in ends if o.end == "executed"]
        print(*executed, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    _table()
