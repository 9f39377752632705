"""What is published of a dataset's counts, as blocks of numbers (layout.py): all that an attacker sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.aggregates import Cell
from knowledge.catalog.layout import Layout, Mask, Numbers

# ZERO by definition, outside the grid; ABSENT is a cell of the grid that is not there at all.
ZERO, RELEASED, BOUND, SUPPRESSED, ABSENT = range(5)
UNLIMITED = 1 << 40
States = NDArray[np.uint8]


@dataclass(frozen=True)
class Measure:
    """One number per place, people or records.

    value: the lower end that is published where released. low and high: the least and the greatest
    true number behind it, as published; nothing where suppressed, absent or zero by definition.
    """

    state: States
    value: Numbers
    low: Numbers
    high: Numbers

    @property
    def given(self) -> Mask:
        """Where a range is published."""
        return (self.state == RELEASED) | (self.state == BOUND)

    def each(self, act: Callable[[NDArray[Any]], NDArray[Any]]) -> Measure:
        """The same with ``act`` done to every block."""
        return Measure(act(self.state), act(self.value), act(self.low), act(self.high))


@dataclass(frozen=True)
class View:
    """One column per dataset, or per way to publish it. ``ceiling``: what a suppressed number of
    people is at most, where the publication says more than the rule does; 0 elsewhere."""

    patients: Measure
    records: Measure
    ceiling: Numbers

    @property
    def measures(self) -> tuple[Measure, Measure]:
        """People, records."""
        return self.patients, self.records

    @property
    def columns(self) -> int:
        """How many stand side by side."""
        return int(self.patients.state.shape[-1])

    def each(self, act: Callable[[NDArray[Any]], NDArray[Any]]) -> View:
        """The same with ``act`` done to every block."""
        return View(self.patients.each(act), self.records.each(act), act(self.ceiling))


def stack(views: Sequence[View]) -> View:
    """Views of one shape side by side."""
    if len(views) == 1:
        return views[0]

    def joined(pick: Callable[[View], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([pick(view) for view in views], axis=-1)

    def measure(place: int) -> Measure:
        return Measure(
            joined(lambda view: view.measures[place].state), joined(lambda view: view.measures[place].value),
            joined(lambda view: view.measures[place].low), joined(lambda view: view.measures[place].high),
        )

    return View(measure(0), measure(1), joined(lambda view: view.ceiling))


def blank(layout: Layout) -> View:
    """Nothing published: every cell of the grid is absent."""
    state = np.where(layout.declared, ABSENT, ZERO).astype(np.uint8)[..., None]

    def measure() -> Measure:
        return Measure(state.copy(), layout.empty(), layout.empty(), layout.empty())

    return View(measure(), measure(), layout.empty())


@dataclass(frozen=True, slots=True)
class Number:
    """One published number: its state, value, and range (None where it has none)."""

    state: int
    value: int | None = None
    low: int | None = None
    high: int | None = None


def view_of(layout: Layout, numbers: Iterable[tuple[Cell, Number, Number]]) -> View:
    """The view of one dataset from its cells' people and records; cells outside the grid are left out."""
    view = blank(layout)
    for cell, patients, records in numbers:
        place = layout.place(cell)
        if place is None:
            continue
        for measure, number in zip(view.measures, (patients, records), strict=True):
            spot = (*place, 0)
            measure.state[spot] = number.state
            if number.state in (RELEASED, BOUND):
                measure.value[spot] = number.value or 0
                measure.low[spot], measure.high[spot] = number.low or 0, number.high or 0
        if patients.state == SUPPRESSED and patients.high is not None:
            view.ceiling[(*place, 0)] = patients.high
    return view


def with_undeclared(view: View) -> View:
    """Room for people of no declared sex or age band: one more sex and band, of which nothing is known."""

    def wider(block: NDArray[Any], axis: int, fill: int) -> NDArray[Any]:
        sizes = [(0, 0)] * block.ndim
        sizes[axis] = (0, 1)
        return np.pad(block, sizes, constant_values=fill)

    for axis in (2, 3):
        if view.patients.state.shape[axis] == 1:
            continue
        view = view.each(lambda block, axis=axis: wider(block, axis, 0))  # type: ignore[misc]
        for measure in view.measures:
            known = np.take(measure.state, [0], axis=axis) != ZERO
            spot = [slice(None)] * measure.state.ndim
            spot[axis] = slice(-1, None)
            measure.state[tuple(spot)] = np.where(known, ABSENT, ZERO)
    return view


def unchanged(now: Measure, then: Measure, drift: int) -> Mask:
    """Numbers that are published as before; a wide range that holds the former one, and little more, is."""
    around = (now.low <= then.low) & (now.high >= then.high)
    near = (then.low - now.low <= drift) & (now.high - then.high <= drift)
    of_bound = (now.state == BOUND) & around & near
    return (now.state == then.state) & (((now.state != BOUND) & (now.value == then.value)) | of_bound)


def only(view: View, columns: NDArray[np.intp]) -> View:
    """Some of the columns."""
    return view.each(lambda block: block[..., columns])


def free(view: View, hidden: Mask) -> View:
    """The same where nothing is supposed about these suppressed cells."""
    state = np.where(hidden, ABSENT, view.patients.state).astype(np.uint8)
    return replace(view, patients=replace(view.patients, state=state))
