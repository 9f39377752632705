"""Protect, attack, repair, publish again: no small number is told more closely than promised."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid, RawCount
from knowledge.catalog.audit.counts import audit_counts
from knowledge.catalog.protect import ProtectedCount, protect_counts
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset, read_state, write_state
from knowledge.catalog.repair import protect_and_repair
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.small_hospitals import Hospital, grow, make_hospital

RULE = Rule()
ONE_VERSION, TWO_VERSIONS = 38, 12


def keeps_the_rule(hospital: Hospital, counts: tuple[ProtectedCount, ...]) -> None:
    """Every published range holds the true number, and says no more than the rule allows."""
    raw = {count.cell: count for count in hospital.raw}
    assert [count.cell for count in counts] == list(hospital.grid.cells())
    for count in counts:
        true = raw[count.cell].patients if count.cell in raw else 0
        if count.status == "suppressed":
            assert count.patients is None and count.records is None and count.records_high is None
            assert true <= (count.patients_high or RULE.threshold - 1), count
            continue
        low = count.patients if count.patients_low is None else count.patients_low
        high = (count.patients or 0) + 9 if count.patients_high is None else count.patients_high
        assert low is not None and low <= true <= high and high - low >= 9, (count, true)
        assert (count.status == "bound") == (count.patients is None)


@pytest.mark.parametrize("seed", range(ONE_VERSION))
def test_one_version_keeps_the_promise(seed: int) -> None:
    hospital = make_hospital(seed)
    protected = protect_and_repair(hospital.raw, hospital.grid, RULE)
    keeps_the_rule(hospital, protected.counts)
    before = audit_counts(protect_counts(hospital.raw, hospital.grid, RULE), hospital.grid, RULE,
                          truth=hospital.raw, certificate=False)
    assert protected.narrowed == before.figures[0].narrowed
    assert protected.report.passed and protected.report.figures[0].programmes
    again = audit_counts(protected.counts, hospital.grid, RULE, truth=hospital.raw, certificate=False)
    assert again.passed
    assert audit_counts(protected.counts, hospital.grid, RULE, certificate=False).passed


@pytest.mark.parametrize("seed", range(TWO_VERSIONS))
def test_two_versions_keep_the_promise(seed: int, tmp_path: Path) -> None:
    first = make_hospital(seed, 300 if seed % 2 else 120)
    published = protect_and_repair(first.raw, first.grid, RULE, certificate=False).published
    write_state(tmp_path / "state.json", published)
    later = grow(first, seed, new=60 + 7 * seed, gone=seed % 4)
    previous = read_state(tmp_path / "state.json")
    second = protect_and_repair(later.raw, later.grid, RULE, previous=previous)
    assert second.republished
    keeps_the_rule(later, second.counts)
    assert second.report.passed and second.report.versions == 2
    again = audit_counts(
        second.counts, later.grid, RULE, previous=previous, truth=later.raw, certificate=False
    )
    told = [one for one in again.failures if not one.where.endswith("former version")]
    assert not told, told


def test_what_is_left_of_the_second_version_alone_keeps_the_promise_too() -> None:
    """Who never saw the first one supposes more: that what is hidden is small, though it may have drifted."""
    hospital = make_hospital(2)
    published = protect_and_repair(hospital.raw, hospital.grid, RULE, certificate=False).published
    later = grow(hospital, 2, new=62)
    second = protect_and_repair(later.raw, later.grid, RULE, previous=published, certificate=False)
    for truth in (later.raw, None):
        assert audit_counts(second.counts, later.grid, RULE, truth=truth, certificate=False).passed


def test_a_former_number_that_only_seems_small_is_a_note() -> None:
    """Nobody who audits without the hospital's numbers can know, and the hospital knows that it was not."""
    hospital = make_hospital(48)
    published = protect_and_repair(hospital.raw, hospital.grid, RULE).published
    later = grow(hospital, 48, new=108)
    second = protect_and_repair(later.raw, later.grid, RULE, previous=published)
    public = PublishedDataset(hospital.grid, published.counts)
    seen = audit_counts(second.counts, later.grid, RULE, previous=public)
    assert {finding.kind for finding in seen.findings} == {"may_be_narrowed"}
    assert seen.passed and seen.figures[0].narrowed == 0
    assert audit_counts(second.counts, later.grid, RULE, previous=published, truth=later.raw).findings == ()


def test_a_dataset_that_needs_repair_is_repaired_the_same_way_every_time() -> None:
    hospital = make_hospital(4)
    runs = [protect_and_repair(hospital.raw, hospital.grid, RULE) for _ in range(2)]
    assert runs[0].narrowed > 0 and runs[0].repairs and 0 < runs[0].coarsened < runs[0].released
    assert runs[0].counts == runs[1].counts and runs[0].repairs == runs[1].repairs


def test_repair_leaves_what_is_safe_alone() -> None:
    hospital = make_hospital(6)
    protected = protect_and_repair(hospital.raw, hospital.grid, RULE)
    assert protected.narrowed == 0 and not protected.repairs and protected.coarsened == 0
    assert protected.counts == tuple(protect_counts(hospital.raw, hospital.grid, RULE))


def test_coarsening_takes_all_cells_of_a_kind() -> None:
    """Wherever a slice has a bound of some kind, no released cell of that kind is left in it."""
    kinds: dict[tuple[object, ...], Counter[str]] = {}
    for seed in (0, 4, 7, 12, 20):
        hospital = make_hospital(seed)
        for count in protect_and_repair(hospital.raw, hospital.grid, RULE, certificate=False).counts:
            cell = count.cell
            is_part = bool(cell.sex or cell.age_band)
            of_slice = cell.year if is_part else cell.year is None  # totals of years are one kind
            kind = (seed, cell.cohort, of_slice, bool(cell.sex), bool(cell.age_band))
            kinds.setdefault(kind, Counter())[count.status] += 1
    assert any(found["bound"] for found in kinds.values())
    assert not any(found["bound"] and found["released"] for found in kinds.values())


def test_a_stricter_rule_is_kept_too() -> None:
    rule = Rule(base=20, gate=60)
    hospital = make_hospital(9)
    protected = protect_and_repair(hospital.raw, hospital.grid, rule)
    assert protected.report.small == 19 and protected.report.passed
    assert {count.patients % 20 for count in protected.counts if count.patients is not None} == {0}


def test_impossible_counts_are_refused() -> None:
    grid = Grid("registry", ("F",), (CohortGrid("", (), ()),))
    with pytest.raises(CatalogInvalid, match="cannot be protected"):
        protect_and_repair([RawCount("registry", Cell("", None, "F", None), 40, 40)], grid, RULE)


# --- publishing again ---

BANDS = ("18-39", "40-64")
GRID = Grid("registry", ("F", "M"), (CohortGrid("", (), BANDS),))
FALLING = Cell("", None, "F", "18-39")


def version(numbers: dict[tuple[str, str], int]) -> list[RawCount]:
    counts = []
    for sex in (None, "F", "M"):
        for band in (None, *BANDS):
            n = sum(k for (s, b), k in numbers.items() if sex in (None, s) and band in (None, b))
            counts.append(RawCount("registry", Cell("", None, sex, band), n, 50 * n))
    return counts


FIRST = {("F", "18-39"): 12, ("F", "40-64"): 442, ("M", "18-39"): 331, ("M", "40-64"): 553}


def test_a_cell_that_falls_from_12_to_9_stays_as_published() -> None:
    first = protect_and_repair(version(FIRST), GRID, RULE)
    assert {count.cell: count.patients for count in first.counts}[FALLING] == 10
    later = {**FIRST, ("F", "18-39"): 9, ("M", "40-64"): 633}
    second = protect_and_repair(version(later), GRID, RULE, previous=first.published)
    told = {count.cell: count for count in second.counts}
    assert (told[FALLING].status, told[FALLING].patients) == ("released", 10)
    assert (told[FALLING].patients_low, told[FALLING].patients_high) == (1, 28)
    assert told[Cell("", None, "M", "40-64")].patients == 630
    assert second.report.passed


def test_a_cell_that_moved_by_ten_is_published_anew() -> None:
    first = protect_and_repair(version(FIRST), GRID, RULE)
    later = {**FIRST, ("F", "18-39"): 22, ("F", "40-64"): 490, ("M", "40-64"): 633}
    second = protect_and_repair(version(later), GRID, RULE, previous=first.published)
    told = {count.cell: count for count in second.counts}
    assert told[FALLING].patients == 20 and told[FALLING].patients_high is None
    # the next version compares with the day of the last change, not with the last version
    third_numbers = {**later, ("F", "18-39"): 31, ("M", "18-39"): 440}
    third = protect_and_repair(version(third_numbers), GRID, RULE, previous=second.published)
    assert {count.cell: count.patients for count in third.counts}[FALLING] == 20


def test_a_dataset_with_few_new_people_keeps_its_publication() -> None:
    first = protect_and_repair(version(FIRST), GRID, RULE)
    later = {**FIRST, ("M", "40-64"): FIRST["M", "40-64"] + 49}
    again = protect_and_repair(version(later), GRID, RULE, previous=first.published)
    assert not again.republished and again.published == first.published and again.report.passed
    anew = protect_and_repair(
        version({**later, ("M", "40-64"): FIRST["M", "40-64"] + 50}), GRID, RULE, previous=first.published
    )
    assert anew.republished


def test_a_former_publication_without_its_state_is_refused() -> None:
    first = protect_and_repair(version(FIRST), GRID, RULE)
    with pytest.raises(CatalogInvalid, match="has no state"):
        protect_and_repair(version(FIRST), GRID, RULE, previous=PublishedDataset(GRID, first.counts))


def test_a_new_year_and_a_new_cohort_are_published_beside_the_old() -> None:
    first = make_hospital(5, 500)
    published = protect_and_repair(first.raw, first.grid, RULE, certificate=False).published
    years = (*first.grid.cohorts[0].years, 2030)
    cohorts = tuple(CohortGrid(one.cohort, years, one.age_bands) for one in first.grid.cohorts)
    grid = Grid("registry", first.grid.sexes, (*cohorts, CohortGrid("new", years, ())))
    wide = Hospital(grid, first.people)
    later = grow(wide, 5, new=300)
    second = protect_and_repair(later.raw, later.grid, RULE, previous=published, certificate=False)
    keeps_the_rule(later, second.counts)
    shown = {count.cell: count.status for count in second.counts}
    assert shown[Cell("", 2030, None, None)] == "released"


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    hospital = make_hospital(4)
    published = protect_and_repair(hospital.raw, hospital.grid, RULE, certificate=False).published
    write_state(tmp_path / "one.json", published)
    back = read_state(tmp_path / "one.json")
    assert (back.grid, back.state) == (published.grid, published.state)
    assert tuple(back.counts) == tuple(published.counts)
    (tmp_path / "one.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CatalogInvalid, match=r"one\.json: it is no state"):
        read_state(tmp_path / "one.json")
