"""A hospital's own database: raw tables in an in-memory DuckDB, one schema per dataset.

It stands for the hospital's side. Nothing but aggregates leaves it, and it is gone after the build.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
from sqlglot import exp

from knowledge.catalog.aggregates import EVERYONE
from knowledge.catalog.source import (
    OPERATORS,
    CohortSource,
    Condition,
    DatasetSource,
    Events,
    Persons,
    Selection,
    TableSource,
    VariableSource,
)
from knowledge.sample.programme import Dataset, Definitions, Table


def open_site() -> duckdb.DuckDBPyConnection:
    """An empty database on one thread."""
    return duckdb.connect(":memory:", config={"threads": 1})


def load(connection: duckdb.DuckDBPyConnection, schema: str, table: str, columns: Mapping[str, Any]) -> None:
    """Store a table; ``columns`` are numpy arrays of one length."""
    names = ", ".join(map(_quoted, columns))
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
    connection.register("loading", dict(columns))
    connection.execute(f"CREATE TABLE {_quoted(schema)}.{_quoted(table)} AS SELECT {names} FROM loading")
    connection.unregister("loading")


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="duckdb")


def describe(definitions: Definitions, dataset: Dataset) -> DatasetSource:
    """The profile description of a dataset, as a hospital would write it."""
    persons = dataset.entry["persons"]
    table = dataset.table(persons["table"])
    sex = next(variable for variable in table.columns if variable.name == persons["sex"])
    programme = definitions.programme
    return DatasetSource(
        dataset=dataset.name,
        schema=dataset.name,
        persons=Persons(
            table.name, table.entry["patient"], persons["sex"], persons["birth_year"],
            dict(zip(sex.codes, ("M", "F"), strict=True)),
        ),
        cohorts=tuple(_cohort(definitions, dataset, name) for name in (EVERYONE, *dataset.entry["cohorts"])),
        tables=tuple(_variables(table) for table in dataset.tables),
        sexes=tuple(programme["sexes"]),
        age_bands=tuple(programme["age_bands"]),
        age_max=dataset.members.get("age_max"),
    )


def _cohort(definitions: Definitions, dataset: Dataset, name: str) -> CohortSource:
    age_min = int(dataset.members["age_min"])
    records = dataset.table(dataset.entry["records"])
    if name == EVERYONE:
        return CohortSource(name, _events(records), (), dataset.years, age_min)
    row = definitions.cohorts[name]
    codes = tuple(code.partition(":")[2] for code in row["codes"].split("|"))
    diagnoses = dataset.table(dataset.entry["diagnoses"])
    coded = (Condition(diagnoses.entry["code"], "starts_with", codes),)
    measured = _measured(definitions, dataset, name)
    years = tuple(year for year in dataset.years if year >= int(row["first_year"] or 0))
    age_min = max(age_min, int(row["age_min"]))
    if dataset.entry["count"] == "diagnoses":
        return CohortSource(name, _events(diagnoses, coded), measured, years, age_min)
    diagnosed = Selection(diagnoses.name, diagnoses.entry["patient"], coded)
    return CohortSource(name, _events(records), (diagnosed, *measured), years, age_min)


def _events(table: Table, where: tuple[Condition, ...] = ()) -> Events:
    return Events(Selection(table.name, table.entry["patient"], where), table.entry["date"])


def _measured(definitions: Definitions, dataset: Dataset, cohort: str) -> tuple[Selection, ...]:
    """The first of the cohort's selections that this dataset has the table and columns for."""
    for choice in definitions.measured.get(cohort, ()):
        table = next((table for table in dataset.tables if table.name == choice["table"]), None)
        columns = {variable.name for variable in table.columns} if table else set()
        if table and all(condition["column"] in columns for condition in choice["where"]):
            return (Selection(table.name, table.entry["patient"], tuple(map(_condition, choice["where"]))),)
    if cohort in definitions.measured:
        raise LookupError(f"{dataset.name} cannot measure cohort {cohort}")
    return ()


def _condition(entry: Mapping[str, Any]) -> Condition:
    operator = next(name for name in OPERATORS if name in entry)
    value = entry[operator]
    return Condition(entry["column"], operator, tuple(value) if isinstance(value, list) else (value,))


def _variables(table: Table) -> TableSource:
    """Columns, and the items of a long table as variables of their own."""
    columns = [VariableSource(variable.name, variable.name) for variable in table.columns]
    items = [
        VariableSource(
            item.name, table.entry["value"], (Condition(table.entry["item"], "equals", (item.name,)),)
        )
        for item in table.items
    ]
    return TableSource(table.name, table.entry["patient"], tuple(columns + items))
