"""Data dictionaries that hospitals have already: ``read_dictionary(format, path)``.

    omop          OMOP CDM field-level and table-level CSV
    redcap        REDCap data dictionary CSV
    arc           ISARIC ARC, whole or by preset
    jsonschema    JSON Schema files, as Open mHealth has them
    frictionless  Frictionless table schema and data package
    table         CSV or XLSX with a column mapping

One module per format, each with one function ``read_<format>(request: Request) -> Dictionary``,
loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from knowledge.catalog.importers.dictionary import Dictionary, Progress, Request
from knowledge.errors import CatalogInvalid

FORMATS: tuple[str, ...] = ("omop", "redcap", "arc", "jsonschema", "frictionless", "table")


def read_dictionary(
    format: str, path: Path, *, dataset: str | None = None, mapping: Path | None = None,
    preset: str | None = None, progress: Progress | None = None,
) -> Dictionary:
    """The dictionary at ``path``, a file or a folder. Without ``dataset``, its id comes from the file.

    Raises CatalogInvalid where the format is unknown or nothing in the file can be used.
    """
    if format not in FORMATS:
        raise CatalogInvalid(f"{format!r} is no dictionary format.", hint=f"Use one of {', '.join(FORMATS)}.")
    if not path.exists():
        raise CatalogInvalid(f"{path.name!r} does not exist.", hint="Give the path of the dictionary.")
    for name, given, owner in (("mapping", mapping, "table"), ("preset", preset, "arc")):
        if given is not None and format != owner:
            raise CatalogInvalid(
                f"A {name} was given for a {format} dictionary.",
                hint=f"Only {owner} takes one; leave it out.",
            )
    module = import_module(f"{__name__}.{format}")
    read: Dictionary = getattr(module, f"read_{format}")(Request(path, dataset, mapping, preset, progress))
    return read
