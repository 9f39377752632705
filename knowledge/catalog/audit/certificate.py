"""The certificate: for each cell, whole tables of numbers that fit what is published, at both ends.

Linear programmes over all that is known of one dataset, in whole numbers, solved by HiGHS. A solution
is a witness for every cell at once: most cells never need a programme of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.audit.constraints import System
from knowledge.catalog.audit.intervals import Intervals
from knowledge.catalog.audit.programme import Model, Places
from knowledge.catalog.view import UNLIMITED


@dataclass
class Verdict:
    """least and most: what integral witnesses show for each watched variable. programmes: how many were
    solved. fits: False where no numbers fit what is published."""

    least: NDArray[np.int64]
    most: NDArray[np.int64]
    fits: bool = True
    programmes: int = 0


def certify(system: System, intervals: Intervals, watched: Places, low: int, high: int) -> Verdict:
    """For one column: witnesses with each watched variable at ``low`` or less, and at ``high`` or more,
    where there are any."""
    search = _Search(system, intervals, watched, low, high)
    if len(watched):
        search.run()
    return search.verdict


def binding(system: System, ranges: Intervals, variable: int, sign: int) -> Places:
    """The variables whose ranges, as published, keep ``variable`` from being less (sign 1) or greater (-1);
    none where that is owed to whole numbers alone."""
    return Model(system, ranges).binding(variable, sign)


class _Search:
    """Witnesses for all watched variables: first for all at once, then cohort by cohort while the others stay
    as they are in the last solution, then one by one, last with everything free."""

    def __init__(self, system: System, intervals: Intervals, watched: Places, low: int, high: int) -> None:
        self._system, self._watched, self._ends = system, watched, {1: low, -1: high}
        self._cohorts = system.cohort[watched]
        self._model = Model(system, intervals)
        self.verdict = Verdict(np.full(len(watched), UNLIMITED), np.full(len(watched), -UNLIMITED))

    def run(self) -> None:
        """Fill the verdict."""
        for sign in self._ends:
            everything = np.arange(len(self._watched))
            several = len(everything) > 1
            while several and self._try(everything, sign, None, 1 + len(everything) // 4):
                pass
            if not self.verdict.fits:
                return
            for cohort in () if not several else np.unique(self._cohorts):
                here = np.flatnonzero(self._cohorts == cohort)
                while self._try(here, sign, int(cohort), 2):
                    pass
                for one in here:
                    self._try(np.array([one]), sign, int(cohort))
            while several and self._try(everything, sign, None, 4):
                pass
            for one in everything:
                self._try(np.array([one]), sign, None)

    def _try(self, among: Places, sign: int, cohort: int | None, worth: int = 1) -> bool:
        """Solve for those that still lack a witness; True where ``worth`` of them or more got one."""
        verdict = self.verdict
        aims = among[self._lacking(sign)[among]]
        if not len(aims):
            return False
        near = None if cohort is None else self._system.around(cohort)
        solution = self._model.solve(self._watched[aims], sign, self._ends[sign], near)
        verdict.programmes += 1
        if solution is None:
            # the first programme has no limits but those published
            verdict.fits &= verdict.programmes > 1
            return False
        np.minimum(verdict.least, solution[self._watched], out=verdict.least)
        np.maximum(verdict.most, solution[self._watched], out=verdict.most)
        left = self._lacking(sign)[among].sum()
        return bool(len(aims) - left >= worth)

    def _lacking(self, sign: int) -> NDArray[np.bool_]:
        return self.verdict.least > self._ends[1] if sign > 0 else self.verdict.most < self._ends[-1]
