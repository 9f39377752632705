"""Every list of statements: what must be refused is, what must be accepted is."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.errors import SqlRejected
from tests.tools.query.guard.lists import entries
from tests.tools.query.small_catalog import SQL
from tools.query.guard import GuardSchema, catalog_schema, check, load_schema

PLAIN = load_schema(SQL / "schema.yaml")
CATALOG = catalog_schema()
ATTACKS = [(PLAIN, e) for name in ("attacks", "sums_attacks") for e in entries(name)]
ATTACKS += [(CATALOG, e) for e in entries("catalog_attacks")]
BENIGN = [(PLAIN, e) for name in ("benign", "sums_benign") for e in entries(name)]
BENIGN += [(CATALOG, e) for e in entries("catalog_benign", default="duckdb")]


def labels(cases: list[tuple[GuardSchema, tuple[str, str, dict[str, Any]]]]) -> list[str]:
    return [case[1][0] for case in cases]


@pytest.mark.parametrize(("schema", "case"), ATTACKS, ids=labels(ATTACKS))
def test_attacks_are_refused(schema: GuardSchema, case: tuple[str, str, dict[str, Any]]) -> None:
    _, dialect, entry = case
    with pytest.raises(SqlRejected) as refusal:
        check(entry["sql"], schema, dialect=dialect)
    assert refusal.value.rule == entry.get("rule", refusal.value.rule)
    assert refusal.value.hint


@pytest.mark.parametrize(("schema", "case"), BENIGN, ids=labels(BENIGN))
def test_benign_statements_are_accepted_and_canonical(
    schema: GuardSchema, case: tuple[str, str, dict[str, Any]]
) -> None:
    _, dialect, entry = case
    query = check(entry["sql"], schema, dialect=dialect)
    again = check(query.sql, schema, dialect=dialect)
    assert again.sql == query.sql
    assert again.hash == query.hash
    assert query.tables


def test_the_lists_are_as_long_as_said() -> None:
    ids = {name: {entry["id"] for _, _, entry in entries(name)} for name in ("attacks", "catalog_attacks")}
    assert len(ids["attacks"]) == 109
    assert len(ids["catalog_attacks"]) >= 60
    assert len(list(entries("catalog_benign", default="duckdb"))) >= 100
