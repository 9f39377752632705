"""Which format a file looks like, for the message when it was imported as another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.catalog.importers.delimited import header_key

# Header cells (as header_key gives them) that all stand in a file of the format.
_HEADERS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(keys.split()), what) for keys, what in (
        ("variablefieldname formname fieldtype", "a REDCap data dictionary; import it as redcap"),
        ("fieldname formname fieldtype", "a REDCap data dictionary; import it as redcap"),
        ("form variable type question answeroptions", "an ISARIC ARC file; import it as arc"),
        ("cdmtablename conceptid", "an OMOP concept-level file, which holds checks and describes no columns;"
         " give the field-level file"),
        ("cdmtablename cdmfieldname", "an OMOP field-level file; import it as omop"),
        ("cdmtablename schema", "an OMOP table-level file; import it as omop"),
        ("conceptid conceptname vocabularyid", "an OMOP vocabulary file, which lists concepts"
         " and describes no columns; give the field-level file"),
        ("personid genderconceptid", "an OMOP data table, not its dictionary; give the field-level file"),
        ("dataset patients status", "a file of a catalog folder; import the folder as giljabi"),
        ("dataset table name labelen", "a file of a catalog folder; import the folder as giljabi"),
        ("arm formname uniqueeventname", "a REDCap instrument mapping; export the data dictionary instead"),
    )
)


def header_format(header: Iterable[str]) -> str:
    """What a file with this header looks like, with what to do, or empty."""
    header = list(header)
    first = next(iter(header), "")
    if first.startswith(("{", "[")):
        return "JSON; import it as jsonschema or frictionless"
    if first.startswith("<"):
        return "XML; export the dictionary as CSV"
    keys = {header_key(cell) for cell in header}
    return next((what for needed, what in _HEADERS if needed <= keys), "")


def document_format(document: Any) -> str:
    """What a JSON document looks like, with what to do, or empty where it may be a JSON Schema."""
    if isinstance(document, list):
        if document and isinstance(document[0], Mapping) and "field_name" in document[0]:
            return "a REDCap data dictionary in JSON; export it as CSV and import it as redcap"
        return "a list of records, not a schema"
    if not isinstance(document, Mapping):
        return "a single value, not a schema"
    if "$schema" in document and "json-schema.org" in str(document["$schema"]):
        return ""
    if isinstance(document.get("resources"), list):
        return "a Frictionless data package; import it as frictionless"
    if isinstance(document.get("fields"), list):
        if document.get("type") == "record":
            return "an Avro schema; convert it to JSON Schema"
        return "a Frictionless table schema; import it as frictionless"
    if isinstance(document.get("tableSchema", document.get("tables")), (Mapping, list)):
        return "metadata of CSV on the Web; give its columns as a Frictionless table schema"
    if isinstance(document.get("resourceType"), str):
        return "a FHIR resource, not a JSON Schema"
    return ""


def wrong_format(name: str, looks: str, wanted: str) -> str:
    """The sentence about a file of another format; ``wanted`` is what it should have been."""
    return f"{name} is no {wanted}" + (f": it looks like {looks}" if looks else "")
