"""What must hold between the numbers of a dataset, whatever they are.

Variables are people, records, and people of a cohort's complement (those of the holding cohort who
are not in it), at every place of the layout; for two versions, those of both and their difference.
Each ``Sums`` says something about a head and its parts. Within one ``Sums`` no variable stands
twice, so that all its rows can be worked on at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.layout import Shape

Index = NDArray[np.intp]

PATIENTS, RECORDS, COMPLEMENT = range(3)
Block = tuple[int, int]  # measure, version


@dataclass(frozen=True)
class Sums:
    """head <= sum of parts; ``exact``: head = sum of parts; ``covers``: head >= each part, too.

    head has one variable per row, parts as many columns as there are parts.
    """

    head: Index
    parts: Index
    exact: bool = True
    covers: bool = False


@dataclass(frozen=True, slots=True)
class Suppositions:
    """What the attacker takes for granted beside the published numbers. Each may be false of the data,
    which shows when no numbers fit."""

    cohorts_nest: bool = True
    years_cover: bool = True


@dataclass(frozen=True)
class System:
    """The constraints of one shape, for one version or two (1 is the former one, 0 the latest)."""

    shape: Shape
    versions: int = 1
    suppose: Suppositions = Suppositions()

    @cached_property
    def blocks(self) -> dict[Block, Index]:
        """The variables of each block, in the layout's order."""
        blocks: dict[Block, Index] = {}
        start = 0
        for version in range(self.versions):
            for measure in self.measures:
                shape = self._complement if measure == COMPLEMENT else self.shape.block
                blocks[measure, version] = start + np.arange(np.prod(shape)).reshape(shape)
                start += int(np.prod(shape))
        return blocks

    @property
    def measures(self) -> tuple[int, ...]:
        """The blocks of each version."""
        nested = bool(self.shape.within) and self.suppose.cohorts_nest
        return (PATIENTS, RECORDS, COMPLEMENT) if nested else (PATIENTS, RECORDS)

    @cached_property
    def moved(self) -> dict[int, Index]:
        """How much people and records grew from the former version to the latest."""
        if self.versions == 1:
            return {}
        start, size = self._counted, int(np.prod(self.shape.block))
        return {
            measure: start + place * size + np.arange(size).reshape(self.shape.block)
            for place, measure in enumerate((PATIENTS, RECORDS))
        }

    @cached_property
    def size(self) -> int:
        """How many variables there are."""
        return self._counted + sum(block.size for block in self.moved.values())

    def around(self, cohort: int) -> Index:
        """The variables that can change while all other cohorts' people and records stay as they are."""
        near = []
        for (measure, _), block in self.blocks.items():
            if measure == COMPLEMENT:
                pairs = enumerate(self.shape.within)
                near += [block[place].ravel() for place, pair in pairs if cohort in pair]
            else:
                near.append(block[cohort].ravel())
        near += [block[cohort].ravel() for block in self.moved.values()]
        return np.concatenate(near)

    @cached_property
    def cohort(self) -> Index:
        """The cohort of each variable; of a complement, the cohort that is left out."""
        cohorts = np.zeros(self.size, np.intp)
        children = np.array([child for child, _ in self.shape.within], np.intp)
        for (measure, _), block in self.blocks.items():
            of_block = children if measure == COMPLEMENT else np.arange(self.shape.cohorts)
            cohorts[block] = of_block[:, None, None, None]
        for block in self.moved.values():
            cohorts[block] = np.arange(self.shape.cohorts)[:, None, None, None]
        return cohorts

    @property
    def _counted(self) -> int:
        return sum(block.size for block in self.blocks.values())

    @property
    def _complement(self) -> tuple[int, int, int, int]:
        """Without a common index date, only all ages together have a complement."""
        _, years, sexes, bands = self.shape.block
        return len(self.shape.within), years, sexes, bands if self.shape.same_index else 1

    @cached_property
    def sums(self) -> tuple[Sums, ...]:
        """All constraints that intervals are narrowed by."""
        sums: list[Sums] = []
        for version in range(self.versions):
            people, records = self.blocks[PATIENTS, version], self.blocks[RECORDS, version]
            sums += self._parts(people)
            sums += self._parts(records)
            sums += self._years(people, exact=False)
            sums += self._years(records, exact=True)
            sums.append(Sums(people.ravel(), records.reshape(-1, 1), exact=False))
            if COMPLEMENT in self.measures:
                sums += self._complements(people, self.blocks[COMPLEMENT, version])
        for measure, block in self.moved.items():
            sums += self._parts(block)
            before, after = self.blocks[measure, 1], self.blocks[measure, 0]
            sums.append(Sums(after.ravel(), np.stack((before.ravel(), block.ravel()), axis=1)))
        return tuple(one for one in sums if one.parts.size)

    def _parts(self, block: Index) -> Iterator[Sums]:
        """A total is the sum over sexes, and over age bands where the cohort has some."""
        yield Sums(block[:, :, 0].ravel(), _last(block[:, :, 1:], axis=2))
        banded = block[np.array(self.shape.has_bands)]
        yield Sums(banded[..., 0].ravel(), _last(banded[..., 1:], axis=3))

    def _years(self, block: Index, exact: bool) -> Iterator[Sums]:
        if self.suppose.years_cover:
            dated = block[np.array(self.shape.has_years)]
            yield Sums(dated[:, 0].ravel(), _last(dated[:, 1:], axis=1), exact, covers=True)

    def _complements(self, people: Index, rest: Index) -> Iterator[Sums]:
        """The holding cohort is the cohort and its complement. Someone outside the cohort in all years
        is outside it in each; someone outside it in one year need not be outside it in all."""
        bands = rest.shape[-1]
        for place, (child, parent) in enumerate(self.shape.within):
            parts = np.stack((people[child][..., :bands].ravel(), rest[place].ravel()), axis=1)
            yield Sums(people[parent][..., :bands].ravel(), parts)
        yield Sums(rest[:, :, 0].ravel(), _last(rest[:, :, 1:], axis=2))
        if bands > 1:
            banded = rest[np.array([self.shape.has_bands[c] and self.shape.has_bands[p]
                                    for c, p in self.shape.within])]
            yield Sums(banded[..., 0].ravel(), _last(banded[..., 1:], axis=3))
        if self.suppose.years_cover:
            dated = rest[np.array([self.shape.has_years[c] and self.shape.has_years[p]
                                   for c, p in self.shape.within])]
            yield Sums(dated[:, 0].ravel(), _last(dated[:, 1:], axis=1), exact=False)

    def younger(self) -> Iterator[tuple[Index, Index]]:
        """Sums of which the first is at most the second: a cohort's index comes no earlier than that of
        the cohort that holds it, so whoever is young at the former was at the latter. For the certificate."""
        if self.shape.same_index or not self.suppose.cohorts_nest:
            return
        for version in range(self.versions):
            people = self.blocks[PATIENTS, version]
            for child, parent in self.shape.within:
                if not (self.shape.has_bands[child] and self.shape.has_bands[parent]):
                    continue
                for top in range(2, people.shape[3]):
                    yield from zip(
                        people[child][..., 1:top].reshape(-1, top - 1),
                        people[parent][..., 1:top].reshape(-1, top - 1), strict=True,
                    )


def _last(block: Index, axis: int) -> Index:
    """Rows of the parts along ``axis``, the others in the order of a head's ``ravel``."""
    moved = np.moveaxis(block, axis, -1)
    return moved.reshape(math.prod(moved.shape[:-1]), moved.shape[-1])  # there may be no parts at all
