"""The tables and variables of a dataset as a CSVW table group, the form that HealthDCAT-AP asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.catalog.model import Concept, Dataset, Table, Variable
from knowledge.catalog.portal.vocabulary import (
    LANGUAGES,
    Node,
    both,
    given,
    link,
    term_of,
    texts,
    vocabulary,
    words,
)
from knowledge.text import Language

MOST_VALUES = 50  # of a variable that are listed in its description


def table_group(
    dataset: Dataset,
    tables: Iterable[Table],
    variables: Mapping[tuple[str, str], tuple[Variable, ...]],
    concepts: Mapping[str, Concept],
) -> Node | None:
    """The group; None where no table has a variable. ``variables`` are by (dataset, table)."""
    described = []
    for table in tables:
        columns = [
            _column(variable, concepts.get(variable.concept or ""))
            for variable in variables.get((table.dataset, table.table), ())
        ]
        if columns:
            described.append(_table(table, columns))
    if not described:
        return None
    title = {
        language: f"{_own(dataset, 'title', language) or dataset.dataset}: {words(language)['variables']}"
        for language in LANGUAGES
    }
    return {"@type": "csvw:TableGroup", "dct:title": both(title), "csvw:table": described}


def _table(table: Table, columns: list[Node]) -> Node:
    return given(
        {
            "@type": "csvw:Table",
            "dct:identifier": table.table,
            "dct:title": texts(en=table.title_en, ko=table.title_ko) or table.table,
            "dct:description": texts(en=table.description_en, ko=table.description_ko),
            "csvw:column": columns,
        }
    )


def _column(variable: Variable, concept: Concept | None) -> Node:
    description = both({language: _described(variable, language) for language in LANGUAGES})
    return given(
        {
            "@type": "csvw:Column",
            "csvw:name": variable.name,
            "csvw:title": texts(en=variable.label_en, ko=variable.label_ko) or variable.name,
            "csvw:datatype": term_of("datatype", variable.type) or "string",
            "dct:description": description,
            "csvw:null": [code for code, _ in variable.missing_codes],
            "csvw:propertyUrl": _property(concept),
        }
    )


def _described(variable: Variable, language: Language) -> str:
    """Description, unit, values, missing rate, granularity, modifier: what CSVW has no members for."""
    said = words(language)
    own = _own(variable, "description", language) or _own(variable, "label", language) or variable.name
    parts = [own if own.endswith(".") else f"{own}."]
    if variable.unit:
        parts.append(said["unit"].format(unit=variable.unit))
    if variable.values:
        listed = "; ".join(f"{code} = {label}" for code, label in variable.values[:MOST_VALUES])
        more = "; ..." if len(variable.values) > MOST_VALUES else ""
        parts.append(said["values"].format(values=listed + more))
    if variable.missing_text:
        parts.append(said["missing"].format(rate=variable.missing_text.rstrip("% ")))
    if variable.granularity:
        parts.append(said["granularity"].format(granularity=variable.granularity))
    if variable.modifier:
        parts.append(said["modifier"].format(modifier=variable.modifier))
    if variable.sensitive:
        parts.append(said["sensitive"])
    return " ".join(parts)


def _own(thing: object, field: str, language: Language) -> str | None:
    """A field that exists per language: in this one, else in the other."""
    other = "en" if language == "ko" else "ko"
    found: str | None = getattr(thing, f"{field}_{language}") or getattr(thing, f"{field}_{other}")
    return found


def _property(concept: Concept | None) -> Node | None:
    """The address of the concept's code, where the owner of its code system defines one."""
    if concept is None or not concept.code:
        return None
    form = vocabulary()["code_address"].get(term_of("coding_system", concept.code_system) or "")
    return link(form.format(code=concept.code)) if form else None
