"""Profiling raw tables in a real DuckDB: exact numbers at each grain, and names that are only names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from sqlglot import exp

from knowledge.catalog.aggregates import Cell, RawMedian, RawMissing, RawOverlap
from knowledge.catalog.profile import profile_counts, profile_follow_up, profile_missing, profile_overlap
from knowledge.catalog.profiling.duckdb_engine import DuckDbEngine
from knowledge.catalog.protect import protect_counts
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.source import (
    CohortSource,
    Condition,
    DatasetSource,
    Events,
    Persons,
    Selection,
    TableSource,
    VariableSource,
)
from knowledge.errors import CatalogInvalid

HOSTILE = 'result"; DROP TABLE clinic.person; --'
VISITS = Selection("visit", "id")
DIAGNOSES = Selection("diagnosis", "id", (Condition("code", "starts_with", ("J43", "J44")),))
OBSTRUCTED = Selection("visit", "id", (Condition(HOSTILE, "below", (70,)),))
SOURCE = DatasetSource(
    dataset="clinic",
    schema="clinic",
    persons=Persons("person", "id", "sex", "born", {1: "M", 2: "F"}),
    cohorts=(
        CohortSource("", Events(VISITS, "day"), (), (2020, 2021), 18),
        CohortSource("copd", Events(DIAGNOSES, "day"), (), (2020, 2021), 40),
        CohortSource("obstructed", Events(VISITS, "day"), (DIAGNOSES, OBSTRUCTED), (2020, 2021), 40),
    ),
    tables=(TableSource("visit", "id", (
        VariableSource("result", HOSTILE),
        VariableSource("day", "day"),
        VariableSource("result_o", HOSTILE, (Condition("note", "equals", ("O'Neil",)),)),
    )),),
    sexes=("F", "M"),
    age_bands=("18-39", "40-59", "60+"),
)


@pytest.fixture
def clinic() -> Iterator[DuckDbEngine]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA clinic")
        connection.execute("CREATE TABLE clinic.person (id INTEGER, sex INTEGER, born INTEGER)")
        connection.execute(
            # 3 stands twice; the sex of 4 is not declared; 5 turns 40 in 2021
            "INSERT INTO clinic.person VALUES (1, 1, 1950), (2, 2, 1962), (3, 2, 1990), (3, 2, 1990),"
            " (4, 9, 1955), (5, 1, 1981)"
        )
        name = '"' + HOSTILE.replace('"', '""') + '"'
        columns = f"id INTEGER, day TIMESTAMP, {name} DOUBLE, note VARCHAR"
        connection.execute(f"CREATE TABLE clinic.visit ({columns})")
        connection.execute(
            "INSERT INTO clinic.visit VALUES"
            " (1, '2020-02-01', 65, 'O''Neil'), (1, '2020-05-01', NULL, 'O''Neil'),"
            " (1, '2021-02-01', 80, NULL), (2, '2021-03-01', 75, NULL),"
            " (3, '2021-03-02', NULL, NULL), (4, '2020-12-31', 60, NULL),"
            " (5, '2021-06-01', 50, NULL), (6, '2021-01-01', 50, NULL), (1, '2019-12-31', 40, NULL)"
        )
        connection.execute("CREATE TABLE clinic.diagnosis (id INTEGER, day DATE, code VARCHAR)")
        connection.execute(
            "INSERT INTO clinic.diagnosis VALUES (1, '2020-02-01', 'J44.1'), (1, '2021-02-01', 'J43'),"
            " (2, '2021-03-01', 'J45'), (4, '2020-12-31', 'J44'), (5, '2020-06-01', 'J44.9'),"
            " (5, '2021-06-01', 'J44.9'), (5, '2021-07-01', 'J44.9')"
        )
        yield DuckDbEngine(connection)


@pytest.fixture
def counts(clinic: DuckDbEngine) -> dict[Cell, tuple[int, int]]:
    return {count.cell: (count.patients, count.records) for count in profile_counts(clinic, SOURCE)}


def test_people_are_counted_once_per_cell(counts: dict[Cell, tuple[int, int]]) -> None:
    """Person 6 has no row in persons, 2019 lies outside the declared years."""
    assert counts[Cell("", None, None, None)] == (5, 7)
    assert counts[Cell("", 2020, None, None)] == (2, 3)
    assert counts[Cell("", 2021, None, None)] == (4, 4)
    assert counts[Cell("", None, "M", None)] == (2, 4)
    assert counts[Cell("", 2021, "F", "18-39")] == (1, 1)


def test_an_undeclared_sex_counts_in_totals_only(counts: dict[Cell, tuple[int, int]]) -> None:
    assert counts[Cell("", None, None, "60+")] == (2, 4)
    assert counts[Cell("", None, "M", "60+")] == (1, 3)
    assert {cell.sex for cell in counts} == {None, "F", "M"}


def test_the_index_fixes_the_age_band(counts: dict[Cell, tuple[int, int]]) -> None:
    """Person 2 is 59 at the first visit; person 5 qualifies for the cohort from age 40 on."""
    assert counts[Cell("", None, "F", "40-59")] == (1, 1)
    assert counts[Cell("copd", None, "M", "40-59")] == (1, 2)
    assert Cell("copd", 2020, "M", "40-59") not in counts
    assert counts[Cell("copd", 2020, "M", "60+")] == (1, 1)
    assert counts[Cell("copd", 2021, "M", "60+")] == (1, 1)


def test_a_cohort_may_need_a_diagnosis_and_a_value(counts: dict[Cell, tuple[int, int]]) -> None:
    """Persons 1, 4 and 5 have both; the records are their visits."""
    assert counts[Cell("obstructed", None, None, None)] == (3, 5)


def test_a_profile_fits_its_declared_grid(clinic: DuckDbEngine) -> None:
    published = protect_counts(profile_counts(clinic, SOURCE), SOURCE.grid, Rule())
    assert len(published) == 3 * 3 * 4 + 2 * (3 * 3 * 3)
    assert {count.status for count in published} == {"suppressed"}


def test_an_upper_age_limit_leaves_people_out(clinic: DuckDbEngine) -> None:
    limited = replace(SOURCE, age_max=59)
    totals = {count.cell: count.patients for count in profile_counts(clinic, limited)}
    assert totals[Cell("", None, None, None)] == 3
    assert all(band != "60+" for grid in limited.grid.cohorts for band in grid.age_bands)


def test_missing_counts_rows_and_the_people_behind_them(clinic: DuckDbEngine) -> None:
    result, day, result_o = profile_missing(clinic, SOURCE)
    assert result == RawMissing("clinic", "visit", "result", 9, 2, 6, 2, 5)
    assert day == RawMissing("clinic", "visit", "day", 9, 0, 6, 0, 6)
    assert result_o == RawMissing("clinic", "visit", "result_o", 2, 1, 1, 1, 1)


def test_hostile_names_stay_names(clinic: DuckDbEngine) -> None:
    profile_missing(clinic, SOURCE)
    assert clinic.run(exp.select(exp.Count(this=exp.Star())).from_("clinic.person")) == [(6,)]


def test_overlap_is_the_people_of_both(clinic: DuckDbEngine) -> None:
    earlier = replace(SOURCE, dataset="earlier", cohorts=(replace(SOURCE.everyone, years=(2020,)),))
    assert profile_overlap(clinic, SOURCE, earlier) == RawOverlap("clinic", "earlier", 5, 2, 2)


def test_follow_up_is_the_median_span(clinic: DuckDbEngine) -> None:
    first = Selection("visit", "id", (Condition("id", "one_of", (1,)),))
    only = replace(SOURCE.everyone, events=Events(first, "day"))
    assert profile_follow_up(clinic, replace(SOURCE, cohorts=(only,))) == RawMedian("clinic", 1, 366)
    assert profile_follow_up(clinic, SOURCE) == RawMedian("clinic", 5, 0)


@pytest.mark.parametrize(("operator", "values", "people"), [
    ("equals", (80,), 1), ("one_of", (75, 80), 2), ("below", (50,), 0), ("at_most", (50,), 1),
    ("above", (75,), 1), ("at_least", (75,), 2),
])
def test_each_operator_selects(
    clinic: DuckDbEngine, operator: str, values: tuple[int, ...], people: int
) -> None:
    rows = Selection("visit", "id", (Condition(HOSTILE, operator, values),))  # type: ignore[arg-type]
    everyone = replace(SOURCE.everyone, events=Events(rows, "day"))
    total = profile_counts(clinic, replace(SOURCE, cohorts=(everyone,)))
    found = {count.cell: count.patients for count in total}
    assert found.get(Cell("", None, None, None), 0) == people


def test_a_wrong_description_says_what_is_wrong(clinic: DuckDbEngine) -> None:
    with pytest.raises(CatalogInvalid, match="birthday"):
        profile_counts(clinic, replace(SOURCE, persons=replace(SOURCE.persons, birth_year="birthday")))
    with pytest.raises(CatalogInvalid, match="unknown operator 'like'"):
        Condition("code", "like", ("J%",))  # type: ignore[arg-type]
    with pytest.raises(CatalogInvalid, match="below with 2 values"):
        Condition("code", "below", (1, 2))
    with pytest.raises(CatalogInvalid, match="describes everyone 0 times"):
        replace(SOURCE, cohorts=())
