"""One dataset's cells as places of a block of numbers: cohort, year, sex, age band.

Place 0 of year, sex and age band stands for all of them. What the grid does not declare has a
place too, and is zero by definition. Every block has one more axis at the end, for many datasets,
or many ways to publish one dataset, side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.aggregates import Cell, CohortGrid, Grid, band_limits
from knowledge.errors import CatalogInvalid

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Place = tuple[int, int, int, int]

TOTAL, SEX, AGE, SEX_AND_AGE = range(4)
GRAINS = ("total", "sex", "age", "sex and age")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the constraints between cells depend on; datasets of one shape are attacked together.

    has_years and has_bands are per cohort. within holds (cohort, the cohort that holds it).
    """

    cohorts: int
    years: int
    sexes: int
    bands: int
    has_years: tuple[bool, ...]
    has_bands: tuple[bool, ...]
    within: tuple[tuple[int, int], ...]
    same_index: bool

    @property
    def block(self) -> tuple[int, int, int, int]:
        """Sizes of the axes, totals included."""
        return self.cohorts, self.years + 1, self.sexes + 1, self.bands + 1

    @property
    def grain(self) -> NDArray[np.intp]:
        """TOTAL, SEX, AGE or SEX_AND_AGE of each sex and age band."""
        sex, band = np.arange(self.sexes + 1) > 0, np.arange(self.bands + 1) > 0
        return sex[:, None] * SEX + band[None, :] * AGE


@dataclass(frozen=True)
class Layout:
    """The places of one grid. Raises CatalogInvalid where its age bands overlap."""

    grid: Grid

    @cached_property
    def cohorts(self) -> tuple[str, ...]:
        """In the grid's order."""
        return tuple(cohort.cohort for cohort in self.grid.cohorts)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year of any cohort, ascending."""
        return tuple(sorted({year for cohort in self.grid.cohorts for year in cohort.years}))

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """Every age band of any cohort, ascending."""
        bands = sorted({band for cohort in self.grid.cohorts for band in cohort.age_bands}, key=_ages)
        for young, old in pairwise(bands):
            top = band_limits(young)[1]
            if top is None or top >= band_limits(old)[0]:
                raise CatalogInvalid(
                    f"Age bands {young} and {old} of dataset {self.grid.dataset!r} overlap.",
                    hint="Use bands that share no age.",
                )
        return tuple(bands)

    @cached_property
    def shape(self) -> Shape:
        """The shape, for which constraints are built."""
        grids = self.grid.cohorts
        places = {cohort: place for place, cohort in enumerate(self.cohorts)}
        within = tuple(
            (places[child.cohort], places[parent])
            for child in grids for parent in child.within
            if parent in places and parent != child.cohort
        )
        return Shape(
            len(grids), len(self.years), len(self.grid.sexes), len(self.bands),
            tuple(bool(cohort.years) for cohort in grids), tuple(bool(cohort.age_bands) for cohort in grids),
            within, self.grid.same_index,
        )

    @cached_property
    def declared(self) -> Mask:
        """Which places are cells of the grid (four axes)."""
        declared = np.zeros(self.shape.block, np.bool_)
        for place, cohort in enumerate(self.grid.cohorts):
            years = [0, *(self._years[year] for year in cohort.years)]
            bands = [0, *(self._bands[band] for band in cohort.age_bands)]
            declared[np.ix_([place], years, range(self.shape.sexes + 1), bands)] = True
        return declared

    def place(self, cell: Cell) -> Place | None:
        """Where a cell stands; None for one that the grid does not declare."""
        try:
            place = (
                self._cohorts[cell.cohort],
                0 if cell.year is None else self._years[cell.year],
                0 if cell.sex is None else self._sexes[cell.sex],
                0 if cell.age_band is None else self._bands[cell.age_band],
            )
        except KeyError:
            return None
        return place if self.declared[place] else None

    def cell(self, place: Place) -> Cell:
        """The cell at a place."""
        cohort, year, sex, band = place
        return Cell(
            self.cohorts[cohort], self.years[year - 1] if year else None,
            self.grid.sexes[sex - 1] if sex else None, self.bands[band - 1] if band else None,
        )

    def cells(self) -> Iterator[tuple[Cell, Place]]:
        """Every declared cell with its place, in the grid's order."""
        for cell in self.grid.cells():
            place = self.place(cell)
            assert place is not None  # the grid declares its own cells
            yield cell, place

    def empty(self, dtype: Any = np.int64) -> NDArray[Any]:
        """A block of zeros for one dataset."""
        return np.zeros((*self.shape.block, 1), dtype)

    def into(self, other: Layout, block: NDArray[Any]) -> NDArray[Any]:
        """A block of this layout in ``other``, which has all its places; zero elsewhere."""
        if other.grid == self.grid:
            return block
        wide = np.zeros((*other.shape.block, block.shape[-1]), block.dtype)
        wide[np.ix_(
            [other._cohorts[cohort] for cohort in self.cohorts],
            [0, *(other._years[year] for year in self.years)],
            [0, *(other._sexes[sex] for sex in self.grid.sexes)],
            [0, *(other._bands[band] for band in self.bands)],
        )] = block
        return wide

    @cached_property
    def _cohorts(self) -> dict[str, int]:
        return {cohort: place for place, cohort in enumerate(self.cohorts)}

    @cached_property
    def _years(self) -> dict[int, int]:
        return {year: place for place, year in enumerate(self.years, 1)}

    @cached_property
    def _sexes(self) -> dict[str, int]:
        return {sex: place for place, sex in enumerate(self.grid.sexes, 1)}

    @cached_property
    def _bands(self) -> dict[str, int]:
        return {band: place for place, band in enumerate(self.bands, 1)}


def joint(now: Grid, then: Grid) -> Grid:
    """A grid with every cell of two versions of a dataset."""
    cohorts = {cohort.cohort: cohort for cohort in then.cohorts}
    for cohort in now.cohorts:
        old = cohorts.get(cohort.cohort, cohort)
        cohorts[cohort.cohort] = CohortGrid(
            cohort.cohort, tuple(dict.fromkeys(old.years + cohort.years)),
            tuple(dict.fromkeys(old.age_bands + cohort.age_bands)),
            tuple(parent for parent in cohort.within if parent in old.within),
        )
    sexes = tuple(dict.fromkeys(then.sexes + now.sexes))
    return Grid(now.dataset, sexes, tuple(cohorts.values()), now.same_index and then.same_index)


def _ages(band: str) -> tuple[int, int]:
    low, high = band_limits(band)
    return low, 1000 if high is None else high
