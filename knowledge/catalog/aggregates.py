"""Raw aggregates: exact numbers on the hospital's side, before protection. They never enter the catalog.

A cell is named by cohort, year, sex and age band. ``None`` means all of them; the empty cohort
means everyone in the dataset. A grid declares which cells exist, whatever the data hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from knowledge.errors import CatalogInvalid

EVERYONE = ""
TOP_AGE = 80
_BAND = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)")


class Cell(NamedTuple):
    """One place in a dataset's counts."""

    cohort: str
    year: int | None
    sex: str | None
    age_band: str | None

    def __str__(self) -> str:
        year = str(self.year or "all years")
        return " / ".join((self.cohort or "everyone", year, self.sex or "all", self.age_band or "all ages"))


@dataclass(frozen=True, slots=True)
class RawCount:
    """Distinct people and records of one cell, each counted at its own grain (never summed)."""

    dataset: str
    cell: Cell
    patients: int
    records: int


@dataclass(frozen=True, slots=True)
class RawMissing:
    """How often one variable is empty: rows, and the people behind them.

    patients_missing have at least one empty row, patients_present at least one filled row.
    """

    dataset: str
    table: str
    variable: str
    rows: int
    rows_missing: int
    patients: int
    patients_missing: int
    patients_present: int


@dataclass(frozen=True, slots=True)
class RawOverlap:
    """People of two datasets under one key: in the first, in the second, in both."""

    dataset_a: str
    dataset_b: str
    patients_a: int
    patients_b: int
    both: int


@dataclass(frozen=True, slots=True)
class RawMedian:
    """A median over people, in whole units of the measure (days for follow-up)."""

    dataset: str
    patients: int
    value: int


@dataclass(frozen=True, slots=True)
class CohortGrid:
    """The declared years and age bands of one cohort; what is not declared is zero by definition.

    ``within`` names the cohorts that hold everyone in this one; a cohort is never within itself.
    """

    cohort: str
    years: tuple[int, ...]
    age_bands: tuple[str, ...]
    within: tuple[str, ...] = (EVERYONE,)


@dataclass(frozen=True, slots=True)
class Grid:
    """The declared cross product of one dataset.

    ``same_index``: a person's age band is the same in every cohort. It is not where each cohort has
    its own index date; then a cohort is no part of the same band of the cohorts that hold it.
    """

    dataset: str
    sexes: tuple[str, ...]
    cohorts: tuple[CohortGrid, ...]
    same_index: bool = False

    def cells(self) -> Iterator[Cell]:
        """Every declared cell, totals before parts, in declared order."""
        for grid in self.cohorts:
            for year in (None, *grid.years):
                yield from slice_cells(self, grid, year)


def slice_cells(grid: Grid, cohort: CohortGrid, year: int | None) -> Iterator[Cell]:
    """The cells of one slice (a cohort in a year, or in all years): total, ages, sexes, sex by age."""
    for sex in (None, *grid.sexes):
        for band in (None, *cohort.age_bands):
            yield Cell(cohort.cohort, year, sex, band)


def band_limits(band: str) -> tuple[int, int | None]:
    """Lowest and highest age of a band: "40-49" is (40, 49), "80+" is (80, None)."""
    match = _BAND.fullmatch(band)
    if not match or (match[2] and int(match[2]) < int(match[1])):
        raise CatalogInvalid(f"Age band {band!r} cannot be read.", hint="Write it like 40-49 or 80+.")
    return int(match[1]), int(match[2]) if match[2] else None


def check_bands(bands: tuple[str, ...]) -> tuple[str, ...]:
    """The bands by age. CatalogInvalid where one cannot be read, two share an age, or one tells ages
    beyond the top code apart."""
    ordered = tuple(sorted(bands, key=lambda band: band_limits(band)[0]))
    for band in ordered:
        low, high = band_limits(band)
        if low > TOP_AGE or (high is not None and high >= TOP_AGE):
            raise CatalogInvalid(
                f"Age band {band!r} tells ages of {TOP_AGE} and over apart.",
                hint=f"Ages are top-coded: let the last band be {TOP_AGE}+ or start lower, as 65+.",
            )
    for young, old in pairwise(ordered):
        high = band_limits(young)[1]
        if high is None or high >= band_limits(old)[0]:
            raise CatalogInvalid(f"Age bands {young!r} and {old!r} overlap.", hint="Let no two share an age.")
    return ordered


def bands_within(bands: tuple[str, ...], age_min: int | None, age_max: int | None) -> tuple[str, ...]:
    """The bands that a declared age range can reach."""
    limits = ((band, *band_limits(band)) for band in bands)
    return tuple(
        band for band, low, high in limits
        if (high is None or age_min is None or high >= age_min) and (age_max is None or low <= age_max)
    )
