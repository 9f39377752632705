"""A small OMOP CDM with synthetic persons, as the tables of a database."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.knowledge.catalog.lung_clinic import RawTable

PERSONS = 300
COPD, CHRONIC, ASTHMA = 255573, 4_063_381, 317009
UNKNOWN_SEX = 8551


def cdm(version: str = "5.4") -> dict[str, RawTable]:
    """The tables; 5.3 names where a visit was admitted from otherwise, and has no episodes."""
    draw = random.Random(54)
    person: list[tuple[Any, ...]] = []
    period: list[tuple[Any, ...]] = []
    visit: list[tuple[Any, ...]] = []
    condition: list[tuple[Any, ...]] = []
    death: list[tuple[Any, ...]] = []
    for n in range(1, PERSONS + 1):
        sex = draw.choice((8507, 8532, 8507, 8532, UNKNOWN_SEX)) if n % 20 == 0 else draw.choice((8507, 8532))
        person.append((n, sex, draw.randint(1935, 2001), None if n % 3 else f"chart-{n}"))
        start = date(2016, 1, 1) + timedelta(days=draw.randrange(1_200))
        end = min(start + timedelta(days=draw.randrange(200, 1_800)), date(2022, 12, 31))
        period.append((n, n, start, end))
        for _ in range(draw.randint(1, 5)):
            day = start + timedelta(days=draw.randrange((end - start).days + 1))
            visit.append((len(visit) + 1, n, draw.choice((9201, 9202)), day, None))
            if draw.random() < 0.5:
                concept, source = draw.choice(((COPD, "J44.9"), (CHRONIC, "J42"), (ASTHMA, "J459")))
                condition.append((len(condition) + 1, n, concept, day, source, len(visit)))
        if n % 9 == 0:
            death.append((n, end))
    origin = "admitted_from_concept_id" if version == "5.4" else "admitting_source_concept_id"
    tables = {
        "person": RawTable({
            "person_id": "int", "gender_concept_id": "int", "year_of_birth": "int",
            "person_source_value": "text",
        }, person),
        "observation_period": RawTable({
            "observation_period_id": "int", "person_id": "int", "observation_period_start_date": "day",
            "observation_period_end_date": "day",
        }, period),
        "visit_occurrence": RawTable({
            "visit_occurrence_id": "int", "person_id": "int", "visit_concept_id": "int",
            "visit_start_date": "day", origin: "int",
        }, visit),
        "condition_occurrence": RawTable({
            "condition_occurrence_id": "int", "person_id": "int", "condition_concept_id": "int",
            "condition_start_date": "day", "condition_source_value": "text", "visit_occurrence_id": "int",
        }, condition),
        "death": RawTable({"person_id": "int", "death_date": "day"}, death),
        "care_site": RawTable({"care_site_id": "int", "care_site_name": "text"}, [(1, "Ward 7")]),
        "concept": RawTable({"concept_id": "int", "concept_name": "text"}, [(COPD, "COPD")]),
        "concept_ancestor": RawTable(
            {"ancestor_concept_id": "int", "descendant_concept_id": "int"},
            [(CHRONIC, CHRONIC), (CHRONIC, COPD), (COPD, COPD)],
        ),
        "cdm_source": RawTable(
            {"cdm_source_name": "text", "cdm_source_abbreviation": "text", "cdm_release_date": "day"},
            [("Records of Sol Clinic", "SOL CDM", date(2023, 2, 1))],
        ),
    }
    if version == "5.4":
        tables["episode"] = RawTable({"episode_id": "int", "person_id": "int"}, [(1, 1)])
    return tables


def people_with(tables: Mapping[str, RawTable], concepts: set[int], year: int | None = None) -> set[int]:
    """Persons with a condition, worked out without SQL."""
    return {
        row[1] for row in tables["condition_occurrence"].rows
        if row[2] in concepts and (year is None or row[3].year == year)
    }
