"""Rows of a query as a table for reading: headings in words, one cell per value.

Cells are [text, kind] with kind "text", "number", "bound" (a range that was worked out) or "protected"
(hidden to protect a small group; never shown as a number).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from knowledge.text import Language
from tools.query.amounts import PARTS, say_cell, say_rate
from tools.query.readback import column_name, sex_name

LABELS = ("_name", "_title")
ORIGIN = frozenset({"source_file", "source_row"})
YEARS = frozenset({"year", "start_year", "end_year"})
PAIRED = frozenset({"dataset_a", "dataset_b"})  # ids of datasets, without a label beside them
Cell = tuple[str, str]
Naming = Callable[[str], str]  # a dataset's id -> its title


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
    naming: Naming = str,
) -> ReadableTable:
    """The rows of a query. ``words``: empty, yes, no.

    ``subject`` is what the query's plan lists, where it is a list.
    """
    shown = [at for at, name in enumerate(columns) if not _hidden(name, columns)]
    measures = {name for name in columns if f"{name}_status" in columns}
    rows = []
    for value in values:
        row = dict(zip(columns, value, strict=True))
        rows.append([_cell(columns[at], row, measures, language, words, naming) for at in shown])
    headings: list[Heading] = []
    for place, at in enumerate(shown):
        kinds = {cells[place][1] for cells in rows}
        numeric = columns[at] in measures or kinds == {"number"}
        headings.append({"text": _heading(columns[at], subject, language), "numeric": numeric})
    return {"headings": headings, "rows": rows}


def _hidden(name: str, columns: Sequence[str]) -> bool:
    """Parts of a measure, keys that have a label beside them, years that a period says already, and
    where rows were imported from, which the answer says."""
    if any(name.endswith(part) and name.removesuffix(part) in columns for part in PARTS):
        return True
    if name in ORIGIN or (name in {"start_year", "end_year"} and "period_start" in columns):
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
    naming: Naming,
) -> Cell:
    value = values[name]
    if name in measures:
        said = say_cell(name, values, language)
        return said.text, said.kind
    if value is None or value == "":
        return words["empty"], "text"
    if isinstance(value, bool):
        return words["yes" if value else "no"], "text"
    if name == "sex":
        return sex_name(str(value), language), "text"
    if name in PAIRED:
        return naming(str(value)), "text"
    if name == "missing_text":
        return say_rate(str(value), language), "text"
    if isinstance(value, int | float) and name not in YEARS:
        return f"{value:,.1f}".removesuffix(".0"), "number"
    return str(value).replace("|", ", "), "text"
