"""The files of a Frictionless descriptor: the package, resource or schema, and schemas of their own.

Nothing is fetched, and nothing outside of the descriptor's folder is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalog.importers.draft import Draft
from knowledge.catalog.importers.encoding import detect_encoding
from knowledge.catalog.importers.json_document import JsonObject, read_json
from knowledge.catalog.importers.plain_yaml import as_json, read_plain_yaml
from knowledge.catalog.importers.recognize import document_format, wrong_format
from knowledge.errors import CatalogInvalid

_NAMES = ("datapackage.json", "datapackage.yaml", "datapackage.yml")
_YAML = frozenset({".yaml", ".yml"})
_LARGEST = 64 * 2**20  # bytes of one file


@dataclass(frozen=True, slots=True)
class Found:
    """A descriptor: "package", "resource" or "schema", and the file that it stands in."""

    kind: str
    file: str
    node: JsonObject


class DescriptorFiles:
    """The files around ``path``, a descriptor or a folder that holds one."""

    def __init__(self, path: Path, draft: Draft) -> None:
        self._draft = draft
        self._path = path if path.is_file() else self._in_folder(path)
        self._folder = self._path.parent.resolve()
        self._read: dict[Path, Any] = {}

    def _in_folder(self, folder: Path) -> Path:
        for name in _NAMES:
            if (folder / name).is_file():
                return folder / name
        inside = sorted(
            it for it in folder.iterdir() if it.suffix.lower() in {".json", *_YAML} and it.is_file()
        )
        if len(inside) == 1:
            return inside[0]
        raise CatalogInvalid(
            f"The folder {folder.name!r} holds no datapackage.json"
            + (f", and {len(inside)} other descriptors." if inside else "."),
            hint="Name the descriptor itself.",
        )

    def main(self) -> Found:
        """What the path describes. Raises CatalogInvalid where that is nothing of Frictionless's."""
        node = self._load(self._path)
        if isinstance(node, JsonObject):
            for kind, member in (("package", "resources"), ("schema", "fields"), ("resource", "schema")):
                if isinstance(node.get(member), (list, JsonObject)) or (
                    kind == "resource" and member in node
                ):
                    return Found(kind, self._path.name, node)
        looks = document_format(node)
        raise CatalogInvalid(
            wrong_format(self._path.name, "" if "rictionless" in looks else looks, "Frictionless descriptor")
            + ".",
            hint="It needs 'resources' (a data package), 'schema' (a resource) or 'fields' (a table schema).",
        )

    def schema(self, found: Found, resource: JsonObject) -> Found | None:
        """The table schema of a resource, there or in a file of its own; None where it cannot be had."""
        schema = resource.get("schema")
        line = resource.lines.get("schema", resource.line)
        if isinstance(schema, JsonObject):
            return Found("schema", found.file, schema)
        if not isinstance(schema, str) or not schema.strip():
            return None
        path = self._inside(schema.strip())
        if isinstance(path, str):
            self._draft.problems.add(found.file, line, path)
            return None
        try:
            node = self._load(path)
        except CatalogInvalid as error:
            self._draft.problems.add(found.file, line, f"the schema {schema!r} cannot be read: {error}")
            return None
        if not isinstance(node, JsonObject):
            self._draft.problems.add(found.file, line, f"the schema {schema!r} is no object; correct it")
            return None
        return Found("schema", path.relative_to(self._folder).as_posix(), node)

    def _inside(self, reference: str) -> Path | str:
        """The file that a reference names, or what is wrong with it."""
        if "://" in reference:
            return f"the schema {reference!r} is on the network, which is not used; put it beside the package"
        path = (self._folder / reference).resolve()
        if not path.is_relative_to(self._folder):
            return f"the schema {reference!r} is outside of the package's folder; put it into it"
        if not path.is_file():
            return f"the schema {reference!r} is not there; add the file or correct the path"
        return path

    def _load(self, path: Path) -> Any:
        if path not in self._read:
            name = (
                path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else path.name
            )
            encoding = detect_encoding(path, name, largest=_LARGEST)
            if path.suffix.lower() in _YAML:
                self._read[path] = as_json(read_plain_yaml(path))
            else:
                if encoding.problem:
                    self._draft.problems.add_file(encoding.problem)
                self._read[path] = read_json(path, name, encoding)
            self._draft.source(path, name)
        return self._read[path]
