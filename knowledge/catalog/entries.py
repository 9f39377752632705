"""What search finds of a catalog: a readable text per dataset, table and variable, in each language.

A text says what the thing is called and where it belongs, so that "mMRC in the eye clinic" finds
the variable of that clinic. Names that exist in one language only are used in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from knowledge.catalog.model import Concept, Dataset, Table, Variable
from knowledge.catalog.read import Catalog, load_catalog
from knowledge.text import Language, language_of

EntryKind = Literal["dataset", "table", "variable"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "dataset": "Dataset", "table": "Table", "hospital": "Hospital", "theme": "Theme", "period": "Period",
        "aliases": "Also", "unit": "Unit", "values": "Values", "concept": "Concept", "modifier": "Modifier",
        "granularity": "Granularity", "section": "Section", "data_model": "Data model",
        "keywords": "Keywords", "population": "Population", "datasets": "Number of datasets",
        "ongoing": "ongoing",
    },
    "ko": {
        "dataset": "데이터셋", "table": "테이블", "hospital": "병원", "theme": "주제", "period": "기간",
        "aliases": "다른 이름", "unit": "단위", "values": "값", "concept": "개념", "modifier": "구분",
        "granularity": "단위 구간", "section": "구역", "data_model": "데이터 모델",
        "keywords": "키워드", "population": "대상", "datasets": "데이터셋 수", "ongoing": "현재",
    },
}
_VALUE_LABELS = 40
LARGE = 50_000  # variables
_SAID = (
    "table", "name", "title_en", "title_ko", "label_en", "label_ko", "description_en", "description_ko",
    "aliases", "unit", "values", "granularity", "modifier", "concept", "section",
)
Thing = TypeVar("Thing", Table, Variable)


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable text. ``document`` is "dataset", "dataset/table" or "dataset/table.variable"."""

    document: str
    kind: EntryKind
    title: str
    text: str
    language: Language


def entries(database: Path) -> list[Entry]:
    """The entries of a catalog database; see ``catalog_entries``."""
    return list(catalog_entries(load_catalog(database)))


def catalog_entries(catalog: Catalog) -> Iterator[Entry]:
    """One entry per dataset, table and variable for each language that it has a label in.

    Something without any label has one entry, in the language that its name is in. In a catalog of more
    than LARGE variables, tables that are called and described alike share the entry of the first, and so
    do variables: their thousands of copies would fill every result and take hours to index.
    """
    large = len(catalog.variables) > LARGE
    for dataset in catalog.datasets:
        for language in _languages(dataset.title_ko, dataset.title_en, dataset.dataset):
            yield _dataset(catalog, dataset, language)
    for table, datasets in _alike(catalog.tables, large):
        for language in _languages(table.title_ko, table.title_en, table.table):
            yield _table(catalog, table, language, datasets)
    for variable, datasets in _alike(catalog.variables, large):
        for language in _languages(variable.label_ko, variable.label_en, variable.name):
            yield _variable(catalog, variable, language, datasets)


def _alike(rows: Iterable[Thing], together: bool) -> Iterator[tuple[Thing, int]]:
    """Each row and how many datasets it speaks for: 1, or with ``together`` all that have its like."""
    if not together:
        yield from ((row, 1) for row in rows)
        return
    found: dict[tuple[Any, ...], tuple[Thing, set[str]]] = {}
    for row in rows:
        said = tuple(getattr(row, name) for name in _SAID if hasattr(row, name))
        found.setdefault(said, (row, set()))[1].add(row.dataset)
    yield from ((row, len(datasets)) for row, datasets in found.values())


def _languages(ko: str | None, en: str | None, name: str) -> tuple[Language, ...]:
    given = tuple(language for language, label in (("ko", ko), ("en", en)) if label)
    return given or (language_of(name),)  # type: ignore[return-value]


def _in(language: Language, thing: Any, field: str) -> str | None:
    """A field that exists per language: in ``language``, else in the other one."""
    if thing is None:
        return None
    first, second = ("ko", "en") if language == "ko" else ("en", "ko")
    return getattr(thing, f"{field}_{first}") or getattr(thing, f"{field}_{second}")


def _text(language: Language, head: Iterable[str | None], **said: str | None) -> str:
    """Sentences: the head as it stands, then "Word: what" for everything that is given."""
    words = _WORDS[language]
    parts = [part for part in head if part] + [f"{words[key]}: {what}" for key, what in said.items() if what]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts)


def _named(label: str | None, name: str) -> str:
    return f"{label} ({name})" if label and label != name else name


def _belongs(
    catalog: Catalog, dataset_id: str, language: Language, datasets: int = 1
) -> dict[str, str | None]:
    if datasets > 1:
        return {"datasets": str(datasets)}
    dataset = catalog.dataset_by_id.get(dataset_id)
    hospital = catalog.hospital_by_id.get(dataset.hospital or "") if dataset else None
    return {
        "dataset": _in(language, dataset, "title") or dataset_id,
        "hospital": _in(language, hospital, "name") or (dataset.hospital if dataset else None),
    }


def _dataset(catalog: Catalog, dataset: Dataset, language: Language) -> Entry:
    title = _in(language, dataset, "title") or dataset.dataset
    period = None
    if dataset.period_start or dataset.period_end:
        end = dataset.period_end or _WORDS[language]["ongoing"]
        period = f"{dataset.period_start or ''} – {end}".strip()
    text = _text(
        language, (_named(title, dataset.dataset), _in(language, dataset, "description")),
        theme=dataset.theme, keywords=", ".join(dataset.keywords),
        population=_in(language, dataset, "population"),
        hospital=_belongs(catalog, dataset.dataset, language)["hospital"], period=period,
        data_model=dataset.data_model,
    )
    return Entry(dataset.dataset, "dataset", title, text, language)


def _table(catalog: Catalog, table: Table, language: Language, datasets: int) -> Entry:
    title = _in(language, table, "title") or table.table
    text = _text(
        language, (_named(title, table.table), _in(language, table, "description")),
        granularity=table.granularity, **_belongs(catalog, table.dataset, language, datasets),
    )
    return Entry(f"{table.dataset}/{table.table}", "table", title, text, language)


def _variable(catalog: Catalog, variable: Variable, language: Language, datasets: int) -> Entry:
    title = _in(language, variable, "label") or variable.name
    table = catalog.table_by_id.get((variable.dataset, variable.table))
    concept = catalog.concept_by_id.get(variable.concept or "")
    text = _text(
        language, (_named(title, variable.name), _in(language, variable, "description")),
        aliases=", ".join(variable.aliases), modifier=variable.modifier, unit=variable.unit,
        values=", ".join(label for _, label in variable.values[:_VALUE_LABELS]),
        concept=_concept(concept, language), section=variable.section,
        table=_in(language, table, "title") or variable.table,
        **_belongs(catalog, variable.dataset, language, datasets),
    )
    return Entry(f"{variable.dataset}/{variable.table}.{variable.name}", "variable", title, text, language)


def _concept(concept: Concept | None, language: Language) -> str | None:
    if concept is None:
        return None
    names = dict.fromkeys(name for name in (_in(language, concept, "name"), *concept.synonyms) if name)
    return ", ".join(names) or concept.concept
