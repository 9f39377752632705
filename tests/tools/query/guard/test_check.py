"""The gate as a whole: what a SafeQuery holds, the row limit, and refusals that teach."""

from __future__ import annotations

import time

import pytest
from sqlglot import exp, parse_one

from knowledge.errors import SqlRejected
from tests.tools.query.small_catalog import SQL
from tools.query.guard import catalog_schema, check, load_schema
from tools.query.guard.check import RULES, check_tree

CATALOG = catalog_schema()
PLAIN = load_schema(SQL / "schema.yaml")
TOTALS = "cohort IS NULL AND year IS NULL AND sex IS NULL AND age_band IS NULL"


def refused(sql: str, *, dialect: str = "duckdb", compiled: bool = False) -> SqlRejected:
    with pytest.raises(SqlRejected) as caught:
        check(sql, CATALOG, dialect=dialect, compiled=compiled)
    return caught.value


def test_a_safe_query_says_what_it_reads_and_shows() -> None:
    query = check(
        "select h.name_ko as 병원, count(*) n from hospitals h join datasets using (hospital) "
        "where exists (select 1 from teams t where t.hospital = h.hospital) group by h.name_ko",
        CATALOG,
    )
    assert query.columns == ("병원", "n")
    assert query.tables == ("datasets", "hospitals", "teams")
    assert query.dialect == "duckdb"
    assert len(query.hash) == 64


def test_columns_without_a_name_are_numbered() -> None:
    assert check("SELECT region_en, COUNT(*), MAX(beds) FROM hospitals GROUP BY 1", CATALOG).columns == (
        "region_en",
        "column_2",
        "column_3",
    )


def test_every_name_is_tied_to_its_source_and_quoted() -> None:
    query = check("SELECT \"table\", name FROM variables WHERE type = 'text'", CATALOG, row_limit=5)
    assert query.sql == (
        'SELECT "variables"."table", "variables"."name" FROM "variables" '
        'WHERE "variables"."type" = \'text\' LIMIT 5'
    )


@pytest.mark.parametrize(
    ("written", "limit", "capped"),
    [
        ("", 50, True),
        (" LIMIT 5", 5, False),
        (" LIMIT 50", 50, False),
        (" LIMIT 51", 50, True),
        (" LIMIT 0", 0, False),
    ],
)
def test_the_row_limit_is_the_smaller_one(written: str, limit: int, capped: bool) -> None:
    for sql in (
        "SELECT hospital FROM hospitals",
        "SELECT hospital FROM hospitals UNION SELECT team FROM teams",
    ):
        query = check(sql + written, CATALOG, row_limit=50)
        assert query.sql.endswith(f" LIMIT {limit}")
        assert (query.limit, query.capped) == (limit, capped)


def test_an_inner_limit_is_not_taken_for_the_outer_one() -> None:
    query = check("SELECT t.hospital FROM (SELECT hospital FROM hospitals LIMIT 7) AS t", CATALOG)
    assert query.sql.count("LIMIT") == 2
    assert query.sql.endswith("LIMIT 1000")


def test_the_hash_changes_with_the_text_the_dialect_and_the_schema() -> None:
    sql = "SELECT hospital_name FROM hospitals"
    one = check(sql, PLAIN)
    assert check("select  hospital_name\nfrom hospitals", PLAIN).hash == one.hash
    assert check(sql, PLAIN, row_limit=10).hash != one.hash
    assert check(sql, PLAIN, dialect="sqlite").hash != one.hash
    stricter = type(PLAIN)(tables=PLAIN.tables, joins=PLAIN.joins, threshold=20)
    assert check(sql, stricter).hash != one.hash


def test_refusals_name_the_rule_the_fragment_and_the_way_out() -> None:
    refusal = refused("SELECT hospital FROM hospitls")
    assert refusal.rule == "unknown_table"
    assert refusal.fragment == "hospitls"
    assert refusal.hint == "Did you mean 'hospitals'?"
    assert refused("SELECT patients FROM counts").hint.startswith("Show or fix by '='")
    assert "hospitals.hospital" in refused("SELECT h.type FROM hospitals h, datasets d").hint or (
        "h.hospital = d.hospital" in refused("SELECT h.type FROM hospitals h, datasets d").hint
    )
    assert refused("SELECT SUM(patients) AS n FROM counts WHERE year = 2020").hint == (
        "GROUP BY or fix by '=': age_band, cohort, dataset, sex."
    )


def test_fragments_are_short_and_in_the_statement_s_dialect() -> None:
    refusal = refused(
        f"SELECT hospital FROM hospitals WHERE beds IN ({', '.join(map(str, range(900)))}) AND RANDOM() > 0"
    )
    assert refusal.fragment == "RANDOM()"
    long = refused("SELECT " + " || ".join(["patients"] * 60) + " AS x FROM counts")
    assert len(long.fragment) <= 123


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("", "empty"),
        (";", "not_a_query"),
        ("x" * 20_001, "too_long"),
        ("SELECT hospital FROM hospitals WHERE beds IN (" + ",".join(["1"] * 2000) + ")", "too_long"),
        ("SELECT " + "(" * 45 + "beds" + ")" * 45 + " AS b FROM hospitals", "too_deep"),
        ("SELECT " + " + ".join(["beds"] * 400) + " AS b FROM hospitals", "too_deep"),
        ("SELECT " + "NOT " * 400 + "TRUE AS b FROM hospitals", "too_deep"),
        ("SELECT hospital FROM hospitals WHERE name_en = 'unclosed", "syntax"),
        ("SELECT FROM WHERE", "syntax"),
        ("SELECT hospital FROM hospitals\x00", "hidden_character"),
        ("SELECT hospital FROM hospitals WHERE name_en = '\ud800'", "hidden_character"),
    ],
)
def test_odd_texts_are_refused_by_a_rule(sql: str, rule: str) -> None:
    assert refused(sql).rule == rule


GROWING = [
    "WITH a AS (SELECT "
    + ", ".join(f"beds AS b{n}" for n in range(300))
    + " FROM hospitals), "
    + ", ".join(f"x{n} AS (SELECT * FROM a)" for n in range(120))
    + " SELECT b1 FROM x1",
    "SELECT h.hospital FROM hospitals AS h "
    + " ".join(f"JOIN datasets AS d{n} ON d{n}.hospital = h.hospital" for n in range(200)),
    "SELECT hospital FROM hospitals" + " UNION ALL SELECT hospital FROM hospitals" * 140,
]


@pytest.mark.parametrize("sql", GROWING)
def test_texts_that_would_grow_are_refused_soon(sql: str) -> None:
    began = time.process_time()
    assert refused(sql).rule == "too_large"
    assert time.process_time() - began < 3


def test_an_unknown_dialect_is_refused() -> None:
    assert refused("SELECT hospital FROM hospitals", dialect="mysql").rule == "dialect"


def test_any_engine_means_all_of_them() -> None:
    assert check("SELECT hospital FROM hospitals", CATALOG, dialect="any").dialect == "duckdb"
    # DuckDB and SQLite take upper case in quotes for the same name, PostgreSQL does not.
    assert check('SELECT hospital FROM "HOSPITALS"', CATALOG).tables == ("hospitals",)
    assert refused('SELECT hospital FROM "HOSPITALS"', dialect="any").rule == "unknown_table"


def test_trino_is_checked_by_parsing() -> None:
    query = check(
        "SELECT hospital FROM hospitals WHERE beds > 3 ORDER BY beds DESC", CATALOG, dialect="trino"
    )
    assert query.sql.startswith('SELECT "hospitals"."hospital" FROM "hospitals"')


def test_postgres_folds_unquoted_names_only() -> None:
    assert check("SELECT Hospital AS Id FROM HOSPITALS", CATALOG, dialect="postgres").columns == ("id",)
    assert check('SELECT hospital AS "Id" FROM hospitals', CATALOG, dialect="postgres").columns == ("Id",)
    assert refused('SELECT "Hospital" FROM hospitals', dialect="postgres").rule == "unknown_column"


COMPILED = [
    "SELECT dataset, CASE WHEN COUNT(*) = 1 THEN MAX(patients) END AS patients, "
    "CASE WHEN COUNT(*) = 1 THEN MAX(patients_status) ELSE 'bound' END AS patients_status, "
    "MAX(patients_low) AS patients_low, SUM(patients_high) AS patients_high FROM counts GROUP BY dataset "
    "ORDER BY MAX(patients_low) DESC NULLS LAST",
    "SELECT dataset, SUM(patients_low) AS patients_low FROM counts GROUP BY dataset "
    "HAVING SUM(patients_low) >= 50",
    f"SELECT dataset, patients FROM counts WHERE {TOTALS} AND patients_low >= 20",
    f"SELECT dataset, patients FROM counts WHERE {TOTALS} AND patients_low >= 20 AND patients_high <= 99",
    "SELECT dataset, SUM(patients_high) AS patients_high FROM counts GROUP BY dataset "
    "HAVING SUM(patients_high) <= 10",
    "SELECT p.dataset, CASE WHEN SUM(p.cells) = 1 THEN MAX(p.patients) END AS patients FROM (SELECT dataset, "
    "year, CASE WHEN COUNT(*) = 1 THEN MAX(patients) END AS patients, COUNT(*) AS cells FROM counts "
    "GROUP BY dataset, year) AS p GROUP BY p.dataset",
    "SELECT dataset, patients, year FROM counts",
]
NOT_EVEN_COMPILED = [
    ("SELECT dataset FROM counts WHERE patients < 10", "measure_compared"),
    ("SELECT dataset FROM counts WHERE patients_low >= 0", "threshold"),
    ("SELECT dataset FROM counts WHERE patients >= 5", "threshold"),
    ("SELECT dataset FROM counts WHERE patients_high <= 9", "threshold"),
    ("SELECT dataset FROM counts WHERE patients <= 50", "measure_compared"),
    ("SELECT dataset FROM counts WHERE patients_high < 50", "measure_compared"),
    ("SELECT dataset, AVG(patients) AS n FROM counts GROUP BY dataset", "measure_aggregate"),
    ("SELECT dataset, MAX(patients) - MIN(patients) AS n FROM counts GROUP BY dataset", "measure_arithmetic"),
    ("SELECT dataset, COALESCE(patients, 0) AS n FROM counts", "measure_replaced"),
    ("SELECT CASE WHEN COUNT(*) = 2 THEN MAX(patients) END AS patients FROM counts", "measure_replaced"),
    (
        "SELECT CASE WHEN COUNT(*) = 1 THEN MAX(patients) ELSE 0 END AS patients FROM counts",
        "measure_replaced",
    ),
    ("SELECT dataset FROM counts ORDER BY patients_low", "measure_order"),
    ("SELECT dataset, MAX(patients_high) AS patients FROM counts GROUP BY dataset", "name"),
    ("SELECT hospital FROM read_csv('x')", "not_allowed"),
]


@pytest.mark.parametrize("sql", COMPILED)
def test_the_compiler_may_fold_counts_and_nobody_else(sql: str) -> None:
    query = check(sql, CATALOG, compiled=True)
    assert check(query.sql, CATALOG, compiled=True).sql == query.sql
    assert refused(sql).rule.startswith("measure_")


@pytest.mark.parametrize(("sql", "rule"), NOT_EVEN_COMPILED)
def test_compiled_statements_pass_the_same_gate(sql: str, rule: str) -> None:
    assert refused(sql, compiled=True).rule == rule


def test_a_tree_passes_as_text() -> None:
    tree = exp.select(exp.column("hospital", table="hospitals", quoted=True)).from_("hospitals")
    assert check_tree(tree, CATALOG).sql == check("SELECT hospital FROM hospitals", CATALOG).sql
    with pytest.raises(SqlRejected):
        check_tree(parse_one("SELECT * FROM secrets", into=exp.Select), CATALOG)


def test_rules_are_plain_functions_with_a_contract() -> None:
    assert all(rule.__doc__ for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
