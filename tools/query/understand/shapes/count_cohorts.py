"""The cohorts that are counted, and where."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from knowledge.catalog.read import Dataset
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.scope import Scope, owned_title, take_scope


def take_cohorts_and_scope(clues: Clues) -> tuple[tuple[str, ...], Scope]:
    """Cohorts named first, then what limits hospitals and datasets; a name of both kinds is a cohort."""
    found: dict[str, None] = {}
    several = len(clues.mentions("cohort")) > 1
    for i in clues.mentions("cohort"):
        if clues.titles(i) or (several and _owned(clues, i)):
            continue
        senses = clues.segments[i].senses
        best = min(s.tier for s in senses)
        cohort = min(clues.segments[i].names("cohort"), key=lambda s: s.tier)
        titled = any(s.kind == "dataset" and s.tier == best for s in senses) and cohort.tier > best
        if titled:
            continue
        if cohort.tier == PART and (len(cohort.ids) > 1 or not _of_people(clues, i)):
            continue  # part of a name or of several: the account finds it unused, and the user is asked
        found.update(dict.fromkeys(cohort.ids))
        clues.used.add(i)
    return tuple(found), take_scope(clues, loosely=several or "but people")


def _of_people(clues: Clues, i: int) -> bool:
    """Whether words say what people have: "fatty liver", "sleep patients", "patients with apnoea"."""
    if " " in clues.word(i).strip():
        return True
    beside = [s for s in clues.segments[max(0, i - 2) : i + 2] if s is not clues.segments[i]]
    return any(s.plays("people", "measure.") for s in beside)


def _owned(clues: Clues, i: int) -> bool:
    """ "In Hill CKD, patients with ...": a title behind its hospital, and not what people have."""
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    return bool(owned_title(clues, i)) and not (following is not None and following.plays("people"))


def publishing(clues: Clues, datasets: list[Dataset], cohorts: tuple[str, ...]) -> list[Dataset]:
    """The datasets that publish counts of one of the cohorts; of everyone where none is given."""
    by_cohort = clues.catalog.datasets_by_cohort
    held = frozenset[str]().union(*(by_cohort.get(c, frozenset()) for c in (cohorts or (None,))))
    return [d for d in datasets if d.dataset in held]


def cohort_name(clues: Clues, id: str) -> str:
    cohort = clues.catalog.cohort_by_id[id]
    first, second = cohort.name_en, cohort.name_ko
    return (second or first or id) if clues.language == "ko" else (first or second or id)


def published_cohorts(clues: Clues, scope: Scope) -> tuple[str, ...]:
    catalog = clues.catalog
    found: Iterable[str] = catalog.counted_cohorts
    if scope.limited:
        ids = {d.dataset for d in scope.within(catalog)}
        pairs = ((d, c) for d, c in catalog.counts.cohorts if d in ids and c)
        found = dict.fromkeys(c for _, c in sorted(pairs, key=str))
    return tuple(cohort_name(clues, c) for c in islice(found, 6))
