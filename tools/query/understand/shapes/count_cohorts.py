"""The cohorts that are counted, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from knowledge.catalog.read import Dataset
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.scope import Scope, owned_title, take_scope
from tools.query.understand.segment import FILLER
from tools.query.understand.words import key

_OF_WHOM = re.compile(
    r"(?i)\s*(?:patients?|recipients?|users?|carriers?|cases?|survivors?|환자군?|군|자)\s*$"
)
_ILL = re.compile(r"(?:증후군|질환|장애|증|병|disease|disorder|syndrome)$")


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
        if cohort.tier == PART and _of_the_same(clues, i):
            clues.used.add(i)
            continue
        if cohort.tier == PART and (len(cohort.ids) > 1 or not _of_people(clues, i)):
            continue  # part of a name or of several: the account finds it unused, and the user is asked
        if cohort.tier == PART and not _is_kind_of(clues, i, cohort.ids[0]):
            continue
        found.update(dict.fromkeys(cohort.ids))
        clues.used.add(i)
    shared = {i for i in clues.mentions() if not found and _kinds_of(clues, i)}
    return tuple(found), take_scope(clues, loosely=several or "but people", but=shared)


def _of_people(clues: Clues, i: int) -> bool:
    """Whether words say what people have: "fatty liver", "sleep patients", "patients with apnoea"."""
    if " " in clues.word(i).strip():
        return True
    beside = [s for s in clues.segments[max(0, i - 2) : i + 2] if s is not clues.segments[i]]
    if i and clues.segments[i - 1].names("cohort") and i - 1 in clues.used:
        return True  # "CKD stage 3, stage 4"
    return any(s.plays("people", "measure.") for s in beside)


def _kinds_of(clues: Clues, i: int) -> bool:
    """ "Stone patients" where kidney stones and ureter stones are counted: no title with the word stands for
    them, nor one of the cohorts."""
    following = next((s for s in clues.segments[i + 1 :] if s.roles != (FILLER,)), None)
    if following is None or not following.plays("people", "measure.patients") or clues.titles(i):
        return False
    parts = clues.lexicon.parts(clues.word(i))
    cohorts = {id for s in parts if s.kind == "cohort" for id in s.ids}
    rows = [clues.catalog.dataset_by_id[id] for s in parts if s.kind == "dataset" for id in s.ids]
    titles = [title for row in rows for title in (row.title_en, row.title_ko) if title]
    if key(clues.word(i)) in {key(word) for title in titles for word in title.split()}:
        return False  # "burn patients" of "Hill Burn Registry"
    return len([id for id in cohorts if _is_kind_of(clues, i, id)]) > 1


def _of_the_same(clues: Clues, i: int) -> bool:
    """ "Neovascular" beside "macular degeneration", which is neovascular in the catalog: of one name."""
    ids = set(clues.ids(i, "cohort"))
    beside = (j for j in (i - 1, i + 1) if 0 <= j < len(clues.segments) and j not in clues.again)
    near = [s for j in beside for s in clues.segments[j].names("cohort") if s.tier < PART]
    return any(len(s.ids) == 1 and set(s.ids) <= ids for s in near)


def _is_kind_of(clues: Clues, i: int, cohort: str) -> bool:
    """Whether a cohort is a kind of what the words name, which then end its name ("dermatitis" of "atopic
    dermatitis") or are the wider code of it. "Lupus" begins "lupus nephritis", which is something else.
    Several words, left out between, are the cohort ("graft rejection") unless its name goes on behind them.
    """
    if cohort in {id for s in clues.lexicon.narrower(key(clues.word(i))) for id in s.ids}:
        return True
    row, said = clues.catalog.cohort_by_id[cohort], key(clues.word(i))
    names = [n for name in (row.name_en, row.name_ko) if name for n in re.split(r"[(),（）]", name)]
    ends = [_ILL.sub("", key(_OF_WHOM.sub("", name))) for name in names]
    if any(end.endswith(_ILL.sub("", said)) for end in ends):
        return True
    return " " in clues.word(i).strip() and not any(end.startswith(said) for end in ends)


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
