"""Every name in a catalog: in full, in short, by code and by value, and the first letters of cohorts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.catalog.read import Catalog
from tools.query.understand.rhythms import rhythm
from tools.query.understand.senses import ALIAS, FULL, SHORT, Kind
from tools.query.understand.words import key

MAX_INITIALS = 5
PARENTHESIS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_SPELT = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "8": "eight", "10": "ten"}
_SMALL_NUMBER = re.compile(rf"(?<![\w.])(?:{'|'.join(_SPELT)})(?= [a-z])")
_TIMES = {"d": "days", "wk": "weeks", "mo": "months", "h": "hours", "min": "minutes", "s": "seconds"}
_HOW_OFTEN = frozenset(("update_frequency", "granularity"))
_VALUES = {
    "hospital": ("type", "region_en", "region_ko"),
    "dataset": ("theme", "update_frequency", "data_model", "access_level"),
    "variable": ("modifier", "type", "unit", "granularity"),
    "concept": ("code_system",),
}


def names_in(
    catalog: Catalog, generic: Sequence[str]
) -> Iterable[tuple[Kind, str, str | None, int] | tuple[Kind, str, str | None, int, str]]:
    """(kind, id, name, tier[, field]) for every name in the catalog."""
    for hospital in catalog.hospitals:
        for text in (hospital.name_en, hospital.name_ko, hospital.hospital):
            yield "hospital", hospital.hospital, text, FULL
        own = [d for d in catalog.datasets if d.hospital == hospital.hospital]
        titles = [title for d in own for title in (d.title_en, d.title_ko) if title]
        for text in (hospital.name_en, hospital.name_ko):
            for short in (*_short_names(text, generic), *_first_words(text, titles, generic)):
                yield "hospital", hospital.hospital, short, SHORT
    for dataset in catalog.datasets:
        for text in (dataset.title_en, dataset.title_ko, dataset.dataset):
            yield "dataset", dataset.dataset, text, FULL
    # What is called alike in thousands of datasets is a name once.
    for name, en, ko in dict.fromkeys((t.table, t.title_en, t.title_ko) for t in catalog.tables):
        for text in (en, ko, name):
            yield "table", name, text, FULL
    variables = dict.fromkeys((v.name, v.label_en, v.label_ko, v.aliases) for v in catalog.variables)
    for name, label_en, label_ko, aliases in variables:
        for text in (name, label_en, label_ko):
            yield "variable", name, text, FULL
        for text in aliases:
            yield "variable", name, text, ALIAS
    for concept in catalog.concepts:
        carried = dict.fromkeys(v.name for v in catalog.variables_by_concept.get(concept.concept, ()))
        for tier, text in (
            (FULL, concept.name_en),
            (FULL, concept.name_ko),
            (FULL, concept.code),
            (FULL, concept.concept),
            *((ALIAS, synonym) for synonym in concept.synonyms),
        ):
            yield "concept", concept.concept, text, tier
            for name in carried:
                yield "variable", name, text, ALIAS
    for cohort in catalog.cohorts:
        for text in (cohort.name_en, cohort.name_ko, cohort.cohort):
            yield "cohort", cohort.cohort, text, FULL
        for code in cohort.codes:
            yield "cohort", cohort.cohort, code.rpartition(":")[2], SHORT
            yield "cohort", cohort.cohort, code, SHORT
    for team in catalog.teams:
        for text in (team.name_en, team.name_ko, team.team):
            yield "team", team.team, text, FULL
        for text in (*team.interests_en, *team.interests_ko, team.lead_role):
            yield "team", team.team, text, ALIAS
    yield from _values(catalog)
    yield from _times(catalog)


def _times(catalog: Catalog) -> Iterable[tuple[Kind, str, str | None, int, str]]:
    """Units of time as they are spoken of: "in days"."""
    for unit in dict.fromkeys(v.unit for v in catalog.variables if v.unit in _TIMES):
        yield "value", str(unit), f"in {_TIMES[str(unit)]}", FULL, "variable.unit"


def _values(catalog: Catalog) -> Iterable[tuple[Kind, str, str | None, int, str]]:
    rows = {
        "hospital": catalog.hospitals,
        "dataset": catalog.datasets,
        "variable": catalog.variables,
        "concept": catalog.concepts,
    }
    for owner, columns in _VALUES.items():
        for column in columns:
            found = dict.fromkeys(getattr(row, column) for row in rows[owner])
            if column in _HOW_OFTEN:
                yield from _in_rhythm(f"{owner}.{column}", [value for value in found if value])
            for value in found:
                if value is not None and len(key(value)) > 1 and not value.startswith("{"):
                    yield "value", value, value, FULL, f"{owner}.{column}"
                    if (spelt := _SMALL_NUMBER.sub(lambda m: _SPELT[m[0]], value)) != value:
                        yield "value", value, spelt, FULL, f"{owner}.{column}"  # "every two weeks"


def _in_rhythm(field: str, values: Sequence[str]) -> Iterable[tuple[Kind, str, str | None, int, str]]:
    """Values that say the same under each other's names ("monthly", "per month")."""
    told = {value: rhythm(value) for value in values}
    for value, one in told.items():
        yield from (("value", value, other, FULL, field) for other in values if one and told[other] == one)


def _first_words(text: str | None, titles: Sequence[str], generic: Sequence[str]) -> Iterable[str]:
    """What a hospital's name and the title of one of its datasets both begin with ("Riverside", "강변")."""
    for title in titles:
        first = title.split()[0]
        if text and len(first) > 1 and text.lower().startswith(first.lower()):
            yield first
            yield from (f"{first} {word}" for word in generic)


def _short_names(text: str | None, generic: Sequence[str]) -> Iterable[str]:
    """A hospital's name without the generic words that end it, and its initials."""
    if not text:
        return
    for word in generic:
        if text.lower().endswith(word) and len(text) > len(word) + 1:
            short = text[: -len(word)].strip()
            yield short
            yield from (f"{short} {other}" for other in generic)
            break
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", text))
    if len(initials) > 2:
        yield initials


def initials_in(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(key, cohort) of first letters of cohorts' names ("EV" of "Esophageal varices"), those of one only."""
    found: dict[str, set[str]] = {}
    for cohort in catalog.cohorts:
        words = re.findall(r"[A-Za-z]+", PARENTHESIS.sub(" ", cohort.name_en or ""))
        if 2 <= len(words) <= MAX_INITIALS:
            for spelt in (words, [key(word) for word in words]):  # "oesophageal", and "esophageal"
                found.setdefault("".join(word[0] for word in spelt).lower(), set()).add(cohort.cohort)
    yield from ((key(letters), min(ids)) for letters, ids in found.items() if len(ids) == 1)
