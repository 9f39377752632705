"""Counts of records, and tables whose rows are records of a kind."""

from __future__ import annotations

import re
from typing import Literal

from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import GLOSSARY, PART
from tools.query.understand.outcome import Note
from tools.query.understand.scope import Scope
from tools.query.understand.segment import FILLER

_NOT_PEOPLE = re.compile(
    r"(?i)(?:not|never|rather than) (?:as |of |in |by |counting |the )?"
    r"(?:patients?|people|persons?|individuals|heads|subjects)\b"
)


def not_of_people(clues: Clues) -> int | None:
    """The word that leaves people out in "사람 수 말고 기록 건수", "records, not patients"."""
    people = ("measure.patients", "people")
    for i, segment in enumerate(clues.segments):
        if not segment.plays("not"):
            continue
        if clues.language == "en" and _NOT_PEOPLE.match(clues.text, segment.start):
            return i
        if not clues.has("measure.records", "records"):
            continue
        near = i - 1 if clues.language == "ko" else i + 1
        if 0 <= near < len(clues.segments) and clues.segments[near].plays(*people):
            return i
    return None


def is_of_records(clues: Clues) -> bool:
    """Records are counted, not people: "몇 건", "how many lab records"."""
    if (denied := not_of_people(clues)) is not None:
        clues.used.add(denied)
        return clues.has("measure.records", "records") or clues.language == "en"
    if clues.has("measure.patients"):
        return False
    if counted_table(clues) is not None:
        return True
    return clues.has("measure.records") or (clues.has("records") and not clues.has("people", "sex."))


def records_beside(clues: Clues) -> Literal["records"] | None:
    """ "Patients and number of records", "환자 수와 기록 건수": both are asked for."""
    if not_of_people(clues) is not None:
        return None
    patients = any(s.plays("measure.patients") and not s.plays("measure.records") for s in clues.segments)
    if patients and clues.has("measure.records"):
        return "records"
    for i in (i for i, s in enumerate(clues.segments) if s.plays("measure.records", "records")):
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(clues.segments) and clues.segments[j].plays("and", FILLER, "records"):
                j += step
            joined = any(s.plays("and") for s in clues.segments[min(i, j) + 1 : max(i, j)])
            other = clues.segments[j] if 0 <= j < len(clues.segments) else None
            if joined and other is not None and other.plays("people", "measure.patients"):
                return "records"
    return None


def counted_table(clues: Clues) -> int | None:
    """ "How many embryos": the table whose rows are counted."""
    at = clues.find("how_many")
    if at is None or clues.language != "en" or at + 1 >= len(clues.segments):
        return None
    named = [s for s in clues.segments[at + 1].names("table") if s.tier < PART]
    counted = clues.segments[at + 1]
    else_named = counted.names("cohort", "variable") or counted.plays("people")
    return at + 1 if named and not else_named else None


def records_of_a_kind(clues: Clues) -> tuple[Note, ...]:
    """ "Image records", "영상 건수": the table right before says what a record is called there."""
    counted, denied = counted_table(clues), not_of_people(clues)
    for i in clues.mentions("table"):
        after = clues.segments[i + 1 : i + 3]
        if clues.titles(i) or _part_of_a_title(clues, i):
            continue
        told = denied is not None and clues.language == "en"  # "fall reports of X, not patients"
        placed = told and any(clues.ids(j, "dataset") for j in clues.mentions() if j != i)
        if i == counted or placed or any(s.plays("measure.records", "records") for s in after):
            clues.used.add(i)
            return (Note("kind_of_record", {"words": clues.word(i)}),)
    return ()


def with_counted_table(clues: Clues) -> tuple[str, ...]:
    """The datasets that have the table of which the rows are counted ("how many asthma attacks")."""
    named = {id for i in clues.mentions_used for id in clues.ids(i, "table")}
    return tuple(dict.fromkeys(t.dataset for t in clues.catalog.tables if t.table in named))


def counted_by_title(clues: Clues, cohorts: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
    """The hospital's one dataset whose title has a word that only stands for a cohort: "골절은 몇 건" of a
    hospital with a "골절 신고 자료" asks for its records."""
    said = [i for i in clues.mentions_used if clues.segments[i].names("cohort")]
    if len(cohorts) != 1 or len(said) != 1 or len(scope.hospitals) != 1 or scope.datasets:
        return ()
    if any(s.tier < GLOSSARY for s in clues.segments[said[0]].senses):
        return ()
    own = {d.dataset for d in scope.within(clues.catalog)}
    parts = clues.lexicon.parts(clues.word(said[0]))
    found = [id for s in parts if s.kind == "dataset" for id in s.ids if id in own]
    return tuple(found) if len(found) == 1 else ()


def _part_of_a_title(clues: Clues, i: int) -> bool:
    """ "The session data's records": a table's name with the noun for data behind it is a dataset's."""
    after = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    titled = any(s.kind == "dataset" for s in clues.lexicon.parts(clues.word(i)))
    return titled and after is not None and after.plays("subject.data", "subject.dataset", "subject.registry")
