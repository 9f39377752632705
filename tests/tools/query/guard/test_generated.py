"""Generated statements for a few seconds of each run; the gating run has a minute of them (fuzz.py)."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import SqlRejected
from tests.tools.query.guard.fuzz import Failure, Figures, Place, fuzz, judged, statements
from tests.tools.query.small_catalog import SQL
from tools.query.guard import check, load_schema

pytestmark = pytest.mark.usefixtures("quiet_parser")
SECONDS = 6
SEED = 3
PLAIN = load_schema(SQL / "schema.yaml")
# Forms that sqlglot reads or mends, found by generated statements; none is what the engine would have run.
FORMS = [
    (
        "duckdb",
        "join_kind",
        "SELECT a.region FROM hospitals a CROSS JOIN datasets b ON a.hospital_id = b.hospital_id",
    ),
    (
        "duckdb",
        "syntax",
        "SELECT region FROM hospitals ORDER BY region UNION ALL SELECT modality FROM datasets",
    ),
    ("sqlite", "syntax", "SELECT region FROM hospitals LIMIT 1 UNION ALL SELECT modality FROM datasets"),
    ("duckdb", "syntax", "SELECT region FROM hospitals WHERE NOT region IS COALESCE(NULL, 0)"),
    ("postgres", "syntax", "SELECT region FROM hospitals WHERE beds >= 10 >= 2021"),
    ("duckdb", "syntax", "SELECT CAST(LAG(beds) AS TEXT) OVER (ORDER BY beds) AS n FROM hospitals"),
    ("duckdb", "syntax", "SELECT COALESCE(COUNT(*), 0) FILTER (WHERE beds > 1) AS n FROM hospitals"),
    ("duckdb", "syntax", "SELECT COUNT(*) AS n FROM hospitals GROUP BY ORDER BY n"),
    ("postgres", "syntax", "SELECT DATE '2024-01-01' + INTERVAL '1 ear' AS d, region FROM hospitals"),
    ("postgres", "not_here", "SELECT region FROM hospitals QUALIFY ROW_NUMBER() OVER (ORDER BY beds) = 1"),
    ("sqlite", "not_here", "SELECT DISTINCT ON (region) region, beds FROM hospitals"),
    ("sqlite", "not_here", "SELECT region FROM hospitals WHERE region ILIKE 'a%'"),
    ("sqlite", "not_here", "SELECT region FROM hospitals WHERE region >= CAST('2025-01-01' AS DATE)"),
    ("postgres", "not_here", "SELECT FIRST(region) AS r FROM hospitals"),
    ("duckdb", "order", "SELECT region, beds FROM hospitals ORDER BY 'all'"),
    ("duckdb", "order", "SELECT RANK() OVER (ORDER BY 'all' DESC, region) AS n, region FROM hospitals"),
    ("sqlite", "clock", "SELECT DATE() AS d, region FROM hospitals"),
    ("sqlite", "not_allowed", "SELECT region FROM hospitals NOT INDEXED"),
    ("duckdb", "name", "SELECT a FROM (SELECT region, beds FROM hospitals) AS (a, b)"),
]


@pytest.mark.parametrize(("dialect", "rule", "sql"), FORMS)
def test_forms_that_would_be_mended_are_refused(dialect: str, rule: str, sql: str) -> None:
    with pytest.raises(SqlRejected) as refusal:
        check(sql, PLAIN, dialect=dialect)
    assert refusal.value.rule == rule


def test_generated_statements_hold_the_guard_to_its_word() -> None:
    figures = fuzz(SECONDS, SEED)
    assert figures.tried.total() > 100
    assert {key.split()[0] for key in figures.accepted} == {"grammar", "mutant", "scrambled"}
    assert figures.same > figures.tried.total() / 40


def test_the_same_seed_gives_the_same_statements() -> None:
    places = {"plain": Place(PLAIN)}
    assert list(islice(statements(places, 5), 40)) == list(islice(statements(places, 5), 40))


def test_a_guard_that_lets_files_through_would_be_found() -> None:
    place = Place(PLAIN)
    reading = check("SELECT region FROM hospitals", PLAIN)
    for harm in (
        "SELECT content FROM read_text('/etc/passwd')",
        "SELECT a FROM '/etc/passwd'",
        "SELECT getenv('HOME')",
    ):
        object.__setattr__(reading, "sql", harm)
        with pytest.raises(Failure):
            place.named(harm, reading)


WORDS = st.sampled_from(
    (
        *("SELECT", "FROM", "WHERE", "GROUP", "BY", "ORDER", "LIMIT", "WITH", "AS", "AND", "OR", "NOT", "IN"),
        *(
            "IS",
            "NULL",
            "JOIN",
            "ON",
            "UNION",
            "ALL",
            "EXISTS",
            "CASE",
            "WHEN",
            "THEN",
            "END",
            "OVER",
            "CAST",
        ),
        *(
            "HAVING",
            "DISTINCT",
            "SUM",
            "COUNT",
            "MAX",
            "INTERVAL",
            "VALUES",
            "TABLE",
            "COPY",
            "COLLATE",
            "AT",
        ),
        *(
            "(",
            ")",
            ",",
            ".",
            "*",
            ";",
            "'",
            '"',
            "--",
            "/*",
            "*/",
            "=",
            "<>",
            "||",
            "::",
            "$1",
            "?",
            "$$",
            "[",
        ),
        *("E'", "U&'", "1", "0x1", "1e9", "hospitals", "beds", "region", "patient_counts", "patient_count"),
        *("병원", "\u200b", "\x00", "\ud800"),
    )
)


@given(
    st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=40).map(" ".join)),
    st.sampled_from(("duckdb", "postgres", "sqlite", "trino")),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_gets_an_answer(text: str, dialect: str) -> None:
    try:
        query = check("SELECT " + text, PLAIN, dialect=dialect)
    except SqlRejected as rejected:
        assert rejected.rule and rejected.__cause__ is None
    else:
        assert query.tables and check(query.sql, PLAIN, dialect=dialect).sql == query.sql


def test_a_refused_statement_is_counted_by_its_rule() -> None:
    figures = Figures()
    judged("SELECT * FROM secrets", Place(PLAIN), "duckdb", figures, "grammar")
    assert figures.rules == {"unknown_table": 1} and not figures.accepted
