"""The canonical text gives the rows of the text that was checked, on the engines themselves."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import yaml

from tests.postgres import fresh_database
from tests.tools.query.guard.lists import entries
from tests.tools.query.small_catalog import SQL, write_catalog
from tools.query.guard import GuardSchema, catalog_schema, check, load_schema
from tools.query.run import run

Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]
CATALOG = catalog_schema()
PLAIN = load_schema(SQL / "schema.yaml")
LISTS = {
    "plain": (PLAIN, ("benign", "sums_benign", "plain_benign")),
    "library": (load_schema(SQL / "library_schema.yaml"), ("library_benign",)),
}
ROWS = yaml.safe_load((SQL / "plain_rows.yaml").read_text(encoding="utf-8"))
ROWS["plain"]["patient_counts"] = [
    (10 * d + i, d, year, sex, age, None if (d + i) % 4 == 0 else 10 * (d + i))
    for d in (1, 2, 3)
    for i, (year, sex, age) in enumerate(
        (y, s, a) for y in (2020, 2021, 2022) for s in "FM" for a in ("0-59", "60+")
    )
]
TYPES = {"double": "double precision"}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_catalog(tmp_path_factory.mktemp("catalog") / "catalog.duckdb", CATALOG)


def filled(schema: GuardSchema, rows: dict[str, Rows], execute: Callable[..., Any], mark: str) -> None:
    for table, spec in schema.tables.items():
        columns = ", ".join(f'"{name}" {TYPES.get(c.type, c.type)}' for name, c in spec.columns.items())
        execute(f'CREATE TABLE "{table}" ({columns})')
        for row in rows[table]:
            execute(f'INSERT INTO "{table}" VALUES ({", ".join([mark] * len(row))})', row)


@pytest.fixture(scope="module")
def engines(postgres: str) -> Iterator[dict[tuple[str, str], Ask]]:
    """What runs a text, by schema and dialect, over the same rows."""
    asks: dict[tuple[str, str], Ask] = {}
    open_: list[Any] = []
    for name, (schema, _) in LISTS.items():
        lite, duck = sqlite3.connect(":memory:"), duckdb.connect(":memory:")
        server = psycopg.connect(fresh_database(postgres), autocommit=True)
        open_ += [lite, duck, server]
        filled(schema, ROWS[name], lite.execute, "?")
        filled(schema, ROWS[name], duck.execute, "?")
        filled(schema, ROWS[name], server.execute, "%s")
        asks[name, "sqlite"] = lambda sql, at=lite: at.execute(sql).fetchall()  # type: ignore[misc]
        asks[name, "duckdb"] = lambda sql, at=duck: at.execute(sql).fetchall()  # type: ignore[misc]
        asks[name, "postgres"] = lambda sql, at=server: at.execute(sql).fetchall()  # type: ignore[misc]
    yield asks
    for connection in open_:
        connection.close()


CATALOG_CASES = {
    label: entry["sql"]
    for each in ("catalog_benign", "catalog_more_benign")
    for label, _, entry in entries(each, default="duckdb")
}
CASES = {
    f"{name}-{label}": (name, engine, entry["sql"])
    for name, (_, lists) in LISTS.items()
    for each in lists
    for label, engine, entry in entries(each)
    if entry.get("changed") != engine
}


@pytest.mark.parametrize("sql", CATALOG_CASES.values(), ids=CATALOG_CASES.keys())
def test_catalog_statements_on_duckdb(catalog: Path, sql: str) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{catalog}' AS original (READ_ONLY)")
        connection.execute("USE original")
        expected = connection.execute(sql).fetchall()
    rows = run(check(sql, CATALOG), catalog)
    assert same(rows.rows, expected)
    assert not rows.truncated


@pytest.mark.parametrize(("name", "engine", "sql"), CASES.values(), ids=CASES.keys())
def test_statements_of_other_schemas_on_each_engine(
    engines: dict[tuple[str, str], Ask], name: str, engine: str, sql: str
) -> None:
    ask = engines[name, engine]
    assert same(ask(check(sql, LISTS[name][0], dialect=engine).sql), ask(sql))


def test_suppressed_counts_come_last_in_every_engine(engines: dict[tuple[str, str], Ask]) -> None:
    # SQLite puts NULL first in ascending order, PostgreSQL in descending; the canonical text does not.
    for engine in ("duckdb", "sqlite", "postgres"):
        for order in ("ASC", "DESC"):
            sql = f"SELECT count_id, patient_count FROM patient_counts ORDER BY patient_count {order}"
            found = engines["plain", engine](check(sql, PLAIN, dialect=engine).sql)
            hidden = [row[1] is None for row in found]
            assert True in hidden and hidden == sorted(hidden), (engine, order)


def same(found: Any, expected: Any) -> bool:
    return Counter(map(repr, found)) == Counter(map(repr, expected))
