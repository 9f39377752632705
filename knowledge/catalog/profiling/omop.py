"""An OMOP CDM database (5.3 or 5.4) as a dataset, without a description: ``plan_omop``.

The CDM says where everything is. Tables and variables are those that the database has. Years are
those in which enough people are under observation for a total to be published, which a reader of
the published totals sees anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from sqlglot import exp

from knowledge.catalog.aggregates import EVERYONE
from knowledge.catalog.profiling import expressions as value
from knowledge.catalog.profiling.config_entries import Config, OmopCohortEntry
from knowledge.catalog.profiling.engine import Engine, Table, table_of
from knowledge.catalog.profiling.plan import Cells, Plan, dataset_row, table_row, variable_row
from knowledge.catalog.source import (
    CohortSource,
    Condition,
    DatasetSource,
    Events,
    Persons,
    Scalar,
    Selection,
    TableSource,
    VariableSource,
)
from knowledge.errors import CatalogInvalid

PERSON = "person_id"
SEXES: Mapping[Scalar, str] = {8507: "M", 8532: "F"}
YEARS_BACK = 80
# Vocabularies, results and what the database says of itself: nothing about persons
_NOT_DATA = frozenset(
    (
        "concept", "vocabulary", "domain", "concept_class", "concept_relationship", "relationship",
        "concept_synonym", "concept_ancestor", "source_to_concept_map", "drug_strength", "cohort",
        "cohort_definition", "cdm_source", "metadata",
    )
)
_ONLY_54 = frozenset({"episode", "episode_event"})
_PERIOD, _START, _END = "observation_period", "observation_period_start_date", "observation_period_end_date"
_CONDITION = "condition_occurrence"


def plan_omop(engine: Engine, config: Config, as_of_year: int) -> Plan:
    """The plan of the CDM. Raises CatalogInvalid where the schema holds none."""
    schema = config.source.db_schema
    tables = engine.tables(schema)
    here = {name.lower(): table for name, table in tables.items() if name.lower() not in _NOT_DATA}
    for needed in ("person", _PERIOD):
        table_of(engine, schema, needed, "The OMOP CDM")
    about = _about(engine, schema)
    dataset = config.omop.dataset or about.pop("dataset", None) or "omop"
    years = config.omop.years or _observed_years(engine, config, as_of_year)
    source, problems = _source(engine, config, dataset, years, here)
    described = {
        "data_model": f"OMOP CDM {_version(here)}", **about, **config.omop.described(),
        **{name: age for name in ("age_min", "age_max") if (age := getattr(config.omop, name)) is not None},
    }
    return Plan(source, {
        "datasets": [dataset_row(dataset, years, described)],
        "tables": [table_row(dataset, table) for table in here.values()],
        "variables": [
            variable_row(dataset, table, column, PERSON)
            for table in here.values() for column in table.columns.values()
        ],
        "cohorts": [_cohort_row(cohort) for cohort in config.omop.cohorts],
    }, tuple(problems))


def _source(
    engine: Engine, config: Config, dataset: str, years: tuple[int, ...], here: Mapping[str, Table]
) -> tuple[DatasetSource, list[str]]:
    omop, problems = config.omop, []
    events = Events(Selection("visit_occurrence", PERSON), "visit_start_date")
    if "visit_occurrence" not in here:
        events = Events(Selection(_PERIOD, PERSON), _START)
        problems.append(f"{dataset}: there is no visit_occurrence; records are observation periods")
    if omop.cohorts:
        table_of(engine, config.source.db_schema, _CONDITION, "The OMOP CDM")
        vocabulary = engine.tables(config.source.vocabulary_schema or config.source.db_schema)
        if "concept_ancestor" not in map(str.lower, vocabulary):
            problems.append(
                f"{dataset}: there is no concept_ancestor; cohorts by concept hold the named concepts only"
            )
    cohorts = [CohortSource(EVERYONE, events, (), years, omop.age_min)]
    for cohort in omop.cohorts:
        rows = Selection(_CONDITION, PERSON, (_condition(cohort),))
        age_min = max((age for age in (omop.age_min, cohort.age_min) if age is not None), default=None)
        own = tuple(year for year in cohort.years or years if year in years)
        cohorts.append(CohortSource(cohort.cohort, Events(rows, "condition_start_date"), (), own, age_min))
    return DatasetSource(
        dataset=dataset,
        schema=config.source.db_schema,
        persons=Persons("person", PERSON, "gender_concept_id", "year_of_birth", SEXES),
        cohorts=tuple(cohorts),
        tables=tuple(
            TableSource(
                table.name, PERSON, tuple(VariableSource(name, name) for name in table.columns), _date(table)
            )
            for table in here.values() if PERSON in map(str.lower, table.columns)
        ),
        sexes=tuple(sorted(SEXES.values())),
        age_bands=omop.age_bands,
        age_max=omop.age_max,
        vocabulary=config.source.vocabulary_schema,
    ), problems


def _date(table: Table) -> str:
    """The column with the day on which a row's event starts, "" for a table without one."""
    dates = [name for name in table.columns if name.lower().endswith("_date")]
    starts = [name for name in dates if name.lower().endswith("_start_date")]
    return (starts or [name for name in dates if "end_date" not in name.lower()] or [""])[0]


def _condition(cohort: OmopCohortEntry) -> Condition:
    if cohort.concepts:
        return Condition("condition_concept_id", "descends_from", tuple(cohort.concepts))
    return Condition("condition_source_value", "coded", tuple(cohort.condition_codes))


def _cohort_row(cohort: OmopCohortEntry) -> Cells:
    codes = [f"OMOP:{concept}" for concept in cohort.concepts]
    return {"cohort": cohort.cohort, "codes": "|".join(codes), **cohort.described()}


def _observed_years(engine: Engine, config: Config, last: int) -> tuple[int, ...]:
    """From the first to the last year in which at least ``gate`` persons are under observation."""
    schema = config.source.db_schema
    table = table_of(engine, schema, _PERIOD, "The OMOP CDM")
    start, end = (
        value.year_of(table.column(name, "The OMOP CDM")) for name in (_START, _END)
    )
    person = value.reference(table.column(PERSON, "The OMOP CDM"))
    periods = exp.select(
        exp.alias_(person, "patient"), exp.alias_(start, "first"), exp.alias_(end, "last")
    ).from_(exp.table_(table.name, db=schema or None, quoted=True))
    years = range(last - YEARS_BACK + 1, last + 1)
    people = exp.Count(this=exp.Distinct(expressions=[exp.column("patient")]))
    counted = [
        exp.Filter(this=people.copy(), expression=exp.Where(this=exp.and_(
            exp.LTE(this=exp.column("first"), expression=value.literal(year)),
            exp.GTE(this=exp.column("last"), expression=value.literal(year)),
        ))) for year in years
    ]
    [found] = engine.run(exp.select(*counted).from_(periods.subquery("periods")))
    enough = [observed >= config.rule.gate for observed in found]
    if not any(enough):
        raise CatalogInvalid(
            f"The OMOP CDM has no year up to {last} with {config.rule.gate} persons under observation.",
            hint="Check observation_period and as_of, or give omop.years.",
        )
    before = len(list(takewhile(lambda is_enough: not is_enough, enough)))
    after = len(list(takewhile(lambda is_enough: not is_enough, reversed(enough))))
    return tuple(years[before:len(years) - after])


def _about(engine: Engine, schema: str) -> dict[str, str]:
    """What cdm_source says of the database: its name, its abbreviation, when it was made."""
    table = next((t for name, t in engine.tables(schema).items() if name.lower() == "cdm_source"), None)
    wanted = {
        "cdm_source_abbreviation": "dataset", "cdm_source_name": "title_en",
        "source_description": "description_en", "cdm_release_date": "last_updated",
    }
    columns = {name.lower(): column for name, column in table.columns.items()} if table else {}
    known = {name: columns[name] for name in wanted if name in columns}
    if table is None or not known:
        return {}
    shown = [exp.Max(this=value.text_of(column)) for column in known.values()]
    [found] = engine.run(exp.select(*shown).from_(exp.table_(table.name, db=schema or None, quoted=True)))
    said = {wanted[name]: str(text) for name, text in zip(known, found, strict=True) if text is not None}
    if "dataset" in said:
        said["dataset"] = "_".join(said["dataset"].lower().split())
    return {key: text[:10] if key == "last_updated" else text for key, text in said.items()}


def _version(tables: Mapping[str, Table]) -> str:
    """5.4 brought episodes, and renamed where a visit was admitted from."""
    visit = tables.get("visit_occurrence")
    renamed = visit is not None and "admitted_from_concept_id" in map(str.lower, visit.columns)
    return "5.4" if renamed or _ONLY_54 & set(tables) else "5.3"
