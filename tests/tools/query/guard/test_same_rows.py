"""The canonical text gives the rows of the text that was checked, on engines themselves."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.tools.query.guard.lists import entries
from tests.tools.query.small_catalog import SQL, write_catalog
from tools.query.guard import catalog_schema, check, load_schema
from tools.query.run import run

CATALOG = catalog_schema()
PLAIN = load_schema(SQL / "schema.yaml")
PLAIN_ROWS = {
    "hospitals": [
        (1, "서울병원", "Seoul", 900),
        (2, "Busan clinic", "Busan", 90),
        (3, "Daegu", "Seoul", None),
    ],
    "datasets": [
        (1, 1, "Stroke MRI registry", "MRI", 2010, 2022),
        (2, 1, "stroke CT", "CT", 2015, 2020),
        (3, 2, "ECG", "ECG", 2019, None),
        (7, 2, "empty", "MRI", 2020, 2021),
    ],
    "patient_counts": [
        (10 * d + i, d, year, sex, age, None if (d + i) % 4 == 0 else 10 * (d + i))
        for d in (1, 2, 3)
        for i, (year, sex, age) in enumerate(
            (y, s, a) for y in (2020, 2021, 2022) for s in "FM" for a in ("0-59", "60+")
        )
    ],
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_catalog(tmp_path_factory.mktemp("catalog") / "catalog.duckdb", CATALOG)


@pytest.fixture(scope="module")
def plain_sqlite() -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:") as connection:
        for table, rows in PLAIN_ROWS.items():
            connection.execute(f"CREATE TABLE {table} ({', '.join(PLAIN.tables[table].columns)})")
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        yield connection


@pytest.fixture(scope="module")
def plain_duckdb() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        for table, rows in PLAIN_ROWS.items():
            columns = ", ".join(f"{name} {spec.type}" for name, spec in PLAIN.tables[table].columns.items())
            connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        yield connection


CATALOG_CASES = {label: entry["sql"] for label, _, entry in entries("catalog_benign", default="duckdb")}
PLAIN_CASES = {
    label: (engine, entry["sql"])
    for name in ("benign", "sums_benign")
    for label, engine, entry in entries(name)
    if engine != "postgres"
}


@pytest.mark.parametrize("sql", CATALOG_CASES.values(), ids=CATALOG_CASES.keys())
def test_catalog_statements_on_duckdb(catalog: Path, sql: str) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{catalog}' AS original (READ_ONLY)")
        connection.execute("USE original")
        expected = connection.execute(sql).fetchall()
    rows = run(check(sql, CATALOG), catalog)
    assert Counter(map(repr, rows.rows)) == Counter(map(repr, expected))
    assert not rows.truncated


@pytest.mark.parametrize(("engine", "sql"), PLAIN_CASES.values(), ids=PLAIN_CASES.keys())
def test_plain_statements_on_two_engines(
    plain_sqlite: sqlite3.Connection, plain_duckdb: duckdb.DuckDBPyConnection, engine: str, sql: str
) -> None:
    canonical = check(sql, PLAIN, dialect=engine).sql
    connection = plain_sqlite if engine == "sqlite" else plain_duckdb
    expected = connection.execute(sql).fetchall()
    found = connection.execute(canonical).fetchall()
    assert Counter(map(repr, found)) == Counter(map(repr, expected))


def test_suppressed_counts_come_last_in_every_engine(plain_sqlite: sqlite3.Connection) -> None:
    # SQLite puts NULL first in ascending order; the canonical text does not let it.
    sql = "SELECT count_id, patient_count FROM patient_counts ORDER BY patient_count"
    found = plain_sqlite.execute(check(sql, PLAIN, dialect="sqlite").sql).fetchall()
    hidden = [row[1] is None for row in found]
    assert True in hidden and hidden == sorted(hidden)
