"""Rows of the files that hold published numbers: counts and linkage.

Each function takes one Row and gives the cells of the database row in column order (columns.py).
BadRow and LeftOut say that the row cannot be taken in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.catalog.cells import parse_age_band, parse_boolean, parse_integer
from knowledge.catalog.declaration import Protection
from knowledge.catalog.published import NOT_GIVEN, Published, read_published, read_status
from knowledge.catalog.references import References
from knowledge.catalog.rows import BadRow, Problems, Row

Cells = tuple[Any, ...]


def count_cells(
    row: Row, references: References, hospitals: Mapping[str, str | None], rule: Protection,
    problems: Problems,
) -> Cells:
    """One published cell; ``hospitals`` gives each dataset's. An empty dimension means all."""
    dataset = references.known("dataset", row.need("dataset"))
    cohort = row.text("cohort")
    if cohort is not None:
        cohort = references.known("cohort", cohort)
    year = row.parsed("year", _year)
    band = row.text("age_band")
    ages = row.parsed("age_band", parse_age_band) or (None, None)
    status = read_status(row, "status")
    if status is None:
        raise BadRow("status is empty; write released, suppressed or bound")
    patients = read_published(row, "patients", status, rule, problems)
    records = _records(row, status, rule, problems)
    sex = row.text("sex")
    references.declare_cell((dataset, cohort, year, sex, *ages))
    return (
        dataset, hospitals.get(dataset), cohort, year, sex, band, *ages, *patients.columns, *records.columns,
        row.text("rule") or rule.id,
    )


def _year(text: str) -> int:
    year = parse_integer(text)
    if not 1000 <= year <= 9999:
        raise ValueError(f"{text!r} is not a year; write it with four digits")
    return year


def _records(row: Row, status: str, rule: Protection, problems: Problems) -> Published:
    """Records have the row's status unless ``records_status`` says otherwise.

    Where the people are not released, a number of records would tell about them: it is dropped.
    """
    own = read_status(row, "records_status")
    text = row.text("records")
    if own is None and text is None and row.text("records_low") is None:
        return NOT_GIVEN
    ranged = row.text("records_low") is not None or row.text("width") is not None
    if status == "released" or own == "suppressed" or (status == "bound" and own != "released" and ranged):
        return read_published(row, "records", own or status, rule, problems)
    problems.add(row.file, row.number, f"records are given though patients are marked {status};"
                 " they were not stored, empty the cell")
    return NOT_GIVEN


def linkage_cells(row: Row, references: References, rule: Protection | None, problems: Problems) -> Cells:
    """One pair of datasets, in either order. A given overlap is released unless its status says otherwise."""
    a, b = (references.known("dataset", row.need(column)) for column in ("dataset_a", "dataset_b"))
    if a == b:
        raise BadRow(f"dataset {a!r} is linked with itself; name two datasets")
    same_controller = row.parsed("same_controller", parse_boolean)
    overlap = NOT_GIVEN
    status = read_status(row, "overlap_patients_status")
    if status or row.text("overlap_patients"):
        if rule is None:
            raise BadRow("overlap_patients is given, but catalog.yaml declares no protection; declare it")
        overlap = read_published(row, "overlap_patients", status or "released", rule, problems)
    pair = f"{min(a, b)} and {max(a, b)}"
    references.declare("linkage of", pair)
    return a, b, row.text("key_type"), same_controller, *overlap.columns
