"""The guard's word as plain data."""

from __future__ import annotations

from tools.query.guard import catalog_schema
from tools.query.guard.verdict import verdict


def test_accepted() -> None:
    assert verdict("SELECT hospital FROM hospitals", catalog_schema()) == {
        "verdict": "accepted",
        "rule": None,
        "message": "",
        "sql": 'SELECT "hospitals"."hospital" FROM "hospitals" LIMIT 1000',
    }


def test_rejected() -> None:
    said = verdict("DROP TABLE hospitals", catalog_schema(), "sqlite")
    assert said == {
        "verdict": "rejected",
        "rule": "not_a_query",
        "message": "Only SELECT is allowed, not: DROP Write one SELECT.",
        "sql": None,
    }


def test_what_is_no_text_is_no_statement() -> None:
    for nothing in (None, 7, ["SELECT 1"], "", "  "):
        assert verdict(nothing, catalog_schema())["rule"] == "empty"


def test_dialects_go_by_any_case_and_their_other_names() -> None:
    sql = 'SELECT hospital FROM "Hospitals"'
    assert verdict(sql, catalog_schema(), "SQLite3")["verdict"] == "accepted"
    assert verdict(sql, catalog_schema(), "PostgreSQL")["rule"] == "unknown_table"
    assert verdict(sql, catalog_schema(), "oracle")["rule"] == "dialect"
