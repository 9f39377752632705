"""What is wrong with the rows of a dataset, in numbers: who has no number, which dates cannot be read.

Messages say how many rows, never what stands in one. They stay on the hospital's side.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from knowledge.catalog.aggregates import EVERYONE
from knowledge.catalog.profiling.engine import Engine
from knowledge.catalog.profiling.statements import Statements
from knowledge.catalog.source import CohortSource, DatasetSource
from knowledge.errors import CatalogInvalid

# More unreadable dates than one row in this many are a wrong format rather than slips of the pen.
UNREADABLE_ONE_IN = 100


def check_rows(engine: Engine, source: DatasetSource) -> list[str]:
    """What counts for less than it could, one line each. Raises CatalogInvalid where a table that
    counts rest on is empty, has no person in any row, or holds dates of another format."""
    statements = Statements(engine, source)
    return [*_persons(engine, statements), *(
        line for cohort in source.cohorts for line in _events(engine, statements, cohort)
    )]


def outside_everyone(engine: Engine, source: DatasetSource) -> frozenset[str]:
    """Cohorts with people, or years of people, that the dataset's everyone lacks."""
    statements = Statements(engine, source)
    unsure = [
        cohort for cohort in source.cohorts
        if cohort is not source.everyone and not cohort.lies_in(source.everyone)
    ]
    return frozenset(
        cohort.cohort for cohort in unsure if engine.run(statements.strays(cohort)) != [(0,)]
    )


def _persons(engine: Engine, statements: Statements) -> Iterator[str]:
    persons = statements.source.persons
    where = f"{statements.source.dataset}/{persons.table}"
    shown = {
        "rows": exp.Sum(this=exp.column("records")),
        "people": exp.Count(this=exp.column("patient")),
        "nobody": _counted("patient", exp.column("records"), null=True),
        "sexes": _many("sexes"), "births": _many("births"),
        "no_sex": _unknown("sexes"), "no_birth": _unknown("births"),
    }
    people = statements.persons().subquery("persons", copy=False)
    [cells] = engine.run(exp.select(*shown.values()).from_(people))
    found = dict(zip(shown, (cell or 0 for cell in cells), strict=True))
    _refuse_empty(where, persons.patient, found["rows"], found["people"])
    if found["no_birth"] == found["people"]:
        raise CatalogInvalid(
            f"{where}: no year of birth can be read from column {persons.birth_year!r}.",
            hint="Name another column, or say its format in %Y, %m and %d.",
        )
    if found["no_sex"] == found["people"]:
        raise CatalogInvalid(
            f"{where}: column {persons.sex!r} holds none of the declared values of sex.",
            hint=f"Declared are {', '.join(map(repr, persons.sexes))}; correct persons.sexes.",
        )
    no_age = "they count in totals only, and nowhere with an age limit"
    lines = (
        (found["nobody"], f"rows without a person in column {persons.patient!r}", "they do not count"),
        (found["sexes"], "persons with more than one sex", "they count in totals only"),
        (found["births"], "persons with more than one year of birth", no_age),
        (found["no_sex"], "persons with none of the declared values of sex", "they count in totals only"),
        (found["no_birth"], "persons without a year of birth that can be read", no_age),
    )
    yield from (f"{where}: {what}: {number:,}; {so}" for number, what, so in lines if number)


def _events(engine: Engine, statements: Statements, cohort: CohortSource) -> Iterator[str]:
    events = cohort.events
    named = f" ({cohort.cohort})" if cohort.cohort != EVERYONE else ""
    where = f"{statements.source.dataset}/{events.rows.table}{named}"
    no_day = exp.Is(this=exp.column("year", "events"), expression=exp.Null())
    nobody = exp.Is(this=exp.column("patient", "events"), expression=exp.Null())
    unknown = exp.Is(this=exp.column("patient", "persons"), expression=exp.Null())
    dated = exp.column("dated", "events")
    query = exp.select(
        exp.Count(this=exp.Star()), exp.Count(this=exp.column("patient", "events")),
        _filtered(exp.and_(no_day, dated)), _filtered(exp.and_(no_day, exp.Not(this=dated))),
        _filtered(exp.and_(exp.Not(this=nobody), unknown)),
    ).from_(statements.events_of(cohort).subquery("events", copy=False)).join(
        statements.persons().subquery("persons", copy=False), join_type="left",
        on=exp.EQ(this=exp.column("patient", "persons"), expression=exp.column("patient", "events")),
    )
    [(rows, with_person, unreadable, undated, strangers)] = engine.run(query)
    if cohort.cohort == EVERYONE:
        _refuse_empty(where, events.rows.patient, rows, with_person)
    if unreadable * UNREADABLE_ONE_IN > rows:
        asked = repr(events.date_format) if events.date_format else "year, month, day"
        raise CatalogInvalid(
            f"{where}: {unreadable:,} of {rows:,} values of column {events.date!r} are no dates in the"
            f" format {asked}.",
            hint="Say the format of the column in %Y, %m and %d.",
        )
    lines = (
        (rows - with_person, f"rows without a person in column {events.rows.patient!r}"),
        (unreadable, f"rows with a date in column {events.date!r} that cannot be read"),
        (undated, f"rows without a date in column {events.date!r}"),
        (strangers, f"rows of persons who are not in table {statements.source.persons.table!r}"),
    )
    yield from (f"{where}: {what}: {number:,}; they do not count" for number, what in lines if number)


def _refuse_empty(where: str, patient: str, rows: int, people: int) -> None:
    if not rows:
        raise CatalogInvalid(f"{where}: there are no rows.", hint="Check the table and the conditions.")
    if not people:
        raise CatalogInvalid(
            f"{where}: column {patient!r} is empty in all {rows:,} rows.",
            hint="Name the column that holds the person's pseudonym.",
        )


def _many(name: str) -> exp.Expr:
    return _counted("patient", exp.GT(this=exp.column(name), expression=exp.Literal.number(1)))


def _unknown(name: str) -> exp.Expr:
    return _counted("patient", exp.EQ(this=exp.column(name), expression=exp.Literal.number(0)))


def _counted(name: str, test: exp.Expr, null: bool = False) -> exp.Expr:
    """People for whom the test holds; with ``null``, the sum over the rows of nobody."""
    column = exp.column(name)
    if null:
        nobody = exp.Is(this=column, expression=exp.Null())
        return exp.Filter(this=exp.Sum(this=test), expression=exp.Where(this=nobody))
    return exp.Filter(this=exp.Count(this=column), expression=exp.Where(this=test))


def _filtered(test: exp.Expr) -> exp.Expr:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=test))
