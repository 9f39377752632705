"""The JSON Schema files of a folder and what a reference between them leads to.

Nothing is fetched and nothing outside the folder is read: a reference is looked for among the ids of
the files, then by path, then by file name alone, since copies of published schemas seldom lie where
their ids say. "unit-value-1.x.json" is the highest version 1 that is there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from knowledge.catalog.importers.delimited import open_delimited
from knowledge.catalog.importers.draft import Draft
from knowledge.catalog.importers.encoding import detect_encoding
from knowledge.catalog.importers.json_document import JsonObject, read_json
from knowledge.catalog.importers.plain_yaml import as_json, read_plain_yaml
from knowledge.catalog.importers.recognize import document_format, header_format, wrong_format
from knowledge.errors import CatalogInvalid

_LARGEST = 32 * 2**20  # bytes of one file
_LARGEST_FOLDER = 64 * 2**20
_MOST_FILES = 5_000
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})
_SAYS_SCHEMA: dict[str, type] = {
    "properties": dict, "$defs": dict, "definitions": dict, "patternProperties": dict, "$ref": str,
    "allOf": list, "anyOf": list, "oneOf": list, "enum": list, "openapi": str, "swagger": str,
}
_YAML = frozenset({".yaml", ".yml"})
_SUFFIXES = frozenset({".json", ".jsonschema", ".schema"}) | _YAML
_HIDDEN = frozenset({"node_modules", "__MACOSX", "__pycache__"})
_LONGEST_LINK = 200  # bytes
_ANY_VERSION = re.compile(r"\bx\b")


@dataclass(frozen=True, slots=True)
class Place:
    """A schema where it stands. ``resource`` is the schema that "#" means there, ``base`` its address."""

    file: str
    node: Any
    resource: Any
    base: str
    line: int

    def at(self, node: Any, line: int | None = None) -> Place:
        """A schema inside this one; one with an id of its own begins a resource."""
        own = _own_id(node)
        base, resource = (urljoin(self.base, own), node) if own else (self.base, self.resource)
        if line is None:
            line = node.line if isinstance(node, JsonObject) else self.line
        return Place(self.file, node, resource, base, line)

    def member(self, name: str) -> Iterator[Place]:
        """The schemas of the array ``name``, or the one schema that it is."""
        value = self.node.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, (JsonObject, bool)):
                yield self.at(item)

    def members(self, name: str) -> Iterator[Place]:
        """The schemas that the object ``name`` has under names of its own."""
        value = self.node.get(name)
        if isinstance(value, JsonObject):
            yield from (self.at(inner) for inner in value.values() if isinstance(inner, JsonObject))


def _own_id(node: Any) -> str | None:
    if not isinstance(node, dict):
        return None
    own = node.get("$id", node.get("id"))
    return own if isinstance(own, str) and not own.startswith("#") else None


class SchemaFiles:
    """The schemas of one file and its neighbours, or of a folder, by name as the folder has it."""

    def __init__(self, path: Path, draft: Draft) -> None:
        self._draft = draft
        self._single = path.name if path.is_file() else None
        self._folder = path.parent if self._single else path
        self._paths = self._found()
        self._same = {name: target for name in self._paths if (target := self._stands_for(name))}
        self._documents: dict[str, JsonObject | None] = {}
        self._ids: dict[str, Place] | None = None
        self._bytes = 0

    def tables(self) -> Iterator[Place]:
        """The root schema of each file that was asked for, in the order of their names."""
        names = [self._single] if self._single else [name for name in self._paths if name not in self._same]
        for done, name in enumerate(names):
            if (place := self.root(name, wanted=True)) is not None:
                yield place
            self._draft.request.report("reading schemas", done + 1, len(names))

    def root(self, name: str, *, wanted: bool = False) -> Place | None:
        """The root schema of file ``name``; None, with a problem, where it is none."""
        name = self._same.get(name, name)
        if name not in self._documents:
            self._documents[name] = self._read(name, wanted)
        document = self._documents[name]
        if document is None:
            return None
        return Place(name, document, document, _own_id(document) or name, 1)

    def resolve(self, reference: str, at: Place) -> Place | None:
        """What ``reference`` leads to from ``at``, or None."""
        address, _, fragment = reference.partition("#")
        fragment = unquote(fragment)
        if address:
            target = self._resource(address, at)
            return _inside(target, fragment) if target else None
        own = _inside(Place(at.file, at.resource, at.resource, at.base, at.line), fragment)
        # an "id" inside a schema need not begin a resource: many use the word for something else
        return own or ((whole := self.root(at.file)) and _inside(whole, fragment)) or None

    def _found(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        inside = self._folder.glob("*") if self._single else self._folder.rglob("*")
        for path in sorted(inside):
            parts = path.relative_to(self._folder).parts
            if any(part.startswith(".") or part in _HIDDEN for part in parts) or not path.is_file():
                continue
            if path.suffix.lower() in _SUFFIXES or path.name == self._single:
                found["/".join(parts)] = path
        if len(found) > _MOST_FILES and not self._single:
            raise CatalogInvalid(
                f"{self._folder.name!r} holds {len(found):,} JSON files; {_MOST_FILES:,} can be read.",
                hint="Give the folder of the schemas alone.",
            )
        return found

    def _stands_for(self, name: str) -> str | None:
        """The file that a link leads to. Where links were not kept, a line with its path stands for it."""
        path = self._paths[name]
        if path.is_symlink():
            target = str(path.readlink())
        elif path.stat().st_size <= _LONGEST_LINK:
            target = path.read_bytes().decode("utf-8", "replace").strip()
        else:
            return None
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
        return target if target in self._paths and target != name else None

    def _read(self, name: str, wanted: bool) -> JsonObject | None:
        path, only = self._paths[name], name == self._single
        try:
            if path.suffix.lower() in {".csv", ".tsv", ".txt", ".xml"}:
                looks = header_format(open_delimited(path, name, {}).header)
                raise CatalogInvalid(wrong_format(name, looks, "JSON Schema") + ".")
            encoding = detect_encoding(path, name, largest=_LARGEST)
            if path.suffix.lower() in _YAML:
                document = as_json(read_plain_yaml(path), typed=True)
            else:
                document = read_json(path, name, encoding)
            self._bytes += path.stat().st_size
            if self._bytes > _LARGEST_FOLDER:
                raise CatalogInvalid(f"The schemas have more than {_LARGEST_FOLDER // 2**20} MiB together.",
                                     hint="Give them in parts.")
            if not is_schema(document):
                looks = document_format(document)
                raise CatalogInvalid(wrong_format(name, looks, "JSON Schema") + ".")
        except CatalogInvalid as error:
            if only or self._bytes > _LARGEST_FOLDER:
                raise
            if wanted:
                text = error.message.rstrip(".")
                placed = text if text.startswith(f"{name}:") else f"{name}:1: {text}"
                self._draft.problems.add_file(f"{placed}; the file was left out")
            return None
        if encoding.problem:
            self._draft.problems.add_file(encoding.problem)
        self._draft.source(path, name)
        return document

    def _resource(self, address: str, at: Place) -> Place | None:
        if found := self._by_id(urljoin(at.base, address)):
            return found
        path = unquote(address).split("?")[0]
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(at.file), path))
        last = posixpath.basename(path)
        for name in (beside, self._version(beside), self._only(last), self._only(f"{last}.json")):
            if name in self._paths and (place := self.root(name)):
                return place
        return None

    def _by_id(self, address: str) -> Place | None:
        """By id, of every file of the folder: ids need not be those of the files' names."""
        if self._ids is None:
            self._ids = {}
            for name in self._paths if not self._single else [self._single]:
                if name in self._same:
                    continue
                if place := self.root(name):
                    for inner in _resources(place):
                        self._ids.setdefault(inner.base.rstrip("#"), inner)
        return self._ids.get(address.rstrip("#"))

    def _version(self, name: str) -> str:
        """The highest version that an "x" in the file name stands for, or the name."""
        folder, last = posixpath.split(name)
        if not _ANY_VERSION.search(last):
            return name
        shape = re.compile(_ANY_VERSION.sub(r"(\\d+)", re.escape(last)))
        fits = [
            (tuple(map(int, match.groups())), known) for known in self._paths
            if posixpath.dirname(known) == folder and (match := shape.fullmatch(posixpath.basename(known)))
        ]
        return max(fits)[1] if fits else name

    def _only(self, last: str) -> str:
        """The one file of the folder with this name, in whatever version it leaves open."""
        names = {self._version(posixpath.join(posixpath.dirname(known), last)) for known in self._paths}
        fits = sorted(name for name in names if name in self._paths)
        return fits[0] if len(fits) == 1 else ""


def is_schema(document: Any) -> bool:
    """Whether a document is a JSON Schema or holds some, as an OpenAPI description does."""
    if not isinstance(document, JsonObject) or document_format(document):
        return False
    if "json-schema.org" in str(document.get("$schema", "")):
        return True
    kinds = document.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    typed = bool(kinds) and all(isinstance(kind, str) and kind in _TYPES for kind in listed)
    if kinds and not typed:
        return False
    return typed or any(isinstance(document.get(key), kind) for key, kind in _SAYS_SCHEMA.items())


def _resources(place: Place) -> Iterator[Place]:
    """The schema and every one inside it that has an id of its own."""
    if place.base != place.file:
        yield place
    stack = [place]
    while stack:
        outer = stack.pop()
        inner = outer.node.values() if isinstance(outer.node, dict) else outer.node
        for node in inner:
            if isinstance(node, (dict, list)):
                place = outer.at(node)
                if _own_id(node):
                    yield place
                stack.append(place)


def _inside(place: Place, fragment: str) -> Place | None:
    """The schema that a JSON pointer or an anchor means inside a resource."""
    if not fragment:
        return place
    if not fragment.startswith("/"):
        return _anchored(place, fragment)
    for part in fragment[1:].split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        node = place.node
        if isinstance(node, list) and part.isdecimal() and int(part) < len(node):
            place = place.at(node[int(part)])
        elif isinstance(node, JsonObject) and part in node:
            place = place.at(node[part], node.lines[part])
        else:
            return None
    return place


def _anchored(place: Place, name: str) -> Place | None:
    stack = [place]
    while stack:
        outer = stack.pop()
        if isinstance(outer.node, dict):
            if name in (outer.node.get("$anchor"), outer.node.get("$dynamicAnchor")):
                return outer
            if f"#{name}" in (outer.node.get("$id"), outer.node.get("id")):
                return outer
        inner = outer.node.values() if isinstance(outer.node, dict) else outer.node
        stack += [outer.at(node) for node in inner if isinstance(node, (dict, list))]
    return None
