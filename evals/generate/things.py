"""What a catalog can be asked about: ids for the SQL, names for the question, in each language.

A name is asked by only where it means one thing of its kind, so that there is one right answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalog.read import Catalog
from knowledge.data_file import read_shipped
from knowledge.text import Language

NUMBERS = ("30412", "88127", "4471902", "120035")


@dataclass(frozen=True, slots=True)
class Thing:
    """``ids`` fill the SQL, ``names`` the question."""

    ids: Mapping[str, str]
    names: Mapping[str, str]


def things(catalog: Catalog, about: str, language: Language) -> list[Thing]:
    """Everything of one sort that can be asked about in this language, in the catalog's order."""
    return list(SORTS[about](catalog, language))


def _named(catalog: Catalog, kind: str, language: Language) -> dict[str, str]:
    """Names that mean one thing of a kind, by id. A name that stands within another one is left out."""
    rows = {
        "dataset": lambda: {d.dataset: (d.title_ko, d.title_en) for d in catalog.datasets},
        "hospital": lambda: {h.hospital: (h.name_ko, h.name_en) for h in catalog.hospitals},
        "cohort": lambda: {c.cohort: (c.name_ko, c.name_en) for c in catalog.cohorts},
    }[kind]()
    wanted = 0 if language == "ko" else 1
    given = {id: both[wanted] or both[1 - wanted] or id for id, both in rows.items()}
    times = Counter(name.casefold() for name in given.values())
    return {
        id: name
        for id, name in given.items()
        if times[name.casefold()] == 1
        and not any(name.casefold() in other.casefold() for other in given.values() if other != name)
    }


def _datasets(catalog: Catalog, language: Language) -> dict[str, str]:
    return _named(catalog, "dataset", language)


def _dataset_total(catalog: Catalog, language: Language) -> Iterator[Thing]:
    for id, name in _datasets(catalog, language).items():
        if (id, None) in catalog.counts.cohorts:
            yield Thing({"dataset": id}, {"dataset": name})


def _dataset_cohort(catalog: Catalog, language: Language) -> Iterator[Thing]:
    datasets, cohorts = _datasets(catalog, language), _named(catalog, "cohort", language)
    for dataset, cohort in sorted((d, c) for d, c in catalog.counts.cohorts if c is not None):
        if dataset in datasets and cohort in cohorts:
            yield Thing(
                {"dataset": dataset, "cohort": cohort},
                {"dataset": datasets[dataset], "cohort": cohorts[cohort]},
            )


def _dataset_year(catalog: Catalog, language: Language) -> Iterator[Thing]:
    for id, name in _datasets(catalog, language).items():
        for year in catalog.counts.years.get(id, ()):
            yield Thing({"dataset": id, "year": str(year)}, {"dataset": name, "year": str(year)})


def _cohort(catalog: Catalog, language: Language) -> Iterator[Thing]:
    counted = {cohort for _, cohort in catalog.counts.cohorts}
    for id, name in _named(catalog, "cohort", language).items():
        if id in counted:
            yield Thing({"cohort": id}, {"cohort": name})


def _hospital(catalog: Catalog, language: Language) -> Iterator[Thing]:
    holding = {dataset.hospital for dataset in catalog.datasets}
    for id, name in _named(catalog, "hospital", language).items():
        if id in holding:
            yield Thing({"hospital": id}, {"hospital": name})


def _dataset_tables(catalog: Catalog, language: Language) -> Iterator[Thing]:
    holding = {table.dataset for table in catalog.tables}
    for id, name in _datasets(catalog, language).items():
        if id in holding:
            yield Thing({"dataset": id}, {"dataset": name})


def _variable(catalog: Catalog, language: Language) -> Iterator[Thing]:
    """Variables by the name of their column, which needs no language."""
    labels = Counter(
        text.casefold()
        for variable in catalog.variables
        for text in {variable.label_en, variable.label_ko, *variable.aliases}
        if text
    )
    for name in dict.fromkeys(variable.name for variable in catalog.variables):
        if labels[name.casefold()] == 0 or {v.label_en for v in catalog.variables_by_name[name]} == {name}:
            yield Thing({"variable": name}, {"variable": name})


def _unit(catalog: Catalog, language: Language) -> Iterator[Thing]:
    for thing in _variable(catalog, language):
        if all(variable.unit for variable in catalog.variables_by_name[thing.ids["variable"]]):
            yield thing


def _absent(catalog: Catalog, language: Language) -> Iterator[Thing]:
    """Conditions of the list that stand nowhere in the catalog's ids and names."""
    called: list[tuple[str | None, ...]] = [(c.cohort, c.name_ko, c.name_en) for c in catalog.cohorts]
    called += [(c.concept, c.name_ko, c.name_en) for c in catalog.concepts]
    called += [(v.name, v.label_ko, v.label_en) for v in catalog.variables]
    known = " ".join(text for names in called for text in names if text).casefold()
    for korean, english in read_shipped(Path(__file__).with_name("absent.yaml")):
        if korean not in known and english.casefold() not in known:
            yield Thing({}, {"absent": korean if language == "ko" else english})


def _number(catalog: Catalog, language: Language) -> Iterator[Thing]:
    for number in NUMBERS:
        yield Thing({}, {"number": number})


SORTS: dict[str, Callable[[Catalog, Language], Iterator[Thing]]] = {
    "dataset_total": _dataset_total,
    "dataset_cohort": _dataset_cohort,
    "dataset_year": _dataset_year,
    "cohort": _cohort,
    "hospital": _hospital,
    "dataset_tables": _dataset_tables,
    "variable": _variable,
    "unit": _unit,
    "absent": _absent,
    "number": _number,
}
