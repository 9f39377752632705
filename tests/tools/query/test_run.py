"""The runner on a real DuckDB file: rows, limits, and an engine that is safe without the guard."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from knowledge.errors import QueryTimeout, SqlRejected, StoreUnavailable
from tests.tools.query.small_catalog import write_catalog
from tools.query.guard import ColumnSpec, GuardSchema, SafeQuery, TableSpec, catalog_schema, check
from tools.query.run import close_engines, open_engine, run

CATALOG = catalog_schema()
NUMBERS = GuardSchema(
    tables={
        "numbers": TableSpec(
            columns={"a": ColumnSpec("integer"), "b": ColumnSpec("integer"), "t": ColumnSpec()}
        )
    },
    joins=(("numbers.b", "numbers.b"),),
    threshold=10,
)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield write_catalog(tmp_path_factory.mktemp("run") / "it's a catalog.duckdb", CATALOG)
    close_engines()


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("numbers") / "numbers.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE numbers AS SELECT range AS a, range % 2 AS b, 'n' || range AS t FROM range(2000000)"
        )
    yield path
    close_engines()


def test_rows_come_with_their_columns(catalog: Path) -> None:
    query = check("SELECT name_ko AS 병원, beds FROM hospitals ORDER BY beds DESC LIMIT 2", CATALOG)
    rows = run(query, catalog)
    assert rows.columns == ("병원", "beds")
    assert rows.rows == (("한강병원", 1200), ("팔공대학교병원", 810))
    assert not rows.truncated


def test_truncation_is_said_where_the_statement_did_not_ask_for_it(catalog: Path) -> None:
    sql = "SELECT hospital FROM hospitals"
    assert run(check(sql, CATALOG, row_limit=3), catalog).truncated
    assert not run(check(f"{sql} LIMIT 3", CATALOG), catalog).truncated
    assert not run(check(sql, CATALOG), catalog).truncated
    cut = run(check(sql, CATALOG), catalog, max_rows=2)
    assert cut.truncated and len(cut.rows) == 2


def test_only_a_safe_query_runs(catalog: Path) -> None:
    for other in ("SELECT 1", None, object()):
        with pytest.raises(TypeError, match="SafeQuery"):
            run(other, catalog)  # type: ignore[arg-type]
    like = type("SafeQuery", (), {"sql": "SELECT 1", "dialect": "duckdb"})()
    with pytest.raises(TypeError):
        run(like, catalog)
    assert isinstance(check("SELECT hospital FROM hospitals", CATALOG), SafeQuery)


def test_a_statement_for_another_engine_is_refused(catalog: Path) -> None:
    with pytest.raises(SqlRejected) as caught:
        run(check("SELECT hospital FROM hospitals", CATALOG, dialect="postgres"), catalog)
    assert caught.value.rule == "dialect"


def test_the_time_limit_stops_a_query_and_the_next_one_runs(numbers: Path) -> None:
    # A trillion pairs; the engine looks up from its work after every few thousand of them.
    slow = check("SELECT SUM(x.a + y.a) AS n FROM numbers AS x JOIN numbers AS y ON x.b = y.b", NUMBERS)
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.3 s"):
        run(slow, numbers, timeout_s=0.3)
    assert time.monotonic() - began < 5
    assert run(check("SELECT MAX(a) AS n FROM numbers", NUMBERS), numbers).rows == ((1999999,),)


def test_the_memory_limit_stops_a_query(numbers: Path) -> None:
    large = check("SELECT STRING_AGG(t || t || t || t || t, ',') AS s FROM numbers", NUMBERS)
    with pytest.raises(QueryTimeout, match="40 MB"):
        run(large, numbers, memory_mb=40)
    assert run(check("SELECT MIN(a) AS n FROM numbers", NUMBERS), numbers, memory_mb=40).rows == ((0,),)


def test_what_the_engine_cannot_work_out_is_the_statement_s_fault(catalog: Path) -> None:
    with pytest.raises(SqlRejected) as caught:
        run(check("SELECT CAST(name_en AS INTEGER) AS n FROM hospitals", CATALOG), catalog)
    assert caught.value.rule == "engine"
    assert "LINE" not in str(caught.value)


def test_a_missing_or_broken_file_is_said(tmp_path: Path) -> None:
    query = check("SELECT hospital FROM hospitals", CATALOG)
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        run(query, tmp_path / "nowhere.duckdb")
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        run(query, broken)
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(StoreUnavailable, match="hospitals"):
        run(query, empty)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT content FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/*')",
        "COPY hospitals TO 'stolen.csv'",
        "ATTACH 'other.duckdb' AS other",
        "EXPORT DATABASE 'stolen'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '100GB'",
        "SET threads = 64",
        "INSERT INTO hospitals (hospital) VALUES ('x')",
        "UPDATE counts SET patients = 5",
        "DELETE FROM counts",
        "DROP TABLE hospitals",
        "CREATE TABLE catalog.stolen AS SELECT 1",
        "SELECT * FROM a_python_value",
    ],
)
def test_the_engine_stands_without_the_guard(catalog: Path, sql: str) -> None:
    a_python_value = [1, 2, 3]  # in reach of DuckDB's replacement scans, were they on
    cursor = open_engine(catalog).cursor()
    cursor.execute("USE catalog")
    with pytest.raises(duckdb.Error):
        cursor.execute(sql).fetchall()
    assert a_python_value and cursor.execute("SELECT COUNT(*) FROM hospitals").fetchone() == (4,)


def test_one_engine_serves_many_threads(catalog: Path) -> None:
    query = check("SELECT dataset, COUNT(*) AS n FROM variables GROUP BY dataset ORDER BY dataset", CATALOG)
    expected = run(query, catalog).rows
    found: list[object] = []

    def ask() -> None:
        found.extend(run(query, catalog).rows == expected for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 120
    assert open_engine(catalog) is open_engine(catalog)


def test_a_file_in_use_can_be_read_by_others_and_a_new_version_is_seen(tmp_path: Path) -> None:
    path = write_catalog(tmp_path / "c.duckdb", CATALOG)
    query = check("SELECT COUNT(*) AS n FROM hospitals", CATALOG)
    assert run(query, path).rows == ((4,),)
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("SELECT COUNT(*) FROM hospitals").fetchone() == (4,)
    newer = write_catalog(tmp_path / "newer.duckdb", CATALOG)
    with duckdb.connect(str(newer)) as connection:
        connection.execute("DELETE FROM hospitals WHERE hospital = 'h4'")
    newer.replace(path)
    assert run(query, path).rows == ((3,),)
