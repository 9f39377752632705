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
    dataset = count_dataset(row, references)
    cohort = count_cohort(row, references)
    year = count_year(row)
    low, high = count_ages(row)
    patients, records = count_patients(row, rule, problems), count_records(row, rule, problems)
    return row.stored(
        "counts", dataset=dataset, hospital=hospitals.get(dataset), cohort=cohort, year=year,
        age_low=low, age_high=high, **patients.named("patients"), **records.named("records"),
        rule=row.text("rule") or rule.id,
    )


def count_dataset(row: Row, references: References) -> str:
    """The dataset that is counted in."""
    return references.known("dataset", row.need("dataset"), row)


def count_cohort(row: Row, references: References) -> str | None:
    """The cohort that is counted, None for everyone."""
    cohort = row.text("cohort")
    return None if cohort is None else references.known("cohort", cohort, row)


def count_year(row: Row) -> int | None:
    """The year, None for all of them."""
    return row.parsed("year", _year)


def count_ages(row: Row) -> tuple[int | None, int | None]:
    """First and last age; both None for all ages."""
    return row.parsed("age_band", parse_age_band) or (None, None)


def _year(text: str) -> int:
    year = parse_integer(text)
    if not 1000 <= year <= 9999:
        raise ValueError(f"{text!r} is not a year; write it with four digits")
    return year


def count_patients(row: Row, rule: Protection, problems: Problems) -> Published:
    """The number of patients under the row's status."""
    return read_published(row, "patients", _status(row), rule, problems)


def _status(row: Row) -> str:
    status = read_status(row, "status")
    if status is None:
        raise BadRow("status is empty; write released, suppressed or bound")
    return status


def count_records(row: Row, rule: Protection, problems: Problems) -> Published:
    """Records have the row's status unless ``records_status`` says otherwise.

    Where the people are not released, a number of records would tell about them: it is dropped.
    """
    status = _status(row)
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
    a, b = (references.known("dataset", row.need(column), row) for column in ("dataset_a", "dataset_b"))
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
    return row.stored("linkage", same_controller=same_controller, **overlap.named("overlap_patients"))
