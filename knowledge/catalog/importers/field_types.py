"""The field types and validations of REDCap, which ISARIC's ARC shares, as types of the catalog."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field: ``type`` as in the catalog, ``kind`` as in REDCap.

    ``several`` more than one answer may be chosen; ``personal`` its content names a person;
    ``form_only`` it shows text and holds no value.
    """

    kind: str
    type: str
    several: bool = False
    personal: bool = False
    form_only: bool = False

    @property
    def measured(self) -> bool:
        """Whether the value may have a unit."""
        return self.type in {"decimal", "integer"} or (self.kind == "text" and self.type == "text")


_KINDS: dict[str, FieldType] = {
    "notes": FieldType("notes", "text"),
    "radio": FieldType("radio", "code"),
    "dropdown": FieldType("radio", "code"),
    "checkbox": FieldType("checkbox", "code", several=True),
    "yesno": FieldType("yesno", "boolean"),
    "truefalse": FieldType("truefalse", "boolean"),
    "calc": FieldType("calc", "decimal"),
    "slider": FieldType("slider", "integer"),
    "file": FieldType("file", "file"),
    "sql": FieldType("sql", "code"),
    "descriptive": FieldType("descriptive", "descriptive", form_only=True),
}
_SPELLED = {
    "select": "dropdown", "drop-down": "dropdown", "textarea": "notes", "note": "notes", "notesbox": "notes",
    "advcheckbox": "checkbox", "checkboxes": "checkbox", "yes-no": "yesno", "true-false": "truefalse",
    "calculated": "calc", "signature": "file", "attachment": "file", "radiobutton": "radio", "vas": "slider",
}
# Validation of a text field to type; the second says that the content names a person.
_VALIDATIONS: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(shape), type_, personal) for shape, type_, personal in (
        (r"datetime.*", "datetime", False), (r"date.*", "date", False), (r"time.*", "time", False),
        (r"int|integer", "integer", False), (r"float|number.*|decimal.*", "decimal", False),
        (r"email|phone.*|ssn|.*mrn.*|zipcode|postal.*", "text", True), (r".*", "text", False),
    )
)


def field_type(kind: str, validation: str) -> FieldType | None:
    """The field type of REDCap's ``kind`` and text validation, in any case; None where there is none."""
    kind = kind.strip().lower().replace(" ", "").replace("_", "-")
    kind = _SPELLED.get(kind, kind)
    if kind != "text":
        return _KINDS.get(kind)
    low = validation.strip().lower()
    type_, personal = next((t, p) for shape, t, p in _VALIDATIONS if shape.fullmatch(low))
    return FieldType("text", type_, personal=personal)
