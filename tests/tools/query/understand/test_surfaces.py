"""Names of a catalog found by their parts, and by likeness."""

from __future__ import annotations

import pytest

from tools.query.understand.surfaces import Surface, Surfaces
from tools.query.understand.words import key

NAMES = (
    ("variable", "Forced expiratory volume 1"), ("variable", "Forced vital capacity"),
    ("variable", "혈청 구리 농도"), ("dataset", "Copper registry"), ("value", "Forced"),
)  # fmt: skip


@pytest.fixture
def surfaces():
    found = Surfaces()
    for number, (kind, text) in enumerate(NAMES):
        found.add(Surface(kind, "", str(number), key(text), text))
    return found


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("forced", ["0", "1", "4"]), ("Forced volume", ["0"]), ("구리", ["2"]), ("구리농도", ["2"]),
        ("copper vital", []), ("구", []), ("", []), ("volumes 1", ["0"]),
    ],
)  # fmt: skip
def test_every_word_has_to_stand_in_the_name(surfaces, text, ids):
    assert [s.id for s in surfaces.holding(text, 10)] == ids


def test_a_part_of_too_many_names_names_nothing(surfaces):
    assert surfaces.holding("forced", 2) == ()


def test_the_nearest_names_are_no_values(surfaces):
    assert "Forced" not in surfaces.nearest("forcd", 40, 5)
    assert next(iter(surfaces.nearest(key("copper registri"), 70, 3))) == "Copper registry"
