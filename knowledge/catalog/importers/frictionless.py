"""Frictionless Data Packages, Data Resources and Table Schemas, versions 1 and 2, in JSON or YAML.

A package is one dataset, each of its resources a table, and each field a variable. Only descriptors are
read, never the data beside them. Read as plain JSON: the library of the standard brings dozens of
packages to read and validate data, keeps no lines for messages, and fetches what a descriptor names.
"""

from __future__ import annotations

from pathlib import Path

from knowledge.catalog.importers.descriptor_files import DescriptorFiles, Found
from knowledge.catalog.importers.descriptor_words import in_languages, text_of
from knowledge.catalog.importers.dictionary import Dictionary, Request
from knowledge.catalog.importers.draft import Draft, slug
from knowledge.catalog.importers.frictionless_field import field_cells
from knowledge.catalog.importers.frictionless_package import package_cells
from knowledge.catalog.importers.json_document import JsonObject


def read_frictionless(request: Request) -> Dictionary:
    """The dictionary of a descriptor, or of a folder with one. Without a dataset id it is called after
    the package, else after the file or folder.

    Raises CatalogInvalid where no descriptor is there or it describes no field.
    """
    draft = Draft("frictionless", request)
    files = DescriptorFiles(request.path, draft)
    found = files.main()
    reading = _Reading(draft, files, request)
    if found.kind == "package":
        reading.package(found)
    else:
        reading.alone(found)
    return draft.done()


class _Reading:
    """The tables of one dataset."""

    def __init__(self, draft: Draft, files: DescriptorFiles, request: Request) -> None:
        self._draft, self._files, self._request = draft, files, request
        self._dataset = ""

    def package(self, found: Found) -> None:
        """A package with its resources."""
        package = found.node
        name = text_of(package.get("name")) or text_of(package.get("id")) or self._called(found)
        self._dataset = self._request.dataset or slug(name.rpartition("/")[2]) or "package"
        cells = package_cells(self._draft, found, self._dataset)
        self._draft.add("datasets", found.file, package.line, cells)
        resources = package.get("resources")
        resources = resources if isinstance(resources, list) else []
        for number, resource in enumerate(resources, start=1):
            self._request.report(f"reading {found.file}", number, len(resources))
            if isinstance(resource, JsonObject):
                self._resource(found, resource, f"resource_{number}")
            else:
                text = (
                    f"resource {number} is no object but {str(resource)[:40]!r}; write out what it describes"
                )
                self._draft.problems.add(found.file, package.lines.get("resources", package.line), text)

    def alone(self, found: Found) -> None:
        """A resource, or a schema, without a package."""
        name = text_of(found.node.get("name")) or self._called(found)
        self._dataset = self._request.dataset or slug(name) or "table"
        self._draft.add(
            "datasets",
            found.file,
            found.node.line,
            {
                "dataset": self._dataset,
                **in_languages("title", found.node, "title"),
            },
        )
        if found.kind == "resource":
            self._resource(found, found.node, name)
        else:
            self._table(found, found.node, slug(name) or "table", found.node)

    def _called(self, found: Found) -> str:
        path = Path(found.file)
        stem = path.name.split(".")[0]
        return (
            self._request.path.resolve().name
            if stem == "datapackage" and self._request.path.is_dir()
            else stem
        )

    def _resource(self, found: Found, resource: JsonObject, fallback: str) -> None:
        path = resource.get("path")
        stem = Path(text_of(path[0] if isinstance(path, list) and path else path)).name.split(".")[0]
        name = text_of(resource.get("name")) or stem or fallback
        table = slug(name) or fallback
        schema = self._files.schema(found, resource)
        if schema is None:
            self._add_table(found, resource, table)
            if "schema" not in resource:
                self._draft.problems.add(
                    found.file,
                    resource.line,
                    f"resource {name!r} has no schema; its table was"
                    " taken in without variables, describe its fields",
                )
            return
        self._table(found, resource, table, schema.node, schema)

    def _add_table(
        self, found: Found, said: JsonObject, table: str, schema: JsonObject | None = None
    ) -> None:
        title = in_languages("title", said, "title")
        texts = in_languages("description", said, "description")
        if schema is not None:
            title = {**in_languages("title", schema, "title"), **title}
            texts = {**in_languages("description", schema, "description"), **texts}
        if not self._draft.add(
            "tables",
            found.file,
            said.line,
            {
                "dataset": self._dataset,
                "table": table,
                **title,
                **texts,
            },
        ):
            self._draft.problems.add(
                found.file,
                said.line,
                f"resource {table!r} stands twice; its fields were put into the same table, rename one",
            )

    def _table(
        self, found: Found, said: JsonObject, table: str, schema: JsonObject, place: Found | None = None
    ) -> None:
        self._add_table(found, said, table, schema if schema is not said else None)
        file, fields = (place or found).file, schema.get("fields")
        line = schema.lines.get("fields", schema.line)
        if isinstance(fields, JsonObject):  # name: descriptor, as some tools write them
            fields = [_with_name(name, it) for name, it in fields.items() if isinstance(it, JsonObject)]
        if not isinstance(fields, list) or not fields:
            self._draft.problems.add(
                file, line, f"table {table!r} describes no fields; list them under 'fields'"
            )
            return
        for number, field in enumerate(fields, start=1):
            if isinstance(field, str):
                field = _with_name(field, JsonObject(line))
            if not isinstance(field, JsonObject) or not text_of(field.get("name")):
                at = field.line if isinstance(field, JsonObject) else line
                self._draft.problems.add(
                    file, at, f"field {number} of table {table!r} has no name; give it one"
                )
                continue
            cells = field_cells(self._draft, file, field, schema)
            self._draft.add(
                "variables", file, field.line, {"dataset": self._dataset, "table": table, **cells}
            )


def _with_name(name: str, field: JsonObject) -> JsonObject:
    field.setdefault("name", name)
    return field
