"""The part of the catalog that a question is limited to: hospitals, datasets, years.

A hospital or dataset may be named in full, in part, by a property ("OMOP CDM", a region), or by
what it belongs to. Every candidate is kept: a part of a title that fits three datasets means three.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.catalog.read import Catalog, Dataset
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids, empty for no limit; ``words`` are the question's, for saying the scope back."""

    hospitals: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def limited(self) -> bool:
        return bool(self.hospitals or self.datasets)

    def within(self, catalog: Catalog) -> list[Dataset]:
        """The datasets that the scope leaves."""
        return [
            d
            for d in catalog.datasets
            if (not self.hospitals or d.hospital in self.hospitals)
            and (not self.datasets or d.dataset in self.datasets)
        ]


def take_scope(clues: Clues, *, datasets: bool = True, loosely: bool = False) -> Scope:
    """Use the mentions that limit hospitals or datasets, best-fitting kind first.

    ``loosely``: what follows a hospital's name may be part of a title ("Mirinae colorectal").
    """
    hospitals: dict[str, None] = {}
    chosen: dict[str, None] | None = None
    named: list[str] = []
    for i in clues.mentions():
        found = () if datasets and clues.titles(i) else _hospitals(clues, i)
        if found:
            hospitals.update(dict.fromkeys(found))
        elif datasets and (ids := dataset_ids(clues, i) or (owned_title(clues, i) if loosely else ())):
            # Several names of datasets widen, a property narrows what is named beside it.
            chosen = _combine(clues, i, chosen, ids)
        else:
            continue
        clues.used.add(i)
        named.append(clues.word(i))
    there = [d.dataset for d in clues.catalog.datasets if d.hospital in hospitals]
    inside = [id for id in chosen or () if id in there]
    return Scope(tuple(hospitals), tuple(inside or chosen or ()), tuple(named))


def owned_title(clues: Clues, i: int) -> tuple[str, ...]:
    """Datasets of the hospital named right before whose titles hold the words, or what they stand for."""
    owners = clues.ids(i - 1, "hospital") if i else ()
    if not owners:
        return ()
    owned = {d.dataset for d in clues.catalog.datasets if d.hospital in owners}
    cohorts = [clues.catalog.cohort_by_id[c] for c in clues.ids(i, "cohort")]
    names = [name for c in cohorts for name in (c.name_en, c.name_ko) if name]
    for text in (clues.word(i), *names):
        found = [d for s in clues.lexicon.parts(text) if s.kind == "dataset" for d in s.ids if d in owned]
        if found:
            return tuple(found)
    return ()


def _combine(clues: Clues, i: int, chosen: dict[str, None] | None, ids: tuple[str, ...]) -> dict[str, None]:
    if chosen is None:
        return dict.fromkeys(ids)
    both = [id for id in chosen if id in ids]
    return dict.fromkeys(both) if both else {**chosen, **dict.fromkeys(ids)}


def _hospitals(clues: Clues, i: int) -> tuple[str, ...]:
    """Hospitals that a segment names, itself or by region or type."""
    segment = clues.segments[i]
    best = min((s.tier for s in segment.senses), default=9)
    for sense in segment.names("hospital"):
        if sense.tier == best and (best < PART or len(sense.ids) == 1):
            return sense.ids
    found: dict[str, None] = {}
    for sense in segment.names("value"):
        owner, column = sense.field.split(".")
        if owner == "hospital" and sense.tier == best:
            found.update(
                (h.hospital, None) for h in clues.catalog.hospitals if getattr(h, column) in sense.ids
            )
    return tuple(found)


def dataset_ids(clues: Clues, i: int) -> tuple[str, ...]:
    """Datasets that a segment names: by title, by part of it, or by a property."""
    titled = clues.titles(i)
    if titled:
        return titled
    segment = clues.segments[i]
    best = min((s.tier for s in segment.senses), default=9)
    found: dict[str, None] = {}
    for sense in segment.names("dataset"):
        if sense.tier == best:
            found.update(dict.fromkeys(sense.ids))
    for sense in segment.names("value"):
        owner, column = sense.field.split(".")
        if owner == "dataset" and sense.tier == best:
            found.update((d.dataset, None) for d in clues.catalog.datasets if getattr(d, column) in sense.ids)
    return tuple(found)


def covers(dataset: Dataset, years: Quantity) -> bool:
    """True when the dataset's period meets the years: all of a range, any of an open one."""
    start, end = dataset.start_year, dataset.end_year
    if start is None:
        return False
    low, high = years.whole_low, years.whole_high
    if low is not None and high is not None:
        return start <= low and (end is None or end >= high)
    if low is not None:
        return end is None or end >= low
    return high is None or start <= high
