"""Integer intervals narrowed by constraints until nothing changes.

What comes out holds every table of numbers that fits, and often more: narrower than promised is a
leak for certain, as wide as promised needs the certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.audit.constraints import Sums

Limits = NDArray[np.int64]
SWEEPS = 200  # every sweep is valid by itself; this many are needed by contradictions only


@dataclass(frozen=True)
class Intervals:
    """Least and greatest value per variable and column."""

    low: Limits
    high: Limits

    @property
    def empty(self) -> NDArray[np.bool_]:
        """The columns for which no numbers fit."""
        return np.asarray((self.low > self.high).any(axis=0))


def narrow(start: Intervals, sums: Sequence[Sums]) -> Intervals:
    """The intervals at the fixpoint; a column that is found empty may be left earlier."""
    low, high = start.low.copy(), start.high.copy()
    active = np.arange(low.shape[1])
    for _ in range(SWEEPS):
        whole = len(active) == low.shape[1]
        lows, highs = (low, high) if whole else (low[:, active], high[:, active])
        changed = np.zeros(len(active), np.bool_)
        for one in sums:
            _narrow(one, lows, highs, changed)
        if not whole:
            low[:, active], high[:, active] = lows, highs
        active = active[changed & ~(lows > highs).any(axis=0)]
        if not len(active):
            break
    return Intervals(low, high)


def _narrow(one: Sums, low: Limits, high: Limits, changed: NDArray[np.bool_]) -> None:
    head_low, head_high = low[one.head], high[one.head]
    parts_low, parts_high = low[one.parts], high[one.parts]
    sum_low, sum_high = parts_low.sum(axis=1), parts_high.sum(axis=1)
    new_low = parts_high + (head_low - sum_high)[:, None]
    np.maximum(new_low, parts_low, out=new_low)
    new_head_high = np.minimum(head_high, sum_high)
    new_head_low = head_low
    new_high = parts_high
    if one.exact:
        new_high = np.minimum(parts_high, parts_low + (head_high - sum_low)[:, None])
        new_head_low = np.maximum(head_low, sum_low)
    if one.covers:
        new_high = np.minimum(new_high, head_high[:, None])
        new_head_low = np.maximum(new_head_low, parts_low.max(axis=1))
    for limits, places, old, new in (
        (low, one.parts, parts_low, new_low), (high, one.parts, parts_high, new_high),
        (low, one.head, head_low, new_head_low), (high, one.head, head_high, new_head_high),
    ):
        if new is old:
            continue
        differs = new != old
        if differs.any():
            changed |= differs.any(axis=tuple(range(differs.ndim - 1)))
            limits[places] = new
