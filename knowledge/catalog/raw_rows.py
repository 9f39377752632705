"""One row of each file of raw aggregates: text to numbers. BadRow says what is wrong with it."""

from __future__ import annotations

from knowledge.catalog.aggregates import (
    EVERYONE,
    Cell,
    CohortGrid,
    RawCount,
    RawMedian,
    RawMissing,
    RawOverlap,
    check_bands,
)
from knowledge.catalog.cells import parse_age_band, parse_count, parse_integer, parse_list
from knowledge.catalog.rows import BadRow, Row
from knowledge.errors import CatalogInvalid


def raw_count(row: Row) -> RawCount:
    dataset = row.need("dataset")
    cell = Cell(
        row.text("cohort") or EVERYONE, row.parsed("year", _year), row.text("sex"),
        row.parsed("age_band", _band),
    )
    row.need("patients")
    patients, records = _whole(row, "patients"), row.parsed("records", parse_count)
    if records is not None and records < patients:
        raise BadRow(f"{patients} patients have {records} records; each has at least one, correct either")
    return RawCount(dataset, cell, patients, patients if records is None else records)


def _year(text: str) -> int:
    return parse_integer(text, least=1000, most=9999)


def _band(text: str) -> str:
    """40-49 or 80+ of what a hospital writes for it, as 40대 or 80세 이상."""
    low, high = parse_age_band(text)
    return f"{low}+" if high is None else f"{low}-{high}"


def _bands(text: str) -> tuple[str, ...]:
    try:
        return check_bands(tuple(map(_band, parse_list(text))))
    except CatalogInvalid as error:
        raise ValueError(str(error)) from error


def _whole(row: Row, column: str) -> int:
    row.need(column)
    number = row.parsed(column, parse_count)
    assert number is not None  # needed above
    return number


def cohort_grid(row: Row) -> tuple[Row, CohortGrid, tuple[str, ...]]:
    years = tuple(_year(text) for text in row.parsed("years", parse_list) or ())
    bands = row.parsed("age_bands", _bands) or ()
    within = tuple(EVERYONE if name == "*" else name for name in row.parsed("within", parse_list) or ())
    grid = CohortGrid(row.text("cohort") or EVERYONE, years, bands, within)
    return row, grid, row.parsed("sexes", parse_list) or ()


def raw_missing(row: Row) -> RawMissing:
    return RawMissing(
        row.need("dataset"), row.need("table"), row.need("variable"),
        *(_whole(row, name) for name in (
            "rows", "rows_missing", "patients", "patients_missing", "patients_present",
        )),
    )


def raw_overlap(row: Row) -> RawOverlap:
    return RawOverlap(
        row.need("dataset_a"), row.need("dataset_b"),
        *(_whole(row, name) for name in ("patients_a", "patients_b", "both")),
    )


def raw_median(row: Row) -> RawMedian:
    return RawMedian(row.need("dataset"), _whole(row, "patients"), _whole(row, "value"))
