"""Fields that no column holds: years covered, how many variables a dataset has, how many people."""

from __future__ import annotations

from sqlglot import exp

from tools.query.compile.nodes import alias, column, is_null, table

WHOLE = "whole"
PATIENTS = ("patients", "patients_status", "patients_low", "patients_high")


def span_years() -> exp.Expr:
    """Calendar years covered, both ends counted; a dataset that has not ended reaches its last update."""
    # Of all ways to say the year of a date, the one that every dialect has a form for.
    year = exp.TimeToStr(this=column("last_updated", "datasets"), format=exp.Literal.string("%Y"))
    updated = exp.Cast(this=year, to=exp.DataType.build("int"))
    end = exp.Coalesce(this=column("end_year", "datasets"), expressions=[updated])
    years = exp.Sub(this=end, expression=column("start_year", "datasets"))
    return exp.Add(this=years, expression=exp.Literal.number(1))


def variable_count() -> exp.Expr:
    """The number of variables of the dataset in the row."""
    same = exp.EQ(this=column("dataset", "variables"), expression=column("dataset", "datasets"))
    count = alias(exp.Count(this=exp.Star()), "variables")
    return exp.Subquery(this=exp.select(count).from_(table("variables")).where(same))


def whole_counts() -> exp.Join:
    """The published number of people in each dataset: the cell with no cohort, year, sex or age."""
    cells = [is_null(column(name, "counts")) for name in ("cohort", "year", "sex", "age_band")]
    names = [column(name, "counts") for name in ("dataset", *PATIENTS)]
    inner = exp.select(*names).from_(table("counts")).where(*cells)
    same = exp.EQ(this=column("dataset", "datasets"), expression=column("dataset", WHOLE))
    return exp.Join(this=inner.subquery(WHOLE), on=same, side="LEFT")
