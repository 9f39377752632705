"""Intervals: seeded, clustered, and covering what they say they cover."""

from __future__ import annotations

import numpy as np
import pytest

from evals.scores.performance import percentiles
from evals.statistics import mcnemar, mean_interval, paired_interval


def test_mcnemar_by_hand():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 6) == pytest.approx(2 / 64)
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(2, 8) == pytest.approx(2 * (1 + 10 + 45) / 1024)


def test_the_same_values_give_the_same_interval():
    values, clusters = [0.0, 1.0, 0.5, 1.0] * 5, [str(n) for n in range(20)]
    assert mean_interval(values, clusters) == mean_interval(values, clusters)


def test_one_cluster_says_nothing_of_its_spread():
    assert mean_interval([0.0, 1.0, 1.0], ["t", "t", "t"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_variants_of_one_wording_widen_the_interval():
    values = [1.0] * 30 + [0.0] * 30
    alone = mean_interval(values, [str(n) for n in range(60)])
    together = mean_interval(values, [str(n // 10) for n in range(60)])
    assert together[1] - together[0] > 1.5 * (alone[1] - alone[0])


def test_intervals_cover_the_mean_about_as_often_as_they_say():
    drawn = np.random.default_rng(7)
    clusters = [str(n // 3) for n in range(180)]
    covered = 0
    for _ in range(200):
        rates = drawn.beta(4, 2, size=60)
        values = (drawn.random(180) < np.repeat(rates, 3)).astype(float)
        low, high = mean_interval(list(values), clusters)
        covered += low <= 4 / 6 <= high
    assert 0.90 <= covered / 200 <= 0.99


def test_a_paired_difference_by_hand():
    difference, low, high = paired_interval([1, 1, 0, 1], [1, 0, 0, 0], ["a", "b", "c", "d"])
    assert difference == -0.5 and low < -0.5 < high <= 0
    assert paired_interval([1, 0], [1, 0], ["a", "b"]) == (0.0, 0.0, 0.0)


def test_percentiles_by_hand():
    found = percentiles([0.1 * n for n in range(1, 21)])
    assert (found["p50_s"].value, found["p95_s"].value) == (pytest.approx(1.0), pytest.approx(1.9))
    assert percentiles([]) == {}
