"""What a reviewer is told of a statement."""

from __future__ import annotations

import json

import pytest

from tests.tools.query.compile.test_compile import PLANS
from tests.tools.query.guard.lists import entries
from tests.tools.query.small_catalog import SQL
from tools.query.compile import compile_plan
from tools.query.explain import FLAGS, changes, explain
from tools.query.guard import catalog_schema, check, load_schema

CATALOG = catalog_schema()
PLAIN = load_schema(SQL / "schema.yaml")
CELLS = "cohort = 'copd' AND year IS NULL AND sex IS NULL AND age_band IS NULL"
KINDS = [
    ("SELECT dataset, patients FROM counts WHERE " + CELLS, ["column", "count"]),
    (
        "SELECT dataset, patients_low, patients_status FROM counts WHERE " + CELLS,
        ["column", "bound", "column"],
    ),
    ("SELECT hospital, COUNT(*) AS n FROM datasets GROUP BY hospital", ["column", "rows"]),
    ("SELECT 'x' AS kind, UPPER(name_en) AS name FROM hospitals", ["constant", "computed"]),
    (
        "SELECT t.h, t.n FROM (SELECT hospital AS h, COUNT(*) AS n FROM datasets GROUP BY 1) AS t",
        ["column", "rows"],
    ),
]


@pytest.mark.parametrize(("sql", "kinds"), KINDS)
def test_columns_say_what_they_are(sql: str, kinds: list[str]) -> None:
    assert [column["kind"] for column in explain(sql, CATALOG)["columns"]] == kinds


def test_lineage_goes_through_joins_subqueries_and_unions() -> None:
    sql = (
        "WITH t AS (SELECT hospital AS h, MAX(start_year) AS y FROM datasets GROUP BY hospital) "
        "SELECT h.name_en || ' ' || h.region_en AS place, t.y FROM hospitals h JOIN t ON t.h = h.hospital "
        "UNION SELECT name_ko, 2020 + beds FROM hospitals"
    )
    found = explain(sql, CATALOG)
    assert [column["from"] for column in found["columns"]] == [
        ["hospitals.name_en", "hospitals.name_ko", "hospitals.region_en"],
        ["datasets.*", "datasets.start_year", "hospitals.beds"],
    ] or found["columns"][1]["from"] == ["datasets.start_year", "hospitals.beds"]
    assert found["tables"] == ["datasets", "hospitals"]
    assert "set_operation" in found["flags"]


def test_sums_are_flagged_as_lower_bounds() -> None:
    sql = (
        "SELECT year, SUM(patient_count) AS n FROM patient_counts WHERE dataset_id = 1 GROUP BY year "
        "HAVING SUM(patient_count) >= 10 ORDER BY n DESC"
    )
    found = explain(sql, PLAIN)
    assert found["columns"][1] == {"name": "n", "kind": "sum", "from": ["patient_counts.patient_count"]}
    assert found["flags"] == ["sums_counts", "orders_by_count", "filters_by_count", "no_limit_written"]


def test_cost_grows_with_what_is_read() -> None:
    one = explain("SELECT hospital FROM hospitals", CATALOG)["cost"]
    assert (one["class"], one["scans"], one["joins"]) == ("light", 1, 0)
    per_row = "(SELECT COUNT(*) FROM {t} AS x WHERE x.dataset = d.dataset) AS {t}"
    tables = ["variables", "tables", "variable_values"]
    many = f"SELECT d.dataset, {', '.join(per_row.format(t=t) for t in tables)} FROM datasets AS d"
    cost = explain(many, CATALOG)["cost"]
    assert (cost["class"], cost["scans"], cost["subqueries"]) == ("heavy", 4, 3)


def test_a_refused_statement_says_why_and_no_more() -> None:
    found = explain(
        "SELECT dataset FROM counts WHERE patients < 10", CATALOG, before="SELECT dataset FROM counts"
    )
    assert found["refused"]["rule"] == "measure_compared"
    assert (found["columns"], found["cost"], found["flags"]) == ([], None, [])
    assert [change["clause"] for change in found["changes"]] == ["filter"]


BEFORE = "SELECT h.name_en, COUNT(*) AS n FROM hospitals AS h JOIN datasets AS d ON d.hospital = h.hospital "
DIFFERENT = [
    ("WHERE h.beds > 5 GROUP BY h.name_en", "WHERE h.beds > 9 GROUP BY h.name_en", ["filter"]),
    ("GROUP BY h.name_en LIMIT 5", "GROUP BY h.name_en LIMIT 9", ["limit"]),
    ("GROUP BY h.name_en ORDER BY n", "GROUP BY h.name_en ORDER BY n DESC", ["order"]),
    ("GROUP BY h.name_en", "GROUP BY h.name_en", []),
    ("GROUP BY h.name_en", "GROUP BY h.name_en HAVING COUNT(*) > 1", ["group_filter"]),
]


@pytest.mark.parametrize(("one", "other", "clauses"), DIFFERENT)
def test_changes_are_told_by_clause(one: str, other: str, clauses: list[str]) -> None:
    told = changes(BEFORE + one, BEFORE + other)
    assert told is not None
    assert [change["clause"] for change in told] == clauses
    back = changes(BEFORE + other, BEFORE + one)
    assert back is not None
    assert [(c["added"], c["removed"]) for c in back] == [(c["removed"], c["added"]) for c in told]


def test_statements_too_long_to_be_compared_are_not() -> None:
    long = "SELECT hospital FROM hospitals WHERE beds IN (" + ", ".join(map(str, range(1500))) + ")"
    assert changes("SELECT hospital FROM hospitals", long) is None


def test_every_benign_statement_and_every_plan_is_explained_as_plain_data() -> None:
    for name, schema in (("catalog_benign", CATALOG), ("plain_benign", PLAIN)):
        for _, engine, entry in entries(name, default="duckdb"):
            found = explain(check(entry["sql"], schema, dialect=engine).sql, schema, dialect=engine)
            assert found["refused"] is None, entry["sql"]
            assert found["columns"] and json.dumps(found)
            assert all(column["from"] or column["kind"] == "constant" for column in found["columns"])
            assert set(found["flags"]) <= set(FLAGS)
    for plan in PLANS.values():
        assert explain(compile_plan(plan).sql("duckdb"), CATALOG, compiled=True)["refused"] is None
