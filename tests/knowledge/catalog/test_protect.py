"""Protection at ingest: what may leave the hospital, and what never does."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalog.aggregates import (
    Cell,
    CohortGrid,
    Grid,
    RawCount,
    RawMedian,
    RawMissing,
    RawOverlap,
    bands_within,
)
from knowledge.catalog.protect import protect_counts, protect_median, protect_missing, protect_overlap
from knowledge.catalog.protection_rule import Rule
from knowledge.errors import CatalogInvalid

RULE = Rule()
GRID = Grid("registry", ("F", "M"), (
    CohortGrid("", (2020, 2021), ("40-59", "60+")),
    CohortGrid("copd", (2021,), ("60+",)),
))
PERSON = st.tuples(
    st.sampled_from(("F", "M")), st.sampled_from(("40-59", "60+")),
    st.sets(st.sampled_from((2020, 2021)), min_size=1), st.booleans(),
)


def tally(people: list[tuple[str, str, set[int], bool]]) -> list[RawCount]:
    """Exact counts of people (sex, band, years, has the condition), one record per person and year."""
    found: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for sex, band, years, ill in people:
        cohorts = [("", years)]
        if ill and band == "60+" and 2021 in years:
            cohorts.append(("copd", {2021}))
        for cohort, seen in cohorts:
            for s in (None, sex):
                for b in (None, band):
                    for year in (None, *seen):
                        cell = found[Cell(cohort, year, s, b)]
                        cell[0] += 1
                        cell[1] += len(seen) if year is None else 1
    return [RawCount("registry", cell, patients, records) for cell, (patients, records) in found.items()]


@given(st.lists(PERSON, max_size=160))
@settings(max_examples=60, deadline=None)
def test_what_is_published_keeps_every_promise(people: list[tuple[str, str, set[int], bool]]) -> None:
    raw = {count.cell: count for count in tally(people)}
    published = protect_counts(raw.values(), GRID, RULE)
    assert [count.cell for count in published] == list(GRID.cells())
    by_cell = {count.cell: count for count in published}
    for count in published:
        cell, total = count.cell, by_cell[count.cell._replace(sex=None, age_band=None)]
        overall = by_cell[Cell(cell.cohort, None, None, None)]
        if count.status == "suppressed":
            assert count.patients is None and count.records is None
            continue
        assert count.patients is not None and count.records is not None
        true = raw[cell]
        assert count.patients >= 10 and count.patients % 10 == 0
        assert count.records >= 10 and count.records % 10 == 0
        assert 0 <= true.patients - count.patients < 10 and 0 <= true.records - count.records < 10
        if cell != total.cell:
            assert total.patients is not None and total.patients >= 30
        if cell.year is not None:
            assert overall.patients is not None and overall.patients >= 30


def test_every_declared_cell_comes_out_even_without_data() -> None:
    published = protect_counts([], GRID, RULE)
    assert len(published) == 3 * 3 * 3 + 2 * 3 * 2
    assert {count.status for count in published} == {"suppressed"}


def test_zero_small_and_shielded_cells_look_the_same() -> None:
    counts = [
        RawCount("registry", Cell("", None, None, None), 29, 60),
        RawCount("registry", Cell("", None, "F", None), 3, 5),
        RawCount("registry", Cell("", None, "M", None), 26, 55),
    ]
    published = {count.cell: count for count in protect_counts(counts, GRID, RULE)}
    assert published[Cell("", None, None, None)].patients == 20
    hidden = [published[Cell("", None, sex, band)] for sex, band in (("F", None), ("M", None), (None, "60+"))]
    assert {(count.patients, count.records, count.status) for count in hidden} == {(None, None, "suppressed")}


def test_years_are_parts_of_all_years() -> None:
    """A cohort with a published total under 30 is not broken down by year either."""
    counts = [RawCount("registry", Cell("", year, None, None), 25, 25) for year in (None, 2020)]
    published = {count.cell: count for count in protect_counts(counts, GRID, RULE)}
    assert published[Cell("", None, None, None)].patients == 20
    assert published[Cell("", 2020, None, None)].status == "suppressed"


def test_one_equation_never_narrows_a_small_number() -> None:
    """Brute force over every table of two parts: what is published for a part under 10 fits 1 to 9 all."""
    grid = Grid("tiny", ("F", "M"), (CohortGrid("", (), ()),))
    fits: dict[tuple[object, ...], set[int]] = defaultdict(set)
    smalls: set[tuple[object, ...]] = set()
    for f in range(60):
        for m in range(60):
            cells = ((None, f + m), ("F", f), ("M", m))
            raw = [RawCount("tiny", Cell("", None, sex, None), n, n) for sex, n in cells]
            shown = tuple(count.patients for count in protect_counts(raw, grid, RULE))
            fits[shown].add(f)
            if f < 10:
                smalls.add(shown)
    assert smalls and all(fits[shown] >= set(range(1, 10)) for shown in smalls)


@pytest.mark.parametrize(("counts", "says"), [
    ([RawCount("other", Cell("", None, None, None), 40, 40)], "belongs to dataset 'other'"),
    ([RawCount("registry", Cell("", None, "X", None), 40, 40)], "all years / X / all ages: is outside"),
    ([RawCount("registry", Cell("copd", 2020, None, None), 0, 0)], "is outside the declared cells"),
    ([RawCount("registry", Cell("", None, None, None), 40, 40)] * 2, "is given twice"),
    ([RawCount("registry", Cell("", None, None, None), 40, 39)], "40 patients in 39 records"),
    ([RawCount("registry", Cell("", None, None, None), -1, 0)], "-1 patients"),
    ([RawCount("registry", Cell("", None, "F", None), 1, 1)], "more than in everyone / all years / all /"),
])
def test_impossible_counts_are_refused(counts: list[RawCount], says: str) -> None:
    with pytest.raises(CatalogInvalid) as caught:
        protect_counts(counts, GRID, RULE)
    assert any(says in problem for problem in caught.value.problems)


@pytest.mark.parametrize("looser", [
    {"base": 5}, {"base": 15}, {"gate": 20}, {"rate_denominator": 50}, {"rate_step": 1}, {"rate_step": 30},
    {"median_patients": 5}, {"median_step_months": 1},
])
def test_a_rule_may_only_be_stricter(looser: dict[str, int]) -> None:
    with pytest.raises(CatalogInvalid):
        Rule(**looser)


def test_a_stricter_rule_names_itself() -> None:
    rule = Rule(base=20, gate=60)
    assert (rule.low(19), rule.low(20), rule.low(59)) == (None, 20, 40)
    assert rule.declaration() == {
        "id": "aligned-bins-20", "threshold": 20, "base": 20,
        "rounding": "bins", "zeros": "hidden", "suppressed_below": 60,
    }


def missing(rows: int, empty: int, patients: int | None = None, few: int | None = None) -> RawMissing:
    """A variable with one row per person unless said otherwise; ``few`` people have empty rows."""
    people = rows if patients is None else patients
    behind = empty if few is None else few
    return RawMissing("registry", "visit", "fev1", rows, empty, people, behind, people - behind)


@pytest.mark.parametrize(("raw", "published"), [
    (missing(99, 20), ""),
    (missing(100, 20), "20"),
    (missing(5_000, 1_000, patients=90, few=40), ""),
    (missing(100, 9), ""),
    (missing(190, 0), ""),
    (missing(200, 0), "<5"),
    (missing(200, 9), "<5"),
    (missing(1_000, 49), "<5"),
    (missing(1_000, 50), "5"),
    (missing(1_000, 74), "5"),
    (missing(1_000, 80), "10"),
    (missing(1_000, 950), "95"),
    (missing(1_000, 960), ">95"),
    (missing(1_000, 995), ">95"),
    (missing(190, 185), ""),
    (missing(10_000, 2_000, patients=500, few=3), ""),
    (missing(10_000, 200, patients=500, few=3), "<5"),
])
def test_missing_rates(raw: RawMissing, published: str) -> None:
    assert protect_missing(raw, RULE) == published


def test_a_missing_rate_never_tells_small_numerators_apart() -> None:
    for rows in range(100, 400):
        assert len({protect_missing(missing(rows, empty), RULE) for empty in range(10)}) == 1
        assert len({protect_missing(missing(rows, rows - present), RULE) for present in range(10)}) == 1


@pytest.mark.parametrize(("a", "b", "both", "published"), [
    (100, 200, 57, 50), (100, 200, 9, None), (100, 200, 91, None), (200, 100, 91, None),
    (100, 100, 100, None), (100, 100, 0, None),
])
def test_overlap_needs_both_remainders(a: int, b: int, both: int, published: int | None) -> None:
    assert protect_overlap(RawOverlap("a", "b", a, b, both), RULE) == published


def test_an_overlap_above_its_datasets_is_refused() -> None:
    with pytest.raises(CatalogInvalid, match="11 people in both a"):
        protect_overlap(RawOverlap("a", "b", 10, 50, 11), RULE)


@pytest.mark.parametrize(("people", "days", "months"), [
    (29, 900, None), (30, 900, 30), (500, 0, None), (500, 91, None), (500, 92, 6), (500, 365, 12),
])
def test_median_is_coarse(people: int, days: int, months: int | None) -> None:
    assert protect_median(RawMedian("registry", people, days), RULE) == months


def test_bands_that_a_declared_age_cannot_reach_do_not_exist() -> None:
    bands = ("18-39", "40-64", "65-79", "80+")
    assert bands_within(bands, 40, None) == ("40-64", "65-79", "80+")
    assert bands_within(bands, 45, 79) == ("40-64", "65-79")
    with pytest.raises(CatalogInvalid, match="'old'"):
        bands_within(("old",), 40, None)
