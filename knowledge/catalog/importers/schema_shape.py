"""What a JSON Schema says of one value, once its references and combinations are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from knowledge.catalog.importers.json_document import JsonObject
from knowledge.catalog.importers.schema_files import Place, SchemaFiles

Note = Callable[[str, int, str], None]  # file, line, problem

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_CHOICES = ("anyOf", "oneOf", "then", "else")
_DEPENDENT = ("dependentSchemas", "dependencies")
_ITEMS = ("items", "prefixItems", "additionalItems", "contains")
_UNITS = (
    "unit", "units", "x-unit", "x-units", "ucum", "x-ucum", "ucumCode", "unitCode", "unitText",
    "unitOfMeasure",
)
_LABELS = (
    "enumNames", "x-enumNames", "x-enum-varnames", "x-enum-labels", "enum_titles", "enumDescriptions",
    "x-enum-descriptions", "x-enumDescriptions", "meta:enum",
)
_LIMITS = (
    ("minimum", "low", ""), ("exclusiveMinimum", "low", ">"),
    ("maximum", "high", ""), ("exclusiveMaximum", "high", "<"),
)
_LONGEST_CHAIN = 60  # schemas that lead to one another before there is a value


@dataclass(slots=True)
class Shape:
    """One value. ``properties`` has the schemas of each name, all of which hold; ``items`` and ``others``
    those of a list's items and of names that are not fixed. ``values`` are codes and labels, None
    where any value goes. ``notes`` are references to terminologies, each after the name of the schema
    that has it, empty where it is this one. ``identity`` are the schemas that a cycle comes back to."""

    title: str = ""
    description: str = ""
    types: list[str] = field(default_factory=list)
    format: str = ""
    unit: str = ""
    values: dict[str, str] | None = None
    low: str = ""
    high: str = ""
    properties: dict[str, list[Place]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: list[Place] = field(default_factory=list)
    others: list[Place] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    identity: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    alternatives: bool = False
    deprecated: bool = False

    @property
    def says_something(self) -> bool:
        """Whether it is more than a condition on what another schema says."""
        return bool(self.types or self.properties or self.items or self.others or self.values or self.missing
                    or self.unit or self.format)


class Shapes:
    """Puts schemas together; what is broken in one is told once, at its line."""

    def __init__(self, files: SchemaFiles, note: Note) -> None:
        self._files, self._note = files, note
        self._noted: set[tuple[str, int, str]] = set()
        self._missing: dict[str, list[tuple[str, int]]] = {}
        self._made: dict[tuple[int, ...], Shape] = {}

    def of(self, places: Iterable[Place]) -> Shape:
        """The value for which all of the schemas hold; the same object for the same schemas."""
        places = list(places)
        key = tuple(id(place.node) for place in places)
        whole = all(isinstance(place.node, JsonObject) for place in places)
        if whole and key in self._made:
            return self._made[key]
        shape = Shape(identity=set(key))
        for place in places:
            self._collect(place, shape, 0)
        if whole:  # other values have no identity that lasts
            self._made[key] = shape
        return shape

    def problem(self, place: Place, key: str, text: str) -> None:
        """Note ``text`` at the line of ``key``, once."""
        line = place.node.lines.get(key, place.line) if isinstance(place.node, JsonObject) else place.line
        if (place.file, line, text) not in self._noted:
            self._noted.add((place.file, line, text))
            self._note(place.file, line, text)

    def report_missing(self) -> None:
        """One line for each reference that leads nowhere, at the first place that has it."""
        for reference, places in self._missing.items():
            more = f" (here and in {len(places) - 1} more places)" if len(places) > 1 else ""
            self._note(*places[0], f"the reference {reference!r}{more} leads nowhere in what was given;"
                       " variables were kept without what stands there, import the folder that has it too")
        self._missing.clear()

    def _collect(self, place: Place, shape: Shape, depth: int, named: str = "") -> None:
        node = place.node
        if isinstance(node, bool) or id(node) in shape.seen:
            return  # seen: a reference to itself, or one that two branches share
        if not isinstance(node, JsonObject):
            self.problem(place, "", f"a schema is expected here, not {node!r:.40}; correct it")
            return
        if depth > _LONGEST_CHAIN:
            text = f"more than {_LONGEST_CHAIN} schemas lead to one another here; shorten the chain"
            self.problem(place, "", text)
            return
        shape.seen.add(id(node))
        self._twice(place, node)
        self._words(node, shape, named)
        self._kinds(place, node, shape)
        self._children(place, node, shape)
        for key in _REFERENCES:
            if key in node:
                self._follow(place, key, shape, depth)
        for inner in place.member("allOf"):
            self._collect(inner, shape, depth + 1, named)
        for key in _CHOICES:
            self._choose(list(place.member(key)), shape, depth)
        for key in _DEPENDENT:
            self._choose(list(place.members(key)), shape, depth)

    def _twice(self, place: Place, node: JsonObject) -> None:
        for name in node.twice:
            self.problem(place.at(node), name, f"the name {name!r} stands twice in one object;"
                         " the last one was read, remove the other")

    def _words(self, node: JsonObject, shape: Shape, named: str) -> None:
        shape.title = shape.title or _text(node.get("title"))
        shape.description = shape.description or _text(node.get("description"))
        shape.format = shape.format or _text(node.get("format"))
        shape.unit = shape.unit or next((_text(node.get(key)) for key in _UNITS if _text(node.get(key))), "")
        shape.deprecated = shape.deprecated or bool(node.get("deprecated") or node.get("deprecation"))
        references = node.get("references")
        for entry in references if isinstance(references, list) else []:
            if isinstance(entry, dict) and "value" not in entry:
                told = " ".join(_text(entry.get(key)) for key in ("description", "url"))
                shape.notes.append((named, told))

    def _kinds(self, place: Place, node: JsonObject, shape: Shape) -> None:
        kinds = node.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        kinds = [kind for kind in kinds if isinstance(kind, str) and kind != "null"]
        # of two schemas that hold at once, the narrower one counts
        shape.types = [kind for kind in kinds if kind in shape.types] or shape.types or kinds
        if "enum" in node and not isinstance(node["enum"], list):
            self.problem(place, "enum", "enum is no list; write [value, value]")
        if values := _values(node):
            known = shape.values
            both = {code: label for code, label in values.items() if known is None or code in known}
            shape.values = both or {**(known or {}), **values}
        for key, end, sign in _LIMITS:
            value = node.get(key)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and not getattr(shape, end):
                if node.get(f"exclusive{key.capitalize()}") is True:  # as draft 4 has it
                    sign = ">" if end == "low" else "<"
                setattr(shape, end, f"{sign}{value:g}" if isinstance(value, float) else f"{sign}{value}")

    def _children(self, place: Place, node: JsonObject, shape: Shape) -> None:
        properties = node.get("properties")
        if isinstance(properties, JsonObject):
            self._twice(place, properties)
            for name, inner in properties.items():
                shape.properties.setdefault(name, []).append(place.at(inner, properties.lines[name]))
        elif properties is not None:
            self.problem(place, "properties", "properties is no object; write {\"name\": {...}}")
        required = node.get("required")
        shape.required |= {r for r in required if isinstance(r, str)} if isinstance(required, list) else set()
        for key in _ITEMS:
            shape.items += [item for item in place.member(key) if not isinstance(item.node, bool)]
        shape.others += [i for i in place.member("additionalProperties") if not isinstance(i.node, bool)]
        shape.others += place.members("patternProperties")

    def _follow(self, place: Place, key: str, shape: Shape, depth: int) -> None:
        reference = place.node[key]
        target = self._files.resolve(reference, place) if isinstance(reference, str) else None
        if target is None:
            shape.missing.append(str(reference))
            at = (place.file, place.node.lines[key])
            if at not in (places := self._missing.setdefault(str(reference), [])):
                places.append(at)
            return
        if id(place.node) in shape.identity:
            shape.identity.add(id(target.node))
        self._collect(target, shape, depth + 1, str(reference).rstrip("/").rpartition("/")[2])

    def _choose(self, branches: list[Place], shape: Shape, depth: int) -> None:
        """One of the branches holds: what any of them allows is taken in."""
        chosen = []
        for branch in branches:
            one = Shape(seen=set(shape.seen))
            self._collect(branch, one, depth + 1)
            shape.seen |= one.seen
            if one.says_something:
                chosen.append(one)
        shape.alternatives = shape.alternatives or len(chosen) > 1
        coded: dict[str, str] = {}
        for one in chosen:
            coded |= _branch_values(one)
            _take_in(shape, one, only=len(chosen) == 1)
        if coded:
            shape.values = {**(shape.values or {}), **coded}


def _branch_values(branch: Shape) -> dict[str, str]:
    """The values of a branch; one that is a single value is called what the branch is called."""
    values = branch.values or {}
    if len(values) == 1 and (name := branch.title or branch.description):
        return dict.fromkeys(values, name)
    return values


def _take_in(shape: Shape, one: Shape, *, only: bool) -> None:
    """Add what a branch allows; the ``only`` one that says anything says it of the value itself."""
    if only:
        shape.title, shape.description = shape.title or one.title, shape.description or one.description
        shape.low, shape.high = shape.low or one.low, shape.high or one.high
        shape.required |= one.required
    shape.types += [kind for kind in one.types if kind not in shape.types]
    shape.format, shape.unit = shape.format or one.format, shape.unit or one.unit
    for name, places in one.properties.items():
        shape.properties.setdefault(name, []).extend(places)
    shape.items += one.items
    shape.others += one.others
    shape.missing += one.missing
    shape.notes += one.notes


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _values(node: JsonObject) -> dict[str, str]:
    """Codes and labels of enum or const; labels stand beside it in one of several ways."""
    if "const" in node:
        code = _code(node["const"])
        return {code: _text(node.get("title")) or code} if code else {}
    enum, options = node.get("enum"), node.get("options")
    if not isinstance(enum, list):
        return {}
    sources = (node, options) if isinstance(options, dict) else (node,)
    told = next((s[key] for s in sources for key in _LABELS if isinstance(s.get(key), (list, dict))), None)
    values: dict[str, str] = {}
    for place, value in enumerate(enum):
        code = _code(value)
        if isinstance(told, dict):
            label = told.get(code)
        else:
            label = told[place] if told and place < len(told) else None
        if code:
            values[code] = _text(label) or code
    return values


def _code(value: Any) -> str:
    """A JSON value as a code; null and what has parts is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""
