"""Raw tables of one dataset: the rows of its people, and a value or nothing in every column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.sample.draws import Booleans, Draws, Floats, Integers
from knowledge.sample.people import NEVER, People
from knowledge.sample.programme import Dataset, Definitions, Row, Table, Variable

Columns = dict[str, Any]
EVERYONE = "any"
_OBSTRUCTED, _CLEAR = (30, 45, 55, 63, 69.5), (70.5, 75, 79, 83, 95)
# a site's missing rate lies between 0.6 and 1.4 of the usual one, and never reaches all rows
_SITE_LEAST, _SITE_WIDTH, _MISSING_MOST = 0.6, 0.8, 0.97


@dataclass
class Members:
    """Who is in a dataset: places in the hospital's people, and the first and last year of their records."""

    people: People
    places: Integers
    start: Integers
    stop: Integers


@dataclass
class Rows:
    """The rows of a table before its columns: places in the hospital's people, years, diagnosis codes."""

    places: Integers
    years: Integers
    codes: Any = None

    @property
    def size(self) -> int:
        return len(self.places)


def make_members(dataset: Dataset, people: People, seed: str) -> Members:
    """Everyone whom the dataset takes in while it covers them."""
    chosen, rules = np.zeros(people.size, dtype=bool), dataset.members
    start = np.full(people.size, NEVER, dtype=np.int64)
    for condition, share in {rules["condition"]: rules["share"], **rules.get("also", {})}.items():
        onset = people.entry if condition == EVERYONE else people.onsets[condition]
        draws = Draws(seed, dataset.name, "members", condition)
        takes = draws.chance(share / 100, people.size) & (onset != NEVER)
        start = np.where(takes, np.minimum(start, onset), start)
        chosen |= takes
    start = np.maximum(np.maximum(start, people.entry), dataset.years[0])
    stop = np.minimum(people.leave, np.minimum(dataset.years[-1], start + rules.get("years_in", NEVER) - 1))
    age = start - people.birth_year
    chosen &= (start <= stop) & (age >= rules["age_min"]) & (age <= rules.get("age_max", NEVER))
    places = np.flatnonzero(chosen)
    return Members(people, places, start[places], stop[places])


class RawTables:
    """Makes the tables of one dataset."""

    def __init__(self, definitions: Definitions, dataset: Dataset, members: Members) -> None:
        self._definitions, self._dataset, self._members = definitions, dataset, members
        self._seed = definitions.programme["seed"]
        self._rows: dict[str, Callable[[Table, Draws], Rows]] = {
            "once": self._once, "visits": self._visits, "diagnoses": self._diagnoses, "drugs": self._drugs,
        }

    def make(self, table: Table) -> Columns:
        """The columns of a table by name: arrays of one length, masked or None where empty."""
        draws = self._draws(table.name)
        rows = self._rows[table.entry["rows"]](table, draws)
        days = _days(rows.years, draws)
        items = draws.below(len(table.items), rows.size) if table.items else None
        return {
            variable.name: self._column(table, variable, rows, days, items)
            for variable in table.columns
        }

    def _draws(self, *name: str) -> Draws:
        return Draws(self._seed, self._dataset.name, *name)

    def _once(self, table: Table, draws: Draws) -> Rows:
        has = draws.chance(table.entry.get("share", 100) / 100, len(self._members.places))
        return Rows(self._members.places[has], self._members.start[has])

    def _visits(self, table: Table, draws: Draws) -> Rows:
        members, rate = self._members, float(table.entry["per_year"])
        first_only = table.entry.get("years") == "first"
        places, years = [], []
        for year in self._dataset.years:
            active = members.start == year if first_only else (members.start <= year) & (year <= members.stop)
            times = draws.times(rate, len(members.places))
            if rate >= 1:
                times = np.maximum(times, members.start == year)
            times = np.where(active, times, 0)
            places.append(np.repeat(members.places, times))
            years.append(np.full(int(times.sum()), year, dtype=np.int64))
        return Rows(np.concatenate(places), np.concatenate(years))

    def _diagnoses(self, table: Table, draws: Draws) -> Rows:
        """At onset (or when the dataset first sees the person), then again while the person is followed."""
        parts = [self._diagnosed(condition, table) for condition in self._definitions.conditions]
        return Rows(
            np.concatenate([part.places for part in parts]), np.concatenate([part.years for part in parts]),
            np.concatenate([part.codes for part in parts]),
        )

    def _diagnosed(self, condition: Row, table: Table) -> Rows:
        members, draws = self._members, self._draws(table.name, condition["condition"])
        onset = members.people.onsets[condition["condition"]][members.places]
        once = condition["records"] == "once"
        first = np.maximum(onset, members.start)
        places, years = [], []
        for year in self._dataset.years:
            times = draws.times(0 if once else float(condition["records"]), len(onset))
            times = np.where(first == year, np.maximum(times, 1), np.where(first < year, times, 0))
            times = np.where((onset != NEVER) & (year <= members.stop), times, 0)
            places.append(np.repeat(members.places, times))
            years.append(np.full(int(times.sum()), year, dtype=np.int64))
        codes, weights = _weights(condition["codes"])
        size = sum(map(len, places))
        return Rows(np.concatenate(places), np.concatenate(years), codes[draws.weighted(weights, size)])

    def _drugs(self, table: Table, draws: Draws) -> Rows:
        """Visits of people with a condition that a drug of the list is for."""
        rows, onsets = self._visits(table, draws), self._members.people.onsets
        treated = np.zeros(rows.size, dtype=bool)
        for condition in sorted({row["condition"] for row in self._definitions.rows("drugs")}):
            treated |= onsets[condition][rows.places] <= rows.years
        return Rows(rows.places[treated], rows.years[treated])

    def _column(self, table: Table, variable: Variable, rows: Rows, days: Any, items: Integers | None) -> Any:
        draws = self._draws(table.name, variable.name)
        if variable.role == "value" and items is not None:
            return self._item_values(table, rows, items)
        values = self._values(variable, rows, days, draws, table, items)
        return _emptied(values, self._missing(variable, draws, rows.size))

    def _missing(self, variable: Variable, draws: Draws, size: int) -> Booleans:
        site = _SITE_LEAST + _SITE_WIDTH * float(draws.unit(1)[0])
        return draws.chance(min(variable.missing / 100 * site, _MISSING_MOST), size)

    def _item_values(self, table: Table, rows: Rows, items: Integers) -> Any:
        """Values of a long table: each row has the value of its item."""
        values, empty = np.zeros(rows.size), np.zeros(rows.size, dtype=bool)
        for place, item in enumerate(table.items):
            where = np.flatnonzero(items == place)
            draws = self._draws(table.name, "item", item.name)
            own = Rows(rows.places[where], rows.years[where])
            drawn = self._values(item, own, None, draws, table, None)
            values[where] = draws.below(9, own.size) if drawn.dtype == object else drawn
            empty[where] = self._missing(item, draws, own.size)
        return _emptied(values, empty)

    def _values(
        self, variable: Variable, rows: Rows, days: Any, draws: Draws, table: Table, items: Integers | None
    ) -> Any:
        people, kind, arguments = self._members.people, variable.draw[0], variable.draw[1:]
        if kind == "q":
            values = draws.spread([float(point) for point in arguments], rows.size)
            return np.floor(values + 0.5) if variable.row["type"] == "integer" else values
        if kind == "flag":
            return draws.chance(float(arguments[0]), rows.size).astype(np.int64)
        if kind == "choice":
            places = draws.weighted([float(weight) for weight in arguments], rows.size)
            return np.array(variable.codes, dtype=object)[places]
        if kind == "word":
            return np.full(rows.size, "recorded", dtype=object)
        roles: Mapping[str, Callable[[], Any]] = {
            "patient": lambda: rows.places + 1,
            "sequence": lambda: np.arange(1, rows.size + 1),
            "date": lambda: days,
            "birth_year": lambda: people.birth_year[rows.places],
            "sex": lambda: np.array(variable.codes, dtype=object)[np.where(people.male[rows.places], 0, 1)],
            "obstruction": lambda: _ratio(people.obstructed[rows.places], draws),
            "code": lambda: rows.codes if rows.codes is not None else self._own_code(rows, draws),
            "drug": lambda: self._drug_codes(rows, draws),
            "item": lambda: np.array([item.name for item in table.items], dtype=object)[items],
        }
        return roles[variable.role]()

    def _own_code(self, rows: Rows, draws: Draws) -> Any:
        """A code of the condition that the dataset is about; of any condition in a general one."""
        about = self._dataset.members["condition"]
        codes = "|".join(
            row["codes"] for row in self._definitions.conditions if about in (EVERYONE, row["condition"])
        )
        names, weights = _weights(codes)
        return names[draws.weighted(weights, rows.size)]

    def _drug_codes(self, rows: Rows, draws: Draws) -> Any:
        drugs = self._definitions.rows("drugs")
        names = np.array([row["atc"] for row in drugs], dtype=object)
        return names[draws.weighted([float(row["weight"]) for row in drugs], rows.size)]


def _weights(text: str) -> tuple[Any, list[float]]:
    pairs = [item.split("=") for item in text.split("|")]
    return np.array([code for code, _ in pairs], dtype=object), [float(weight) for _, weight in pairs]


def _days(years: Integers, draws: Draws) -> Any:
    """A day in each row's year (never the 366th)."""
    new_year = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return (new_year + draws.below(365, len(years))).astype("datetime64[s]")


def _ratio(obstructed: Booleans, draws: Draws) -> Floats:
    """FEV1/FVC in percent, on the side of 70 that the person is on."""
    size = len(obstructed)
    return np.where(obstructed, draws.spread(_OBSTRUCTED, size), draws.spread(_CLEAR, size))


def _emptied(values: Any, empty: Booleans) -> Any:
    if values.dtype == object:
        return np.where(empty, None, values)
    if values.dtype.kind == "M":
        return np.where(empty, np.datetime64("NaT"), values)
    return np.ma.masked_array(values, mask=empty)
