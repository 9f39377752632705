"""Rows of the catalog as the table that a section of the plan asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.drafting.gather import Drafting
from assistant.say_rows import SHOWN_ROWS, caveats
from assistant.statement import Statement
from knowledge.catalog.read import Catalog
from knowledge.text import Language
from tools.drafting.form import Form
from tools.drafting.view import YES_NO
from tools.query.amounts import say_cell
from tools.query.readback import column_name, name_of

Cells = Mapping[str, Any]
SIZES = ("patients", "variables")  # of a dataset, told beside what the form asks for


def section_rows(
    section: str,
    found: Drafting,
    form: Form,
    catalog: Catalog,
    said: Mapping[str, Any],
    language: Language,
) -> Iterator[Statement]:
    """The table, and below it the date and catalog version. Says so where there are no rows."""
    result = found.result
    assert result is not None
    if not result.rows:
        yield Statement(said["no_rows"], basis="frame")
        return
    if section == "data" and not found.request.about(catalog):
        yield Statement(said["choose"], basis="frame")
    if section == "variables" and not found.request.variables:
        yield Statement(said["chosen"], basis="frame")
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows[:SHOWN_ROWS]]
    shown = [_row(section, cells, catalog, said, language) for cells in rows]
    head = _head(section, form, language)
    yield Statement(_table(head, shown), basis="rows")
    yield Statement(said["query"].format(id=result.id), basis="frame")
    for note in caveats(result, catalog, language):
        yield Statement(note, basis="record")


def _head(section: str, form: Form, language: Language) -> list[str]:
    if section == "population":
        return [column_name(name, language) for name in ("cohort", "codes", "definition")]
    field = {"data": "datasets", "variables": "requested", "linkage": "pairs"}[section]
    columns = form.sections[section].fields[field].columns
    labels = [label[language] for name, label in columns.items() if name != "catalog_version"]
    return labels + [column_name(name, language) for name in SIZES] if section == "data" else labels


def _row(
    section: str, cells: Cells, catalog: Catalog, said: Mapping[str, Any], language: Language
) -> list[object]:
    """The cells of a row in the order of the section's columns."""
    if section == "data":
        return [
            cells["dataset_title"],
            cells["dataset"],
            cells.get("hospital_name"),
            cells["period_start"],
            cells["period_end"],
            say_cell("patients", cells, language).text,
            f"{cells['variables']:,}",
        ]
    if section == "variables":
        id = f"{cells['dataset']}/{cells['table']}.{cells['name']}"
        blank = said["write_here"]
        return [cells["label"], id, blank, cells["unit"], cells["missing_text"], blank]
    if section == "population":
        return [cells["cohort_name"], cells["codes"], cells["definition"]]
    names = [name_of("dataset", cells[part], catalog, language) for part in ("dataset_a", "dataset_b")]
    same = cells["same_controller"]
    return [*names, cells["key_type"], None if same is None else YES_NO[language][0 if same else 1]]


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(_cell(value) for value in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: object) -> str:
    text = "-" if value is None or value == "" else str(value)
    return text.replace("|", ", ").replace("\n", " ")
