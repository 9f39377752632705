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
LIBRARY = load_schema(SQL / "library_schema.yaml")
ATTACKS = {
    "attacks": PLAIN,
    "sums_attacks": PLAIN,
    "engine_attacks": PLAIN,
    "probe_attacks": PLAIN,
    "catalog_attacks": CATALOG,
    "library_attacks": LIBRARY,
}
BENIGN = {
    "benign": PLAIN,
    "sums_benign": PLAIN,
    "plain_benign": PLAIN,
    "library_benign": LIBRARY,
    "catalog_benign": CATALOG,
    "catalog_more_benign": CATALOG,
}
REFUSED = [(schema, entry) for name, schema in ATTACKS.items() for entry in entries(name)]
ACCEPTED = [
    (schema, entry)
    for name, schema in BENIGN.items()
    for entry in entries(name, default="duckdb" if schema is CATALOG else "any")
]


def labels(cases: list[tuple[GuardSchema, tuple[str, str, dict[str, Any]]]]) -> list[str]:
    return [case[1][0] for case in cases]


@pytest.mark.parametrize(("schema", "case"), REFUSED, ids=labels(REFUSED))
def test_attacks_are_refused(schema: GuardSchema, case: tuple[str, str, dict[str, Any]]) -> None:
    _, dialect, entry = case
    with pytest.raises(SqlRejected) as refusal:
        check(entry["sql"], schema, dialect=dialect)
    assert refusal.value.rule == entry.get("rule", refusal.value.rule)
    assert refusal.value.hint


@pytest.mark.parametrize(("schema", "case"), ACCEPTED, ids=labels(ACCEPTED))
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
    ids = {name: [entry["id"] for _, _, entry in entries(name, default="duckdb")] for name in ATTACKS}
    ids |= {name: [entry["id"] for _, _, entry in entries(name, default="duckdb")] for name in BENIGN}
    number = {name: len(set(each)) for name, each in ids.items()}
    assert number["attacks"] == 109
    assert sum(number[name] for name in ATTACKS) - 109 >= 900
    assert number["catalog_benign"] + number["catalog_more_benign"] >= 300
    assert number["sums_benign"] + number["plain_benign"] + number["library_benign"] >= 300
