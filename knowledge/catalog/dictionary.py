"""Rows of the files that describe: hospitals, datasets, tables, variables, concepts, cohorts, ...

Each function takes one Row and gives the cells of the database row in column order (columns.py).
BadRow and LeftOut say that the row cannot be taken in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.catalog import units
from knowledge.catalog.cells import (
    parse_boolean,
    parse_codes,
    parse_integer,
    parse_list,
    parse_missing_rate,
    parse_moment,
    parse_number,
    parse_values,
)
from knowledge.catalog.codes import Codes
from knowledge.catalog.references import LeftOut, References
from knowledge.catalog.rows import BadRow, Problems, Row

Cells = tuple[Any, ...]


def hospital_cells(row: Row, references: References) -> Cells:
    """One hospital."""
    name, beds = row.need("hospital"), row.parsed("beds", parse_integer)
    references.declare("hospital", name)
    return row.stored("hospitals", beds=beds)


def dataset_cells(row: Row, references: References, problems: Problems) -> Cells:
    """One dataset, with the years of its period."""
    name = row.need("dataset")
    hospital = row.text("hospital")
    if hospital is not None:
        hospital = references.known("hospital", hospital, row)
    start_year, end_year = _years(row)
    age_min, age_max = row.parsed("age_min", parse_integer), row.parsed("age_max", parse_integer)
    if age_min is not None and age_max is not None and age_max < age_min:
        raise BadRow(f"age_max {age_max} is below age_min {age_min}; swap or correct them")
    row.checked("keywords", parse_list)
    cells = row.stored(
        "datasets", hospital=hospital, start_year=start_year, end_year=end_year,
        last_updated=row.parsed("last_updated", _first_day),
        lead_time_days=row.parsed("lead_time_days", parse_integer), age_min=age_min, age_max=age_max,
        median_follow_up_months=row.parsed("median_follow_up_months", parse_number),
        supersedes=_supersedes(name, row, references, problems),
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


def _supersedes(name: str, row: Row, references: References, problems: Problems) -> str | None:
    """What a dataset takes the place of need not be in the catalog any more."""
    former = row.parsed("supersedes", parse_list)
    if former is None:
        return None
    try:
        references.supersede(name, former)
    except BadRow as error:
        problems.add(row.file, row.number, f"the dataset was kept without what it supersedes: {error}")
        return None
    return row.text("supersedes")


def table_cells(row: Row, references: References) -> Cells:
    """One table of a dataset."""
    dataset = references.known("dataset", row.need("dataset"), row)
    references.declare(f"table of {dataset}", row.need("table"))
    return row.stored("tables", dataset=dataset)


def implied_table(dataset: str, table: str, row: Row) -> Cells:
    """A table that only variables name; ``row`` is the first of them."""
    return Row(row.file, row.number, {"dataset": dataset, "table": table}).stored("tables")


def variable_cells(
    row: Row, references: References, granularities: Mapping[tuple[str, str], str | None], problems: Problems
) -> Cells:
    """One variable; without a granularity of its own it has its table's. A dictionary that names no
    tables has one table per dataset, called like the dataset. Whether it stands twice is seen later."""
    dataset = references.known("dataset", row.need("dataset"), row)
    table, name = row.text("table") or dataset, row.need("name")
    missing = row.parsed("missing_pct", parse_missing_rate)
    row.checked("aliases", parse_list)
    row.checked("values", parse_values)
    row.checked("missing_codes", parse_values)
    sensitive = row.parsed("sensitive", parse_boolean)
    unit = row.text("unit")
    wrong = units.problem(unit) if unit is not None else None
    if wrong:
        problems.add(row.file, row.number, f"unit {wrong}; the variable was kept with it")
    return row.stored(
        "variables", dataset=dataset, table=table, name=name, sensitive=sensitive,
        missing_pct=missing.pct if missing else None, missing_text=row.text("missing_pct"),
        missing_low=missing.low if missing else None, missing_high=missing.high if missing else None,
        granularity=row.text("granularity") or granularities.get((dataset, table)),
        concept=_concept(row, references, problems),
    )


def _concept(row: Row, references: References, problems: Problems) -> str | None:
    """A variable is worth having without its concept."""
    concept = row.text("concept")
    if concept is None:
        return None
    try:
        return references.known("concept", concept, row)
    except (BadRow, LeftOut) as error:
        problems.add(row.file, row.number, f"the variable was kept without its concept: {error}")
        return None


def concept_cells(row: Row, references: References, codes: Codes, problems: Problems) -> Cells:
    """One concept."""
    name = row.need("concept")
    row.checked("synonyms", parse_list)
    references.declare("concept", name)
    system, code = row.text("code_system"), row.text("code")
    if system is not None and code is not None:
        codes.declare(system, row.text("edition"), code)
        wrong = codes.malformed(system, code)
        if wrong:
            problems.add(row.file, row.number, f"{wrong}; the concept was kept with it")
    return row.stored("concepts")


def implied_concept(name: str, row: Row) -> Cells:
    """A concept that only variables name; SYSTEM:CODE tells its code."""
    system, colon, code = name.partition(":")
    coded = {"code_system": system, "code": code} if system and colon and code else {}
    return Row(row.file, row.number, {"concept": name, **coded}).stored("concepts")


def cohort_cells(row: Row, references: References, codes: Codes, problems: Problems) -> Cells:
    """One cohort."""
    name = row.need("cohort")
    listed = row.parsed("codes", parse_codes) or ()
    references.declare("cohort", name)
    for code in listed:
        system, _, rest = code.partition(":")
        wrong = codes.malformed(system, rest) or codes.not_in_edition(system, rest)
        if wrong:
            problems.add(row.file, row.number, f"{wrong}; the cohort was kept with it")
    return row.stored("cohorts")


def coverage_cells(row: Row, references: References) -> Cells:
    """What a dataset, or one table of it, covers: a period and a population."""
    dataset = references.known("dataset", row.need("dataset"), row)
    start_year, end_year = _years(row)
    return row.stored("coverage", dataset=dataset, start_year=start_year, end_year=end_year)


def access_rule_cells(row: Row, references: References) -> Cells:
    """One way to be given a dataset."""
    dataset = references.known("dataset", row.need("dataset"), row)
    lead_time_days = row.parsed("lead_time_days", parse_integer)
    references.declare(f"access rule of {dataset}", row.need("rule"))
    return row.stored("access_rules", dataset=dataset, lead_time_days=lead_time_days)


def team_cells(row: Row, references: References, problems: Problems) -> Cells:
    """One team; datasets that are not in the catalog are dropped from its list."""
    name, hospital = row.need("team"), row.text("hospital")
    if hospital is not None:
        hospital = references.known("hospital", hospital, row)
    row.checked("interests_en", parse_list)
    row.checked("interests_ko", parse_list)
    datasets = []
    for dataset in row.parsed("datasets", parse_list) or ():
        try:
            datasets.append(references.known("dataset", dataset, row))
        except (BadRow, LeftOut) as error:
            problems.add(row.file, row.number, f"the team was kept without one dataset: {error}")
    references.declare("team", name)
    return row.stored("teams", hospital=hospital, datasets="|".join(datasets) or None)
