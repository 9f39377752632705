"""The values of a JSON Schema, level by level, as one list of variables with dotted names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.catalog.importers.schema_files import Place
from knowledge.catalog.importers.schema_shape import Shape, Shapes
from knowledge.catalog.importers.units import declared_unit, unit_in_label, unit_in_note
from knowledge.catalog.importers.wording import plain, readable

_DEEPEST = 8  # names in a dotted name
_MOST = 5_000  # variables of one table, beyond which fewer levels are opened
DEPRECATED = ("Deprecated by its publisher.", "배포한 곳에서 더는 권하지 않는다.")
_FORMATS = {"date": "date", "date-time": "datetime", "datetime": "datetime", "time": "time"}
_TYPES = {
    "integer": "integer", "number": "decimal", "boolean": "boolean", "string": "text", "array": "list",
    "object": "object",
}
_PERSONAL = frozenset({"email", "idn-email", "phone"})
_UNIT_NAMES = ("unit", "units", "unit_code", "unitCode", "unitText")
# How Open mHealth calls its schemas of measured values, which often are not at hand.
_UNIT_VALUE = re.compile(r"unit[-_]?value", re.IGNORECASE)
_BESIDE = frozenset({"value", "system", "code", "comparator", "display", *_UNIT_NAMES})


@dataclass(frozen=True, slots=True)
class Field:
    """One variable: where it is defined, its dotted name, and what is known of it. ``parents`` are the
    readable names of the objects that it is in, ``about`` what the innermost one says of itself, ``facts``
    sentences in English and Korean."""

    file: str
    line: int
    name: str
    shape: Shape
    type: str | None
    unit: str | None
    parents: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    about: str = ""

    @property
    def personal(self) -> bool:
        """Whether the value can name a person."""
        return self.shape.format in _PERSONAL


class _TooMany(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Step:
    """Where the walk stands: ``nodes`` are the schemas on the way, which a cycle comes back to."""

    name: str
    parents: tuple[str, ...]
    nodes: frozenset[int]
    required: bool = False
    listed: bool = False
    about: str = ""


def fields_of(place: Place, shapes: Shapes, *, last: str) -> Sequence[Field]:
    """The variables of a schema; one without parts gives one, called ``last``.

    Where opening every object would give more than 5,000, deeper ones stay closed, with a problem.
    """
    found: Sequence[Field] = ()
    try:
        return _walked(place, shapes, last, _DEEPEST)
    except _TooMany:
        for deepest in range(1, _DEEPEST):
            try:
                found = _walked(place, shapes, last, deepest)
            except _TooMany:
                break
    shapes.problem(place, "", f"its objects hold more than {_MOST:,} values; those below {deepest - 1} levels"
                   " were kept closed, split the schema where they matter")
    return found


def _walked(place: Place, shapes: Shapes, last: str, deepest: int) -> Sequence[Field]:
    walk = _Walk(shapes, deepest)
    walk.root(place, last)
    return walk.fields


class _Walk:
    """One pass that opens objects down to a level."""

    def __init__(self, shapes: Shapes, deepest: int) -> None:
        self._shapes, self._deepest = shapes, deepest
        self.fields: list[Field] = []

    def root(self, place: Place, last: str) -> None:
        """The schema of a table: an object, or a list of them, is opened whatever it looks like."""
        shape = self._shapes.of([place])
        nodes = frozenset(shape.identity)
        while shape.items and not shape.properties:  # the items are the table's rows
            shape = self._shapes.of(shape.items)
            if shape.identity & nodes:
                break
            nodes |= shape.identity
        if shape.properties:
            self._open(shape, _Step("", (), nodes))
        else:
            self._value([place], _Step(last, (), frozenset()))

    def _open(self, shape: Shape, step: _Step) -> None:
        for name, places in shape.properties.items():
            if not name.strip():
                self._shapes.problem(places[0], "", "a property has no name; give it one")
                continue
            self._value(places, _Step(
                f"{step.name}.{name}" if step.name else name, step.parents, step.nodes,
                required=name in shape.required and not shape.alternatives, listed=step.listed,
                about=step.about,
            ))

    def _value(self, places: list[Place], step: _Step) -> None:
        shape = self._shapes.of(places)
        nodes, outer = step.nodes | shape.identity, shape
        again, listed = bool(shape.identity & step.nodes and shape.properties), step.listed
        while shape.items and not shape.properties and not again:
            shape, listed = self._shapes.of(shape.items), True
            again = bool(shape.identity & nodes)
            nodes |= shape.identity
            shape = replace(shape, title=outer.title or shape.title,
                            description=outer.description or shape.description)
        unit = _unit_pair(shape, self._shapes)
        deeper = step.name.count(".") + 1 < self._deepest
        if shape.properties and unit is None and not again and deeper:
            label = plain(shape.title) or readable(step.name.rpartition(".")[2])
            about = plain(shape.description) or step.about
            self._open(shape, _Step(step.name, (*step.parents, label), nodes, listed=listed, about=about))
        elif shape.others and not shape.properties and not again and deeper:
            label = plain(shape.title) or readable(step.name.rpartition(".")[2])
            inside = _Step(f"{step.name}.*", (*step.parents, label), nodes, listed=listed)
            self._value(shape.others, inside)
        else:
            ended = _Step(step.name, step.parents, nodes, step.required, listed, step.about)
            self._leaf(places[0], shape, ended, unit, again)

    def _leaf(self, place: Place, shape: Shape, step: _Step, unit: _Unit | None, again: bool) -> None:
        if len(self.fields) >= _MOST and self._deepest > 1:
            raise _TooMany
        kind = unit.type if unit else _type(shape)
        told = (unit.unit if unit else "") or shape.unit
        measured = declared_unit(told) if told else None
        if measured is None and kind in {"integer", "decimal"}:
            measured = unit_in_label(plain(shape.title)) or unit_in_note(plain(shape.description))
        self.fields.append(Field(
            place.file, place.line, step.name, shape, kind, measured, step.parents,
            tuple(_facts(shape, step, unit, again)), step.about,
        ))


@dataclass(frozen=True, slots=True)
class _Unit:
    """A value with its unit: type and limits of the value, the unit where there is one, else the choice."""

    type: str | None
    unit: str
    choice: tuple[str, ...]
    low: str
    high: str


def _unit_pair(shape: Shape, shapes: Shapes) -> _Unit | None:
    """The value and unit that an object is made of, or None where it is something else.

    Where the schema of the pair itself is not there, its unit alone tells what it is.
    """
    named = next((name for name in _UNIT_NAMES if name in shape.properties), None)
    if named is None or not shape.properties.keys() <= _BESIDE:
        return None
    if "value" not in shape.properties and not shape.missing:
        return None
    unit = shapes.of(shape.properties[named])
    choice = tuple(unit.values or ())
    value = shapes.of(shape.properties.get("value", ()))
    if value.properties or value.items:
        return None
    one = choice[0] if len(choice) == 1 else ""
    return _Unit(_type(value) or "decimal", one, () if one else choice, value.low, value.high)


def _type(shape: Shape) -> str | None:
    if shape.values is not None and set(shape.values) <= {"true", "false"} and "boolean" in shape.types:
        return "boolean"
    if shape.values:
        return "code"
    if shape.format in _FORMATS:
        return _FORMATS[shape.format]
    kinds = [_TYPES[kind] for kind in shape.types if kind in _TYPES]
    if shape.properties or shape.others:
        return "object"
    if not kinds:
        measured = shape.low or shape.high or any(map(_UNIT_VALUE.search, shape.missing))
        return "decimal" if measured else "text" if shape.format else None
    if set(kinds) == {"integer", "decimal"}:
        return "decimal"
    return kinds[0] if len(set(kinds)) == 1 else "text" if "text" in kinds else kinds[0]


def _facts(shape: Shape, step: _Step, unit: _Unit | None, again: bool) -> list[tuple[str, str]]:
    """What the schema says beyond type, unit and values, in English and Korean."""
    facts: list[tuple[str, str]] = []
    if step.required:
        facts.append(("Required.", "필수 항목이다."))
    if step.listed:
        facts.append(("May occur several times.", "여러 번 나올 수 있다."))
    low, high = (unit.low, unit.high) if unit else (shape.low, shape.high)
    if low and high:
        facts.append((f"Values from {low} to {high}.", f"값의 범위: {low}~{high}."))
    elif low or high:
        en, ko = ("from", "이상") if low else ("up to", "이하")
        facts.append((f"Values {en} {low or high}.", f"값: {low or high} {ko}."))
    if unit and unit.choice:
        facts.append((f"Units: {', '.join(unit.choice)}.", f"단위: {', '.join(unit.choice)}."))
    if again:
        facts.append(("Has the form of the object that it is in.", "자신을 담은 객체와 같은 형식이다."))
    elif shape.properties and unit is None:
        inside = ", ".join(shape.properties)
        facts.append((f"Holds {inside}.", f"담는 항목: {inside}."))
    if shape.alternatives and not shape.values:
        facts.append(("One of several forms.", "여러 형식 가운데 하나이다."))
    if shape.deprecated:
        facts.append(DEPRECATED)
    return facts
