"""The attack: from what is published to the numbers of which less stays possible than was promised.

Datasets of one shape are attacked side by side. The attacker supposes as much as fits: that parts make
up their totals, cohorts lie within others, suppressed cells are small. Where no numbers fit,
suppositions are given up one after the other, the most doubtful first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.audit.constraints import Suppositions, System
from knowledge.catalog.audit.intervals import Intervals, narrow
from knowledge.catalog.audit.known import RuleKnown, movement, ranges
from knowledge.catalog.layout import Shape
from knowledge.catalog.publish import Exact
from knowledge.catalog.view import View, only, with_undeclared

Columns = NDArray[np.intp]
_USUAL = Suppositions()


@dataclass(frozen=True)
class Seen:
    """Datasets of one shape as columns: what is published, what was before, and the true numbers of
    both where they are known (one column may serve for all). ``suspect``: watch, beside the truly small
    numbers, what someone without the truth would take for small."""

    shape: Shape
    view: View
    former: View | None = None
    exact: Exact | None = None
    former_exact: Exact | None = None
    suspect: bool = False

    def some(self, columns: Columns) -> Seen:
        """Some of the columns."""
        return Seen(
            self.shape, only(self.view, columns), self.former and only(self.former, columns),
            self.exact and self.exact.some(columns), self.former_exact and self.former_exact.some(columns),
            self.suspect,
        )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One set of suppositions; ``given_up`` says which usual one is missing."""

    given_up: str = ""
    whole_unknown: bool = False
    undeclared: bool = False
    suppose: Suppositions = _USUAL


@dataclass(frozen=True, slots=True)
class Belief:
    """What is supposed of two versions: that the rule of republication was kept, that people only came."""

    ruled: bool
    growing: bool


ATTEMPTS = (
    Attempt(),
    Attempt("that a kind of cells hidden as a whole is small", True),
    Attempt("that everyone has a declared sex and age band", True, True),
    Attempt("that cohorts lie within others", True, True, Suppositions(cohorts_nest=False)),
    Attempt("that years make up all years", True, True, Suppositions(False, False)),
)
# Strongest first. Whoever supposes less has more possibilities left, so only the strongest that fit count.
BELIEFS = (
    (Belief(True, True),), (Belief(True, False), Belief(False, True)), (Belief(False, False),),
)
_NO_BELIEF = ((Belief(False, False),),)


@dataclass(frozen=True)
class Attacked:
    """The outcome for some columns; a column may be in two, under beliefs that are equally strong.
    ``start``: the ranges that were known before any arithmetic."""

    columns: Columns
    system: System
    start: Intervals
    intervals: Intervals
    attempt: Attempt
    step: int

    def one(self, column: int) -> Attacked:
        """The outcome of one column by itself."""
        at = np.flatnonzero(self.columns == column)
        return Attacked(
            np.zeros(1, np.intp), self.system, _some(self.start, at), _some(self.intervals, at), self.attempt,
            self.step,
        )


@lru_cache(maxsize=64)
def system_of(shape: Shape, versions: int, suppose: Suppositions) -> System:
    """The constraints, built once per shape."""
    return System(shape, versions, suppose)


def attack(seen: Seen, rule: RuleKnown, first: int = 0) -> list[Attacked]:
    """Narrow the intervals of every column from step ``first`` on. A column without an outcome is one that
    no numbers fit, whatever is supposed."""
    outcomes: list[Attacked] = []
    left = np.arange(seen.view.columns)
    tiers = _NO_BELIEF if seen.former is None else BELIEFS
    steps = [(attempt, beliefs) for attempt in ATTEMPTS for beliefs in tiers]
    for step, (attempt, beliefs) in enumerate(steps):
        if step < first or not len(left):
            continue
        fitting = np.zeros(seen.view.columns, np.bool_)
        for system, start, intervals in _try(seen.some(left), rule, attempt, beliefs):
            columns = np.flatnonzero(~intervals.empty)
            if len(columns):
                fitting[left[columns]] = True
                some = _some(start, columns), _some(intervals, columns)
                outcomes.append(Attacked(left[columns], system, *some, attempt, step))
        left = left[~fitting[left]]
    return outcomes


def _try(
    seen: Seen, rule: RuleKnown, attempt: Attempt, beliefs: tuple[Belief, ...]
) -> Iterator[tuple[System, Intervals, Intervals]]:
    view, former, shape = seen.view, seen.former, seen.shape
    if attempt.undeclared:
        view, former = with_undeclared(view), former and with_undeclared(former)
        shape = _with_undeclared(shape)
    system = system_of(shape, 1 if former is None else 2, attempt.suppose)
    start = ranges(system, rule, view, former, attempt.whole_unknown)
    for belief in beliefs:
        believed = start if former is None else _believe(system, view, former, rule, start, belief)
        yield system, believed, narrow(believed, system.sums)


def _believe(
    system: System, view: View, former: View, rule: RuleKnown, start: Intervals, belief: Belief
) -> Intervals:
    low, high = start.low.copy(), start.high.copy()
    for measure, block in system.moved.items():
        places = block.ravel()
        limits = movement(view, former, rule, measure) if belief.ruled else None
        if limits is not None:
            low[places], high[places] = (side.reshape(low[places].shape) for side in limits)
        if belief.growing:
            low[places] = np.maximum(low[places], 0)
    return Intervals(low, high)


def _with_undeclared(shape: Shape) -> Shape:
    return Shape(
        shape.cohorts, shape.years, shape.sexes + (shape.sexes > 0), shape.bands + (shape.bands > 0),
        shape.has_years, shape.has_bands, shape.within, shape.same_index,
    )


def _some(intervals: Intervals, columns: Columns) -> Intervals:
    if len(columns) == intervals.low.shape[1]:
        return intervals
    return Intervals(intervals.low[:, columns], intervals.high[:, columns])
