"""The seeded draws: pinned, so that another numpy or machine that draws otherwise is noticed."""

from __future__ import annotations

import numpy as np

from knowledge.sample.draws import Draws

PINNED = [63, 967, 534, 46, 972, 576]


def test_the_stream_is_pinned() -> None:
    assert Draws("pin").below(1_000, 6).tolist() == PINNED
    assert Draws("pin", "other").below(1_000, 6).tolist() != PINNED


def test_weights_and_chances_hold() -> None:
    places = Draws("weights").weighted([1, 0, 3], 20_000)
    assert np.bincount(places, minlength=3)[1] == 0
    assert abs(np.mean(places == 2) - 0.75) < 0.02
    assert abs(np.mean(Draws("chance").chance(0.2, 20_000)) - 0.2) < 0.02
    assert not Draws("never").chance(0, 1_000).any() and Draws("ever").chance(1, 1_000).all()


def test_a_spread_has_its_quartiles() -> None:
    values = Draws("spread").spread((0, 10, 20, 50, 100), 20_000)
    assert np.all((values >= 0) & (values < 100))
    assert np.allclose(np.quantile(values, (0.25, 0.5, 0.75)), (10, 20, 50), atol=1.5)


def test_picks_are_different_places() -> None:
    places = Draws("pick").pick(50, 200)
    assert len(set(places.tolist())) == 50 and places.max() < 200
