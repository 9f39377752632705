"""The ledger: what sums of the same user may follow each other, and what may not."""

from __future__ import annotations

import pytest

from knowledge.errors import SqlRejected
from tests.tools.query.guard.lists import entries
from tests.tools.query.small_catalog import SQL
from tools.query.guard import catalog_schema, load_schema
from tools.query.ledger import refuse_differencing, totals

PLAIN = load_schema(SQL / "schema.yaml")
LIBRARY = load_schema(SQL / "library_schema.yaml")
BY_YEAR = "SELECT year, SUM(patient_count) AS n FROM patient_counts WHERE dataset_id = 1{} GROUP BY year"
REFUSED = {
    "all but one value": ["", " AND sex <> 'F'"],
    "in the other order": [" AND sex != 'F'", ""],
    "denied": ["", " AND NOT sex = 'F'"],
    "a cell left out": ["", " AND NOT (sex = 'F' AND age_group = '60+')"],
    "not in": ["", " AND age_group NOT IN ('60+')"],
    "beside another condition": [" AND sex = 'F'", " AND sex = 'F' AND age_group <> '60+'"],
    "through EXISTS": [
        "",
        " AND NOT EXISTS (SELECT 1 FROM datasets d WHERE d.hospital_id = patient_counts.dataset_id"
        " AND d.dataset_id = patient_counts.dataset_id AND patient_counts.sex = d.modality)",
    ],
    "one name fewer": [" AND age_group IN ('a', 'b', 'c')", " AND age_group IN ('c', 'a')"],
    "step by step": [f" AND age_group >= '{age}'" for age in (40, 50, 60)],
    "between": [f" AND age_group BETWEEN '0' AND '{age}'" for age in (40, 50, 60)],
    "after others": ["", " AND sex = 'M'", " AND age_group = '60+'", " AND sex <> 'F'"],
}
ACCEPTED = {
    "again": ["", ""],
    "a part": ["", " AND sex = 'F'"],
    "part of a part": ["", " AND sex = 'F'", " AND sex = 'F' AND age_group = '60+'"],
    "both sexes": [" AND sex = 'F'", " AND sex = 'M'"],
    "a list and one of it": [" AND sex IN ('F', 'M')", " AND sex IN ('F')"],
    "two steps": [" AND age_group >= '40'", " AND age_group >= '50'"],
    "whole groups left out": ["", " AND year <> 2020", " AND year NOT IN (2021)", " AND year > 2019"],
    "what is given": ["", " AND sex IS NOT NULL"],
}


def follow(statements: list[str]) -> None:
    *past, now = statements
    refuse_differencing(now, PLAIN, past)


@pytest.mark.parametrize("parts", REFUSED.values(), ids=REFUSED.keys())
def test_a_small_difference_is_refused_with_what_would_be_accepted(parts: list[str]) -> None:
    with pytest.raises(SqlRejected) as refusal:
        follow([BY_YEAR.format(part) for part in parts])
    assert refusal.value.rule == "differencing"
    assert refusal.value.fragment and "slice itself" in refusal.value.hint


@pytest.mark.parametrize("parts", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_ordinary_follow_ups_pass(parts: list[str]) -> None:
    follow([BY_YEAR.format(part) for part in parts])


def test_another_dataset_another_year_and_another_grouping_are_other_sums() -> None:
    total = "SELECT SUM(patient_count) AS n FROM patient_counts WHERE dataset_id = {} AND year = {}{}"
    follow([total.format(1, 2020, ""), total.format(2, 2020, " AND sex <> 'F'")])
    follow([total.format(1, 2020, ""), total.format(1, 2021, " AND sex <> 'F'")])
    follow([total.format(1, 2020, ""), BY_YEAR.format(" AND sex <> 'F'")])
    with pytest.raises(SqlRejected):
        follow([total.format(1, 2020, ""), total.format("1.0", "2020", " AND 'F' <> sex")])


def test_aliases_joins_and_subqueries_do_not_hide_a_sum() -> None:
    hidden = (
        "WITH c AS (SELECT dataset_id, year AS y, patient_count AS n FROM patient_counts WHERE sex <> 'F') "
        "SELECT x.y, SUM(x.n) AS m FROM c AS x WHERE x.dataset_id = 1 GROUP BY x.y"
    )
    with pytest.raises(SqlRejected):
        follow([BY_YEAR.format(""), hidden])


def test_two_measures_are_two_things() -> None:
    acts = "SELECT SUM(acts) AS n FROM loans"
    refuse_differencing(acts + " WHERE age <> '0-17'", LIBRARY, ["SELECT isbn FROM loans"])
    with pytest.raises(SqlRejected):
        refuse_differencing(acts + " WHERE age <> '0-17'", LIBRARY, [acts])


def test_what_the_guard_refuses_counts_for_nothing() -> None:
    assert totals("SELECT SUM(patient_count) FROM patient_counts", PLAIN) == ()
    assert totals("DROP TABLE hospitals", PLAIN) == ()


def test_no_benign_statement_over_the_catalog_is_held_against_another() -> None:
    lists = ("catalog_benign", "catalog_more_benign")
    statements = [e["sql"] for name in lists for _, _, e in entries(name, default="duckdb")]
    found = [total for sql in statements for total in totals(sql, catalog_schema())]
    assert found == []


def test_the_benign_sums_may_be_asked_one_after_the_other() -> None:
    past: list[str] = []
    for name in ("sums_benign", "plain_benign"):
        for _, engine, entry in entries(name):
            if engine == "duckdb":
                refuse_differencing(entry["sql"], PLAIN, past)
                past = [*past, entry["sql"]] if totals(entry["sql"], PLAIN) else past
    assert len(past) > 40
