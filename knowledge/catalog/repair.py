"""Protect, attack, repair, until nothing can be told more closely than promised.

Repair makes other published numbers coarser: all released cells of one kind in one slice at once, so
that the choice points at none of them. It is deterministic, and what is made coarse stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.aggregates import EVERYONE, Grid, RawCount
from knowledge.catalog.audit.attack import Seen
from knowledge.catalog.audit.constraints import RECORDS as RECORD_NUMBERS
from knowledge.catalog.audit.counts import Subject, report
from knowledge.catalog.audit.findings import AuditReport
from knowledge.catalog.audit.judge import Judgement, Key, Narrowed, judge, reasons
from knowledge.catalog.audit.known import rule_known
from knowledge.catalog.coarsening import Act, acts_near, closing_acts
from knowledge.catalog.layout import Layout, joint
from knowledge.catalog.protect import ProtectedCount, as_counts, as_numbers, exact_numbers
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset, former_of, state_of
from knowledge.catalog.publish import (
    PATIENTS,
    RECORDS,
    Coarse,
    Exact,
    Former,
    Publication,
    fine,
    publish,
)
from knowledge.catalog.view import View, only, view_of
from knowledge.errors import CatalogInvalid

TOGETHER = 300_000  # cells of candidates that are attacked side by side
FEW = 8  # acts that are tried by programmes at a time


@dataclass(frozen=True)
class Protected:
    """One dataset ready to publish. ``published`` has the counts, and the state for the next time, which
    stays at the hospital. ``republished`` is False where too few people are new: what was published stays.

    narrowed: numbers that could be told too closely before repair. coarsened: cells that repair took
    precision from, of ``released`` ones. repairs: what it did, in words.
    """

    published: PublishedDataset
    report: AuditReport
    republished: bool
    narrowed: int
    released: int
    coarsened: int
    repairs: tuple[str, ...]

    @property
    def counts(self) -> tuple[ProtectedCount, ...]:
        """The published cells, in the grid's order."""
        return tuple(self.published.counts)


def protect_and_repair(
    raw: Iterable[RawCount], grid: Grid, rule: Rule, *, previous: PublishedDataset | None = None,
    certificate: bool = True,
) -> Protected:
    """Protect one dataset's counts so that the attack finds nothing, alone and with the former version.

    With ``previous`` (and its state), the dataset is published again only after enough new people, and a
    cell changes only after its number moved by the base. Raises CatalogInvalid for impossible counts, a
    former publication without state, and where not even hiding everything helps.
    """
    layout = Layout(grid)
    exact = exact_numbers(raw, layout)
    patients = _everyone(layout, exact)
    state = previous.state if previous is not None else None
    if previous is not None and state is not None and patients - state.patients < rule.new_patients:
        return _unchanged(previous, rule)
    repair = _Repair(layout, exact, rule, previous)
    first = repair.attacked(repair.coarse, certificate=False, suspect=False)[0]
    last = repair.run(certificate)
    publication = repair.publication(repair.coarse)
    published = PublishedDataset(
        grid, as_counts(layout, publication.view, rule), state_of(layout, publication.former, patients)
    )
    audit = report([(repair.subject(publication), last)], repair.known, certificate=certificate)
    if not audit.passed:
        raise CatalogInvalid(
            f"Counts of dataset {grid.dataset!r} cannot be protected: {audit.failures[0].what}.",
            problems=tuple(f"{one.where}: {one.what}" for one in audit.failures[:20]),
            hint="Leave the dataset's counts out, or report what was found.",
        )
    plain = repair.publication(repair.start).view.patients
    coarser = plain.given & (
        (publication.view.patients.state != plain.state) | (publication.view.patients.value != plain.value)
    )
    return Protected(
        published, audit, True, len(first.narrowed), int(plain.given.sum()), int(coarser.sum()),
        tuple(repair.done),
    )


def _everyone(layout: Layout, exact: Exact) -> int:
    """People in the dataset: its cohort of everyone, or the largest one where it has none."""
    totals = exact.patients[:, 0, 0, 0, 0]
    if EVERYONE in layout.cohorts:
        return int(totals[layout.cohorts.index(EVERYONE)])
    return int(totals.max(initial=0))


def _unchanged(previous: PublishedDataset, rule: Rule) -> Protected:
    layout = Layout(previous.grid)
    view = view_of(layout, as_numbers(previous.counts, rule.range_of))
    audit = report([(Subject(layout, view), Judgement(fits=True))], rule_known(rule), certificate=False)
    return Protected(previous, audit, False, 0, int(view.patients.given.sum()), 0, ())


class _Repair:
    """One dataset's way from its numbers to a publication that passes."""

    def __init__(self, layout: Layout, exact: Exact, rule: Rule, previous: PublishedDataset | None) -> None:
        self.layout, self.exact, self.rule, self.known = layout, exact, rule, rule_known(rule)
        self.former: Former | None = None
        self.done: list[str] = []
        self._wide = layout
        self._former_view: View | None = None
        self._former_exact: Exact | None = None
        self.start = fine(layout)
        if previous is not None:
            old = Layout(previous.grid)
            self._wide = Layout(joint(layout.grid, previous.grid))
            self.former = former_of(previous, layout)
            self.start = self.former.coarse.copy()
            seen = view_of(old, as_numbers(previous.counts, rule.range_of))
            self._former_view = seen.each(lambda block: old.into(self._wide, block))
            basis = former_of(previous, old).basis
            self._former_exact = basis.each(lambda block: old.into(self._wide, block))
        self.coarse = self.start.copy()
        self._told: frozenset[Key] = frozenset()

    def publication(self, coarse: Coarse) -> Publication:
        """What is published with this made coarse, one column per column of ``coarse``."""
        return publish(self.layout, self.exact, self.rule, coarse, self.former)

    def subject(self, publication: Publication) -> Subject:
        """What the audit looks at."""
        return Subject(
            self._wide, publication.view.each(self._widened), self._former_view,
            self.exact.each(self._widened), self._former_exact,
        )

    def attacked(
        self, coarse: Coarse, certificate: bool, about: Collection[Key] | None = None, suspect: bool = True
    ) -> list[Judgement]:
        """One judgement per column, on the latest version by itself and on both together. With ``suspect``,
        nobody is to tell a small number, or to seem to."""
        size = max(1, TOGETHER // int(np.prod(self._wide.shape.block)))
        judgements: list[Judgement] = []
        for start in range(0, coarse.shape[-1], size):
            one = self.subject(self.publication(coarse[..., start:start + size]))
            same = np.zeros(one.view.columns, np.intp)
            former = one.former and only(one.former, same)
            seen = Seen(self._wide.shape, one.view, former, one.exact, one.former_exact, suspect)
            found = judge(seen, self.known, certificate=certificate, about=about, told=self._told)
            if former is not None:
                alone = replace(seen, former=None, former_exact=None)
                latest = None if about is None else [key for key in about if not key[1]]
                others = judge(alone, self.known, certificate=certificate, about=latest)
                found = [one.joined(other) for one, other in zip(found, others, strict=True)]
            judgements += found
        return judgements

    def run(self, certificate: bool) -> Judgement:
        """Repair until the attack finds nothing, or everything is hidden; the last judgement."""
        if self._former_view is not None:
            # what the former version told by itself cannot be taken back
            alone = Seen(self._wide.shape, self._former_view, exact=self._former_exact)
            self._told = frozenset(
                (measure, 1, place, parent)
                for measure, _, place, parent in judge(alone, self.known, certificate=certificate)[0].narrowed
            )
            if self._told:
                self.done.append(f"{len(self._told)} numbers of the former version were told too closely")
        while True:
            now = self.attacked(self.coarse, certificate=False)[0]
            by_programmes = False
            if not now.failures and certificate:
                now = self.attacked(self.coarse, certificate=True)[0]
                by_programmes = True
            if not now.failures or not self._step(now, by_programmes):
                return now

    def _step(self, now: Judgement, by_programmes: bool) -> bool:
        """One repair; False where nothing is left to hide."""
        failing = min(now.narrowed.values(), key=_order, default=None)
        measure, cohort, year = self._spot(failing)
        shown = self.publication(self.coarse).view
        costs = {
            act: act.cost(shown, self.layout)
            for act in acts_near(self.layout, shown, self.coarse, measure, cohort, year)
        } if failing else {}
        acts = sorted(costs, key=costs.__getitem__)
        size = max(1, len(acts))
        if failing is not None and by_programmes:
            # programmes take long: first the acts that touch what the number follows from, a few at a time
            touching = self._touching(failing)
            acts.sort(key=lambda act: not touching(act))
            size = FEW
        for start in range(0, len(acts), size):
            some = acts[start:start + size]
            candidates = np.repeat(self.coarse, len(some), axis=-1)
            for column, act in enumerate(some):
                act.on(candidates[..., column:column + 1])
            outcomes = self.attacked(candidates, by_programmes, list(now.narrowed))
            # an act that makes the intervals fail has not been tried by programmes: that is no progress
            gain = [
                -1 if by_programmes and outcome.narrowed and not outcome.programmes
                else now.failures - outcome.failures for outcome in outcomes
            ]
            best = max(range(len(some)), key=lambda i: (gain[i] / costs[some[i]], gain[i], -i))
            if gain[best] > 0:
                return self._do(some[best])
        return any(self._do(act) for act in closing_acts(self.layout, measure, cohort, year))

    def _touching(self, failing: Narrowed) -> Callable[[Act], bool]:
        """Whether an act makes a published number coarser that ``failing`` follows from."""
        one = self.subject(self.publication(self.coarse))
        seen = Seen(self._wide.shape, one.view, one.former, one.exact, one.former_exact)
        cells = [
            (measure, self._wide.cell((cohort, year, sex, band)))
            for measure, cohort, year, sex, band in reasons(seen, self.known, failing)
        ]
        spots = {
            (measure, place[0], place[1], int(self.layout.shape.grain[place[2:]]))
            for measure, cell in cells if (place := self.layout.place(cell)) is not None
        }
        return lambda act: any(
            act.measure == measure and cohort in act.cohorts and year in act.years and grain in act.grains
            for measure, cohort, year, grain in spots
        )

    def _do(self, act: Act) -> bool:
        before = self.coarse.copy()
        act.on(self.coarse)
        if (before == self.coarse).all():
            return False
        self.done.append(act.words(self.layout))
        return True

    def _spot(self, failing: Narrowed | None) -> tuple[int, int, int]:
        """Measure, cohort and year to repair at, in this version's places."""
        if failing is None:
            return PATIENTS, 0, 0
        measure = RECORDS if failing.measure == RECORD_NUMBERS else PATIENTS
        cohort = self._wide.cohorts[failing.place[0]]
        year = self._wide.years[failing.place[1] - 1] if failing.place[1] else None
        return (
            measure,
            self.layout.cohorts.index(cohort) if cohort in self.layout.cohorts else 0,
            self.layout.years.index(year) + 1 if year in self.layout.years else 0,
        )

    def _widened(self, block: NDArray[Any]) -> NDArray[Any]:
        return self.layout.into(self._wide, block)


def _order(one: Narrowed) -> tuple[object, ...]:
    """Totals before parts, and the same one first every time."""
    return one.version, one.measure, sum(place > 0 for place in one.place[1:]), one.place, one.parent or 0
