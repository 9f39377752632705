from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from knowledge.catalog.declaration import Protection
from knowledge.catalog.measures import count_cells, linkage_cells
from knowledge.catalog.references import References
from knowledge.catalog.rows import BadRow, Problems, Row

BINS = Protection("bins", threshold=10, base=10, rounding="bins", zeros="hidden", suppressed_below=10)
HALF_UP = Protection(
    "half-up", threshold=10, base=10, rounding="half_up", zeros="published", suppressed_below=10
)
FIVES = Protection("fives", threshold=8, base=5, rounding="half_up", zeros="hidden", suppressed_below=8)
PLAIN = Protection("plain", threshold=5, base=1, rounding=None, zeros="published", suppressed_below=5)
GATED = replace(BINS, suppressed_below=30)

Measure = tuple[int | None, str | None, int | None, int | None]


def measures(rule: Protection, /, **cells: str) -> tuple[Measure, Measure, tuple[str, ...]]:
    """Patients and records of one row of counts.csv, as (value, status, low, high), and the problems."""
    references, problems = References(), Problems()
    references.declare("dataset", "lens")
    row = Row("counts.csv", 2, {"dataset": "lens", **cells})
    found: tuple[Any, ...] = count_cells(row, references, {}, rule, problems)
    return found[8:12], found[12:16], problems.lines()


@pytest.mark.parametrize(
    ("rule", "patients", "low", "high"),
    [
        (BINS, "1230", 1230, 1239),
        (BINS, "10", 10, 19),
        (HALF_UP, "1230", 1225, 1234),
        (HALF_UP, "10", 10, 14),
        (HALF_UP, "20", 15, 24),
        (HALF_UP, "0", 0, 0),
        (FIVES, "10", 8, 12),
        (FIVES, "100", 98, 102),
        (PLAIN, "1234", 1234, 1234),
        (PLAIN, "5", 5, 5),
        (PLAIN, "0", 0, 0),
    ],
)
def test_the_range_behind_a_released_number(rule: Protection, patients: str, low: int, high: int) -> None:
    assert measures(rule, patients=patients, status="released")[0] == (int(patients), "released", low, high)


@pytest.mark.parametrize(
    ("rule", "low", "high"), [(BINS, 0, 9), (GATED, 0, 29), (HALF_UP, 1, 9), (FIVES, 0, 7), (PLAIN, 1, 4)]
)
def test_a_suppressed_number_keeps_its_range_only(rule: Protection, low: int, high: int) -> None:
    assert measures(rule, status="suppressed") == ((None, "suppressed", low, high), (None,) * 4, ())


@pytest.mark.parametrize(("told", "high"), [("19", 19), ("49", 49), ("4", 9)])
def test_a_suppressed_number_may_say_how_large_it_is_at_most(told: str, high: int) -> None:
    """Though never less than that it is small."""
    assert measures(GATED, status="suppressed", patients_high=told)[0] == (None, "suppressed", 0, high)


def test_a_number_in_a_suppressed_row_is_never_kept_nor_repeated() -> None:
    patients, records, problems = measures(BINS, patients="7", records="31", status="suppressed")
    assert (patients, records) == ((None, "suppressed", 0, 9), (None,) * 4)
    assert len(problems) == 2 and not any("7" in line or "31" in line for line in problems)


@pytest.mark.parametrize(
    "cells",
    [
        {"patients_low": "100", "patients_high": "149"},
        {"patients": "100", "width": "50"},
    ],
)
def test_bounds(cells: dict[str, str]) -> None:
    assert measures(BINS, status="bound", **cells)[0] == (None, "bound", 100, 149)


@pytest.mark.parametrize(("low", "high"), [(0, 49), (1, 9), (0, 9), (10, 19)])
def test_bounds_that_tell_nothing_small_apart(low: int, high: int) -> None:
    cells = {"patients_low": str(low), "patients_high": str(high)}
    assert measures(BINS, status="bound", **cells)[0] == (None, "bound", low, high)


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        (3, 20, "tells numbers below the threshold 10 apart"),
        (0, 5, "tells numbers below"),
        (2, 2, "tells numbers"),
        (100, 104, "narrower than the rounding base 10"),
        (20, 10, "patients_high 10 is below patients_low 20"),
    ],
)
def test_bounds_that_disclose(low: int, high: int, message: str) -> None:
    with pytest.raises(BadRow, match=message):
        measures(BINS, status="bound", patients_low=str(low), patients_high=str(high))


@pytest.mark.parametrize("value", range(1, 10))
def test_no_released_number_below_the_threshold(value: int) -> None:
    with pytest.raises(BadRow, match=f"patients {value} is below the threshold 10 but marked released"):
        measures(HALF_UP, patients=str(value), status="released")
    with pytest.raises(BadRow, match=f"records {value} is below the threshold"):
        measures(HALF_UP, patients="100", records=str(value), status="released")


def test_a_hospital_that_rounds_more_coarsely_says_so_in_the_row() -> None:
    cells = {
        "patients": "100",
        "status": "released",
        "patients_low": "100",
        "patients_high": "149",
        "rule": "x-50",
    }
    assert measures(BINS, **cells)[0] == (100, "released", 100, 149)
    with pytest.raises(BadRow, match="range 100-105, narrower than the rule's 100-109"):
        measures(BINS, **{**cells, "patients_high": "105"})


def test_records_have_columns_of_their_own() -> None:
    assert measures(BINS, patients="20", records="300", status="released")[1] == (300, "released", 300, 309)
    assert measures(BINS, patients="20", status="released")[1] == (None,) * 4
    assert measures(BINS, patients="20", records_status="suppressed", status="released")[1] == (
        None,
        "suppressed",
        0,
        9,
    )
    assert measures(BINS, patients="20", width="50", records_low="100", records_high="199", status="bound")[
        1
    ] == (None, "bound", 100, 199)


def test_records_beside_coarsened_patients_are_dropped() -> None:
    cells = {"patients_low": "10", "patients_high": "59", "status": "bound"}
    patients, records, problems = measures(BINS, records="120", **cells)
    assert (patients[2:], records) == ((10, 59), (None,) * 4)
    assert problems == (
        "counts.csv:2: records are given though patients are marked bound;"
        " they were not stored, empty the cell",
    )


def test_overlaps_follow_the_rule() -> None:
    def overlap(**cells: str) -> Measure:
        references = References()
        for name in ("lens", "retina"):
            references.declare("dataset", name)
        row = Row("linkage.csv", 2, {"dataset_a": "lens", "dataset_b": "retina", **cells})
        found: tuple[Any, ...] = linkage_cells(row, references, BINS, Problems())
        return found[4:8]

    assert overlap(overlap_patients="50") == (50, "released", 50, 59)
    assert overlap(overlap_patients_status="suppressed") == (None, "suppressed", 0, 9)
    assert overlap() == (None,) * 4
    with pytest.raises(BadRow, match="overlap_patients 4 is below the threshold"):
        overlap(overlap_patients="4")
