"""Datasets that are called by a part of their titles and a noun: "the X registry", "X 데이터"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.query.understand.lexicon import PART, Sense
from tools.query.understand.segment import FILLER, Segment

if TYPE_CHECKING:
    from tools.query.understand.clues import Clues

_INSIDE = re.compile(r"(?:에서|에는|에 (?:모두 |다 |함께 |같이 |둘 다 )?(?:있|들어|포함)|의 변수|의 항목)")
_AND_OTHERS = re.compile(r"(?:와|과|랑|이랑|하고) ")
_NOUNS = ("subject.dataset", "subject.registry", "subject.data")


def titles_of(clues: Clues, i: int) -> tuple[str, ...]:
    """Datasets meant by "the X dataset" or "X 레지스트리", where X is part of their titles."""
    following = next((s for s in clues.segments[i + 1 :] if s.roles != (FILLER,)), None)
    owned = i > 0 and bool(clues.segments[i - 1].names("hospital"))
    plain = _part_of_titles(clues, i)
    nouns = (
        "subject.dataset",
        "subject.registry",
        *(("subject.data",) if owned or plain or _located(clues, following) else ()),
        *(("subject.cohort",) if owned else ()),
    )
    beside = owned and following is not None and following.plays(*_NOUNS)
    if beside and (initials := _by_initials(clues, i)):
        return initials
    called = following is not None and following.plays("subject.cohort")
    if called and following is not None and "의" in clues.text[clues.segments[i].end : following.start]:
        return ()  # "X 자료의 코호트": what is in it, and no name of it
    if following is None or not (called or following.plays(*nouns)):
        return ()
    if clues.language == "en" and clues.text[clues.segments[i].end : following.start].strip(" -'’s"):
        return ()  # "patients with X each of the datasets has"
    cohorts = [clues.catalog.cohort_by_id[c] for c in clues.ids(i, "cohort")]
    names = [name for c in cohorts for name in (c.name_en, c.name_ko) if name]
    for text in (clues.segments[i].text, *names):
        found = [s.ids for s in clues.lexicon.parts(text) if s.kind == "dataset"]
        if found and called and not owned:
            # "the AF cohort" is a dataset only where a title calls it a cohort.
            found = [tuple(d for d in found[0] if _is_called(clues, d, following.text))]
        if found and found[0]:
            if _is_hospital(clues.segments[i]):
                # "Hill datasets": all of that hospital's, whatever else has its name in the title.
                return tuple(d for d in found[0] if _is_called(clues, d, following.text))
            # Of two titles with the words, the one that is called a registry is "the X registry".
            if not following.plays("subject.registry", "subject.cohort"):
                return found[0]
            return tuple(d for d in found[0] if _is_called(clues, d, following.text)) or found[0]
    return () if called and not owned else clues.ids(i, "dataset")


def _is_hospital(segment: Segment) -> bool:
    """Whether a single word is a hospital's name and nothing else."""
    return " " not in segment.text and all(s.kind == "hospital" and s.tier < PART for s in segment.senses)


def _located(clues: Clues, noun: Segment | None) -> bool:
    """ "In the X data" in Korean: what something is in is data, whatever else X is."""
    if noun is None or not noun.plays("subject.data"):
        return False
    joined = _AND_OTHERS.match(clues.text, noun.end) and _INSIDE.search(clues.text, noun.end)
    return bool(joined) or bool(_INSIDE.match(clues.text, noun.end))


def _by_initials(clues: Clues, i: int) -> tuple[str, ...]:
    """ "The Hill ED dataset": the one of that hospital's datasets with such words in its title."""
    letters = clues.word(i)
    if not re.fullmatch(r"[A-Z]{2,5}", letters):
        return ()
    own = [d for d in clues.catalog.datasets if d.hospital in clues.ids(i - 1, "hospital")]
    titles = {d.dataset: re.findall(r"[A-Za-z]+", d.title_en or "") for d in own}
    if any(letters in words for words in titles.values()):
        return ()
    initials = {
        id: "".join(w[0] if w[0].isupper() else " " for w in words) for id, words in titles.items()
    }
    found = [id for id, first in initials.items() if letters in first]
    return tuple(found) if len(found) == 1 else ()


def _part_of_titles(clues: Clues, i: int) -> bool:
    """Words that are part of a dataset's title and at best part of another name ("치과 데이터"), or that
    begin a title with the name of its hospital, which has other datasets too."""
    senses = clues.segments[i].senses
    titled = any(s.kind == "dataset" and s.tier == PART for s in senses)
    if titled and all(s.tier == PART and s.kind in {"hospital", "dataset", "table"} for s in senses):
        return True
    if " " not in clues.word(i) or any(s.kind != "hospital" for s in senses):
        return False
    found = {d for s in clues.lexicon.parts(clues.word(i)) if s.kind == "dataset" for d in s.ids}
    owned = {d.dataset for d in clues.catalog.datasets if d.hospital in clues.ids(i, "hospital")}
    return bool(found) and found < owned


def _is_called(clues: Clues, dataset: str, noun: str) -> bool:
    row = clues.catalog.dataset_by_id[dataset]
    return any(noun.lower() in (title or "").lower() for title in (row.title_en, row.title_ko))


def titles_of_the_hospital(clues: Clues, i: int) -> tuple[Sense, ...]:
    """ "Hill CDM의 변수": the title that a word behind its hospital is part of, where it is at best part of
    other names too; () elsewhere."""
    if not clues.owned(i) or any(s.tier < PART for s in clues.segments[i].senses):
        return ()
    owners = {id for s in clues.segments[i - 1].names("hospital") for id in s.ids}
    titled = clues.segments[i].names("dataset")
    ids = tuple(d for s in titled for d in s.ids if clues.catalog.dataset_by_id[d].hospital in owners)
    return (replace(titled[0], ids=ids),) if ids else ()


def untitled(clues: Clues, i: int) -> bool:
    """Whether a name stands between a hospital and "registry", of which a property is asked, and is in no
    title of that hospital's."""
    noun = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    if noun is None or not clues.owned(i) or not noun.plays("subject.registry", "subject.dataset"):
        return False
    between = clues.text[clues.segments[i - 1].end : noun.start].replace(clues.segments[i].text, "")
    several = noun.text.lower().endswith("s") or clues.has("exist", "group.", "how_many")
    if several or between.strip() or not any(s.plays("field.") for s in clues.segments):
        return False
    owners = {id for s in clues.segments[i - 1].names("hospital") for id in s.ids}
    senses = (*clues.segments[i].senses, *clues.lexicon.topics(clues.word(i)))
    named = {id for s in senses if s.kind == "dataset" for id in s.ids} | set(clues.titles(i))
    themes = {id for s in senses if s.field.startswith("dataset.") for id in s.ids}
    return not any(
        d.hospital in owners and (d.dataset in named or d.theme in themes) for d in clues.catalog.datasets
    )
