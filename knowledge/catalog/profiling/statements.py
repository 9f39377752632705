"""The statements of a profile, as syntax trees: names become quoted identifiers and values literals.

Nothing in a description can be read as SQL. Every statement gives aggregates only (engine.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sqlglot import exp, parse_one

from knowledge.catalog.aggregates import band_limits
from knowledge.catalog.profiling import expressions as value
from knowledge.catalog.profiling.engine import Engine, Table, table_of
from knowledge.catalog.source import (
    CohortSource,
    Condition,
    DatasetSource,
    Selection,
    TableSource,
    VariableSource,
)

# Persons first, then their years: each is counted as a row of its own, so no sum ever counts people.
# The index is the first qualifying record; its age holds for all years.
_CELLS = """
WITH indexed AS (
    SELECT patient, MIN(sex) AS sex, MIN(year) - MIN(birth_year) AS age, COUNT(*) AS records
    FROM records GROUP BY patient
), yearly AS (
    SELECT patient, year, COUNT(*) AS records FROM records GROUP BY patient, year
), cells AS (
    SELECT CAST(NULL AS INT) AS year, sex, band, records FROM banded
    UNION ALL
    SELECT yearly.year, banded.sex, banded.band, yearly.records
    FROM yearly JOIN banded ON banded.patient = yearly.patient
)
SELECT year, sex, band, GROUPING(sex, band) AS grain, COUNT(*) AS patients, SUM(records) AS records
FROM cells GROUP BY GROUPING SETS ((year), (year, sex), (year, band), (year, sex, band))
"""
# GROUPING gives one bit per dimension, set where the dimension is summed away
SEX_SUMMED, BAND_SUMMED = 2, 1


class Statements:
    """The statements of one dataset, written for the columns that its tables have."""

    def __init__(self, engine: Engine, source: DatasetSource) -> None:
        self._engine, self.source = engine, source
        self._wanted_by = f"Dataset {source.dataset!r}"

    def cells(self, cohort: CohortSource) -> exp.Select:
        """year (null: all), sex, band, grain, patients, records of every cell of a cohort."""
        query = parse_one(_CELLS, read="duckdb")
        assert isinstance(query, exp.Select)
        age = exp.column("age")
        band = exp.case()
        for label in self.source.age_bands:
            low, high = band_limits(label)
            inside: exp.Expr = exp.GTE(this=age.copy(), expression=value.literal(low))
            if high is not None:
                inside = exp.and_(inside, exp.LTE(this=age.copy(), expression=value.literal(high)))
            band = band.when(inside, value.literal(label))
        shown = band if self.source.age_bands else exp.cast(exp.Null(), "TEXT")
        banded = exp.select("patient", "sex", exp.alias_(shown, "band"), "records").from_("indexed")
        if self.source.age_max is not None:
            banded = banded.where(exp.LTE(this=age.copy(), expression=value.literal(self.source.age_max)))
        steps = query.args["with_"].expressions
        steps.insert(0, _named("records", self._records(cohort)))
        steps.insert(2, _named("banded", banded))
        return query

    def missing(self, table: TableSource, variables: Sequence[VariableSource]) -> exp.Select:
        """For each variable: rows that meet its conditions, the people behind them, empty rows, people
        with an empty row, people with a filled one. One pass over the table for all of them."""
        found = self.table(table.table)
        rows = [exp.alias_(self._patient(found, table.patient), "patient")]
        per_person: list[exp.Expr] = [exp.column("patient")]
        shown: list[exp.Expr] = []
        for place, variable in enumerate(variables):
            column = found.column(variable.column, self._wanted_by)
            meant = self._tests(found, variable.where) or [exp.true()]
            empty = value.is_empty(column, variable.missing_codes)
            numbers = []
            for name, tests in (("all", meant), ("empty", [*meant, empty])):
                rows.append(exp.alias_(exp.and_(*tests), f"{name}_{place}"))
                number = exp.column(f"records_{name}_{place}")
                counted = _where(exp.Count(this=exp.Star()), exp.column(f"{name}_{place}"))
                per_person.append(exp.alias_(counted, number.name))
                numbers.append(number)
            some_all, some_empty = (exp.GT(this=one, expression=value.literal(0)) for one in numbers)
            some_filled = exp.LT(this=numbers[1], expression=numbers[0])
            patients = exp.Count(this=exp.column("patient"))
            shown += [
                exp.Sum(this=numbers[0].copy()), _where(patients, some_all), exp.Sum(this=numbers[1].copy()),
                _where(patients, some_empty), _where(patients, some_filled),
            ]
        selected = exp.select(*rows).from_(self._from(found))
        people = exp.select(*per_person).from_(selected.subquery("selected", copy=False)).group_by("patient")
        return exp.select(*shown).from_(people.subquery("people", copy=False))

    def spans(self) -> exp.Select:
        """People with records, and the median days from the first of a person to the last."""
        records = self._records(self.source.everyone).subquery("records", copy=False)
        first, last = exp.Min(this=exp.column("day")), exp.Max(this=exp.column("day"))
        span = exp.alias_(exp.DateDiff(this=last, expression=first, unit=exp.var("DAY")), "days")
        spans = exp.select("patient", span).from_(records).group_by("patient")
        median = parse_one("PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY days)", read="duckdb")
        return exp.select(exp.Count(this=exp.Star()), median).from_(spans.subquery("spans", copy=False))

    def people(self) -> exp.Select:
        """One row per person of the dataset; only ever a part of a statement."""
        records = self._records(self.source.everyone).subquery("records", copy=False)
        return exp.select(exp.alias_(exp.cast(exp.column("patient"), "TEXT"), "patient")) \
            .distinct().from_(records)

    def table(self, name: str) -> Table:
        """A table of the dataset's schema."""
        return table_of(self._engine, self.source.schema, name, self._wanted_by)

    def years(self, table: TableSource) -> exp.Select:
        """People of each year of a table's dates."""
        found = self.table(table.table)
        year = value.year_of(found.column(table.date, self._wanted_by), table.date_format)
        rows = exp.select(
            exp.alias_(self._patient(found, table.patient), "patient"), exp.alias_(year, "year")
        ).from_(self._from(found))
        people = exp.Count(this=exp.Distinct(expressions=[exp.column("patient")]))
        return exp.select("year", people).from_(rows.subquery("selected", copy=False)).group_by("year")

    def strays(self, cohort: CohortSource) -> exp.Select:
        """How many people's years a cohort has that everyone has not."""
        sides = {
            name: exp.select("patient", "year").distinct().from_(
                self._records(one).subquery("records", copy=False)
            )
            for name, one in (("mine", cohort), ("all_of_it", self.source.everyone))
        }
        return exp.select(exp.Count(this=exp.Star())).from_(sides["mine"].subquery("mine", copy=False)).join(
            sides["all_of_it"].subquery("all_of_it", copy=False), join_type="left",
            on=exp.and_(*(
                exp.EQ(this=exp.column(name, "mine"), expression=exp.column(name, "all_of_it"))
                for name in ("patient", "year")
            )),
        ).where(exp.Is(this=exp.column("patient", "all_of_it"), expression=exp.Null()))

    def events_of(self, cohort: CohortSource) -> exp.Select:
        """patient, day and year of the rows that meet a cohort's conditions, readable or not."""
        found = self.table(cohort.events.rows.table)
        column = found.column(cohort.events.date, self._wanted_by)
        day = value.date_of(column, cohort.events.date_format)
        query = self._selected(cohort.events.rows, [
            exp.alias_(self._patient(found, cohort.events.rows.patient), "patient"),
            exp.alias_(day, "day"),
            exp.alias_(value.year_of(column, cohort.events.date_format), "year"),
            exp.alias_(exp.Not(this=value.is_empty(column)), "dated"),
        ])
        for member in cohort.members:
            people = self._selected(member, [self._patient(self.table(member.table), member.patient)])
            person = self._patient(found, cohort.events.rows.patient)
            query = query.where(exp.In(this=person, query=people.subquery(copy=False)))
        return query

    def persons(self) -> exp.Select:
        """One row per person: sex and birth year, null where rows say different ones, and whether
        they do (sexes, births: how many the rows say)."""
        persons = self.source.persons
        found = self.table(persons.table)
        raw_sex = found.column(persons.sex, self._wanted_by)
        sex = exp.case()
        by_label: dict[str, list[value.Scalar]] = {}
        for raw, declared in persons.sexes.items():
            by_label.setdefault(declared, []).append(raw)
        for declared, raws in by_label.items():
            sex = sex.when(value.equals(raw_sex, raws), value.literal(declared))
        born = value.year_of(found.column(persons.birth_year, self._wanted_by), persons.birth_format)
        patient = self._patient(found, persons.patient)
        rows = exp.select(
            exp.alias_(patient, "patient"), exp.alias_(sex, "sex"), exp.alias_(born, "birth_year"),
        ).from_(self._from(found))
        return exp.select(
            "patient", exp.alias_(_agreed("sex"), "sex"), exp.alias_(_agreed("birth_year"), "birth_year"),
            exp.alias_(_how_many("sex"), "sexes"), exp.alias_(_how_many("birth_year"), "births"),
            exp.alias_(exp.Count(this=exp.Star()), "records"),
        ).from_(rows.subquery("rows_of_persons", copy=False)).group_by("patient")

    def _records(self, cohort: CohortSource) -> exp.Select:
        """Qualifying records: patient, day, year, sex, birth_year."""
        year, born = exp.column("year", "events"), exp.column("birth_year", "persons")
        query = exp.select(
            exp.column("patient", "events"), exp.column("day", "events"), year,
            exp.column("sex", "persons"), born,
        ).from_(self.events_of(cohort).subquery("events", copy=False)).join(
            self.persons().subquery("persons", copy=False),
            on=exp.EQ(this=exp.column("patient", "persons"), expression=exp.column("patient", "events")),
        )
        if cohort.years:
            years = [value.literal(year) for year in cohort.years]
            query = query.where(exp.In(this=year.copy(), expressions=years))
        else:
            query = query.where(exp.Not(this=exp.Is(this=year.copy(), expression=exp.Null())))
        if cohort.age_min is not None:
            age = exp.Sub(this=year.copy(), expression=born.copy())
            query = query.where(exp.GTE(this=age, expression=value.literal(cohort.age_min)))
        return query

    def _selected(self, rows: Selection, shown: Sequence[exp.Expr]) -> exp.Select:
        found = self.table(rows.table)
        query = exp.select(*shown).from_(self._from(found))
        tests = self._tests(found, rows.where)
        return query.where(*tests) if tests else query

    def _tests(self, table: Table, where: Sequence[Condition]) -> list[exp.Expr]:
        return [value.meets(table, test, self._wanted_by, self._ancestors) for test in where]

    def _from(self, table: Table) -> exp.Table:
        return exp.table_(table.name, db=self.source.schema or None, quoted=True)

    def _patient(self, table: Table, name: str) -> exp.Expr:
        """The person's pseudonym; as text where the dataset's tables hold it in different types."""
        column = table.column(name, self._wanted_by)
        if column.kind == "text" or self._mixed:
            return value.text_of(column)
        return value.reference(column)

    @cached_property
    def _mixed(self) -> bool:
        source = self.source
        selections = [(source.persons.table, source.persons.patient)]
        for cohort in source.cohorts:
            rows = (cohort.events.rows, *cohort.members)
            selections += [(one.table, one.patient) for one in rows]
        kinds = {self.table(table).column(name, self._wanted_by).kind for table, name in selections}
        return len(kinds) > 1

    @cached_property
    def _ancestors(self) -> exp.Table | None:
        schema = self.source.vocabulary or self.source.schema
        tables = self._engine.tables(schema)
        found = next((name for name in tables if name.lower() == "concept_ancestor"), None)
        return exp.table_(found, db=schema or None, quoted=True) if found else None


def overlap(a: Statements, b: Statements) -> exp.Select:
    """People of two datasets whose person columns hold the same pseudonym: in a, in b, in both."""
    first, second = exp.column("patient", "a"), exp.column("patient", "b")
    same = exp.EQ(this=first, expression=second)
    return exp.select(
        exp.Count(this=first.copy()),
        exp.Count(this=second.copy()),
        exp.Count(this=exp.case().when(same.copy(), value.literal(1))),
    ).from_(a.people().subquery("a", copy=False)).join(
        b.people().subquery("b", copy=False), on=same, join_type="full"
    )


def _agreed(name: str) -> exp.Expr:
    """The value that all rows of a person have, null where they have several."""
    least, most = exp.Min(this=exp.column(name)), exp.Max(this=exp.column(name))
    return exp.case().when(exp.EQ(this=least, expression=most), least.copy())


def _how_many(name: str) -> exp.Expr:
    """0, 1 or 2 (two or more) values that the rows of a person have."""
    least, most = exp.Min(this=exp.column(name)), exp.Max(this=exp.column(name))
    none = exp.Is(this=least.copy(), expression=exp.Null())
    return exp.case().when(none, value.literal(0)).when(
        exp.EQ(this=least, expression=most), value.literal(1)
    ).else_(value.literal(2))


def _where(counted: exp.Expr, test: exp.Expr) -> exp.Expr:
    return exp.Filter(this=counted.copy(), expression=exp.Where(this=test.copy()))


def _named(name: str, query: exp.Query) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))
