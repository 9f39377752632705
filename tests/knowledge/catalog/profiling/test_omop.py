"""An OMOP CDM database is profiled by its URL and schema alone, in DuckDB and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.catalog.aggregates import Cell
from knowledge.catalog.profile_site import Profiled, profile_site
from knowledge.errors import CatalogInvalid
from tests.knowledge.catalog.cdm import ASTHMA, CHRONIC, COPD, PERSONS, cdm, people_with
from tests.knowledge.catalog.lung_clinic import RawTable, write_duckdb, write_postgres

COHORTS = f"""
omop:
  age_bands: ["18-49", "50+"]
  cohorts:
    - {{cohort: chronic, name_en: Chronic bronchitis and COPD, concepts: [{CHRONIC}]}}
    - {{cohort: copd, concepts: [{COPD}]}}
    - {{cohort: asthma_codes, codes: ["KCD:J45"], condition_codes: [J45]}}
"""
Profile = Callable[..., Profiled]


@pytest.fixture(params=["duckdb", "postgres"])
def profile(request: pytest.FixtureRequest, tmp_path: Path) -> Profile:
    """Put tables into an engine and profile them with more lines of configuration, or with none."""

    def run(tables: dict[str, RawTable] | None = None, more: str = "", vocabulary: str = "") -> Profiled:
        made = tables or cdm()
        apart = {"concept_ancestor": made.pop("concept_ancestor")} if vocabulary else {}
        if request.param == "duckdb":
            place = str(write_duckdb(tmp_path / "cdm.duckdb", "cdm", made))
            if apart:
                write_duckdb(Path(place), vocabulary, apart)
        else:
            place = write_postgres(request.getfixturevalue("postgres"), "cdm", made)
            if apart:
                write_postgres(place, vocabulary, apart)
        words = f", vocabulary_schema: {vocabulary}" if vocabulary else ""
        path = tmp_path / "cdm.yaml"
        path.write_text(f'as_of: 2023-03-01\nsource: {{omop: "{place}", schema: cdm{words}}}\n{more}')
        return profile_site(path, "2023-03-01")

    return run


def test_no_configuration_but_the_place(profile: Profile) -> None:
    raw = profile().raw
    [dataset] = raw.described["datasets"]
    assert dataset == {
        "dataset": "sol_cdm", "title_en": "Records of Sol Clinic", "last_updated": "2023-02-01",
        "data_model": "OMOP CDM 5.4", "period_start": 2016, "period_end": 2022,
    }
    counts = {count.cell: count for count in raw.counts["sol_cdm"]}
    assert counts[Cell("", None, None, None)].patients == PERSONS
    assert counts[Cell("", None, None, None)].records == len(cdm()["visit_occurrence"].rows)
    sexes = [counts[Cell("", None, sex, None)].patients for sex in ("F", "M")]
    assert PERSONS - 15 <= sum(sexes) < PERSONS  # a few have another concept


def test_tables_and_variables_are_the_databases_own(profile: Profile) -> None:
    raw = profile().raw
    tables = {row["table"] for row in raw.described["tables"]}
    assert {"person", "visit_occurrence", "care_site", "episode"} <= tables
    assert not tables & {"concept", "concept_ancestor", "cdm_source"}
    types = {(row["table"], row["name"]): row["type"] for row in raw.described["variables"]}
    assert types["person", "person_id"] == "identifier"
    assert types["visit_occurrence", "visit_start_date"] == "date"
    missing = {(one.table, one.variable): one for one in raw.missing}
    assert missing["person", "person_source_value"].rows_missing == 200
    assert missing["visit_occurrence", "admitted_from_concept_id"].patients_present == 0
    assert not any(table == "care_site" for table, _ in missing)  # nobody's rows


def test_older_cdm_and_no_visits(profile: Profile) -> None:
    tables = cdm("5.3")
    del tables["cdm_source"], tables["visit_occurrence"]
    found = profile(tables)
    [dataset] = found.raw.described["datasets"]
    assert (dataset["dataset"], dataset["data_model"]) == ("omop", "OMOP CDM 5.3")
    assert found.problems[0] == "omop: there is no visit_occurrence; records are observation periods"


@pytest.mark.parametrize("vocabulary", ["", "vocab"])
def test_a_cohort_takes_what_descends_from_its_concept(profile: Profile, vocabulary: str) -> None:
    raw = profile(more=COHORTS, vocabulary=vocabulary).raw
    counts = {count.cell: count.patients for count in raw.counts["sol_cdm"]}
    tables = cdm()
    for cohort, concepts in (("chronic", {CHRONIC, COPD}), ("copd", {COPD}), ("asthma_codes", {ASTHMA})):
        assert counts[Cell(cohort, None, None, None)] == len(people_with(tables, concepts))
        assert counts[Cell(cohort, 2018, None, None)] == len(people_with(tables, concepts, 2018))
    within = {grid.cohort: grid.within for grid in raw.grids["sol_cdm"].cohorts}
    assert within["copd"] == within["asthma_codes"] == ("",)
    codes = {row["cohort"]: row["codes"] for row in raw.described["cohorts"]}
    assert codes == {"chronic": f"OMOP:{CHRONIC}", "copd": f"OMOP:{COPD}", "asthma_codes": "KCD:J45"}


def test_without_ancestors_a_cohort_holds_its_concepts_only(profile: Profile) -> None:
    tables = cdm()
    del tables["concept_ancestor"]
    found = profile(tables, COHORTS)
    counts = {count.cell: count.patients for count in found.raw.counts["sol_cdm"]}
    assert counts[Cell("chronic", None, None, None)] == len(people_with(cdm(), {CHRONIC}))
    assert any("no concept_ancestor" in line for line in found.problems)


def test_coverage_is_told_in_years_of_enough_people(profile: Profile) -> None:
    raw = profile().raw
    coverage = {row["table"]: (row["period_start"], row["period_end"]) for row in raw.described["coverage"]}
    people: dict[int, set[int]] = {}
    for _, person, _, day, _ in cdm()["visit_occurrence"].rows:
        people.setdefault(day.year, set()).add(person)
    enough = [year for year, seen in people.items() if len(seen) >= 30]
    assert coverage["visit_occurrence"] == (min(enough), max(enough)) != (min(people), max(people))
    assert "death" not in coverage  # no year has thirty


def test_what_is_no_cdm_is_said_to_be_none(profile: Profile) -> None:
    tables = cdm()
    del tables["observation_period"]
    with pytest.raises(CatalogInvalid, match="no table 'observation_period' in schema 'cdm'"):
        profile(tables)
