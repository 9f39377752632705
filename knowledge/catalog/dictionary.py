"""Rows of the files that describe: hospitals, datasets, tables, variables, concepts, cohorts, teams.

Each function takes one Row and gives the cells of the database row in column order (columns.py).
BadRow and LeftOut say that the row cannot be taken in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.catalog.cells import (
    parse_codes,
    parse_integer,
    parse_list,
    parse_missing_rate,
    parse_moment,
    parse_number,
    parse_values,
)
from knowledge.catalog.references import LeftOut, References
from knowledge.catalog.rows import BadRow, Problems, Row

Cells = tuple[Any, ...]


def hospital_cells(row: Row, references: References) -> Cells:
    """One hospital."""
    name = row.need("hospital")
    beds = row.parsed("beds", parse_integer)
    return (
        references.declare("hospital", name), row.text("name_en"), row.text("name_ko"), row.text("type"),
        beds, row.text("region_en"), row.text("region_ko"), row.text("contact"),
    )


def dataset_cells(row: Row, references: References) -> Cells:
    """One dataset, with the years of its period."""
    name = row.need("dataset")
    hospital = row.text("hospital")
    if hospital is not None:
        hospital = references.known("hospital", hospital)
    start_year, end_year = _years(row)
    age_min, age_max = row.parsed("age_min", parse_integer), row.parsed("age_max", parse_integer)
    if age_min is not None and age_max is not None and age_max < age_min:
        raise BadRow(f"age_max {age_max} is below age_min {age_min}; swap or correct them")
    cells = (
        name, hospital, row.text("title_en"), row.text("title_ko"), row.text("description_en"),
        row.text("description_ko"), row.text("theme"), row.text("period_start"), row.text("period_end"),
        start_year, end_year, row.text("update_frequency"), row.parsed("last_updated", _first_day),
        row.text("data_model"), row.text("access_level"), row.parsed("lead_time_days", parse_integer),
        age_min, age_max, row.parsed("median_follow_up_months", parse_number),
    )
    references.declare("dataset", name)
    return cells


def _first_day(text: str) -> date:
    return parse_moment(text).first


def _years(row: Row) -> tuple[int | None, int | None]:
    start, end = row.parsed("period_start", parse_moment), row.parsed("period_end", parse_moment)
    if start and end and end.last < start.first:
        raise BadRow(
            f"period_end {row.text('period_end')} is before period_start {row.text('period_start')};"
            " swap or correct them"
        )
    return start.year if start else None, end.year if end else None


def table_cells(row: Row, references: References) -> Cells:
    """One table of a dataset."""
    dataset = references.known("dataset", row.need("dataset"))
    table = row.need("table")
    references.declare(f"table of {dataset}", table)
    return dataset, table, row.text("title_en"), row.text("title_ko"), row.text("granularity")


def variable_cells(
    row: Row, references: References, granularities: dict[tuple[str, str], str | None], problems: Problems
) -> Cells:
    """One variable; without a granularity of its own it has its table's. A dictionary that names no
    tables has one table per dataset, called like the dataset."""
    dataset = references.known("dataset", row.need("dataset"))
    table, name = row.text("table") or dataset, row.need("name")
    missing = row.parsed("missing_pct", parse_missing_rate)
    cells = (
        dataset, table, name, row.text("label_en"), row.text("label_ko"), row.checked("aliases", parse_list),
        row.text("type"), row.text("unit"), row.checked("values", parse_values),
        missing.pct if missing else None, row.text("missing_pct"),
        missing.low if missing else None, missing.high if missing else None,
        row.text("granularity") or granularities.get((dataset, table)), row.text("modifier"),
    )
    references.declare(f"variable of {dataset}/{table}", name)
    return *cells, _concept(row, references, problems)


def _concept(row: Row, references: References, problems: Problems) -> str | None:
    """A variable is worth having without its concept."""
    concept = row.text("concept")
    if concept is None:
        return None
    try:
        return references.known("concept", concept)
    except (BadRow, LeftOut) as error:
        problems.add(row.file, row.number, f"the variable was kept without its concept: {error}")
        return None


def value_cells(variable: Cells) -> list[Cells]:
    """One row per coded value of a variable's cells."""
    dataset, table, name, values = *variable[:3], variable[8]
    return [(dataset, table, name, code, label) for code, label in parse_values(values)] if values else []


def concept_cells(row: Row, references: References) -> Cells:
    """One concept."""
    name, synonyms = row.need("concept"), row.checked("synonyms", parse_list)
    return (
        references.declare("concept", name), row.text("code_system"), row.text("edition"), row.text("code"),
        row.text("name_en"), row.text("name_ko"), synonyms,
    )


def implied_concept(name: str) -> Cells:
    """A concept that only variables name; SYSTEM:CODE tells its code."""
    system, colon, code = name.partition(":")
    coded = bool(system and colon and code)
    return name, system if coded else None, None, code if coded else None, None, None, None


def cohort_cells(row: Row, references: References) -> Cells:
    """One cohort."""
    name, codes = row.need("cohort"), row.checked("codes", parse_codes)
    return (
        references.declare("cohort", name), row.text("name_en"), row.text("name_ko"), codes,
        row.text("definition"),
    )


def team_cells(row: Row, references: References, problems: Problems) -> Cells:
    """One team; datasets that are not in the catalog are dropped from its list."""
    name, hospital = row.need("team"), row.text("hospital")
    if hospital is not None:
        hospital = references.known("hospital", hospital)
    interests = row.checked("interests_en", parse_list), row.checked("interests_ko", parse_list)
    datasets = []
    for dataset in row.parsed("datasets", parse_list) or ():
        try:
            datasets.append(references.known("dataset", dataset))
        except (BadRow, LeftOut) as error:
            problems.add(row.file, row.number, f"the team was kept without one dataset: {error}")
    references.declare("team", name)
    return (
        name, row.text("name_en"), row.text("name_ko"), hospital, row.text("lead_role"), *interests,
        "|".join(datasets) or None,
    )
