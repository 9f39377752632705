"""Refusals teach, and none of them, nor any answer, tells none from few where zeros are hidden."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid, RawCount
from knowledge.catalog.protect import protect_counts
from knowledge.catalog.protection_rule import Rule
from knowledge.errors import GiljabiError, SqlRejected
from tests.tools.query.guard.lists import entries
from tests.tools.query.small_catalog import SQL, write_catalog
from tools.query.guard import GuardSchema, catalog_schema, check, load_schema
from tools.query.run import run

CATALOG = catalog_schema()
PLAIN = load_schema(SQL / "schema.yaml")
GRID = Grid("d1", ("F", "M"), (CohortGrid("", (2021,), ()), CohortGrid("copd", (2021,), ())))
OF_COUNTS = [
    entry["sql"]
    for name in ("catalog_benign", "catalog_more_benign", "catalog_attacks")
    for _, engine, entry in entries(name, default="duckdb")
    if engine == "duckdb" and "counts" in entry["sql"]
]
FAILING = [
    "SELECT CAST(dataset AS INTEGER) AS n FROM counts",
    "SELECT DATE_TRUNC('month', dataset) AS m, patients FROM counts",
    "SELECT dataset FROM counts WHERE patients = 0",
    "SELECT dataset FROM counts WHERE patients IS NULL AND patients_low = 0",
    "SELECT dataset, 1 / patients AS n FROM counts",
]


def published(path: Path, ill: int) -> Path:
    """A catalog of one dataset, protected from exact counts; ``ill`` women had the condition."""
    cells = [
        Cell(cohort, year, sex, None)
        for cohort in ("", "copd")
        for year in (2021, None)
        for sex in (None, "F", "M")
    ]
    exact = {"": {"F": 400, "M": 300}, "copd": {"F": ill, "M": 150}}
    raw = []
    for cell in cells:
        number = sum(n for sex, n in exact[cell.cohort].items() if cell.sex in {None, sex})
        raw.append(RawCount("d1", cell, number, number))
    write_catalog(path, CATALOG)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM counts")
        for count in protect_counts(raw, GRID, Rule()):
            row = {
                "dataset": "d1",
                "cohort": count.cell.cohort or None,
                "year": count.cell.year,
                "sex": count.cell.sex,
                "patients": count.patients,
                "patients_status": count.status,
                "records": count.records,
                "records_status": count.status,
                "rule": "bins",
            }
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO counts ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return path


def said(sql: str, database: Path) -> bytes:
    """Everything that a user gets for a statement, rows or refusal."""
    try:
        found = run(check(sql, CATALOG), database)
    except GiljabiError as error:
        return repr((type(error).__name__, str(error), getattr(error, "rule", None))).encode()
    return repr((found.columns, sorted(map(repr, found.rows)), found.truncated)).encode()


def test_none_and_few_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    none, few = published(tmp_path / "none.duckdb", 0), published(tmp_path / "few.duckdb", 9)
    many = published(tmp_path / "many.duckdb", 60)
    assert any(said(sql, none) != said(sql, many) for sql in OF_COUNTS)
    for sql in OF_COUNTS + FAILING:
        assert said(sql, none) == said(sql, few), sql


def refusals() -> list[tuple[str, SqlRejected]]:
    lists: dict[str, GuardSchema] = {
        "attacks": PLAIN,
        "probe_attacks": PLAIN,
        "engine_attacks": PLAIN,
        "catalog_attacks": CATALOG,
    }
    found = []
    for name, schema in lists.items():
        for _, dialect, entry in entries(name):
            with pytest.raises(SqlRejected) as refusal:
                check(entry["sql"], schema, dialect=dialect)
            found.append((entry["sql"], refusal.value))
    return found


def test_each_refusal_names_the_rule_the_fragment_and_what_would_be_accepted() -> None:
    whole = {"empty", "too_long", "too_deep", "many_statements", "not_a_query", "syntax", "comment"}
    for sql, refusal in refusals():
        assert refusal.rule.isidentifier() and refusal.hint.endswith((".", "?")), (sql, refusal.rule)
        assert refusal.__cause__ is None, sql
        assert refusal.fragment or refusal.rule in whole, (sql, refusal.rule)
        assert refusal.fragment in refusal.message
        assert len(refusal.message) < 300
