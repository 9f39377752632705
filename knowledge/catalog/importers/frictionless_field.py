"""One field of a Frictionless Table Schema as the cells of a variable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge.catalog.importers.cell_words import boolean_word, missing_rate
from knowledge.catalog.importers.codes import Code, codes_in
from knowledge.catalog.importers.descriptor_words import in_languages, one_label, text_of, texts_of
from knowledge.catalog.importers.draft import Draft, join_list, join_values
from knowledge.catalog.importers.json_document import JsonObject
from knowledge.catalog.importers.units import declared_unit, unit_in_label
from knowledge.catalog.importers.wording import described, label_told, plain

Cells = dict[str, str | None]

# Types of Table Schema, as types of the catalog; "any" and "default" say nothing.
_TYPES: dict[str, str | None] = {
    "string": "text",
    "number": "decimal",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "year": "integer",
    "yearmonth": "date",
    "duration": "duration",
    "object": "object",
    "array": "list",
    "list": "list",
    "geopoint": "location",
    "geojson": "location",
    "any": None,
    "default": None,
}
_UNITS = (
    "unit",
    "units",
    "unitText",
    "unitCode",
    "ucum",
    "ucumUnit",
    "unit_of_measure",
    "uom",
    "qudt:unit",
    "qudt:hasUnit",
)
_UNIT_PARTS = ("ucum", "code", "symbol", "value", "name", "title", "@id")
_CODED = (
    "rdfType",
    "concept",
    "conceptCode",
    "code",
    "codes",
    "exactMatch",
    "skos:exactMatch",
    "sameAs",
    "owl:sameAs",
    "@type",
    "ontology",
    "propertyUrl",
)
_SENSITIVE = ("sensitive", "isSensitive", "pii", "personal", "identifiable")
_MISSING = ("missing_pct", "missingPct", "missingPercentage", "missingRate")


def field_cells(draft: Draft, file: str, field: JsonObject, schema: JsonObject) -> Cells:
    """The cells but dataset and table; what cannot be read goes to the problems of ``draft``."""
    name, constraints = text_of(field["name"]), field.get("constraints")
    constraints = constraints if isinstance(constraints, JsonObject) else JsonObject(field.line)
    values = _values(draft, file, field, constraints)
    kind = _type(draft, file, field)
    labels = in_languages("label", field, "title", "label")
    described_as = [text for text in in_languages("description", field, "description").values() if text]
    for text in described_as if not labels else ():
        labels.update(label_told(text)[0])
    unit = _unit(field)
    if unit is None and kind in {"decimal", "integer"}:
        told = [*labels.values(), *described_as]
        unit = next((it for text in told if text and (it := unit_in_label(text))), None)
    coded = bool(values) and kind != "boolean"
    return {
        "name": name,
        **labels,
        "aliases": join_list(texts_of(field.get("aliases", field.get("alternateNames")))),
        **_descriptions(field, _facts(name, field, constraints, schema), korean="label_ko" in labels),
        "section": text_of(field.get("section") or field.get("group") or field.get("category")),
        "type": "code" if coded else kind,
        "unit": declared_unit(unit) if unit else None,
        "values": join_values(values),
        "missing_codes": join_values(_missing(field, schema)),
        "concept": _concept(draft, file, field),
        "missing_pct": _tried(draft, file, field, _MISSING, missing_rate),
        "sensitive": _tried(draft, file, field, _SENSITIVE, boolean_word),
        "granularity": text_of(field.get("granularity")),
        "modifier": text_of(field.get("modifier")),
    }


def _type(draft: Draft, file: str, field: JsonObject) -> str | None:
    said = field.get("type")
    told = text_of(said).lower()
    if said is None or not told:
        return None
    if told not in _TYPES:
        draft.problems.add(
            file,
            field.lines.get("type", field.line),
            f"field {text_of(field['name'])!r} has the type"
            f" {told!r}, which Table Schema does not have; it was kept as it stands, correct it",
        )
        return told
    return _TYPES[told]


def _values(draft: Draft, file: str, field: JsonObject, constraints: JsonObject) -> list[tuple[str, str]]:
    """The categories, or the allowed values with their labels, or what stands for true and false."""
    found, key = field.get("categories"), "categories"
    if not isinstance(found, list):
        found, key = constraints.get("enum", field.get("enum")), "enum"
    labels = field.get("enumLabels")
    labels = labels if isinstance(labels, JsonObject) else JsonObject(field.line)
    pairs: dict[str, str] = {}
    for item in found if isinstance(found, list) else ():
        said = item if isinstance(item, JsonObject) else JsonObject(field.line)
        code = text_of(said.get("value", said.get("code", said.get("name"))) if said else item)
        label = one_label(said.get("label", said.get("title"))) or one_label(labels.get(code))
        if not code:
            draft.problems.add(
                file,
                field.lines.get(key, field.line),
                f"field {text_of(field['name'])!r} has a value without a code; give it one",
            )
        elif code in pairs:
            draft.problems.add(
                file,
                field.lines.get(key, field.line),
                f"field {text_of(field['name'])!r} has the value"
                f" {code!r} twice; the first one was kept, remove the other",
            )
        else:
            pairs[code] = label or code
    if not pairs:
        for name, label in (("trueValues", "true"), ("falseValues", "false")):
            pairs.update(dict.fromkeys(texts_of(field.get(name)), label))
    return list(pairs.items())


def _missing(field: JsonObject, schema: JsonObject) -> Iterable[tuple[str, str]]:
    """The codes for a missing value; the empty cell, which is always one, is none."""
    found = field.get("missingValues", schema.get("missingValues"))
    for item in found if isinstance(found, list) else ():
        said = isinstance(item, JsonObject)
        code = text_of(item.get("value")) if said else text_of(item)
        if code:
            yield code, one_label(item.get("label")) if said else ""


def _unit(field: JsonObject) -> str | None:
    for name in _UNITS:
        said = field.get(name)
        if isinstance(said, JsonObject):
            said = next((said[part] for part in _UNIT_PARTS if text_of(said.get(part))), None)
        if text := text_of(said):
            return text.rpartition("/")[2] if "://" in text else text.removeprefix("unit:")
    return None


def _facts(
    name: str, field: JsonObject, constraints: JsonObject, schema: JsonObject
) -> list[tuple[str, str]]:
    """What the descriptor says beyond type, unit and values, in English and Korean."""
    facts: list[tuple[str, str]] = []
    if text_of(constraints.get("required")) == "true":
        facts.append(("Required.", "필수 항목이다."))
    keys = texts_of(schema.get("primaryKey"))
    if name in keys:
        facts.append(
            ("Primary key.", "기본 키이다.")
            if len(keys) == 1
            else ("Part of the primary key.", "기본 키의 일부이다.")
        )
    elif text_of(constraints.get("unique")) == "true":
        facts.append(("Unique.", "값이 중복되지 않는다."))
    low, high = (
        text_of(constraints.get(end, constraints.get(f"exclusive{end.title()}")))
        for end in ("minimum", "maximum")
    )
    if low and high:
        facts.append((f"Values from {low} to {high}.", f"값의 범위: {low}~{high}."))
    elif low or high:
        facts.append(
            (f"Values from {low}.", f"값: {low} 이상.")
            if low
            else (f"Values up to {high}.", f"값: {high} 이하.")
        )
    if place := _foreign(name, schema.get("foreignKeys")):
        facts.append((f"Foreign key to {place}.", f"{place}을(를) 가리키는 외래 키이다."))
    return facts


def _foreign(name: str, keys: Any) -> str:
    """The table and field that a field refers to."""
    for key in keys if isinstance(keys, list) else [keys]:
        reference = key.get("reference") if isinstance(key, JsonObject) else None
        own = texts_of(key.get("fields")) if isinstance(key, JsonObject) else []
        if name in own and isinstance(reference, JsonObject):
            fields = texts_of(reference.get("fields"))
            field = fields[own.index(name)] if own.index(name) < len(fields) else ""
            return ".".join(filter(None, (text_of(reference.get("resource")), field)))
    return ""


def _descriptions(field: JsonObject, facts: list[tuple[str, str]], *, korean: bool) -> Cells:
    texts = in_languages("description", field, "description")
    if not texts:
        return dict(described("", facts, korean=korean))
    cells: Cells = {}
    for column, text in texts.items():
        cells.update(described(plain(text or ""), facts, korean=column.endswith("ko")))
    return cells


def _concept(draft: Draft, file: str, field: JsonObject) -> str | None:
    """The concept of the first standard code that the field names."""
    texts = [
        text for name in _CODED for text in [text_of(field.get(name)), *texts_of(field.get(name))] if text
    ]
    for code in dict.fromkeys(code for text in texts for code in _codes(text)):
        if not code.fault:
            return draft.concept(file, field.line, code)
        draft.problems.add(
            file,
            field.line,
            f"field {text_of(field['name'])!r} was kept without its concept: {code.fault}; correct it",
        )
    return None


def _codes(text: str) -> list[Code]:
    return codes_in(text.replace("loinc.org/rdf/", "loinc.org/").replace("loinc.org/rdf#", "loinc.org/"))


def _tried(draft: Draft, file: str, field: JsonObject, names: Iterable[str], parse: Any) -> str | None:
    name = next((it for it in names if text_of(field.get(it))), None)
    if name is None:
        return None
    try:
        return str(parse(text_of(field.get(name))))
    except ValueError as error:
        draft.problems.add(
            file,
            field.lines.get(name, field.line),
            f"field {text_of(field['name'])!r} was kept without its {name}: {error}",
        )
        return None
