"""Profiling: a hospital's raw tables to aggregates, by SQL that the hospital's engine runs.

Only counts leave the engine; ``profiling.engine.refuse_rows`` judges every statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge.catalog.aggregates import Cell, RawCount, RawMedian, RawMissing, RawOverlap
from knowledge.catalog.profiling.engine import Engine
from knowledge.catalog.profiling.statements import BAND_SUMMED, SEX_SUMMED, Statements, overlap
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.source import DatasetSource, TableSource, VariableSource

VARIABLES_AT_ONCE = 100  # a statement may show 1664 columns in PostgreSQL


class Coverage(NamedTuple):
    """The first and the last year that a table covers."""

    dataset: str
    table: str
    period_start: int
    period_end: int


def profile_counts(engine: Engine, source: DatasetSource) -> list[RawCount]:
    """Patients and records at every grain of every cohort, in the order of the declared cells.

    People whose sex or age band is not declared count in totals only; people without a row in the
    persons table do not count. A declared cell that is not in the list is zero.
    """
    statements = Statements(engine, source)
    found: dict[Cell, RawCount] = {}
    for cohort in source.cohorts:
        for year, sex, band, grain, patients, records in engine.run(statements.cells(cohort)):
            given = ((sex, grain & SEX_SUMMED), (band, grain & BAND_SUMMED))
            if any(value is None and not summed for value, summed in given):
                continue
            cell = Cell(cohort.cohort, year, sex, band)
            found[cell] = RawCount(source.dataset, cell, patients, int(records or 0))
    return [found[cell] for cell in source.grid.cells() if cell in found and found[cell].patients]


def profile_missing(engine: Engine, source: DatasetSource) -> list[RawMissing]:
    """Empty rows per variable, with the people behind them, in the description's order."""
    statements = Statements(engine, source)
    return [
        missing
        for table in source.tables
        for start in range(0, len(table.variables), VARIABLES_AT_ONCE)
        for missing in _missing(engine, statements, table, table.variables[start:start + VARIABLES_AT_ONCE])
    ]


def profile_overlap(engine: Engine, a: DatasetSource, b: DatasetSource) -> RawOverlap:
    """People of two datasets of one engine whose person column holds the same pseudonym."""
    [(patients_a, patients_b, both)] = engine.run(overlap(Statements(engine, a), Statements(engine, b)))
    return RawOverlap(a.dataset, b.dataset, patients_a, patients_b, both)


def profile_follow_up(engine: Engine, source: DatasetSource) -> RawMedian:
    """Median days from a person's first to last record of the dataset."""
    [(patients, days)] = engine.run(Statements(engine, source).spans())
    return RawMedian(source.dataset, patients, int(days or 0))


def profile_coverage(engine: Engine, source: DatasetSource, rule: Rule) -> list[Coverage]:
    """The years of each table with a date column: from the first to the last with enough people to
    be published. Fewer are no news to a reader, and a first day would be somebody's."""
    statements, coverage = Statements(engine, source), []
    for table in source.tables:
        if not table.date:
            continue
        people = dict(engine.run(statements.years(table)))
        years = [year for year, patients in people.items() if year is not None and patients >= rule.gate]
        if years:
            coverage.append(Coverage(source.dataset, table.table, min(years), max(years)))
    return coverage


def _missing(
    engine: Engine, statements: Statements, table: TableSource, variables: Sequence[VariableSource]
) -> Iterator[RawMissing]:
    """One statement for these variables."""
    [cells] = engine.run(statements.missing(table, variables))
    for place, variable in enumerate(variables):
        rows, patients, rows_missing, patients_missing, patients_present = cells[5 * place:5 * place + 5]
        yield RawMissing(
            statements.source.dataset, table.table, variable.name, int(rows or 0), int(rows_missing or 0),
            patients, patients_missing, patients_present,
        )
