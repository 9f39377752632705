"""How exact numbers become published ones, for a whole dataset at once.

A publication follows from four things: the numbers (of today, or for a cell that hardly moved those
of its last publication), the rule, what repair made coarse, and what was hidden before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.aggregates import Cell
from knowledge.catalog.layout import TOTAL, Layout, Mask, Numbers
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.view import BOUND, RELEASED, SUPPRESSED, ZERO, Measure, Number, View

FINE, WIDE, HIDDEN = range(3)
PATIENTS, RECORDS = range(2)
Coarse = NDArray[np.uint8]  # measure, cohort, year, grain, column: FINE, WIDE or HIDDEN


@dataclass(frozen=True)
class Exact:
    """The true numbers of datasets of one shape, as blocks of one column each."""

    patients: Numbers
    records: Numbers

    def some(self, columns: NDArray[np.intp]) -> Exact:
        """Some of the columns; the only one serves for all."""
        if self.patients.shape[-1] == 1:
            return self
        return self.each(lambda block: block[..., columns])

    def each(self, act: Callable[[Numbers], Numbers]) -> Exact:
        """The same with ``act`` done to both blocks."""
        return Exact(act(self.patients), act(self.records))


@dataclass(frozen=True)
class Former:
    """A dataset as last published, and the true numbers behind it.

    basis: of the day when each cell last changed. known: cells that were published then. shown:
    cells with people released or bound. ceiling: what a suppressed cell was at most on that day.
    """

    basis: Exact
    known: Mask
    shown: Mask
    ceiling: Numbers
    coarse: Coarse


@dataclass(frozen=True)
class Publication:
    """What is published (``view``), and the state that the next publication starts from (``former``)."""

    view: View
    former: Former


def fine(layout: Layout, columns: int = 1) -> Coarse:
    """Nothing made coarse."""
    return np.zeros((2, layout.shape.cohorts, layout.shape.years + 1, 4, columns), np.uint8)


def publish(
    layout: Layout, exact: Exact, rule: Rule, coarse: Coarse, former: Former | None = None
) -> Publication:
    """One column per column of ``coarse``. With ``former``, a cell changes only where its number moved by
    the base or more, and the ranges of the others are as much wider."""
    declared = layout.declared[..., None]
    kept, kept_records, basis = _basis(exact, rule, former)
    mode, records_mode = (block[:, :, layout.shape.grain] for block in coarse)
    lower = basis.patients // rule.base * rule.base
    shown = (basis.patients >= rule.threshold) & (mode != HIDDEN) & declared
    if former is not None:
        shown &= ~(kept & former.known & ~former.shown)
    total = shown[:, :, :1, :1] & (lower[:, :, :1, :1] >= rule.gate)
    total[:, 1:] &= total[:, :1]  # a year is itself a part of the slice of all years
    is_total = (layout.shape.grain == TOTAL)[..., None]
    shown &= total | is_total
    shown[:, 1:] &= total[:, :1]
    alone = np.zeros_like(shown)
    if former is not None:
        alone = _crossed_alone(shown, kept & former.known, former, declared)
    patients = _measure(basis.patients, shown | alone, declared, mode == WIDE, kept, rule)
    _cover(patients, alone, rule)
    given = (patients.state == RELEASED) | ((patients.state == BOUND) & ~alone)
    given &= (basis.records >= rule.threshold) & (records_mode != HIDDEN)
    records = _measure(basis.records, given, declared, mode == WIDE, kept_records, rule)
    ceiling = _ceiling(patients, layout, rule)
    widened = ceiling.copy()
    if former is not None:
        before = declared & former.known & ~former.shown
        widened = np.where(before, np.maximum(ceiling, former.ceiling + rule.drift), ceiling)
        ceiling = np.where(before & kept, np.maximum(ceiling, former.ceiling), ceiling)
    hidden = patients.state == SUPPRESSED
    view = View(patients, records, np.where(hidden & (widened >= rule.threshold), widened, 0))
    return Publication(view, Former(basis, declared & np.ones_like(shown), patients.given, ceiling, coarse))


def numbers(layout: Layout, view: View) -> Iterator[tuple[Cell, Number, Number]]:
    """Every declared cell of the first column with its people and records."""
    for cell, place in layout.cells():
        spot = (*place, 0)
        yield cell, _number(view.patients, spot, int(view.ceiling[spot])), _number(view.records, spot, 0)


def _basis(exact: Exact, rule: Rule, former: Former | None) -> tuple[Mask, Mask, Exact]:
    if former is None:
        nothing = np.zeros(exact.patients.shape, np.bool_)
        return nothing, nothing, exact
    kept = former.known & (abs(exact.patients - former.basis.patients) < rule.base)
    records = former.known & (abs(exact.records - former.basis.records) < rule.base)
    return kept, records, Exact(
        np.where(kept, former.basis.patients, exact.patients),
        np.where(records, former.basis.records, exact.records),
    )


def _measure(basis: Numbers, shown: Mask, declared: Mask, wide: Mask, kept: Mask, rule: Rule) -> Measure:
    state = np.where(declared, np.where(shown, np.where(wide, BOUND, RELEASED), SUPPRESSED), ZERO)
    width = np.where(wide, rule.wide, rule.base)
    low = basis // width * width
    high = low + width - 1
    low = np.maximum(low, rule.threshold)
    drift = np.where(kept, rule.drift, 0)
    value = np.where(shown, low, 0)
    return Measure(
        state.astype(np.uint8), value,
        np.where(shown, np.maximum(low - drift, 0), 0), np.where(shown, high + drift, 0),
    )


def _crossed_alone(shown: Mask, kept: Mask, former: Former, declared: Mask) -> Mask:
    """Cells that would appear or vanish while every sum that they are part of stays as it was."""
    crossed = declared & former.known & ~kept & (shown != former.shown)
    still = kept & (shown == former.shown)
    has_margin, alone = np.zeros_like(crossed), np.ones_like(crossed)
    for axis in (1, 2, 3):
        margin = np.broadcast_to(np.take(still, [0], axis=axis), still.shape)
        place = np.arange(still.shape[axis]).reshape([-1 if a == axis else 1 for a in range(still.ndim)])
        has_margin |= place > 0
        alone &= margin | (place == 0)
    return crossed & alone & has_margin


def _cover(patients: Measure, alone: Mask, rule: Rule) -> None:
    """A range that says neither that the cell is small nor that it is not."""
    patients.state[alone] = BOUND
    patients.value[alone] = 0
    patients.low[alone] = 0
    patients.high[alone] = rule.wide - 1


def _ceiling(patients: Measure, layout: Layout, rule: Rule) -> Numbers:
    """What a suppressed cell is at most, by what everybody sees. Where a cell of its kind in the slice is
    shown, it is below the threshold; where none is, only the slice's total limits it."""
    small = rule.threshold - 1
    given, high = patients.given, patients.high
    ceiling = np.full(given.shape, small, np.int64)
    totals = given[:, :, 0, 0]
    overall = np.where(totals[:, :1], high[:, :1, 0, 0], small)
    any_year = totals[:, 1:].any(axis=1, keepdims=True)
    ceiling[:, 1:, 0, 0] = np.where(any_year, small, overall)
    top = np.where(totals, high[:, :, 0, 0], ceiling[:, :, 0, 0])[:, :, None, None]
    grain = layout.shape.grain
    for kind in np.unique(grain[grain != TOTAL]):
        of_kind = grain == kind
        open_kind = np.asarray(given[:, :, of_kind].any(axis=2))[:, :, None]
        ceiling[:, :, of_kind] = np.where(open_kind, small, top[:, :, 0])
    return ceiling


def _number(measure: Measure, spot: tuple[int, ...], ceiling: int) -> Number:
    state = int(measure.state[spot])
    if state == SUPPRESSED:
        return Number(state, high=ceiling or None)
    return Number(state, int(measure.value[spot]), int(measure.low[spot]), int(measure.high[spot]))
