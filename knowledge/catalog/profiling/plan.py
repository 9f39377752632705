"""What is to be profiled of one dataset, and how it describes itself: ``plan_dataset``.

Tables and variables come from the description, or from the database's own columns where it names
none: name, type, comment. No value that a row holds is ever taken for a description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.catalog.aggregates import EVERYONE, check_bands
from knowledge.catalog.profiling.config_entries import (
    CohortEntry,
    DatasetEntry,
    EventsEntry,
    RowsEntry,
    TableEntry,
    VariableEntry,
)
from knowledge.catalog.profiling.config_values import cell_text
from knowledge.catalog.profiling.engine import Column, Engine, Kind, Table, table_of
from knowledge.catalog.source import (
    CohortSource,
    DatasetSource,
    Events,
    Persons,
    Selection,
    TableSource,
    VariableSource,
)
from knowledge.text import language_of

Cells = Mapping[str, object]
TYPES: Mapping[Kind, str] = {
    "text": "text", "integer": "integer", "number": "decimal", "date": "date", "timestamp": "datetime",
    "boolean": "boolean", "other": "text",
}
_LONGEST_LABEL = 80


@dataclass(frozen=True)
class Plan:
    """A dataset to profile, and its rows of the descriptive files by table."""

    source: DatasetSource
    rows: Mapping[str, Sequence[Cells]]
    problems: tuple[str, ...] = field(default=())


def plan_dataset(engine: Engine, entry: DatasetEntry) -> Plan:
    """The plan of a described dataset. Raises CatalogInvalid for tables and columns that are not there."""
    sexes = tuple(entry.sexes or sorted(set(entry.persons.sexes.values())))
    tables = [_plan_table(engine, entry, table) for table in _tables(engine, entry)]
    source = DatasetSource(
        dataset=entry.dataset,
        schema=entry.db_schema,
        persons=Persons(**entry.persons.model_dump()),
        cohorts=(
            CohortSource(EVERYONE, _events(entry, entry.records), (), entry.years, entry.age_min),
            *(_cohort(entry, cohort) for cohort in entry.cohorts),
        ),
        tables=tuple(source for source, _, _ in tables),
        sexes=sexes,
        age_bands=check_bands(entry.age_bands),
        age_max=entry.age_max,
    )
    return Plan(source, {
        "datasets": [dataset_row(
            entry.dataset, entry.years, entry.described() | _ages(entry.age_min, entry.age_max)
        )],
        "tables": [row for _, row, _ in tables],
        "variables": [row for _, _, rows in tables for row in rows],
        "cohorts": [{"cohort": cohort.cohort, **cohort.described()} for cohort in entry.cohorts],
    })


def dataset_row(dataset: str, years: tuple[int, ...], described: Cells) -> Cells:
    """A row of datasets.csv; its period is the declared years."""
    return {"dataset": dataset, **described, "period_start": years[0], "period_end": years[-1]}


def table_row(dataset: str, table: Table) -> Cells:
    """A row of tables.csv from what the database says of a table."""
    return {"dataset": dataset, "table": table.name, **_commented("title", table.comment)}


def variable_row(dataset: str, table: Table, column: Column, patient: str) -> Cells:
    """A row of variables.csv from what the database says of a column."""
    kind = column.says or column.kind
    return {
        "dataset": dataset, "table": table.name, "name": column.name,
        **_commented("label", column.comment),
        "type": "identifier" if column.name.lower() == patient.lower() else TYPES[kind],
    }


def _commented(what: str, comment: str) -> Cells:
    """A short comment is a label, a long one a description, in the language that it is in."""
    text = " ".join(comment.split())
    kind = what if len(text) <= _LONGEST_LABEL else "description"
    return {f"{kind}_{language_of(text)}": text} if text else {}


def _ages(age_min: int | None, age_max: int | None) -> dict[str, object]:
    return {name: age for name, age in (("age_min", age_min), ("age_max", age_max)) if age is not None}


def _tables(engine: Engine, entry: DatasetEntry) -> list[TableEntry]:
    """The described tables, or every one that has the person's column."""
    if entry.tables is not None:
        return entry.tables
    patient = entry.persons.patient.lower()
    return [
        TableEntry(table=name) for name, table in engine.tables(entry.db_schema).items()
        if patient in map(str.lower, table.columns)
    ]


def _plan_table(
    engine: Engine, entry: DatasetEntry, described: TableEntry
) -> tuple[TableSource, Cells, list[Cells]]:
    wanted_by = f"Dataset {entry.dataset!r}"
    table = table_of(engine, entry.db_schema, described.table, wanted_by)
    patient = table.column(described.patient or entry.persons.patient, wanted_by).name
    named = described.variables
    if named is None:
        named = [VariableEntry(name=column) for column in table.columns]
    variables, rows = [], []
    for variable in named:
        column = table.column(variable.column or variable.name, wanted_by)
        codes = tuple(map(str, variable.missing_codes))
        variables.append(VariableSource(variable.name, column.name, tuple(variable.where), codes))
        rows.append(_variable(entry, table, column, patient, variable))
    row = {**table_row(entry.dataset, table), **described.described(), "table": described.table}
    date = table.column(described.date, wanted_by).name if described.date else ""
    source = TableSource(described.table, patient, tuple(variables), date, described.date_format)
    return source, row, rows


def _variable(
    entry: DatasetEntry, table: Table, column: Column, patient: str, variable: VariableEntry
) -> Cells:
    given = variable.described()
    row = {**variable_row(entry.dataset, table, column, patient), **given, "name": variable.name}
    if "type" not in given:
        if given.get("values"):
            row["type"] = "code"
        elif (table.name.lower(), column.name.lower()) in _dates(entry) and column.kind != "timestamp":
            row["type"] = "date"  # in a format of its own, which no database knows
    if variable.missing_codes:
        codes = variable.missing_codes
        row["missing_codes"] = cell_text(codes if isinstance(codes, dict) else {code: code for code in codes})
    return row


def _dates(entry: DatasetEntry) -> set[tuple[str, str]]:
    """The columns that are read as dates, by table, in lower case."""
    events = [entry.records, *(cohort.records for cohort in entry.cohorts if cohort.records)]
    told = [(one.table, one.date) for one in events]
    told += [(one.table, one.date) for one in entry.tables or () if one.date]
    return {(table.lower(), column.lower()) for table, column in told}


def _cohort(entry: DatasetEntry, cohort: CohortEntry) -> CohortSource:
    """A cohort without records of its own counts the dataset's, of the people who are its members."""
    age_min = max((age for age in (entry.age_min, cohort.age_min) if age is not None), default=None)
    years = tuple(year for year in cohort.years or entry.years if year in entry.years)
    members = tuple(_selection(entry, member) for member in cohort.members)
    return CohortSource(
        cohort.cohort, _events(entry, cohort.records or entry.records), members, years, age_min
    )


def _events(entry: DatasetEntry, events: EventsEntry) -> Events:
    return Events(_selection(entry, events), events.date, events.date_format)


def _selection(entry: DatasetEntry, rows: RowsEntry) -> Selection:
    return Selection(rows.table, rows.patient or entry.persons.patient, tuple(rows.where))
