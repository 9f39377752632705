"""Profiling: a hospital's raw tables to aggregates, by SQL that the hospital's engine runs.

Only counts leave the engine. Every statement is built as a syntax tree: names become quoted
identifiers and values literals, so nothing in a description can be read as SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import duckdb
from sqlglot import exp, parse_one

from knowledge.catalog.aggregates import Cell, RawCount, RawMedian, RawMissing, RawOverlap, band_limits
from knowledge.catalog.source import (
    CohortSource,
    Condition,
    DatasetSource,
    Events,
    Scalar,
    TableSource,
    VariableSource,
)
from knowledge.errors import CatalogInvalid

DIALECT = "duckdb"

# A person counts once per cell. The index is the first qualifying record; its age holds for all years.
_GRAINS = """
WITH indexed AS (
    SELECT patient, MIN(year) - MIN(birth_year) AS age FROM records GROUP BY patient
), labelled AS (
    SELECT records.patient, records.year, records.sex, banded.band
    FROM records JOIN banded ON banded.patient = records.patient
)
SELECT year, sex, band, GROUPING(year, sex, band) AS grain,
       COUNT(DISTINCT patient) AS patients, COUNT(*) AS records
FROM labelled
GROUP BY GROUPING SETS ((), (sex), (band), (sex, band), (year), (year, sex), (year, band), (year, sex, band))
ORDER BY grain, year, sex, band
"""
# GROUPING gives one bit per dimension, set where the dimension is summed away
_YEAR, _SEX, _BAND = 4, 2, 1


def profile_counts(connection: duckdb.DuckDBPyConnection, source: DatasetSource) -> list[RawCount]:
    """Patients and records at every grain of every cohort. People whose sex or age band is not
    declared count in totals only; people without a row in the persons table do not count."""
    counts: list[RawCount] = []
    for cohort in source.cohorts:
        for year, sex, band, grain, patients, records in _run(connection, _counting(source, cohort)):
            given = ((year, grain & _YEAR), (sex, grain & _SEX), (band, grain & _BAND))
            if any(value is None and not summed for value, summed in given):
                continue
            counts.append(RawCount(source.dataset, Cell(cohort.cohort, year, sex, band), patients, records))
    return counts


def profile_missing(connection: duckdb.DuckDBPyConnection, source: DatasetSource) -> list[RawMissing]:
    """Empty rows per variable, with the people behind them, in the description's order."""
    return [
        missing
        for table in source.tables
        for _, variables in groupby(table.variables, key=lambda variable: variable.where)
        for missing in _missing(connection, source, table, tuple(variables))
    ]


def profile_overlap(connection: duckdb.DuckDBPyConnection, a: DatasetSource, b: DatasetSource) -> RawOverlap:
    """People of two datasets whose person column holds the same pseudonym."""
    first, second = exp.column("patient", "a"), exp.column("patient", "b")
    same = exp.EQ(this=first, expression=second)
    joined = exp.select(
        exp.Count(this=first.copy()),
        exp.Count(this=second.copy()),
        exp.Count(this=exp.case().when(same.copy(), _literal(1))),
    ).from_(_patients(a).subquery("a")).join(_patients(b).subquery("b"), on=same, join_type="full")
    [(patients_a, patients_b, both)] = _run(connection, joined)
    return RawOverlap(a.dataset, b.dataset, patients_a, patients_b, both)


def profile_follow_up(connection: duckdb.DuckDBPyConnection, source: DatasetSource) -> RawMedian:
    """Median days from a person's first to last record of the dataset."""
    records = _records(source, source.everyone).subquery("records")
    first, last = exp.Min(this=exp.column("day")), exp.Max(this=exp.column("day"))
    span = exp.alias_(exp.DateDiff(this=last, expression=first, unit=exp.var("DAY")), "days")
    spans = exp.select("patient", span).from_(records).group_by("patient")
    median = parse_one("PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY days)", read=DIALECT)
    counted = exp.select(exp.Count(this=exp.Star()), median).from_(spans.subquery("spans"))
    [(patients, days)] = _run(connection, counted)
    return RawMedian(source.dataset, patients, int(days or 0))


def _counting(source: DatasetSource, cohort: CohortSource) -> exp.Query:
    """The statement for one cohort: its records, the band of each person, then all grains."""
    query = parse_one(_GRAINS, read=DIALECT)
    assert isinstance(query, exp.Select)
    age = exp.column("age")
    band = exp.case()
    for label in source.age_bands:
        low, high = band_limits(label)
        inside: exp.Expr = exp.GTE(this=age.copy(), expression=_literal(low))
        if high is not None:
            inside = exp.and_(inside, exp.LTE(this=age.copy(), expression=_literal(high)))
        band = band.when(inside, _literal(label))
    banded = exp.select("patient", exp.alias_(band, "band")).from_("indexed")
    if source.age_max is not None:
        banded = banded.where(exp.LTE(this=age.copy(), expression=_literal(source.age_max)))
    steps = query.args["with_"].expressions
    steps.insert(0, _named("records", _records(source, cohort)))
    steps.insert(2, _named("banded", banded))
    return query


def _records(source: DatasetSource, cohort: CohortSource) -> exp.Select:
    """Qualifying records: patient, day, year, sex, birth_year."""
    events = _select_events(source, cohort).subquery("events")
    persons = _select_persons(source).subquery("persons")
    year, born = exp.column("year", "events"), exp.column("birth_year", "persons")
    query = exp.select(
        exp.column("patient", "events"), exp.column("day", "events"), year,
        exp.column("sex", "persons"), born,
    ).from_(events).join(persons, on=exp.EQ(
        this=exp.column("patient", "persons"), expression=exp.column("patient", "events")
    ))
    if cohort.years:
        query = query.where(exp.In(this=year.copy(), expressions=[_literal(y) for y in cohort.years]))
    if cohort.age_min is not None:
        query = query.where(exp.GTE(
            this=exp.Sub(this=year.copy(), expression=born.copy()), expression=_literal(cohort.age_min)
        ))
    return query


def _select_events(source: DatasetSource, cohort: CohortSource) -> exp.Select:
    events: Events = cohort.events
    day = exp.cast(_column(events.date), "DATE")
    query = exp.select(
        exp.alias_(_column(events.rows.patient), "patient"),
        exp.alias_(day, "day"),
        exp.alias_(exp.Extract(this=exp.var("YEAR"), expression=day.copy()), "year"),
    ).from_(_table(source, events.rows.table)).where(*map(_test, events.rows.where))
    for member in cohort.members:
        people = exp.select(_column(member.patient)).from_(_table(source, member.table))
        query = query.where(exp.In(
            this=_column(events.rows.patient), query=people.where(*map(_test, member.where)).subquery()
        ))
    return query


def _select_persons(source: DatasetSource) -> exp.Select:
    """One row per person, whatever the table holds twice."""
    persons = source.persons
    sex = exp.case()
    for raw, declared in persons.sexes.items():
        sex = sex.when(exp.EQ(this=_column(persons.sex), expression=_literal(raw)), _literal(declared))
    return exp.select(
        exp.alias_(_column(persons.patient), "patient"),
        exp.alias_(exp.Min(this=sex), "sex"),
        exp.alias_(exp.Min(this=_column(persons.birth_year)), "birth_year"),
    ).from_(_table(source, persons.table)).group_by(_column(persons.patient))


def _patients(source: DatasetSource) -> exp.Select:
    return exp.select("patient").distinct().from_(_records(source, source.everyone).subquery("records"))


def _missing(
    connection: duckdb.DuckDBPyConnection, source: DatasetSource, table: TableSource,
    variables: Sequence[VariableSource],
) -> Iterator[RawMissing]:
    """One statement for the variables that share their conditions."""
    people = exp.Count(this=exp.Distinct(expressions=[_column(table.patient)]))
    shown: list[exp.Expr] = [exp.Count(this=exp.Star()), people]
    for variable in variables:
        empty = exp.Is(this=_column(variable.column), expression=exp.Null())
        for counted, test in (
            (exp.Count(this=exp.Star()), empty), (people, empty), (people, exp.Not(this=empty)),
        ):
            shown.append(exp.Filter(this=counted.copy(), expression=exp.Where(this=test.copy())))
    query = exp.select(*shown).from_(_table(source, table.table)).where(*map(_test, variables[0].where))
    [(rows, patients, *cells)] = _run(connection, query)
    for place, variable in enumerate(variables):
        yield RawMissing(
            source.dataset, table.table, variable.name, rows, cells[3 * place], patients,
            cells[3 * place + 1], cells[3 * place + 2],
        )


def _test(condition: Condition) -> exp.Expr:
    column, values = _column(condition.column), [_literal(value) for value in condition.values]
    if condition.operator == "one_of":
        return exp.In(this=column, expressions=values)
    if condition.operator == "starts_with":
        return exp.or_(*(exp.StartsWith(this=column.copy(), expression=value) for value in values))
    comparison = {"equals": exp.EQ, "below": exp.LT, "at_most": exp.LTE, "above": exp.GT, "at_least": exp.GTE}
    return comparison[condition.operator](this=column, expression=values[0])


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _table(source: DatasetSource, name: str) -> exp.Table:
    return exp.table_(name, db=source.schema or None, quoted=True)


def _literal(value: Scalar) -> exp.Expr:
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


def _named(name: str, query: exp.Query) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


def _run(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> list[tuple[Any, ...]]:
    try:
        return connection.execute(query.sql(dialect=DIALECT)).fetchall()
    except duckdb.Error as error:
        raise CatalogInvalid(
            f"The source cannot be profiled: {str(error).splitlines()[0]}",
            hint="Compare the description's tables and columns with the source.",
        ) from error
