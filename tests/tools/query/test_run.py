"""The runner on a real DuckDB file: rows and limits, and what a person is told when there are none."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import duckdb
import pytest

from knowledge.errors import QueryTimeout, SqlRejected, StoreUnavailable
from tests.tools.query.numbers import NUMBERS, PAIRS, write_numbers
from tests.tools.query.small_catalog import write_catalog
from tools.query.guard import SafeQuery, catalog_schema, check
from tools.query.run import run
from tools.query.worker.pool import GRACE, Pool

CATALOG = catalog_schema()
START_SECONDS_IN_TESTS = 5.0  # a loaded machine may take its time over a process


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_catalog(tmp_path_factory.mktemp("run") / "it's a catalog.duckdb", CATALOG)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_numbers(tmp_path_factory.mktemp("numbers") / "numbers.duckdb")


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
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.3 s"):
        run(check(PAIRS, NUMBERS), numbers, timeout_s=0.3)
    assert time.monotonic() - began < 0.3 + START_SECONDS_IN_TESTS + GRACE
    assert run(check("SELECT MAX(a) AS n FROM numbers", NUMBERS), numbers).rows == ((1999999,),)


def test_a_query_that_waits_too_long_for_others_says_so(numbers: Path) -> None:
    pool = Pool(size=1)
    try:
        busy = threading.Thread(target=lambda: _ends(check(PAIRS, NUMBERS), numbers, pool))
        busy.start()
        while not pool.pids():
            time.sleep(0.01)
        with pytest.raises(QueryTimeout, match="busy"):
            run(check("SELECT MIN(a) AS n FROM numbers", NUMBERS), numbers, timeout_s=0.2, pool=pool)
        busy.join()
    finally:
        pool.close()


def _ends(query: SafeQuery, database: Path, pool: Pool) -> None:
    with pytest.raises(QueryTimeout):
        run(query, database, timeout_s=1.5, pool=pool)


def test_the_memory_limit_stops_a_query(numbers: Path) -> None:
    large = check("SELECT STRING_AGG(t || t || t || t || t, ',') AS s FROM numbers", NUMBERS)
    with pytest.raises(QueryTimeout, match="40 MB"):
        run(large, numbers, memory_mb=40)
    assert run(check("SELECT MIN(a) AS n FROM numbers", NUMBERS), numbers, memory_mb=40).rows == ((0,),)


def test_rows_that_are_too_large_are_not_sent(numbers: Path) -> None:
    large = check("SELECT STRING_AGG(t, ',') AS s FROM numbers", NUMBERS)
    with pytest.raises(QueryTimeout, match="MB"):
        run(large, numbers)


def test_what_the_engine_cannot_work_out_is_the_statement_s_fault(catalog: Path) -> None:
    with pytest.raises(SqlRejected) as caught:
        run(check("SELECT CAST(name_en AS INTEGER) AS n FROM hospitals", CATALOG), catalog)
    assert caught.value.rule == "engine"
    assert "LINE" not in str(caught.value)


def test_a_missing_or_broken_file_is_said(tmp_path: Path) -> None:
    query = check("SELECT hospital FROM hospitals", CATALOG)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        run(query, tmp_path / "nowhere.duckdb")
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        run(query, broken)
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(StoreUnavailable, match="hospitals"):
        run(query, empty)


def test_many_threads_ask_at_once(catalog: Path) -> None:
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
