"""YAML in which every value is text, each with its key and line.

"no" stays a word, "01" keeps its zero, and a date is not turned into something else: a mapping is
about what cells say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalog.importers.json_document import JsonObject
from knowledge.errors import CatalogInvalid

_WORDS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?")
_LARGEST = 4 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Node:
    """A value, the path of keys to it ("sheets.Labs.columns"), and the line that it stands in, from 1."""

    value: str | list[Node] | dict[str, Node]
    key: str
    line: int

    @property
    def text(self) -> str:
        """The value where it is text, "" otherwise."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def shown(self) -> str:
        """The value for a message."""
        return repr(self.value) if isinstance(self.value, str) else "this"


def read_plain_yaml(path: Path) -> Node:
    """The document in ``path``, an empty set of keys where it is empty. Raises CatalogInvalid."""
    import yaml

    name = path.name
    try:
        raw = path.read_bytes()
        if len(raw) > _LARGEST:
            raise _invalid(
                name, 1, "", f"it has more than {_LARGEST / 2**20:.0f} MiB, more than a description needs"
            )
        root = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise CatalogInvalid(
            f"{name} cannot be opened ({error.strerror}).", hint="Give the path of the mapping file."
        ) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _invalid(name, line, "", "the file is not UTF-8; save it as UTF-8") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it is nested too deep"
        raise _invalid(name, mark.line + 1 if mark else 1, "", f"it is not YAML ({what})") from error
    return Node({}, "", 1) if root is None else _node(name, root, "", root.start_mark.line + 1, set())


def as_json(node: Node, *, typed: bool = False) -> Any:
    """The document in the form that a JSON file is read in; ``typed``: numbers, true, false and null are
    what JSON has for them, and not text."""
    if isinstance(node.value, list):
        return [as_json(item, typed=typed) for item in node.value]
    if isinstance(node.value, str):
        if typed and node.value in _WORDS:
            return _WORDS[node.value]
        if typed and _NUMBER.fullmatch(node.value):
            return float(node.value) if "." in node.value else int(node.value)
        return node.value
    found = JsonObject(node.line)
    for name, value in node.value.items():
        found[name], found.lines[name] = as_json(value, typed=typed), value.line
    return found


def _node(name: str, node: Any, key: str, line: int, seen: set[int]) -> Node:
    if id(node) in seen:
        raise _invalid(name, line, key, "it refers to another place (*name); write it out")
    if node.id == "scalar":
        null = node.tag == "tag:yaml.org,2002:null"
        return Node("" if null else node.value.strip(), key, line)
    seen.add(id(node))
    if node.id == "sequence":
        items = enumerate(node.value, start=1)
        return Node(
            [_node(name, it, f"{key}[{n}]", it.start_mark.line + 1, seen) for n, it in items], key, line
        )
    pairs: dict[str, Node] = {}
    for name_node, value in node.value:
        where = name_node.start_mark.line + 1
        if name_node.id != "scalar":
            raise _invalid(name, where, key, "a key is no text; write it as text")
        part = name_node.value.strip()
        path = f"{key}.{part}" if key else part
        if part in pairs:
            raise _invalid(name, where, path, "the key stands twice; keep one")
        pairs[part] = _node(name, value, path, where, seen)
    return Node(pairs, key, line)


def _invalid(name: str, line: int, key: str, what: str) -> CatalogInvalid:
    text = f"{name}:{line}: " + (f"{key}: " if key else "") + what
    return CatalogInvalid(f"{text}.", problems=(text,), hint="Correct the file.")
