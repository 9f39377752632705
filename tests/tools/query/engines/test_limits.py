"""Statements that never end by themselves end at the limit, and the next one is answered."""

from __future__ import annotations

import time

import pytest

from knowledge.catalog.place import Place
from tests.tools.query.engines.conftest import Places
from tests.tools.query.numbers import PAIRS
from tools.query.engines.engine import Ask, EngineFault, Limits
from tools.query.worker.pool import GRACE, Pool

SECONDS = 0.3
SLACK = 2.0  # of a loaded machine
ENDLESS = {
    "join": PAIRS,
    "product": "SELECT COUNT(*) FROM numbers AS x, numbers AS y, numbers AS z, numbers AS w",
    "product sorted": "SELECT x.t FROM numbers AS x, numbers AS y ORDER BY x.t || y.t",
    "product aggregated": "SELECT COUNT(DISTINCT x.a * y.a) FROM numbers AS x, numbers AS y",
    "correlated": "SELECT SUM((SELECT COUNT(*) FROM numbers AS y WHERE y.a * x.b < x.a)) FROM numbers AS x",
    "recursion": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r",
    "recursion that doubles": (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL"
        " SELECT s.n FROM r, (SELECT 1 AS n UNION ALL SELECT 2) AS s) SELECT COUNT(*) FROM r"
    ),
}
BOMBS = {
    "duckdb": "regexp_matches(repeat(t, 50), '^(([a-z0-9])+.)+[A-Z]([a-z])+$')",
    "sqlite": "replace(t, 'n', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') REGEXP '^(a+)+$'",
    "postgres": "repeat(t, 500) ~ '^(.*)*(\\1)+(.*)*\\3x$'",
}
TEXTS = {
    "duckdb": "SELECT LENGTH(STRING_AGG(repeat(x.t, 1000), '')) FROM numbers AS x, numbers AS y",
    "sqlite": "SELECT LENGTH(GROUP_CONCAT(x.t || y.t)) FROM numbers AS x, numbers AS y",
    "postgres": "SELECT LENGTH(STRING_AGG(repeat(x.t, 1000), '')) FROM numbers AS x, numbers AS y",
}
DIALECTS = ("duckdb", "sqlite", "postgres")


def assert_ends(pool: Pool, place: Place, sql: str) -> None:
    """Within the limit, by a limit or by the engine's refusal; then a plain question is answered."""
    plain = Ask("SELECT MAX(a) FROM numbers", ("numbers",), Limits())
    assert pool.run(place, plain) == ((99_999,),)
    began = time.monotonic()
    try:
        pool.run(place, Ask(sql, ("numbers",), Limits(seconds=SECONDS, megabytes=200)))
    except EngineFault as fault:
        assert fault.kind in {"time", "memory", "statement"}, fault
    assert time.monotonic() - began < SECONDS + GRACE + SLACK
    began = time.monotonic()
    assert pool.run(place, plain) == ((99_999,),)
    assert time.monotonic() - began < SLACK


@pytest.mark.parametrize("sql", ENDLESS.values(), ids=ENDLESS.keys())
@pytest.mark.parametrize("dialect", DIALECTS)
def test_products_and_recursion_end(pool: Pool, number_places: Places, dialect: str, sql: str) -> None:
    assert_ends(pool, number_places[dialect], sql)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_patterns_that_go_back_and_forth_end(pool: Pool, number_places: Places, dialect: str) -> None:
    sql = f"SELECT COUNT(*) FROM numbers WHERE {BOMBS[dialect]}"
    assert_ends(pool, number_places[dialect], sql)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_texts_that_grow_end(pool: Pool, number_places: Places, dialect: str) -> None:
    assert_ends(pool, number_places[dialect], TEXTS[dialect])
