"""Properties of datasets and hospitals told by their values: "remote access", "갱신 주기가 분기인 데이터셋".

A value that the catalog holds becomes a condition; one that it does not hold is said to be absent, beside
those that are there, and is never left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from tools.query.plan import Condition
from tools.query.readback import column_name
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Absent, Note
from tools.query.understand.segment import FILLER
from tools.query.understand.words import key

# What asks for a property, and the columns that its values stand in.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "field.access_level": ("dataset.access_level",),
    "field.update_frequency": ("dataset.update_frequency",),
    "field.last_updated": ("dataset.update_frequency",),
    "field.data_model": ("dataset.data_model",),
    "field.type": ("dataset.data_model",),  # "OMOP CDM 형식의 데이터셋"
    "field.theme": ("dataset.theme",),
    "field.region": ("hospital.region_en", "hospital.region_ko"),
    "field.hospital_type": ("hospital.type",),
}
ACCESS, TOLD, ON_SITE = "dataset.access_level", "told.access_level", "access.on_site"
_UPDATES = ("field.update_frequency", "field.last_updated")
_FREQUENCIES = frozenset(
    f"v_{idea}" for idea in (
        "daily", "weekly", "biweekly", "monthly", "quarterly", "half_year", "yearly", "once", "irregular",
        "realtime", "per_second", "per_minute", "per_hour", "per_day",
    )
)  # fmt: skip
_NEAR = 2  # segments, fillers aside
_SHOWN = 8
_SAYS_SO = re.compile(r"(?i)\s*(?:(?:is|are|=|:|as)\s*(?:an?\s+|the\s+)?)?")
_SO = re.compile(r"[이가은는]?\s*")
_COPULA = re.compile(r"\s?(?:인|으로|로|이며|이고|이면서|인데)(?![가-힣]{2})")


def asked_properties(clues: Clues) -> tuple[str, ...]:
    """Roles of the properties that a question asks of a dataset it names: "is the X registry on-site only",
    which asks how X is accessed and leaves nothing out."""
    found: dict[str, None] = {}
    values = 0
    for i, column, _ in told(clues):
        if _names_a_dataset(clues, i):
            clues.used.add(i)
            values += 1
            found[next(role for role, columns in COLUMNS.items() if column in columns)] = None
    for i, segment in enumerate(clues.segments):
        if segment.plays(TOLD, ON_SITE) and i not in clues.used and _names_a_dataset(clues, i):
            clues.used.add(i)
            values += 1
            found["field.access_level"] = None
    if values > 1:
        clues.take("or")  # "on site or remotely"
    return tuple(found)


def take_properties(clues: Clues) -> list[Condition]:
    """Conditions for the values told, which count as used from here on."""
    conditions: dict[tuple[str, Literal["eq", "ne"]], tuple[str, ...]] = {}
    for i, column, ids in told(clues):
        which: tuple[str, Literal["eq", "ne"]] = (column, "ne" if clues.negated(i) else "eq")
        conditions[which] = tuple(dict.fromkeys((*conditions.get(which, ()), *ids)))
        clues.used.add(i)
        if column == "dataset.data_model":
            clues.take("field.type")
        elif column == "dataset.update_frequency":
            clues.take("field.update_frequency")
    if len(conditions) and any(len(ids) > 1 for ids in conditions.values()):
        clues.take("or")
    return [Condition(column, op, ids) for (column, op), ids in conditions.items()]


def not_held(clues: Clues) -> Absent | None:
    """The value that a property is said to have, where no dataset or hospital has it."""
    for j, segment in enumerate(clues.segments):
        if segment.plays(TOLD) and not _held(clues, j, ACCESS) and not _names_a_dataset(clues, j):
            return _missing(clues, j, ACCESS)
        for role in (r for r in segment.roles if r in COLUMNS and r != "field.type"):
            for i in _bound(clues, j, updates=role in _UPDATES):
                if any(_held(clues, i, column) for column in COLUMNS[role]):
                    continue
                return _missing(clues, i, COLUMNS[role][-1 if clues.language == "ko" else 0])
    return None


def _missing(clues: Clues, i: int, column: str) -> Absent:
    name = column_name(column.partition(".")[2], clues.language)
    note = Note("no_such_value", {"field": name, "words": clues.word(i)})
    return Absent(note, _values(clues, column))


def told(clues: Clues) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """(segment, column, values) of each unused value that is told as one, rather than part of a name."""
    for i in range(len(clues.segments)):
        if i in clues.used or i in clues.counted:
            continue
        for column in dict.fromkeys(c for columns in COLUMNS.values() for c in columns):
            ids = _held(clues, i, column)
            if column.startswith("dataset.") and ids and _tells(clues, i, column):
                yield i, column, ids
                break


def _tells(clues: Clues, i: int, column: str) -> bool:
    """How data are accessed is always told; other values where their property is named beside them, or where
    they are denied."""
    sure = min((s.tier for s in clues.segments[i].senses), default=PART) < PART
    if column == ACCESS and (sure or clues.segments[i].plays(TOLD)):
        return True
    if clues.called_a_cohort(i):
        return False
    if _denied(clues, i):
        return True
    roles = [role for role, columns in COLUMNS.items() if column in columns]
    return any(clues.segments[j].plays(*roles) for j in _beside(clues, i, column))


def _denied(clues: Clues, i: int) -> bool:
    kept = set(clues.used)
    denied = clues.negated(i)
    clues.used = kept
    return denied


def _held(clues: Clues, i: int, column: str) -> tuple[str, ...]:
    """Values of a column that a segment names, itself or by the glossary, whatever else its words do."""
    segment = clues.segments[i]
    senses = (*segment.senses, *(clues.lexicon.senses(key(segment.text)) if segment.roles else ()))
    return tuple(dict.fromkeys(id for s in senses if s.field == column for id in s.ids))


def _bound(clues: Clues, j: int, *, updates: bool) -> Iterator[int]:
    """Segments that are said to be the value of the property at ``j`` and name nothing else."""
    if updates:
        yield from (i for i in _beside(clues, j) if _how_often(clues, i))
        return
    at = clues.segments[j]
    for i in (j - 1, *range(j + 1, min(j + 3, len(clues.segments)))):
        if i < 0 or i in clues.counted or not _says_nothing_else(clues, i):
            continue
        other = clues.segments[i]
        if clues.language == "ko":
            after = clues.text[other.end :]
            if i > j and _SO.fullmatch(clues.text[at.end : other.start]) and _COPULA.match(after):
                yield i
        elif (clues.text[other.end : at.start] == " ") if i < j else (
            _SAYS_SO.fullmatch(clues.text[at.end : other.start])
        ):
            yield i


def _how_often(clues: Clues, i: int) -> bool:
    """Whether a segment says how often by the glossary: "daily", which may be no update's here."""
    if any(s.tier < PART for s in clues.segments[i].names("dataset", "hospital")):
        return False
    return any(term.id in _FREQUENCIES for term in clues.lexicon.ideas.named(key(clues.word(i))))


def _says_nothing_else(clues: Clues, i: int) -> bool:
    segment = clues.segments[i]
    return segment.strong and not segment.roles and all(s.kind == "value" for s in segment.senses)


def _beside(clues: Clues, i: int, column: str = "") -> Iterator[int]:
    """Up to two segments on each side, fillers not counted, nor other values of a column in its list."""
    for step in (-1, 1):
        j, left = i + step, _NEAR
        while 0 <= j < len(clues.segments) and left:
            if clues.segments[j].roles != (FILLER,):
                yield j
                listed = column and (clues.segments[j].plays("or", "and") or _held(clues, j, column))
                left -= 0 if listed else 1
            j += step


def _names_a_dataset(clues: Clues, but: int) -> bool:
    """Whether the question names a dataset by its title, apart from the words of the property."""
    for i in clues.mentions():
        segment = clues.segments[i]
        best = min((s.tier for s in segment.senses), default=PART)
        titled = any(s.tier == best for s in segment.names("dataset"))
        if i != but and (titled or clues.titles(i)):
            return True
    return False


def _values(clues: Clues, column: str) -> tuple[str, ...]:
    """The values that the catalog holds in a column, in order."""
    owner, name = column.split(".")
    rows = clues.catalog.datasets if owner == "dataset" else clues.catalog.hospitals
    return tuple(sorted({str(v) for row in rows if (v := getattr(row, name)) is not None}))[:_SHOWN]
