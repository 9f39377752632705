"""The constraints of one dataset as programmes, linear and in whole numbers, solved by HiGHS."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.audit.constraints import System
from knowledge.catalog.audit.intervals import Intervals
from knowledge.catalog.view import UNLIMITED
from knowledge.errors import ServiceError

if TYPE_CHECKING:
    import highspy

INTEGRAL = 1e-5
_GOOD = 0.02  # of many cells at once any good solution serves
Places = NDArray[np.intp]
Values = NDArray[np.float64]
Limits = tuple[Values, Values]  # lower, upper


class Model:
    """The constraints of one column without the variables that are known: as a linear programme, which starts
    from its last solution, and as one in whole numbers for what that leaves fractional."""

    def __init__(self, system: System, intervals: Intervals) -> None:
        self._low, self._high = intervals.low[:, 0], intervals.high[:, 0]
        self._open = np.flatnonzero(self._low < self._high)
        self._column = np.full(len(self._low), -1)
        self._column[self._open] = np.arange(len(self._open))
        self._limits = _limits(self._low[self._open], self._high[self._open])
        self._linear = _load(self._low, self._limits, self._column, system)
        self._last = self._low

    @cached_property
    def _integer(self) -> highspy.Highs:
        """The same in whole numbers."""
        import highspy

        whole = _highs()
        model = self._linear.getLp()
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self._open)
        whole.passModel(model)
        return whole

    def solve(self, aims: Places, sign: int, end: int, near: Places | None) -> NDArray[np.int64] | None:
        """The values of all variables where the sum of ``aims`` is small (sign 1) or great (-1), and for one
        of them the least or greatest, or as far as ``end``. With ``near``, all other variables stay as in
        the last solution. None where no whole numbers fit; of several aims none is made greater than
        ``end``, which may leave nothing that fits."""
        columns = self._columns(aims)
        several = len(aims) > 1
        low, high = (side.copy() for side in self._limits)
        if near is not None:
            stays = np.ones(len(low), np.bool_)
            stays[self._columns(near)] = False
            low[stays] = high[stays] = self._last[self._open[stays]]
        if several and sign < 0:  # else the few that may be large would take all the room
            high[columns] = np.minimum(high[columns], np.maximum(low[columns], end))
        costs = np.zeros(len(low))
        costs[columns] = sign
        values = _solved(self._linear, costs, low, high)
        if values is not None and not _whole(values):
            best = math.inf if several else max(sign * end, math.ceil(costs @ values - INTEGRAL))
            values = self._rounded(values, costs, low, high, best)
        if values is None:
            return None
        self._last = self._low.copy()
        self._last[self._open] = values.round().astype(np.int64)
        return self._last

    def _rounded(
        self, values: Values, costs: Values, low: Values, high: Values, best: float
    ) -> Values | None:
        """Whole values near fractional ones where those cost ``best`` or less, else the best there are."""
        self._integer.setOptionValue("mip_rel_gap", _GOOD if best == math.inf else 0.0)
        self._integer.setOptionValue("objective_target", best if best < math.inf else -math.inf)
        stays = np.abs(values - values.round()) <= INTEGRAL
        near = np.where(stays, values.round(), low), np.where(stays, values.round(), high)
        found = _solved(self._integer, costs, *near)
        if found is None or costs @ found > best + INTEGRAL:
            found = _solved(self._integer, costs, low, high)
        return found if found is not None and _whole(found) else None

    def binding(self, variable: int, sign: int) -> Places:
        """The variables at a limit that the least (sign 1) or greatest (-1) value of ``variable`` depends on,
        whole or not."""
        costs = np.zeros(len(self._open))
        costs[self._columns(np.array([variable]))] = sign
        if _solved(self._linear, costs, *self._limits) is None:
            return self._open[:0]
        return self._open[np.abs(np.array(self._linear.getSolution().col_dual)) > INTEGRAL]

    def _columns(self, variables: Places) -> NDArray[np.int32]:
        columns = self._column[variables]
        return columns[columns >= 0].astype(np.int32)


def _whole(values: Values) -> bool:
    """True where all are whole numbers, but for the solver's precision."""
    return bool(np.abs(values - values.round()).max(initial=0.0) <= INTEGRAL)


def _solved(highs: highspy.Highs, costs: Values, low: Values, high: Values) -> Values | None:
    """The best values under these costs and limits; None where nothing fits."""
    import highspy

    everything = np.arange(len(costs), dtype=np.int32)
    highs.changeColsCost(len(costs), everything, costs)
    highs.changeColsBounds(len(costs), everything, low, high)
    highs.run()
    status, statuses = highs.getModelStatus(), highspy.HighsModelStatus
    if status == statuses.kInfeasible:
        return None
    if status not in (statuses.kOptimal, statuses.kModelEmpty, statuses.kObjectiveTarget):
        raise ServiceError(
            f"The audit's programme ended with {highs.modelStatusToString(status)}.",
            hint="Audit the dataset again, or report its size.",
        )
    return np.array(highs.getSolution().col_value)


def _highs() -> highspy.Highs:
    """An empty model; the same one gives the same solution every time."""
    import highspy

    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("solver", "simplex"),
    ):
        highs.setOptionValue(option, value)
    return highs


def _load(known: NDArray[np.int64], limits: Limits, column: Places, system: System) -> highspy.Highs:
    """One row per constraint that still says something, with the known variables in its limits."""
    import highspy

    highs = _highs()
    rows = _Rows(known, column)
    for one in system.sums:
        minus = np.full(one.parts.shape, -1)
        joined = np.column_stack((one.head, one.parts)), np.column_stack((np.ones(len(one.head), int), minus))
        rows.add(*joined, exact=one.exact)
        if one.covers:
            for part in one.parts.T:
                rows.add(np.column_stack((part, one.head)), np.tile((1, -1), (len(part), 1)), exact=False)
    for young, all_young in system.younger():
        signs = np.concatenate((np.ones(len(young), int), -np.ones(len(all_young), int)))
        rows.add(np.concatenate((young, all_young))[None], signs[None], exact=False)
    model = highspy.HighsLp()
    columns = len(limits[0])
    model.num_col_, model.num_row_ = columns, rows.count
    model.col_cost_ = np.zeros(columns)
    model.col_lower_, model.col_upper_ = limits
    model.row_lower_, model.row_upper_ = rows.limits(highspy.kHighsInf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.matrix()
    highs.passModel(model)
    return highs


def _limits(low: NDArray[np.int64], high: NDArray[np.int64]) -> Limits:
    """Limits of the variables. What nothing limits gets a limit that no sum of limited ones reaches, so
    that every programme has a best solution."""
    both = np.concatenate((np.abs(low), np.abs(high)))
    most = 100 * (both[both < UNLIMITED // 2].max(initial=0) + 100)
    return np.maximum(low, -most).astype(np.float64), np.minimum(high, most).astype(np.float64)


class _Rows:
    """Rows of signed sums that are zero, or at most zero."""

    def __init__(self, known: NDArray[np.int64], column: Places) -> None:
        self._known, self._column = known, column
        self._index: list[NDArray[np.intp]] = []
        self._value: list[NDArray[np.intp]] = []
        self._length: list[NDArray[np.intp]] = []
        self._constant: list[NDArray[np.int64]] = []
        self._exact: list[NDArray[np.bool_]] = []
        self.count = 0

    def add(self, variables: Places, signs: NDArray[np.intp], exact: bool) -> None:
        """Rows of equal width."""
        column = self._column[variables]
        free = column >= 0
        constant = np.where(free, 0, signs * self._known[variables]).sum(axis=1)
        says = free.any(axis=1)
        column, free, signs, constant = column[says], free[says], signs[says], constant[says]
        self._index.append(column[free])
        self._value.append(signs[free])
        self._length.append(free.sum(axis=1))
        self._constant.append(constant)
        self._exact.append(np.full(len(column), exact))
        self.count += len(column)

    def matrix(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Starts, columns and coefficients, row by row."""
        lengths = _joined(self._length)
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        return starts, _joined(self._index).astype(np.int32), _joined(self._value).astype(np.float64)

    def limits(self, unlimited: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper limit of each row."""
        upper = -_joined(self._constant).astype(np.float64)
        exact = _joined(self._exact).astype(bool)
        return np.where(exact, upper, -unlimited), upper


def _joined(parts: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    return np.concatenate(parts) if parts else np.zeros(0, np.intp)
