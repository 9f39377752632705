"""What repair may make coarser, and at what cost.

An act takes precision from every released cell of some kinds (grains) in some slices at once, so that
the choice points at none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.catalog.layout import AGE, GRAINS, SEX, SEX_AND_AGE, TOTAL, Layout
from knowledge.catalog.publish import HIDDEN, PATIENTS, RECORDS, WIDE, Coarse

if TYPE_CHECKING:
    from knowledge.catalog.view import View

PARTS = (SEX, AGE, SEX_AND_AGE)
# one kind, or one with the finer kind that it could be added up from
KINDS = ((TOTAL,), (SEX,), (AGE,), (SEX_AND_AGE,), (SEX, SEX_AND_AGE), (AGE, SEX_AND_AGE), PARTS)


@dataclass(frozen=True, slots=True)
class Act:
    """Places of cohorts, years (0 is all years) and grains whose released cells become WIDE or HIDDEN."""

    measure: int
    cohorts: tuple[int, ...]
    years: tuple[int, ...]
    grains: tuple[int, ...]
    mode: int

    def on(self, coarse: Coarse) -> None:
        """Do it to every column."""
        spot = np.ix_([self.measure], self.cohorts, self.years, self.grains)
        coarse[spot] = np.maximum(coarse[spot], self.mode)

    def cost(self, view: View, layout: Layout) -> int:
        """How many released cells lose precision; one that is hidden counts twice."""
        given = view.measures[self.measure].given[np.ix_(self.cohorts, self.years)]
        cells = int(given[:, :, np.isin(layout.shape.grain, self.grains)].sum())
        return cells * (2 if self.mode == HIDDEN else 1)

    def words(self, layout: Layout) -> str:
        """For the report."""
        cohorts = ", ".join(layout.cohorts[cohort] or "everyone" for cohort in self.cohorts)
        if len(self.years) == 1:
            years = str(layout.years[self.years[0] - 1]) if self.years[0] else "all years"
        else:
            years = "every year" if 0 not in self.years else "all slices"
        measure = "records" if self.measure == RECORDS else "patients"
        kinds = " and ".join(f"by {GRAINS[grain]}" if grain else "in total" for grain in self.grains)
        return f"{cohorts}, {years}, {measure} {kinds}: {'wide bins' if self.mode == WIDE else 'hidden'}"


def acts_near(
    layout: Layout, view: View, coarse: Coarse, measure: int, cohort: int, year: int
) -> Iterator[Act]:
    """What can be done about a number at this place: in its slice, in the other years of its cohort, in
    the cohorts that hold it or are held by it. To hide a total would close its slice: that is left for
    when nothing else helps."""
    shape = layout.shape
    every_year = tuple(range(1, shape.years + 1))
    slices: list[tuple[int, ...]] = [(one,) for one in dict.fromkeys((year, 0, *every_year))]
    if len(every_year) > 1:
        slices.append(every_year)
    related = [one for pair in shape.within if cohort in pair for one in pair if one != cohort]
    for one in dict.fromkeys((cohort, *related)):
        for years in slices if one == cohort else slices[: 2 if year else 1]:
            for grains in KINDS:
                # each year's total is one kind of cell
                when = every_year if grains == (TOTAL,) and years != (0,) else years
                spot = np.ix_([measure], [one], when, grains)
                for mode in (WIDE, HIDDEN):
                    closes = TOTAL in grains and mode == HIDDEN and measure == PATIENTS
                    if closes or (mode == WIDE and measure == RECORDS) or coarse[spot].min() >= mode:
                        continue
                    act = Act(measure, (one,), when, grains, mode)
                    if act.cost(view, layout):
                        yield act


def closing_acts(layout: Layout, measure: int, cohort: int, year: int) -> Iterator[Act]:
    """What is left when nothing near helps, milder acts first: the slice keeps its total only, then all
    slices of the cohort do, then it has no years, then no total; then the same for all cohorts."""
    shape = layout.shape
    everything = tuple(range(shape.years + 1))
    for one in (measure, PATIENTS) if measure == RECORDS else (PATIENTS,):
        yield Act(one, (cohort,), (year,), PARTS, HIDDEN)
        for cohorts in ((cohort,), tuple(range(shape.cohorts))):
            yield Act(one, cohorts, everything, PARTS, HIDDEN)
            if shape.years:
                yield Act(one, cohorts, everything[1:], (TOTAL,), HIDDEN)
            yield Act(one, cohorts, (0,), (TOTAL,), HIDDEN)

