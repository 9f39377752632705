"""What an attacker knows before any arithmetic: the range of every number, by the rule and what is published.

A suppressed number is supposed to be below the threshold wherever its slice is broken down. Where a
whole kind of cells in a slice is suppressed although they cannot all be small, or where the slice is
under the gate, only its total limits them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from knowledge.catalog.audit.constraints import PATIENTS, RECORDS, System
from knowledge.catalog.audit.intervals import Intervals
from knowledge.catalog.declaration import Protection
from knowledge.catalog.layout import AGE, SEX, SEX_AND_AGE, TOTAL, Mask, Numbers
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.view import BOUND, RELEASED, SUPPRESSED, UNLIMITED, ZERO, Measure, View, unchanged


@dataclass(frozen=True, slots=True)
class RuleKnown:
    """The published rule. ``gate`` is None where the rule hides only what is small; ``drift`` is how
    far a number may have moved while what is published stays."""

    id: str
    threshold: int
    base: int
    gate: int | None
    zeros_hidden: bool
    drift: int
    new_patients: int

    @property
    def small(self) -> int:
        """The greatest number that is never published: 1 to here must all stay possible."""
        return self.threshold - 1


def rule_known(rule: Rule | Protection) -> RuleKnown:
    """What a hospital's rule, or the rule that a catalog declares, tells everybody."""
    if isinstance(rule, Rule):
        return RuleKnown(rule.id, rule.threshold, rule.base, rule.gate, True, rule.drift, rule.new_patients)
    gate = rule.suppressed_below if rule.suppressed_below > rule.threshold else None
    hidden = rule.zeros == "hidden"
    return RuleKnown(rule.id, rule.threshold, rule.base, gate, hidden, rule.base - 1, Rule().new_patients)


@dataclass(frozen=True)
class Supposed:
    """Ranges of the suppressed numbers of people, as supposed. ``whole``: the suppressed cells of kinds of
    which no cell is shown in the slice; ``closed``: those of slices that are not broken down."""

    low: Numbers
    high: Numbers
    whole: Mask
    closed: Mask


def suppose(view: View, rule: RuleKnown) -> Supposed:
    """The suppositions about one version by itself."""
    people = view.patients
    hidden, given = people.state == SUPPRESSED, people.given
    number = np.where(people.state == BOUND, people.high, people.value)
    grain = np.zeros((people.state.shape[2], people.state.shape[3]), np.intp)
    grain[1:, 0], grain[0, 1:], grain[1:, 1:] = SEX, AGE, SEX_AND_AGE
    broken_down = (number[:, :, 0, 0] >= (rule.gate or 0)) | ~given[:, :, 0, 0] & ~hidden[:, :, 0, 0]
    broken_down |= given[:, :, grain != TOTAL].any(axis=2)
    broken_down[:, 0] |= given[:, 1:, 0, 0].any(axis=1)
    broken_down[:, 1:] &= broken_down[:, :1]
    top, whole_years = _totals(people, hidden[:, :, 0, 0], broken_down, rule)
    high = np.where(hidden, rule.small, 0)
    whole = np.zeros_like(hidden)
    whole[:, 1:, 0, 0] = hidden[:, 1:, 0, 0] & whole_years
    high[:, :, 0, 0] = np.where(hidden[:, :, 0, 0], top, 0)
    lowest = np.where(given[:, :, 0, 0], people.low[:, :, 0, 0], 0)
    for kind in (SEX, AGE, SEX_AND_AGE):
        of_kind = grain == kind
        cells = hidden[:, :, of_kind]
        all_hidden = cells.any(axis=2) & ((people.state[:, :, of_kind] == SUPPRESSED)
                                          | (people.state[:, :, of_kind] == ZERO)).all(axis=2)
        cannot = all_hidden & (cells.sum(axis=2) * rule.small < lowest)
        if kind == SEX_AND_AGE:
            cannot |= all_hidden & _above(people, hidden, rule)
        limit = np.where(cannot | ~broken_down, top, rule.small)
        high[:, :, of_kind] = np.where(cells, limit[:, :, None], 0)
        whole[:, :, of_kind] = cells & all_hidden[:, :, None]
    whole |= hidden & hidden[:, :1, :1, :1]
    # a number that was published before may have moved since, and the publication says how far
    high = np.where(hidden & ~whole, np.maximum(high, view.ceiling), high)
    closed = hidden & ~broken_down[:, :, None, None] & (grain != TOTAL)[..., None]
    closed[:, 1:, 0, 0] |= hidden[:, 1:, 0, 0] & ~broken_down[:, :1]
    least = np.where(hidden & ~closed & (not rule.zeros_hidden), 1, 0)
    return Supposed(least, high, whole, closed)


def _above(people: Measure, hidden: Mask, rule: RuleKnown) -> Mask:
    """Slices in which a sex or an age band is published as more than its hidden parts could make up."""
    least = np.where(people.given, people.low, 0)
    cells = hidden[:, :, 1:, 1:]
    by_sex = (cells.sum(axis=3) * rule.small < least[:, :, 1:, 0]).any(axis=2)
    by_age = (cells.sum(axis=2) * rule.small < least[:, :, 0, 1:]).any(axis=2)
    return np.asarray(by_sex | by_age)


def _totals(people: Measure, hidden: Mask, broken_down: Mask, rule: RuleKnown) -> tuple[Numbers, Mask]:
    """The greatest total of each slice, and whether all years of its cohort are suppressed."""
    given, high = people.given[:, :, 0, 0], people.high[:, :, 0, 0]
    top = np.where(given, high, np.where(hidden, rule.small, UNLIMITED))
    years = people.state[:, 1:, 0, 0]
    whole = ((years == SUPPRESSED) | (years == ZERO)).all(axis=1, keepdims=True)
    lowest = np.where(given[:, :1], people.low[:, :1, 0, 0], 0)
    cannot = whole & (hidden[:, 1:].sum(axis=1, keepdims=True) * rule.small < lowest)
    top[:, 1:] = np.where(hidden[:, 1:] & (cannot | ~broken_down[:, :1]), top[:, :1], top[:, 1:])
    return top, whole


def ranges(
    system: System, rule: RuleKnown, view: View, former: View | None, whole_unknown: bool
) -> Intervals:
    """The range of every variable. ``whole_unknown``: nothing is supposed about kinds of which no cell is
    shown, since repair may have hidden them."""
    low = np.zeros((system.size, view.columns), np.int64)
    high = np.full_like(low, UNLIMITED)
    latest = suppose(view, rule)
    versions = [(0, view, latest)]
    before = None
    if former is not None:
        before = suppose(former, rule)
        versions.append((1, former, before))
    for version, seen, supposed in versions:
        places = system.blocks[PATIENTS, version].ravel()
        least, most = _people(seen, supposed, rule, whole_unknown, former is not None and version == 0)
        if version == 0 and former is not None and before is not None:
            stays = (seen.patients.state == SUPPRESSED) & (former.patients.state == SUPPRESSED)
            most = np.where(stays, np.maximum(most, before.high + rule.drift), most)
        low[places], high[places] = least.reshape(low[places].shape), most.reshape(low[places].shape)
        places = system.blocks[RECORDS, version].ravel()
        records = seen.records
        least = np.where(records.given, records.low, 0)
        most = np.where(records.given, records.high, np.where(seen.patients.state == ZERO, 0, UNLIMITED))
        low[places], high[places] = least.reshape(low[places].shape), most.reshape(low[places].shape)
    for block in system.moved.values():
        low[block.ravel()] = -UNLIMITED
    return Intervals(low, high)


def _people(
    view: View, supposed: Supposed, rule: RuleKnown, whole_unknown: bool, drifted: bool
) -> tuple[Numbers, Numbers]:
    people = view.patients
    given, hidden = people.given, people.state == SUPPRESSED
    least = np.where(given, people.low, np.where(hidden, supposed.low, 0))
    most = np.where(given, people.high, np.where(hidden, supposed.high, UNLIMITED))
    most = np.where(people.state == ZERO, 0, most)
    if whole_unknown:
        most = np.where(supposed.whole, UNLIMITED, most)
    if rule.gate is not None:
        # whoever sees parts knows that the total reached the gate
        reached = rule.gate - (rule.drift if drifted else 0)
        open_slice = given.any(axis=(2, 3)) & given[:, :, 0, 0]
        others = given.copy()
        others[:, :, 0, 0] = False
        open_slice &= others.any(axis=(2, 3))
        open_slice[:, 0] |= given[:, 0, 0, 0] & given[:, 1:, 0, 0].any(axis=1)
        bound = open_slice & (people.state[:, :, 0, 0] == BOUND)
        least[:, :, 0, 0] = np.where(bound, np.maximum(least[:, :, 0, 0], reached), least[:, :, 0, 0])
    return least, most


def movement(view: View, former: View, rule: RuleKnown, measure: int) -> tuple[Numbers, Numbers]:
    """How far each number moved between two versions, for someone who knows that a cell stays as published
    until its number moved by the base or more."""
    now, then = view.measures[measure], former.measures[measure]
    tight = (then.state == RELEASED) & (then.high - then.low < rule.base)
    if measure == PATIENTS:
        tight |= (then.state == SUPPRESSED) & (former.ceiling == 0)
    reach, step = np.where(tight, rule.drift, 2 * rule.drift), np.where(tight, rule.base, 1)
    least, most = np.full(now.value.shape, -UNLIMITED), np.full(now.value.shape, UNLIMITED)
    stays = now.given & unchanged(now, then, rule.drift)
    rises = (now.state == RELEASED) & (then.state == RELEASED) & (now.value > then.value)
    falls = (now.state == RELEASED) & (then.state == RELEASED) & (now.value < then.value)
    if measure == PATIENTS:
        small_now = (now.state == SUPPRESSED) & ~_doubtful(view, rule)
        small_then = (then.state == SUPPRESSED) & ~_doubtful(former, rule)
        stays |= small_now & small_then
        rises |= (now.state == RELEASED) & small_then
        falls |= small_now & (then.state == RELEASED)
    least = np.where(stays, -reach, np.where(rises, step, least))
    most = np.where(stays, reach, np.where(falls, -step, most))
    return least, most


def _doubtful(view: View, rule: RuleKnown) -> Mask:
    """Suppressed cells that need not have been small when they were published."""
    supposed = suppose(replace(view, ceiling=np.zeros_like(view.ceiling)), rule)
    return supposed.closed | (supposed.high > rule.small)
