"""The part of the catalog that a question is limited to: hospitals, datasets, years.

A hospital or dataset may be named in full, in part, by a property ("OMOP CDM", a region), or by
what it belongs to. Every candidate is kept: a part of a title that fits three datasets means three.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from knowledge.catalog.read import Catalog, Dataset
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import GLOSSARY, PART
from tools.query.understand.properties import told
from tools.query.understand.quantity import Quantity
from tools.query.understand.segment import FILLER
from tools.query.understand.words import key

_CASE = re.compile(r"[이가을를]\s")


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
        if not self.limited:
            return list(catalog.datasets)
        return [
            d
            for d in catalog.datasets
            if (not self.hospitals or d.hospital in self.hospitals)
            and (not self.datasets or d.dataset in self.datasets)
        ]


def take_scope(
    clues: Clues, *, datasets: bool = True, loosely: bool | str = False, but: Collection[int] = ()
) -> Scope:
    """Use the mentions that limit hospitals or datasets, best-fitting kind first.

    ``loosely``: what follows a hospital's name may be part of a title ("Hill colorectal"); "but people":
    unless it says what people have ("Hill colorectal patients"). ``but``: mentions that limit nothing.
    """
    hospitals: dict[str, None] = {}
    chosen: dict[str, None] | None = None
    named: list[str] = []
    for i in clues.mentions():
        if i in but:
            continue
        if loosely == "but people" and _of_the_people(clues, i):
            continue  # "이가 늦게 난 아이들": said of people, and no title
        if i and clues.segments[i].plays("subject.registry") and clues.titles(i - 1):
            clues.used.add(i)
            continue  # the noun of a title limits nothing beside it
        found = () if datasets and clues.titles(i) else _hospitals(clues, i)
        if found:
            hospitals.update(dict.fromkeys(found))
        elif datasets and (ids := _owned_ids(clues, i) or _loose_title(clues, i, loosely)):
            # Several names of datasets widen, a property narrows what is named beside it.
            combined = _combine(clues, i, chosen, ids)
            if combined is None:
                continue  # it names what the others are not: the account finds it unused
            chosen = combined
        else:
            continue
        clues.used.add(i)
        named.append(clues.word(i))
    for i, column, ids in told(clues) if datasets else ():
        owner, name = column.split(".")
        having = [d.dataset for d in clues.catalog.datasets if owner == "dataset" and getattr(d, name) in ids]
        if having and not clues.negated(i):
            chosen = dict.fromkeys(having if chosen is None else (id for id in chosen if id in having))
            clues.used.add(i)
            named.append(clues.word(i))
    there = [d.dataset for d in clues.catalog.datasets if d.hospital in hospitals]
    inside = [id for id in chosen or () if id in there]
    if hospitals and chosen and not inside:
        shared = _topic_of_each(clues, tuple(hospitals), tuple(chosen))
        if shared:
            return Scope((), shared, tuple(named))
        # A hospital and another's dataset: no row is both, so the question means something else.
        clues.used -= {i for i in clues.mentions_used if dataset_ids(clues, i)}
    return Scope(tuple(hospitals), tuple(inside or chosen or ()), tuple(named))


def _of_the_people(clues: Clues, i: int) -> bool:
    """Whether part of a title is the subject or object of what is said of the people that are counted."""
    segment = clues.segments[i]
    if any(s.tier < PART for s in segment.senses) or segment.titled or clues.titles(i):
        return False
    if _CASE.match(clues.text, segment.end) is None:
        return False
    for following in clues.segments[i + 1 :]:
        if following.senses and not following.plays("people"):
            return False
        if following.plays("people"):
            return True
    return False


def _topic_of_each(
    clues: Clues, hospitals: tuple[str, ...], datasets: tuple[str, ...]
) -> tuple[str, ...]:
    """ "The A and B dialysis datasets": the topic behind the last hospital's name is that of each."""
    for i in clues.mentions_used:
        segment = clues.segments[i]
        first, _, topic = segment.text.partition(" ")
        if not topic or not dataset_ids(clues, i) or not clues.lexicon.names_hospital(first):
            continue
        found = {d for s in clues.lexicon.parts(topic) if s.kind == "dataset" for d in s.ids}
        owned = [
            d.dataset for d in clues.catalog.datasets if d.hospital in hospitals and d.dataset in found
        ]
        if owned:
            return (*owned, *(d for d in datasets if d not in owned))
    return ()


def _loose_title(clues: Clues, i: int, loosely: bool | str) -> tuple[str, ...]:
    following = next((s for s in clues.segments[i + 1 :] if s.roles != (FILLER,)), None)
    of_people = following is not None and following.plays("people", "measure.")
    return owned_title(clues, i) if loosely is True or (loosely and not of_people) else ()


def owned_title(clues: Clues, i: int) -> tuple[str, ...]:
    """Datasets of the hospital named right before whose titles hold the words, or what they stand for."""
    owners = clues.ids(i - 1, "hospital") if i else ()
    if not owners:
        return ()
    owned = {d.dataset for d in clues.catalog.datasets if d.hospital in owners}
    cohorts = [clues.catalog.cohort_by_id[c] for c in clues.ids(i, "cohort")]
    names = [name for c in cohorts for name in (c.name_en, c.name_ko) if name]
    spelt = [name for term in clues.lexicon.ideas.named(key(clues.word(i))) for name in term.names]
    for text in (clues.word(i), *names, *spelt):
        found = [d for s in clues.lexicon.parts(text) if s.kind == "dataset" for d in s.ids if d in owned]
        if found:
            return tuple(found)
    return ()


def _combine(
    clues: Clues, i: int, chosen: dict[str, None] | None, ids: tuple[str, ...]
) -> dict[str, None] | None:
    """What is left of both, else either where both are titles; None for a property that fits none of the
    titles named."""
    if chosen is None:
        return dict.fromkeys(ids)
    both = [id for id in chosen if id in ids]
    if both:
        return dict.fromkeys(both)
    earlier = [j for j in clues.mentions_used if j != i and dataset_ids(clues, j)]
    if not (_by_title(clues, i) or clues.owned(i)):
        return {**chosen, **dict.fromkeys(ids)} if earlier and _listed(clues, earlier[-1], i) else None
    if any(_by_title(clues, j) or clues.owned(j) for j in earlier):
        return {**chosen, **dict.fromkeys(ids)}
    # "Which registries hold X": a kind of dataset in general, where X is in none that is called so.
    return dict.fromkeys(ids) if all(clues.segments[j].plays("subject.registry") for j in earlier) else None


def _listed(clues: Clues, i: int, j: int) -> bool:
    """ "The A registry and the dental registry": datasets named one after the other, each with its noun."""
    between = clues.segments[i + 1 : j]
    after = clues.segments[j + 1] if j + 1 < len(clues.segments) else None
    nouns = ("subject.dataset", "subject.registry", "subject.data")
    return any(s.plays("and", "or") for s in between) and after is not None and after.plays(*nouns)


def _owned_ids(clues: Clues, i: int) -> tuple[str, ...]:
    """The datasets that a segment names; of a property, those of the hospital named right before."""
    ids = dataset_ids(clues, i)
    if not clues.owned(i) or _by_title(clues, i):
        return ids
    owners = clues.ids(i - 1, "hospital")
    return tuple(id for id in ids if clues.catalog.dataset_by_id[id].hospital in owners) or ids


def _by_title(clues: Clues, i: int) -> bool:
    """Whether a segment means datasets by their titles rather than by a property of theirs."""
    return bool(clues.titles(i)) or any(
        s.kind == "dataset" and s.tier == min(x.tier for x in clues.segments[i].senses)
        for s in clues.segments[i].senses
    )


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
    segment = clues.segments[i]
    titled = clues.titles(i)
    if titled:
        properties = () if clues.owned(i) else _with_property(clues, i, any_tier=True)
        return tuple(dict.fromkeys((*titled, *properties)))
    best = min((s.tier for s in segment.senses), default=9)
    found: dict[str, None] = {}
    for sense in segment.names("dataset"):
        if sense.tier == best:
            found.update(dict.fromkeys(_with_its_words(clues, i, sense.ids) if best == PART else sense.ids))
    found.update(dict.fromkeys(_with_property(clues, i)))
    if found and segment.plays("subject.registry"):
        # A kind of dataset by the word for it: those that are called so as well.
        called = [s.ids for s in clues.lexicon.parts(segment.text) if s.kind == "dataset"]
        found.update((id, None) for ids in called for id in ids)
    return tuple(found)


def _with_its_words(clues: Clues, i: int, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Of the datasets of one hospital, those with every word in a title as it is said: "the Hill cohort" is
    no registry of Hill's. All of them where none has, or one word is all that is said."""
    words = clues.word(i).lower().split()
    rows = [clues.catalog.dataset_by_id[id] for id in ids]
    if len(words) < 2 or not clues.lexicon.names_hospital(words[0]):
        return ids
    titles = {row.dataset: [(t or "").lower().split() for t in (row.title_en, row.title_ko)] for row in rows}
    return tuple(id for id in ids if any(set(words) <= set(title) for title in titles[id])) or ids


def _with_property(clues: Clues, i: int, *, any_tier: bool = False) -> tuple[str, ...]:
    """Datasets of which a segment names a property: a theme, a data model, how they are accessed. How often
    they are updated counts only where that is spoken of ("the monthly number" is none)."""
    segment = clues.segments[i]
    best = min((s.tier for s in segment.senses), default=9)
    found: dict[str, None] = {}
    for sense in segment.names("value"):
        owner, column = sense.field.split(".")
        if owner != "dataset" or (sense.tier == PART if any_tier else sense.tier != best):
            continue
        if column == "update_frequency" and not clues.has("field.update_frequency", "field.last_updated"):
            continue
        ids = (*sense.ids, *_themes(clues, i)) if column == "theme" and sense.tier == GLOSSARY else sense.ids
        found.update((d.dataset, None) for d in clues.catalog.datasets if getattr(d, column) in ids)
    return tuple(found)


def _themes(clues: Clues, i: int) -> Iterator[str]:
    """Themes that have another name of the same idea in theirs ("dental imaging" of dentistry)."""
    for term in clues.lexicon.ideas.named(key(clues.word(i))):
        for name in term.names:
            yield from (id for s in clues.lexicon.parts(name) if s.field == "dataset.theme" for id in s.ids)


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
