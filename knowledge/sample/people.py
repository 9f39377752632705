"""Synthetic people, one hospital at a time: sex, birth, years known to the hospital, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.sample.draws import Booleans, Draws, Floats, Integers
from knowledge.sample.programme import Definitions, Row

NEVER = 9999
# ages at which the risk of a condition changes
_MIDDLE, _OLD = 40, 60


@dataclass
class People:
    """Arrays with one entry per person; years are calendar years, an onset of NEVER means none."""

    male: Booleans
    birth_year: Integers
    entry: Integers
    leave: Integers
    obstructed: Booleans
    onsets: dict[str, Integers]

    @property
    def size(self) -> int:
        return len(self.male)


def make_people(definitions: Definitions) -> dict[str, People]:
    """Every hospital's people. Some are known to two hospitals, with the same body and conditions."""
    programme = definitions.programme
    people = {
        row["hospital"]: _residents(row, definitions, Draws(programme["seed"], row["hospital"]))
        for row in definitions.rows("hospitals")
    }
    for shared in programme["shared_patients"]:
        source = people[shared["from"]]
        chosen = Draws(programme["seed"], "shared", shared["from"], shared["to"]).pick(
            min(shared["patients"], source.size), source.size
        )
        people[shared["to"]] = _joined(people[shared["to"]], source, chosen)
    return people


def _residents(hospital: Row, definitions: Definitions, draws: Draws) -> People:
    programme, size = definitions.programme, int(hospital["patients"])
    first, last = programme["first_year"], programme["last_year"]
    male = draws.chance(0.53, size)
    age = draws.spread(programme["age_at_entry"], size).astype(np.int64)
    entry = first - 2 + draws.below(last - first + 3, size)
    leave = np.minimum(entry + draws.spread((0, 1, 4, 7, 11), size).astype(np.int64), last)
    smokes = programme["smokers"]
    smoker = draws.chance(np.where(male, smokes["M"], smokes["F"]) / 100, size)
    onsets: dict[str, Integers] = {}
    for condition in definitions.conditions:
        own = Draws(programme["seed"], hospital["hospital"], condition["condition"])
        has = own.chance(_risk(condition, age, male, smoker), size)
        onset = _onset(condition, programme, entry, leave, own)
        if condition["needs"]:
            cause = onsets[condition["needs"]]
            has &= cause != NEVER
            onset = np.maximum(onset, cause)
        onsets[condition["condition"]] = np.where(has & (onset <= last), onset, NEVER)
    for onset in onsets.values():
        leave = np.where(onset == NEVER, leave, np.maximum(leave, onset))
    lungs = programme["obstruction"]
    ill = onsets[lungs["condition"]] != NEVER
    obstructed = draws.chance(np.where(ill, lungs["percent"], lungs["others"]) / 100, size)
    return People(male, entry - age, entry, leave, obstructed, onsets)


def _risk(condition: Row, age: Integers, male: Booleans, smoker: Booleans) -> Floats:
    """Probability of ever having the condition while known to the hospital."""
    young, middle, old, of_male, of_smoker = (
        float(condition[name]) for name in ("young", "middle", "old", "male", "smoker")
    )
    base = np.where(age < _MIDDLE, young, np.where(age < _OLD, middle, old))
    risk = base * np.where(male, of_male, 1.0) * np.where(smoker, of_smoker, 1.0)
    return np.minimum(risk, 95.0) / 100.0


def _onset(
    condition: Row, programme: Mapping[str, Any], entry: Integers, leave: Integers, draws: Draws
) -> Integers:
    """Year of onset: of an epidemic by its waves, else any year that the person is known."""
    waves = programme["waves"].get(condition["condition"])
    if waves:
        years = np.asarray(list(waves), dtype=np.int64)
        return np.maximum(years[draws.weighted(list(waves.values()), len(entry))], entry)
    year = entry + draws.below(leave - entry + 1, len(entry))
    return np.maximum(year, int(condition["first_year"]))


def _joined(own: People, other: People, chosen: Integers) -> People:
    def both(mine: Any, theirs: Any) -> Any:
        return np.concatenate([mine, theirs[chosen]])

    return People(
        both(own.male, other.male), both(own.birth_year, other.birth_year), both(own.entry, other.entry),
        both(own.leave, other.leave), both(own.obstructed, other.obstructed),
        {name: both(onset, other.onsets[name]) for name, onset in own.onsets.items()},
    )
