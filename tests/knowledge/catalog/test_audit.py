"""The attack on published counts: what it works out, by itself and against every table that fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid, RawCount
from knowledge.catalog.audit.attack import Seen, attack
from knowledge.catalog.audit.constraints import PATIENTS, System
from knowledge.catalog.audit.counts import Subject, audit_counts, subject_of
from knowledge.catalog.audit.judge import judge
from knowledge.catalog.audit.known import ranges, rule_known
from knowledge.catalog.declaration import Protection
from knowledge.catalog.layout import Layout
from knowledge.catalog.protect import ProtectedCount, protect_counts
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset
from knowledge.catalog.view import SUPPRESSED
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.small_hospitals import make_hospital

RULE = Rule()
HALF_UP = Protection("half-up-10", 10, 10, "half_up", "published", 10)


def one_slice(sexes: tuple[str, ...] = ("F", "M"), bands: tuple[str, ...] = ("18-39", "40-64")) -> Grid:
    return Grid("registry", sexes, (CohortGrid("", (), bands),))


def raw_of(numbers: dict[tuple[str, str], int]) -> list[RawCount]:
    """Counts of one slice from its finest cells, with records so many that they tell nothing."""
    sexes = list(dict.fromkeys(sex for sex, _ in numbers))
    bands = list(dict.fromkeys(band for _, band in numbers))
    counts = []
    for sex, band in product((None, *sexes), (None, *bands)):
        n = sum(
            number for (s, b), number in numbers.items() if sex in (None, s) and band in (None, b)
        )
        counts.append(RawCount("registry", Cell("", None, sex, band), n, 50 * n))
    return counts


def kinds(report: object) -> set[str]:
    return {finding.kind for finding in report.findings}  # type: ignore[attr-defined]


def test_one_hidden_part_of_three_is_found() -> None:
    """19 + 18 + 4 = 41: published are 40-49, 10-19, 10-19, and the third is at least 2."""
    grid = one_slice(("F",), ("18-39", "40-64", "65+"))
    raw = raw_of({("F", "18-39"): 19, ("F", "40-64"): 18, ("F", "65+"): 4})
    report = audit_counts(protect_counts(raw, grid, RULE), grid, RULE, truth=raw)
    told = {finding.where: finding for finding in report.findings}
    assert not report.passed
    found = told["everyone / all years / F / 65+"]
    assert found.kind == "unsuppressed_complement"
    assert found.what == "can only be 2 to 9, promised was 1 to 9"


def test_without_the_truth_the_same_is_found() -> None:
    grid = one_slice(("F",), ("18-39", "40-64", "65+"))
    raw = raw_of({("F", "18-39"): 19, ("F", "40-64"): 18, ("F", "65+"): 4})
    report = audit_counts(protect_counts(raw, grid, RULE), grid, RULE)
    assert "unsuppressed_complement" in kinds(report) and not report.exact


def test_two_hidden_parts_shield_each_other() -> None:
    grid = one_slice(("F", "M"), ())
    numbers = ((None, 30), ("F", 25), ("M", 5))
    raw = [RawCount("registry", Cell("", None, sex, None), n, n) for sex, n in numbers]
    report = audit_counts(protect_counts(raw, grid, RULE), grid, RULE, truth=raw)
    assert report.passed and report.figures[0].watched and report.figures[0].programmes


def test_a_complement_that_nobody_published_is_attacked() -> None:
    """Everyone but the cohort: seven women, three of them certain when two sexes' bins are pinned."""
    grid = Grid("registry", ("F", "M"), (CohortGrid("", (), ()), CohortGrid("ill", (), ())))
    everyone, ill = {"F": 109, "M": 108}, {"F": 100, "M": 100}
    raw = [
        RawCount("registry", Cell(cohort, None, sex, None), n, 9 * n)
        for cohort, numbers in (("", everyone), ("ill", ill))
        for sex, n in ((None, sum(numbers.values())), *numbers.items())
    ]
    report = audit_counts(protect_counts(raw, grid, RULE), grid, RULE, truth=raw)
    # at most 9 + 9 are not ill, so 17 of 217 - 200 leave F and M both near their tops
    assert {finding.where for finding in report.failures} == set() or "narrowed" in kinds(report)
    exact = [replace(count, patients=count.patients) for count in protect_counts(raw, grid, RULE)]
    pinned = [
        replace(count, patients_low=raw_count.patients, patients_high=raw_count.patients)
        for count, raw_count in zip(exact, raw, strict=True)
    ]
    told = audit_counts(pinned, grid, RULE, truth=raw)
    assert any(
        finding.where == "everyone without ill / all years / F / all ages" and "can only be 9" in finding.what
        for finding in told.failures
    )


def test_totals_made_of_released_parts_are_found() -> None:
    hospital = make_hospital(11)
    published = protect_counts(hospital.raw, hospital.grid, RULE)
    by_cell = {count.cell: count for count in published}
    summed = []
    for count in published:
        if count.cell.age_band is None and count.status == "released":
            parts = [
                other.patients for cell, other in by_cell.items()
                if cell[:3] == count.cell[:3] and cell.age_band and other.patients is not None
            ]
            count = replace(count, patients=sum(parts) or count.patients)
        summed.append(count)
    with_truth = audit_counts(summed, hospital.grid, RULE, truth=hospital.raw, certificate=False)
    assert "differs_from_truth" in kinds(with_truth)


def test_totals_that_are_all_sums_of_parts_are_found_without_the_truth() -> None:
    bands = ("18-39", "40-64", "65-79", "80+")
    grid = Grid("registry", (), (CohortGrid("", tuple(range(2018, 2026)), bands),))
    published = []
    for cell in grid.cells():
        part = 30 + 10 * (bands.index(cell.age_band) if cell.age_band else 0)
        n = part if cell.age_band else sum(30 + 10 * i for i in range(4))
        published.append(ProtectedCount("registry", cell, n, 10 * n, "released"))
    assert "totals_summed" in kinds(audit_counts(published, grid, RULE, certificate=False))


def test_numbers_that_the_rule_does_not_release_are_found() -> None:
    grid = one_slice(("F", "M"), ())
    numbers = {None: 37, "F": 30, "M": 0}
    published = [
        ProtectedCount("registry", Cell("", None, sex, None), n, 40, "released") for sex, n in numbers.items()
    ]
    found = [one for one in audit_counts(published, grid, RULE, certificate=False).findings
             if one.kind == "rule_broken"]
    assert [one.where for one in found] == [
        "everyone / all years / all / all ages", "everyone / all years / M / all ages"
    ]


def test_a_slice_that_is_broken_down_under_the_gate_is_found() -> None:
    grid = one_slice(("F", "M"), ())
    published = [
        ProtectedCount("registry", Cell("", None, sex, None), n, 90, "released")
        for sex, n in ((None, 20), ("F", 10), ("M", 10))
    ]
    assert "gate_broken" in kinds(audit_counts(published, grid, RULE, certificate=False))


def test_impossible_numbers_are_called_a_contradiction() -> None:
    grid = one_slice(("F", "M"), ())
    published = [
        ProtectedCount("registry", Cell("", None, sex, None), n, 900, "released")
        for sex, n in ((None, 50), ("F", 80), ("M", 10))
    ]
    report = audit_counts(published, grid, RULE)
    assert "contradiction" in kinds(report) and not report.passed


def test_people_of_no_declared_sex_are_allowed_for() -> None:
    """Parts that cannot make up their total: the attacker gives up that they do, and nothing fails."""
    grid = one_slice(("F", "M"), ())
    raw = [RawCount("registry", Cell("", None, sex, None), n, 9 * n)
           for sex, n in ((None, 90), ("F", 40), ("M", 25))]
    report = audit_counts(protect_counts(raw, grid, RULE), grid, RULE, truth=raw)
    assert report.passed
    assert report.figures[0].given_up == "that everyone has a declared sex and age band"


def test_half_up_with_zeros_is_judged_by_its_own_rule() -> None:
    """What most systems do: rounded half up, zeros published. It fails, and says how."""
    bands = ("18-39", "40-64", "65+")
    grid = one_slice(("F",), bands)
    numbers = {("F", band): n for band, n in zip(bands, (14, 14, 8), strict=True)}
    published = []
    for count in raw_of(numbers):
        n = count.patients
        status = "suppressed" if 0 < n < 10 else "released"
        value = None if status == "suppressed" else (n + 5) // 10 * 10
        published.append(ProtectedCount("registry", count.cell, value, None, status))  # type: ignore[arg-type]
    report = audit_counts(published, grid, HALF_UP, truth=raw_of(numbers))
    assert report.rule == "half-up-10" and not report.passed
    assert kinds(report) == {"unsuppressed_complement"}
    assert {one.what for one in report.findings} == {"can only be 7 to 9, promised was 1 to 9"}


@pytest.mark.parametrize("seed", range(8))
def test_intervals_and_certificate_hold_the_truth(seed: int) -> None:
    """Whatever the attacker derives from an honest publication is true."""
    hospital = make_hospital(seed)
    published = protect_counts(hospital.raw, hospital.grid, RULE)
    subject = subject_of(published, hospital.grid, RULE, truth=hospital.raw)
    outcomes = attack(Seen(subject.layout.shape, subject.view), rule_known(RULE))
    assert [outcome.attempt.given_up for outcome in outcomes] == [""]
    [outcome] = outcomes
    places = outcome.system.blocks[PATIENTS, 0]
    assert subject.exact is not None
    true = subject.exact.patients
    assert (outcome.intervals.low[places] <= true).all() and (true <= outcome.intervals.high[places]).all()


# --- brute force: every table of whole numbers that fits ---


def slice_tables(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Every table (sex, band, number) of one slice between low and high, totals included."""
    sexes = range(1 if low.shape[0] > 1 else 0, low.shape[0])
    bands = range(1 if low.shape[1] > 1 else 0, low.shape[1])
    spots = list(product(sexes, bands))
    values = np.meshgrid(*(np.arange(low[spot], high[spot] + 1) for spot in spots), indexing="ij")
    table = np.zeros((*low.shape, values[0].size), np.int64)
    for spot, value in zip(spots, values, strict=True):
        table[spot] = value.ravel()
    if low.shape[0] > 1:
        table[0] = table[1:].sum(axis=0)
    if low.shape[1] > 1:
        table[:, 0] = table[:, 1:].sum(axis=1)
    return table[..., ((table >= low[..., None]) & (table <= high[..., None])).all(axis=(0, 1))]


def tables(low: np.ndarray, high: np.ndarray) -> Iterator[np.ndarray]:
    """Every combination of the slices' tables as blocks (cohort, year, sex, band, number), in pieces."""
    slices = {spot: slice_tables(low[spot], high[spot]) for spot in np.ndindex(*low.shape[:2])}
    sizes = [table.shape[-1] for table in slices.values()]
    number = int(np.prod(sizes))
    assert number < 40_000_000, f"{number} tables are too many"
    for start in range(0, number, 200_000):
        index = np.arange(start, min(start + 200_000, number))
        block = np.zeros((*low.shape, len(index)), np.int64)
        for (spot, table), digit in zip(slices.items(), np.unravel_index(index, sizes), strict=True):
            block[spot] = table[..., digit]
        yield block


def fits(block: np.ndarray, within: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Which of the tables agree with what years and cohorts are."""
    good = np.ones(block.shape[-1], np.bool_)
    if block.shape[1] > 1:
        good &= (block[:, 0] >= block[:, 1:].max(axis=1)).all(axis=(0, 1, 2))
        good &= (block[:, 0] <= block[:, 1:].sum(axis=1)).all(axis=(0, 1, 2))
    for child, parent in within:
        rest = (block[parent] - block[child])[:, :, 0]
        good &= (rest >= 0).all(axis=(0, 1))
        if block.shape[1] > 1:
            good &= (rest[0] <= rest[1:].sum(axis=0)).all(axis=0)
    return good


def possible(grid: Grid, published: list[ProtectedCount]) -> dict[Cell, set[int]]:
    """Every value that each hidden cell has in some table that fits."""
    subject = subject_of(published, grid, RULE)
    layout = subject.layout
    system = System(layout.shape)
    start = ranges(system, rule_known(RULE), subject.view, None, False)
    low, high = (side[system.blocks[PATIENTS, 0]][..., 0] for side in (start.low, start.high))
    found: dict[Cell, set[int]] = {count.cell: set() for count in published if count.status == "suppressed"}
    for block in tables(low, high):
        good = block[..., fits(block, layout.shape.within)]
        for cell in found:
            place = layout.place(cell)
            assert place is not None
            found[cell] |= set(np.unique(good[place]).tolist())
    return found


def agree(grid: Grid, raw: list[RawCount]) -> tuple[int, int]:
    """The judgement by programmes is the one by all tables; (hidden cells, those that fail)."""
    published = protect_counts(raw, grid, RULE)
    everything = possible(grid, published)
    subject = subject_of(published, grid, RULE)
    seen = Seen(subject.layout.shape, subject.view)
    by_intervals = judge(seen, rule_known(RULE), certificate=False)[0]
    certified = judge(seen, rule_known(RULE), certificate=True)[0]
    narrow = {
        cell for cell, values in everything.items() if not values >= set(range(1, 10)) and min(values) < 10
    }
    cells = {subject.layout.cell(key[2]) for key in certified.narrowed if key[0] == PATIENTS}
    assert {subject.layout.cell(key[2]) for key in by_intervals.narrowed if key[0] == PATIENTS} <= narrow
    if not by_intervals.narrowed:
        assert cells == narrow
    for one in by_intervals.narrowed.values():
        if one.measure == PATIENTS:
            values = everything[subject.layout.cell(one.place)]
            assert one.low <= min(values) and max(values) <= one.high
    return len(everything), len(narrow)


@pytest.mark.parametrize("seed", range(12))
def test_every_table_of_a_tiny_slice_agrees(seed: int) -> None:
    draw = np.random.default_rng(seed)
    numbers = {
        (sex, band): int(draw.choice((draw.integers(0, 10), draw.integers(10, 25))))
        for sex in ("F", "M") for band in ("18-39", "40-64")
    }
    hidden, _ = agree(one_slice(), raw_of(numbers))
    assert hidden or min(numbers.values()) >= 10


@pytest.mark.parametrize("seed", range(6))
def test_every_table_of_two_years_agrees(seed: int) -> None:
    """All years, two years, two sexes: people come in one year or in both."""
    draw = np.random.default_rng(100 + seed)
    grid = Grid("registry", ("F", "M"), (CohortGrid("", (2020, 2021), ()),))
    seen: dict[tuple[int | None, str], int] = {}
    for sex, most in (("F", 34), ("M", 14)):
        total = int(draw.integers(most - 8, most))
        first = int(draw.integers(total // 2, total + 1))
        second = int(draw.integers(total - first, total + 1))
        seen |= {(None, sex): total, (2020, sex): first, (2021, sex): second}
    rows = {None: 10_000, 2020: 6_000, 2021: 4_000}  # of each sex: so many that they tell nothing
    raw = [
        RawCount("registry", Cell("", year, sex, None), n, rows[year] * (2 if sex is None else 1))
        for year in rows
        for women, men in [(seen[year, "F"], seen[year, "M"])]
        for sex, n in ((None, women + men), ("F", women), ("M", men))
    ]
    agree(grid, raw)


@pytest.mark.parametrize("seed", range(8))
def test_every_table_of_two_cohorts_agrees(seed: int) -> None:
    draw = np.random.default_rng(200 + seed)
    grid = Grid("registry", ("F", "M"), (CohortGrid("", (), ()), CohortGrid("ill", (), ())))
    everyone = {sex: int(draw.integers(12, 40)) for sex in ("F", "M")}
    ill = {sex: int(draw.integers(0, n + 1)) for sex, n in everyone.items()}
    raw = [
        RawCount("registry", Cell(cohort, None, sex, None), n, 50 * n)
        for cohort, numbers in (("", everyone), ("ill", ill))
        for sex, n in ((None, sum(numbers.values())), *numbers.items())
    ]
    agree(grid, raw)


# --- two versions ---


def test_a_cell_that_falls_while_its_margins_stay_is_caught() -> None:
    """12 becomes 9, published plainly: hidden in the second version, and all sums as before."""
    grid = one_slice()
    numbers = {("F", "18-39"): 12, ("F", "40-64"): 42, ("M", "18-39"): 31, ("M", "40-64"): 53}
    later = {**numbers, ("F", "18-39"): 9, ("F", "40-64"): 45, ("M", "18-39"): 34, ("M", "40-64"): 50}
    first = PublishedDataset(grid, protect_counts(raw_of(numbers), grid, RULE))
    second = protect_counts(raw_of(later), grid, RULE)
    changed = [a.cell for a, b in zip(first.counts, second, strict=True) if a.patients != b.patients]
    assert changed == [Cell("", None, "F", "18-39")]
    seen = audit_counts(second, grid, RULE, previous=first, certificate=False)
    assert {"republished_too_soon", "crossed_alone"} <= kinds(seen)
    alone = next(one for one in seen.findings if one.kind == "crossed_alone")
    assert alone.where == "everyone / all years / F / 18-39" and alone.what == "10-19 became hidden"


def test_few_new_people_and_several_cells_crossing_are_told_exactly() -> None:
    """A plain refresh: four cells go from 9 to 10 while the total stays in its bin. At most 9 came, at
    least one to each, so that none held fewer than 4 before."""
    bands = ("0-17", "18-39", "40-49", "50-64", "65+")
    grid = Grid("registry", (), (CohortGrid("", (), bands),))

    def version(*parts: int) -> list[RawCount]:
        cells = ((None, sum(parts)), *zip(bands, parts, strict=True))
        return [RawCount("registry", Cell("", None, None, band), n, 50 * n) for band, n in cells]

    before, after = version(64, 9, 9, 9, 9), version(64, 10, 10, 10, 10)
    first = PublishedDataset(grid, protect_counts(before, grid, RULE))
    report = audit_counts(protect_counts(after, grid, RULE), grid, RULE, previous=first, certificate=False)
    assert "republished_too_soon" in kinds(report)
    told = {one.what for one in report.findings if one.where.endswith("former version")}
    assert told == {"can only be 4 to 9, promised was 1 to 9"}


@pytest.mark.parametrize(("f", "m", "more_f", "more_m"), [
    (9, 25, 1, 4), (8, 27, 2, 1), (5, 29, 6, 12), (9, 41, 1, 0), (3, 33, 2, 40), (9, 31, 20, 40),
])
def test_every_pair_of_tables_of_two_versions_agrees(f: int, m: int, more_f: int, more_m: int) -> None:
    """Two sexes, two versions: all quadruples of numbers against the joint attack."""
    grid = one_slice(("F", "M"), ())
    counts = [
        [
            RawCount("registry", Cell("", None, sex, None), n, 50 * n)
            for sex, n in ((None, a + b), ("F", a), ("M", b))
        ]
        for a, b in ((f, m), (f + more_f, m + more_m))
    ]
    first = PublishedDataset(grid, protect_counts(counts[0], grid, RULE))
    second = protect_counts(counts[1], grid, RULE)
    subject = subject_of(second, grid, RULE, previous=first)
    seen = Seen(subject.layout.shape, subject.view, subject.former)
    [outcome, *others] = attack(seen, rule_known(RULE))
    people = {version: outcome.system.blocks[PATIENTS, version] for version in (0, 1)}
    start = ranges(outcome.system, rule_known(RULE), subject.view, subject.former, False)
    spans = [
        [
            range(int(start.low[place, 0]), int(start.high[place, 0]) + 1)
            for place in people[version][0, 0, :, 0]
        ]
        for version in (1, 0)
    ]
    moved = outcome.system.moved[PATIENTS][0, 0, :, 0]
    low, high = outcome.start.low[moved, 0], outcome.start.high[moved, 0]
    values: list[set[int]] = [set(), set(), set(), set()]
    for a, b, c, d in product(spans[0][1], spans[0][2], spans[1][1], spans[1][2]):
        steps = (c + d - a - b, c - a, d - b)
        if a + b in spans[0][0] and c + d in spans[1][0] and all(
            low[i] <= step <= high[i] for i, step in enumerate(steps)
        ):
            for kept, n in zip(values, (a, b, c, d), strict=True):
                kept.add(n)
    for kept, (version, sex) in zip(values, ((1, 1), (1, 2), (0, 1), (0, 2)), strict=True):
        place = people[version][0, 0, sex, 0]
        least, most = outcome.intervals.low[place, 0], outcome.intervals.high[place, 0]
        assert kept and least <= min(kept) and max(kept) <= most
        if not others and subject_hidden(subject, version, sex):
            narrow = not kept >= set(range(1, 10))
            told = judge(seen, rule_known(RULE), certificate=True)[0].narrowed
            assert ((PATIENTS, version, (0, 0, sex, 0), None) in told) == narrow


def subject_hidden(subject: Subject, version: int, sex: int) -> bool:
    view = subject.former if version else subject.view
    assert view is not None
    return bool(view.patients.state[0, 0, sex, 0, 0] == SUPPRESSED)


def test_layout_refuses_bands_that_overlap() -> None:
    with pytest.raises(CatalogInvalid, match=r"Age bands 65\+ and 80\+ of dataset 'registry' overlap"):
        Layout(one_slice(("F",), ("65+", "80+"))).shape  # noqa: B018
