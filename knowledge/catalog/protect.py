"""Protection when a catalog is built: raw aggregates in, what may be published out.

Deterministic, without noise. Every declared cell comes out, so the absence of a row says nothing;
a cell that is hidden because it is small and one that is hidden to shield another look the same.
Attack (audit/) and repair (repair.py) work on the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.catalog.aggregates import Cell, Grid, RawCount, RawMedian, RawMissing, RawOverlap
from knowledge.catalog.layout import Layout
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publish import Exact, fine, numbers, publish
from knowledge.catalog.view import BOUND, RELEASED, SUPPRESSED, Number, View
from knowledge.errors import CatalogInvalid

Status = Literal["released", "suppressed", "bound"]
_STATUSES: Mapping[int, Status] = {RELEASED: "released", SUPPRESSED: "suppressed", BOUND: "bound"}
_STATES = {status: state for state, status in _STATUSES.items()}
DAYS_PER_YEAR = 365.25
PROBLEMS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ProtectedCount:
    """One published cell.

    released: patients and records are lower ends of their bins. suppressed: both None, whatever the
    reason. bound: both None, with a range wider than a bin. The ranges (first and last possible
    number) stand where they are not the rule's own: on a bound cell, on one that stays as published
    while its number moves, and on a suppressed one that need not be below the threshold.
    """

    dataset: str
    cell: Cell
    patients: int | None
    records: int | None
    status: Status
    patients_low: int | None = None
    patients_high: int | None = None
    records_low: int | None = None
    records_high: int | None = None


def protect_counts(raw: Iterable[RawCount], grid: Grid, rule: Rule) -> list[ProtectedCount]:
    """Protect one dataset's counts: one row per declared cell, in the grid's order. Nothing is attacked
    or repaired (see repair.py).

    A declared cell without a raw count is a true zero, and hidden like one. Raises CatalogInvalid
    with one line per problem: foreign dataset, cell outside the grid, given twice, impossible numbers.
    """
    layout = Layout(grid)
    return as_counts(layout, publish(layout, exact_numbers(raw, layout), rule, fine(layout)).view, rule)


def exact_numbers(raw: Iterable[RawCount], layout: Layout) -> Exact:
    """The true numbers as blocks; CatalogInvalid as for ``protect_counts``."""
    exact = Exact(layout.empty(), layout.empty())
    for cell, count in _by_cell(raw, layout.grid).items():
        place = layout.place(cell)
        assert place is not None  # only declared cells are left
        exact.patients[place], exact.records[place] = count.patients, count.records
    return exact


def as_counts(layout: Layout, view: View, rule: Rule) -> list[ProtectedCount]:
    """The first column of a view as published cells, in the grid's order."""
    return [
        _count(layout.grid.dataset, cell, patients, records, rule)
        for cell, patients, records in numbers(layout, view)
    ]


def as_numbers(
    counts: Iterable[ProtectedCount], range_of: Callable[[int], tuple[int, int]]
) -> Iterator[tuple[Cell, Number, Number]]:
    """Published cells as numbers with ranges; ``range_of`` gives the rule's own for a released number."""
    for count in counts:
        state = _STATES[count.status]
        patients = _number(state, count.patients, count.patients_low, count.patients_high, range_of)
        shown = count.records is not None or count.records_high is not None
        records = _number(
            (RELEASED if count.records is not None else BOUND) if shown else SUPPRESSED,
            count.records, count.records_low, count.records_high, range_of,
        )
        yield count.cell, patients, records


def protect_missing(raw: RawMissing, rule: Rule) -> str:
    """The missing rate of a variable: "", "<5", "5", "10" ... "95" or ">95" percent.

    Computed from bins, and only where rows and people reach the denominator. Where too few people
    stand behind the empty or the filled rows, the rate is one of the two open ends or not given:
    an open end covers suppressed and released numerators alike, provided it is wide enough.
    """
    rows, patients = rule.low(raw.rows), rule.low(raw.patients)
    if rows is None or patients is None or min(rows, patients) < rule.rate_denominator:
        return ""
    present = raw.rows - raw.rows_missing
    if present < 0 or raw.rows_missing < 0:
        raise CatalogInvalid(
            f"{raw.dataset}/{raw.table}.{raw.variable}: {raw.rows_missing} of {raw.rows} rows are empty.",
            hint="Profile the source again.",
        )
    wide = rows * rule.rate_step >= 100 * rule.base
    if min(raw.rows_missing, raw.patients_missing) < rule.threshold:
        return f"<{rule.rate_step}" if wide and 100 * raw.rows_missing < rule.rate_step * rows else ""
    if min(present, raw.patients_present) < rule.threshold:
        return f">{100 - rule.rate_step}" if wide and 100 * present < rule.rate_step * rows else ""
    return _step(raw.rows_missing // rule.base * rule.base, rows, rule.rate_step)


def protect_overlap(raw: RawOverlap, rule: Rule) -> int | None:
    """People in both datasets (lower end of the bin), where both remainders are large enough too."""
    cells = (raw.both, raw.patients_a - raw.both, raw.patients_b - raw.both)
    if min(cells) < 0:
        raise CatalogInvalid(
            f"{raw.both} people in both {raw.dataset_a} (of {raw.patients_a})"
            f" and {raw.dataset_b} (of {raw.patients_b}).",
            hint="Count distinct people under one key.",
        )
    lows = [rule.low(cell) for cell in cells]
    return None if None in lows else lows[0]


def protect_median(raw: RawMedian, rule: Rule) -> int | None:
    """A median in days as months in coarse steps; None with too few people or under half a step."""
    if raw.patients < rule.median_patients:
        return None
    steps = raw.value * 12 / DAYS_PER_YEAR / rule.median_step_months
    return int(steps + 0.5) * rule.median_step_months or None


def _count(dataset: str, cell: Cell, patients: Number, records: Number, rule: Rule) -> ProtectedCount:
    status = _STATUSES[patients.state]
    low, high = _own_range(patients, rule)
    records_low, records_high = _own_range(records, rule) if records.state != SUPPRESSED else (None, None)
    people, rows = (one.value if one.state == RELEASED else None for one in (patients, records))
    return ProtectedCount(dataset, cell, people, rows, status, low, high, records_low, records_high)


def _own_range(number: Number, rule: Rule) -> tuple[int | None, int | None]:
    """A range that is to be told, since it is not the rule's."""
    told = number.state != RELEASED or (number.low, number.high) != rule.range_of(number.value or 0)
    return (number.low or 0, number.high) if told and number.high is not None else (None, None)


def _number(
    state: int, value: int | None, low: int | None, high: int | None,
    range_of: Callable[[int], tuple[int, int]],
) -> Number:
    if state != RELEASED or value is None:
        return Number(state, low, low, high)
    least, most = range_of(value)
    return Number(state, value, least if low is None else low, most if high is None else high)


def _step(numerator: int, denominator: int, step: int) -> str:
    """A percentage from two bin ends, rounded half up to a step, with open ends."""
    if 100 * numerator < step * denominator:
        return f"<{step}"
    if 100 * numerator > (100 - step) * denominator:
        return f">{100 - step}"
    return str((200 * numerator + step * denominator) // (2 * step * denominator) * step)


def _by_cell(raw: Iterable[RawCount], grid: Grid) -> Mapping[Cell, RawCount]:
    """Every declared cell with its raw count; zero where none came."""
    truth = {cell: RawCount(grid.dataset, cell, 0, 0) for cell in grid.cells()}
    seen: set[Cell] = set()
    problems: list[str] = []
    for count in raw:
        if count.dataset != grid.dataset:
            problems.append(f"{count.cell}: belongs to dataset {count.dataset!r}, not {grid.dataset!r}")
        elif count.cell not in truth:
            problems.append(f"{count.cell}: is outside the declared cells")
        elif count.cell in seen:
            problems.append(f"{count.cell}: is given twice")
        else:
            truth[count.cell] = count
            seen.add(count.cell)
    problems.extend(_impossible(truth))
    if problems:
        raise CatalogInvalid(
            f"Counts of dataset {grid.dataset!r} cannot be protected: {problems[0]}.",
            problems=tuple(problems[:PROBLEMS_SHOWN]),
            hint="Profile the source again with the same declaration.",
        )
    return truth


def _impossible(truth: Mapping[Cell, RawCount]) -> Iterator[str]:
    """Numbers that no data can give: a part above its whole, people without records."""
    for cell, count in truth.items():
        if count.patients < 0 or count.records < count.patients:
            yield f"{cell}: {count.patients} patients in {count.records} records"
        wholes = (cell._replace(year=None), cell._replace(sex=None), cell._replace(age_band=None))
        for whole in wholes:
            if count.patients > truth[whole].patients or count.records > truth[whole].records:
                yield f"{cell}: more than in {whole}"
