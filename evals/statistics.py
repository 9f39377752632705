"""Intervals and tests: bootstrap over clusters of like cases, and McNemar's exact test.

Variants of one wording stand or fall together, so whole templates are drawn again, not single cases.
Everything is seeded: the same marks give the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_250_410
ENDS = (2.5, 97.5)  # percent


def mean_interval(values: Sequence[float], clusters: Sequence[str]) -> tuple[float, float]:
    """The 95 % interval of the mean of ``values``; values of one cluster are drawn together.

    With one cluster there is nothing to draw from: the interval is the mean alone.
    """
    sums, sizes = _by_cluster(values, clusters)
    drawn = np.random.default_rng(SEED).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES
    )
    means = (drawn @ sums) / (drawn @ sizes)
    low, high = np.percentile(means, ENDS)
    return float(low), float(high)


def paired_interval(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[str]
) -> tuple[float, float, float]:
    """The mean difference ``after`` - ``before`` over the same cases, and its 95 % interval."""
    differences = [b - a for a, b in zip(before, after, strict=True)]
    low, high = mean_interval(differences, clusters)
    return sum(differences) / len(differences), low, high


def mcnemar(lost: int, won: int) -> float:
    """Two-sided exact p of so unequal a split, were losing and winning equally likely."""
    of = lost + won
    if of == 0:
        return 1.0
    tail = sum(comb(of, k) for k in range(min(lost, won) + 1)) / 2**of
    return min(1.0, 2 * tail)


def _by_cluster(
    values: Sequence[float], clusters: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of the values of each cluster."""
    places = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    where = np.array([places[name] for name in clusters])
    sums = np.zeros(len(places))
    np.add.at(sums, where, np.asarray(values, dtype=float))
    return sums, np.bincount(where).astype(np.float64)
