"""What can be seen in published counts without arithmetic: numbers that the rule does not release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from knowledge.catalog.audit.findings import Finding
from knowledge.catalog.audit.known import RuleKnown, suppose
from knowledge.catalog.layout import Layout, Mask, Numbers, Place
from knowledge.catalog.publish import Exact
from knowledge.catalog.view import ABSENT, BOUND, RELEASED, SUPPRESSED, Measure, View, unchanged

SHOWN = 20  # findings of one kind that are spelled out per dataset
_LEAST_SUMS = 5


def plain_findings(layout: Layout, view: View, rule: RuleKnown, exact: Exact | None) -> list[Finding]:
    """Of one dataset's view (one column)."""
    people = view.patients
    found = [*_listed(layout, "rule_broken", _unruled(people, rule), lambda p: f"{people.value[p]} patients")]
    records = view.records
    found += _listed(layout, "rule_broken", _unruled(records, rule), lambda p: f"{records.value[p]} records")
    found += _listed(layout, "gate_broken", _ungated(people, rule), lambda _: "its slice is under the gate")
    if absent := int((people.state == ABSENT).sum()):
        what = f"{absent} declared cells have no row"
        found.append(Finding("absent_cells", layout.grid.dataset, "counts", what))
    if exact is not None:
        found += _untrue(layout, people, exact.patients, "patients")
        found += _untrue(layout, records, exact.records, "records")
    found += _summed(layout, people)
    return found


def _untrue(layout: Layout, measure: Measure, true: Numbers, name: str) -> Iterator[Finding]:
    off = measure.given & ((true < measure.low) | (true > measure.high))
    return _listed(layout, "differs_from_truth", off, lambda p: (
        f"published as {measure.low[p]}-{measure.high[p]} {name}, counted are {true[p]}"
    ))


def version_findings(
    layout: Layout, view: View, former: View, rule: RuleKnown, exact: Exact | None, former_exact: Exact | None
) -> list[Finding]:
    """Of one dataset's two versions."""
    now, then = view.patients, former.patients
    dataset = layout.grid.dataset
    changed = (now.state > 0) & (then.state > 0) & ~unchanged(now, then, rule.drift)
    if not changed.any():
        return []
    found: list[Finding] = []
    growth = _growth(layout, view, former, exact, former_exact)
    if growth is not None and growth < rule.new_patients:
        known = "were" if exact is not None and former_exact is not None else "can be, at most,"
        found.append(Finding(
            "republished_too_soon", dataset, "everyone",
            f"{int(changed.sum())} numbers changed, but there {known} {growth} new patients"
            f" of the {rule.new_patients} needed",
        ))
    appeared = changed & ((now.state == SUPPRESSED) != (then.state == SUPPRESSED)) & (now.state != BOUND)
    # what is hidden with its whole kind, or its slice, says nothing of one number
    appeared &= ~_hidden_together(view, rule) & ~_hidden_together(former, rule)
    if exact is not None and former_exact is not None:
        moved = abs(exact.patients - former_exact.patients)
        early = changed & now.given & then.given & (moved < rule.base) & (now.state == then.state)
        early |= appeared & (moved < rule.base)
        found += _listed(layout, "changed_too_soon", early, lambda p: (
            f"{_said(then, p)} became {_said(now, p)}, though the number moved by {moved[p]} only"
        ))
    else:
        found += _listed(layout, "crossed_alone", appeared & _margins_stay(now, then, rule.drift), lambda p: (
            f"{_said(then, p)} became {_said(now, p)}"
        ))
    return found


def _listed(layout: Layout, kind: str, mask: Mask, what: Callable[[Any], str]) -> Iterator[Finding]:
    spots = np.argwhere(mask)
    for spot in map(tuple, spots[:SHOWN]):
        yield Finding(kind, layout.grid.dataset, name_of(layout, spot[:4]), what(spot))
    if len(spots) > SHOWN:
        yield Finding(kind, layout.grid.dataset, "other cells", f"{len(spots) - SHOWN} more like these")


def name_of(layout: Layout, place: Place) -> str:
    """A cell in words."""
    cohort, year, sex, band = map(int, place)
    return str(layout.cell((cohort, year, sex, band)))


def _unruled(measure: Measure, rule: RuleKnown) -> Mask:
    value = measure.value
    shown_zero = (value == 0) & (not rule.zeros_hidden)
    wrong = (value % rule.base != 0) | ((value < rule.threshold) & ~shown_zero)
    return (measure.state == RELEASED) & wrong


def _ungated(people: Measure, rule: RuleKnown) -> Mask:
    """Parts that are shown where the slice's total is hidden, or published under the gate."""
    if rule.gate is None:
        return np.zeros_like(people.given)
    total = people.state[:, :, :1, :1]
    shut = (total == SUPPRESSED) | ((total == RELEASED) & (people.value[:, :, :1, :1] < rule.gate))
    closed = np.broadcast_to(shut, people.state.shape).copy()
    closed[:, :, 0, 0] = False
    closed[:, 1:] |= shut[:, :1]
    return people.given & closed


def _summed(layout: Layout, people: Measure) -> Iterator[Finding]:
    """Totals that all equal the sum of their released parts, as counts of their own hardly ever do."""
    equal = several = 0
    for axis in (2, 3):
        parts = np.take(people.state, range(1, people.state.shape[axis]), axis=axis) == RELEASED
        values = np.take(people.value, range(1, people.state.shape[axis]), axis=axis)
        total = np.take(people.value, 0, axis=axis)
        counted = (np.take(people.state, 0, axis=axis) == RELEASED) & (parts.sum(axis=axis) >= 3)
        several += int(counted.sum())
        equal += int((counted & (np.where(parts, values, 0).sum(axis=axis) == total)).sum())
    if several >= _LEAST_SUMS and equal == several:
        yield Finding(
            "totals_summed", layout.grid.dataset, "totals",
            f"all {several} totals of three or more released parts are exactly their sum",
        )


def _growth(
    layout: Layout, view: View, former: View, exact: Exact | None, former_exact: Exact | None
) -> int | None:
    """New people in the dataset: as counted, else at most as published."""
    everyone = [place for place, cohort in enumerate(layout.cohorts) if cohort == ""]
    if not everyone:
        return None
    spot = (everyone[0], 0, 0, 0, 0)
    if exact is not None and former_exact is not None:
        return int(exact.patients[spot] - former_exact.patients[spot])
    if not (view.patients.given[spot] and former.patients.given[spot]):
        return None
    return int(view.patients.high[spot] - former.patients.low[spot])


def _hidden_together(view: View, rule: RuleKnown) -> Mask:
    supposed = suppose(view, rule)
    return supposed.whole | supposed.closed


def _margins_stay(now: Measure, then: Measure, drift: int) -> Mask:
    same = unchanged(now, then, drift) & now.given
    has_margin, stay = np.zeros_like(same), np.ones_like(same)
    for axis in (1, 2, 3):
        place = np.arange(same.shape[axis]).reshape([-1 if a == axis else 1 for a in range(same.ndim)])
        has_margin |= place > 0
        stay &= np.take(same, [0], axis=axis) | (place == 0)
    return stay & has_margin


def _said(measure: Measure, spot: tuple[int, ...]) -> str:
    if not measure.given[spot]:
        return "hidden"
    return f"{measure.low[spot]}-{measure.high[spot]}"
