"""Small invented hospitals, the same for the same seed, to publish and to attack."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid, RawCount

SEXES = ("F", "M")
BANDS = ("18-39", "40-64", "65-79", "80+")


@dataclass(frozen=True)
class Patient:
    """One person: sex, age band, and the records of each year by cohort ("" is everyone)."""

    sex: str
    band: str
    records: dict[str, dict[int, int]]


@dataclass(frozen=True)
class Hospital:
    """A dataset's grid and the people in it."""

    grid: Grid
    people: tuple[Patient, ...]

    @property
    def raw(self) -> list[RawCount]:
        """Exact counts at every grain, each of its own."""
        return tally(self.grid.dataset, self.people)


def tally(dataset: str, people: Iterable[Patient]) -> list[RawCount]:
    """Distinct people and records per cell."""
    found: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for person in people:
        for cohort, years in person.records.items():
            for sex in (None, person.sex):
                for band in (None, person.band):
                    for year in (None, *years):
                        count = found[Cell(cohort, year, sex, band)]
                        count[0] += 1
                        count[1] += sum(years.values()) if year is None else years[year]
    return [RawCount(dataset, cell, patients, records) for cell, (patients, records) in found.items()]


def make_hospital(seed: int, size: int | None = None) -> Hospital:
    """A hospital of 60 to 1,200 people, 1 to 4 years, 2 to 4 age bands and three cohorts."""
    draw = random.Random(seed)
    bands, years = BANDS[: draw.choice((2, 3, 4))], tuple(range(2020, 2020 + draw.choice((1, 2, 3, 4))))
    size = size or draw.choice((60, 150, 300, 600, 1200))
    weights, shares = [draw.random() ** 2 + 0.02 for _ in bands], [draw.random() ** 2 for _ in range(2)]
    people = tuple(_patient(draw, bands, weights, years, shares) for _ in range(size))
    cohorts = tuple(CohortGrid(cohort, years, bands) for cohort in ("", "first", "second"))
    return Hospital(Grid("registry", SEXES, cohorts), people)


def grow(hospital: Hospital, seed: int, new: int, gone: int = 0) -> Hospital:
    """The hospital later: some people are gone, ``new`` ones came in the last year."""
    draw = random.Random(seed)
    everyone = hospital.grid.cohorts[0]
    stay = list(hospital.people)
    for _ in range(gone):
        stay.pop(draw.randrange(len(stay)))
    share = [0.5, 0.2]
    weights = [draw.random() + 0.05 for _ in everyone.age_bands]
    came = [_patient(draw, everyone.age_bands, weights, everyone.years[-1:], share) for _ in range(new)]
    return Hospital(hospital.grid, (*stay, *came))


def _patient(
    draw: random.Random, bands: tuple[str, ...], weights: list[float], years: tuple[int, ...],
    shares: list[float],
) -> Patient:
    sex, band = draw.choices(SEXES, (0.7, 0.3))[0], draw.choices(bands, weights)[0]
    seen = [year for year in years if draw.random() < 0.5] or [draw.choice(years)]
    records = {"": {year: 1 + int(draw.random() * 3) for year in seen}}
    for cohort, share in zip(("first", "second"), shares, strict=True):
        ill = {year: 1 for year in seen if draw.random() < 0.7}
        if ill and draw.random() < share:
            records[cohort] = ill
    return Patient(sex, band, records)
