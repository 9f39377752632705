"""Rows of a query as a table for reading: headings in words, one cell per value.

Cells are [text, kind] with kind "text", "number", "bound" (a range that was worked out) or "protected"
(hidden to protect a small group; never shown as a number).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from knowledge.text import Language
from tools.query.readback import column_name, sex_name

PARTS = ("_status", "_low", "_high")
LABELS = ("_name", "_title")
YEARS = frozenset({"year", "start_year", "end_year"})
Cell = tuple[str, str]


class Heading(TypedDict):
    """``numeric`` columns are set to the right."""

    text: str
    numeric: bool


class ReadableTable(TypedDict):
    """The headings, then the rows, each with as many cells."""

    headings: list[Heading]
    rows: list[list[Cell]]


def readable_table(
    columns: Sequence[str],
    values: Sequence[Sequence[Any]],
    language: Language,
    words: Mapping[str, str],
    subject: str = "",
) -> ReadableTable:
    """The rows of a query. ``words``: range, bound, fewer, few, at_most, protected, none, empty, yes, no.

    ``subject`` is what the query's plan lists, where it is a list.
    """
    shown = [at for at, name in enumerate(columns) if not _hidden(name, columns)]
    measures = {name for name in columns if f"{name}_status" in columns}
    rows = []
    for value in values:
        row = dict(zip(columns, value, strict=True))
        rows.append([_cell(columns[at], row, measures, language, words) for at in shown])
    headings: list[Heading] = []
    for place, at in enumerate(shown):
        kinds = {cells[place][1] for cells in rows}
        numeric = columns[at] in measures or kinds == {"number"}
        headings.append({"text": _heading(columns[at], subject, language), "numeric": numeric})
    return {"headings": headings, "rows": rows}


def _hidden(name: str, columns: Sequence[str]) -> bool:
    """Parts of a measure, keys that have a label beside them, years that a period says already."""
    if any(name.endswith(part) and name.removesuffix(part) in columns for part in PARTS):
        return True
    if name in {"start_year", "end_year"} and "period_start" in columns:
        return True
    return any(f"{name}{label}" in columns for label in LABELS)


def _heading(name: str, subject: str, language: Language) -> str:
    """A hospital's type and a variable's share a column name."""
    hospital = name == "type" and subject == "hospital"
    text = column_name("type_hospital" if hospital else name, language)
    return text[:1].upper() + text[1:]


def _cell(
    name: str,
    values: Mapping[str, Any],
    measures: set[str],
    language: Language,
    words: Mapping[str, str],
) -> Cell:
    value = values[name]
    if name in measures:
        return measured(name, values, words)
    if value is None or value == "":
        return words["empty"], "text"
    if isinstance(value, bool):
        return words["yes" if value else "no"], "text"
    if name == "sex":
        return sex_name(str(value), language), "text"
    if isinstance(value, int | float) and name not in YEARS:
        return f"{value:,.1f}".removesuffix(".0"), "number"
    return str(value).replace("|", ", "), "text"


def measured(name: str, values: Mapping[str, Any], words: Mapping[str, str]) -> Cell:
    """A protected count: its value, its range, or that it is protected."""
    status = values[f"{name}_status"]
    low, high = values.get(f"{name}_low"), values.get(f"{name}_high")
    if status == "suppressed":
        if high is None:
            return words["protected"], "protected"
        form = "few" if low else "fewer"
        return words[form].format(high=f"{high:,}", next=f"{high + 1:,}"), "protected"
    if status is None or high is None:
        return words["none"], "text"
    if low == high:
        return f"{high:,}", "number"
    if not low:
        return words["at_most"].format(high=f"{high:,}"), "bound"
    kind = "number" if status == "released" else "bound"
    return words["range" if kind == "number" else "bound"].format(low=f"{low:,}", high=f"{high:,}"), kind
