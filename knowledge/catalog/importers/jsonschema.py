"""JSON Schema, drafts 4 to 2020-12, as Open mHealth and many others publish their data formats.

A folder is one dataset, and each schema in it a table; a file is a dataset with one table. A file
that only holds definitions (or an OpenAPI description) has one table for each, one that offers several
of its definitions a table for each of those. The values inside
objects become variables with dotted names, those in lists too; an object of a value and its unit is
one variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.catalog.importers.codes import Code, codes_in
from knowledge.catalog.importers.dictionary import Dictionary, Request
from knowledge.catalog.importers.draft import Draft, join_list, join_values, slug
from knowledge.catalog.importers.json_document import JsonObject
from knowledge.catalog.importers.schema_fields import DEPRECATED, Field, fields_of
from knowledge.catalog.importers.schema_files import Place, SchemaFiles
from knowledge.catalog.importers.schema_shape import Shapes
from knowledge.catalog.importers.wording import described, in_language, label_cells, plain, readable
from knowledge.errors import CatalogInvalid

_ENDING = re.compile(r"(\.schema)?\.(json|jsonschema|schema|ya?ml)$", re.IGNORECASE)
_VERSION = re.compile(r"[\W_]+v?\d+([._](?:\d+|x))*$")
_TERM = re.compile(r"\b(?:represents?|refers? to|for)\s+(?:an? |the )?(.+?)\.?(?:\s+https?:\S+)?$")
# A definition that says no more than this is what values of others are, not a table.
_OF_ONE_VALUE = frozenset({
    "type", "title", "description", "enum", "const", "format", "pattern", "minimum", "maximum", "minLength",
    "maxLength", "default", "nullable", "enumNames", "x-enumNames", "x-enum-varnames", "x-enum-descriptions",
    "example", "examples", "deprecated",
})
_LOCAL = re.compile(r"#/(definitions|\$defs)/([^/]+)")
_SAYS_NOTHING = frozenset(
    {"$schema", "$id", "id", "$comment", "title", "description", "version", "definitions", "$defs"}
)


def read_jsonschema(request: Request) -> Dictionary:
    """The schemas of a file or a folder. Without a dataset id it is called after it.

    Raises CatalogInvalid where no schema is there.
    """
    draft = Draft("jsonschema", request)
    files = SchemaFiles(request.path, draft)
    shapes = Shapes(files, draft.problems.add)
    reading = _Reading(draft, shapes, request)
    for place in files.tables():
        for name, definition, table in _tables(place):
            reading.take(name, definition, table)
    shapes.report_missing()
    if not draft.count("tables"):
        raise CatalogInvalid(
            f"{request.path.name!r} holds no JSON Schema.", problems=draft.problems.lines(),
            hint=next(iter(draft.problems.lines()), "Give a .json file or a folder of them."),
        )
    return draft.done()


def _tables(place: Place) -> Iterator[tuple[str, str, Place]]:
    """Each table of a file: its name, the definition that it is (empty where it is the whole file), and
    its schema."""
    stem = _ENDING.sub("", place.file)
    library = _library(place.node)
    if library is not None:
        inner = [(name, place.at(node, library.lines[name])) for name, node in library.items()
                 if isinstance(node, JsonObject)]
        inner = [(name, one) for name, one in inner if not one.node.keys() <= _OF_ONE_VALUE] or inner
    else:
        inner = list(_offered(place))
    yield from ((f"{stem}_{name}", name, one) for name, one in inner)
    if library is None and not inner:
        yield stem, "", place


def _offered(place: Place) -> Iterator[tuple[str, Place]]:
    """The objects among its definitions that a schema without properties of its own offers, as the
    schemas of a standard do that are published in one file."""
    if "properties" in place.node:
        return
    for key in ("oneOf", "anyOf"):
        refs = [one.node.get("$ref") for one in place.member(key) if isinstance(one.node, dict)]
        found = [_LOCAL.fullmatch(ref) if isinstance(ref, str) else None for ref in refs]
        if len(found) < 2 or not all(found):
            continue
        for match in filter(None, found):
            defined = place.node.get(match[1])
            node = defined.get(match[2]) if isinstance(defined, JsonObject) else None
            if isinstance(defined, JsonObject) and isinstance(node, JsonObject) and "properties" in node:
                yield match[2], place.at(node, defined.lines[match[2]])


def _library(document: JsonObject) -> JsonObject | None:
    """The definitions of a file that has nothing else."""
    components = document.get("components")
    if isinstance(components, JsonObject) and isinstance(components.get("schemas"), JsonObject):
        return components["schemas"]
    defined = document.get("$defs", document.get("definitions"))
    alone = document.keys() <= _SAYS_NOTHING or "swagger" in document
    return defined if alone and isinstance(defined, JsonObject) and defined else None


class _Reading:
    """The tables of one dataset."""

    def __init__(self, draft: Draft, shapes: Shapes, request: Request) -> None:
        self._draft, self._shapes = draft, shapes
        self._path: Path = request.path.resolve()
        self._dataset = request.dataset or slug(_ENDING.sub("", self._path.name)) or "jsonschema"
        self._named = request.dataset is not None

    def take(self, name: str, definition: str, place: Place) -> None:
        """One schema as a table with its variables; ``definition`` is its name inside of its file."""
        draft, table = self._draft, slug(name)
        shape = self._shapes.of([place])
        title = plain(shape.title) or _title(definition or _published(place) or name.rpartition("/")[2])
        if not draft.count("datasets"):
            whole_file = self._path.is_file() and not definition
            named = in_language("title", title if whole_file else readable(_ENDING.sub("", self._path.name)))
            draft.add("datasets", place.file, place.line, {
                "dataset": self._dataset, "data_model": "JSON Schema", **({} if self._named else named),
            })
        facts = [DEPRECATED] if shape.deprecated else []
        draft.add("tables", place.file, place.line, {
            "dataset": self._dataset, "table": table, **in_language("title", title),
            **described(plain(shape.description), facts),
        })
        whole = _codes(" ".join(note for named, note in shape.notes if not named))
        base = _base(name.rpartition("/")[2])
        for field in fields_of(place, self._shapes, last=base):
            # what the schema is about is the variable that is called like it
            self._variable(table, field, whole if f"_{base}".endswith(f"_{field.name}") else [])

    def _variable(self, table: str, field: Field, codes: list[Code]) -> None:
        draft, shape = self._draft, field.shape
        label = plain(shape.title) or readable(field.name.rpartition(".")[2])
        if field.parents:
            label = f"{field.parents[-1]}: {label}"
        labels, aliases = label_cells(label)
        good = []
        last = slug(field.name.rpartition(".")[2])
        # a schema that is referred to says what the variable is only where both have the same name
        notes = [note for named, note in shape.notes if f"_{last}".endswith(f"_{_base(named)}")]
        for code in [*_codes(" ".join([*notes, plain(shape.description)])), *codes]:
            if code.fault:
                text = f"variable {field.name!r}: {code.fault}; correct it"
                draft.problems.add(field.file, field.line, text)
            else:
                good.append(code)
        concept = draft.concept(field.file, field.line, good[0]) if good else None
        draft.add("variables", field.file, field.line, {
            "dataset": self._dataset, "table": table, "name": field.name, **labels,
            "aliases": join_list(aliases), "type": field.type, "unit": field.unit,
            "values": join_values((shape.values or {}).items()), "section": ": ".join(field.parents),
            "concept": concept, "sensitive": "true" if field.personal else None,
            **described(plain(shape.description) or field.about, field.facts),
            "provenance": f"JSON Schema, {field.file}, {field.name}",
        })


def _base(name: str) -> str:
    """ "heart_rate" of "heart-rate-2.x.json"."""
    return slug(_VERSION.sub("", _ENDING.sub("", name)))


def _published(place: Place) -> str:
    """The name of the file that the schema's id gives it, without its ending; empty where it gives none."""
    last = place.base.rpartition("/")[2] if place.base != place.file else ""
    return _ENDING.sub("", last) if _ENDING.search(last) else ""


def _title(name: str) -> str:
    """ "Heart rate 2.0" of "heart-rate-2.0"."""
    version = _VERSION.search(name)
    if version is None or not version.start():
        return readable(name)
    return f"{readable(name[: version.start()])} {version[0].lstrip('-_. ')}"


def _codes(text: str) -> list[Code]:
    """The codes of a text, the first with the term that the text gives it."""
    codes = codes_in(text)
    term = _TERM.search(text) if len(codes) == 1 else None
    return [Code(codes[0].system, codes[0].code, term[1])] if term else codes
