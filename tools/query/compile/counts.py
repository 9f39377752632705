"""Counts: the published cell where there is one, a bound from finer cells where there is not.

The counts table holds every published grain; NULL in a dimension means "all". A person has one
age and one sex at index, so cells that differ only in these add up. The same person may be in
several years, datasets, hospitals and cohorts, so over those a number of people is at least the
largest part and at most the sum of the parts. A group of a single cell is that published cell.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from tools.query.compile.nodes import (
    alias,
    column,
    compare,
    hidden_last,
    is_null,
    join_on,
    label,
    literal,
    ordered,
    table,
    within_limits,
)
from tools.query.entities import entity
from tools.query.plan import CountPlan, Span

COUNTS = "counts"
_PARTS = "parts"
_LABELLED = ("hospital", "dataset", "cohort")


def compile_count(plan: CountPlan) -> exp.Select:
    """One row per group: dimensions with labels, the measure, its status, its low and high ends."""
    if plan.overlapping or plan.adding:
        query = _bound(plan)
    else:
        query = _published(plan)
    return _order(_reaching(query, plan), plan)


def _reaching(query: exp.Select, plan: CountPlan) -> exp.Select:
    """Keep groups whose whole published range lies within ``at_least`` and ``at_most``.

    A suppressed cell reaches nothing and is below nothing.
    """
    shown = {p.alias_or_name: p.this if isinstance(p, exp.Alias) else p for p in query.expressions}
    low, high, status = (shown[f"{plan.measure}_{part}"] for part in ("low", "high", "status"))
    tests = within_limits(low, high, status, plan)
    if not tests:
        return query
    return query.having(*tests) if plan.overlapping or plan.adding else query.where(*tests)


def _measure_columns(measure: str) -> tuple[str, str, str, str]:
    return measure, f"{measure}_status", f"{measure}_low", f"{measure}_high"


def _col(name: str) -> exp.Column:
    return column(name, COUNTS)


def _span(name: str, span: Span) -> list[exp.Expr]:
    if span.single:
        return [compare(_col(name), "eq", [span.low or 0])]
    parts = [is_null(_col(name), negated=True)]
    if span.low is not None:
        parts.append(compare(_col(name), "ge", [span.low]))
    if span.high is not None:
        parts.append(compare(_col(name), "le", [span.high]))
    return parts


def _ages(span: Span) -> list[exp.Expr]:
    """Bands that lie wholly inside the range; that its ends are band edges is decided before compiling."""
    parts = [is_null(_col("age_band"), negated=True)]
    if span.low is not None:
        parts.append(compare(_col("age_low"), "ge", [span.low]))
    if span.high is not None:
        parts.append(compare(_col("age_high"), "le", [span.high]))
    return parts


def _cells(plan: CountPlan) -> list[exp.Expr]:
    """The conditions that pick exactly one grain of the counts table."""
    picked: list[exp.Expr] = []
    for name, values in (("hospital", plan.hospitals), ("dataset", plan.datasets)):
        if values:
            picked.append(compare(_col(name), "eq", values))
    for name, chosen in (("cohort", plan.cohorts), ("sex", plan.sex)):
        if chosen:
            picked.append(compare(_col(name), "eq", chosen))
        else:
            picked.append(is_null(_col(name), negated=name in plan.group_by))
    if plan.years is not None:
        picked += _span("year", plan.years)
        if plan.only_years:
            picked.append(compare(_col("year"), "eq", plan.only_years))
    else:
        picked.append(is_null(_col("year"), negated="year" in plan.group_by))
    if plan.ages is not None:
        picked += _ages(plan.ages)
    else:
        picked.append(is_null(_col("age_band"), negated="age_band" in plan.group_by))
    picked.append(is_null(_col(f"{plan.measure}_status"), negated=True))
    return picked


def _labels(plan: CountPlan) -> tuple[list[exp.Alias], list[exp.Join]]:
    """Label columns of the grouped entities, and the joins that they need."""
    named = [name for name in _LABELLED if name in plan.group_by]
    joins = [join_on(COUNTS, entity(name).table, entity(name).key) for name in named]
    return [label(name, plan.language) for name in named], joins


def _shown(plan: CountPlan, source: str, labels: list[exp.Alias]) -> list[exp.Expr]:
    """Group columns in the order asked, each entity followed by its label."""
    by_name = {found.alias: found for found in labels}
    shown: list[exp.Expr] = []
    for name in plan.group_by:
        shown.append(column(name, source))
        if name in _LABELLED:
            shown.append(by_name[entity(name).shown_as])
    return shown


def _published(plan: CountPlan) -> exp.Select:
    """Published cells as they stand."""
    labels, joins = _labels(plan)
    query = exp.select(
        *_shown(plan, COUNTS, labels),
        *(_col(name) for measure in plan.measures for name in _measure_columns(measure)),
    ).from_(table(COUNTS))
    for join in joins:
        query = query.join(join)
    return query.where(*_cells(plan))


def _bound(plan: CountPlan) -> exp.Select:
    """Cells that add up are summed first; overlapping ones give "at least the largest, at most the sum"."""
    labels, joins = _labels(plan)
    keys = [*_shown(plan, COUNTS, labels)]
    source = exp.select().from_(table(COUNTS))
    for join in joins:
        source = source.join(join)
    source = source.where(*_cells(plan))
    if not plan.adding:
        return _fold(plan, source, keys, _Names(COUNTS, cells=None), overlapping=True)
    if not plan.overlapping:
        return _fold(plan, source, keys, _Names(COUNTS, cells=None), overlapping=False)
    extra = [_col(name) for name in plan.overlapping]
    parts = _fold(plan, source, [*keys, *extra], _Names(COUNTS, cells=None), overlapping=False, counted=True)
    outer_keys = [column(key.alias_or_name, _PARTS) for key in keys]
    return _fold(
        plan,
        exp.select().from_(parts.subquery(_PARTS)),
        outer_keys,
        _Names(_PARTS, cells="cells"),
        overlapping=True,
    )


class _Names:
    """Where the fold reads from, and its column that says how many published cells a row stands for."""

    def __init__(self, source: str, cells: str | None) -> None:
        self.source = source
        self.cells = cells

    def published(self, measure: str) -> exp.Column:
        """The released numbers that are folded; of sums that were folded before, theirs."""
        return column(measure if self.cells is None else f"{measure}_sum", self.source)

    def count(self) -> exp.Expr:
        return (
            exp.Count(this=exp.Star())
            if self.cells is None
            else exp.Sum(this=column(self.cells, self.source))
        )


def _fold(
    plan: CountPlan,
    source: exp.Select,
    keys: Sequence[exp.Expr],
    names: _Names,
    *,
    overlapping: bool,
    counted: bool = False,
) -> exp.Select:
    query = source.select(
        *(key.copy() for key in keys),
        *(node for measure in plan.measures for node in _folded(measure, names, overlapping=overlapping)),
        *(node for measure in plan.measures for node in _parts(measure, names, overlapping=overlapping)),
        *([alias(names.count(), "cells")] if counted else []),
    )
    grouped = [key.this if isinstance(key, exp.Alias) else key for key in keys]
    return query.group_by(*(key.copy() for key in grouped)) if grouped else query


def _folded(measure: str, names: _Names, *, overlapping: bool) -> list[exp.Expr]:
    """A measure of several cells: its value where there is one cell only, its status, its ends."""
    value, status, low, high = _measure_columns(measure)
    # Records of different datasets and years are different records; only people can be the same.
    least = exp.Max if overlapping and measure == "patients" else exp.Sum
    single = exp.EQ(this=names.count(), expression=literal(1))
    exact = exp.Case(ifs=[exp.If(this=single, true=exp.Max(this=column(value, names.source)))])
    known = exp.Case(
        ifs=[exp.If(this=single.copy(), true=exp.Max(this=column(status, names.source)))],
        default=exp.Literal.string("bound"),
    )
    return [
        alias(exact, value),
        alias(known, status),
        alias(least(this=column(low, names.source)), low),
        alias(exp.Sum(this=column(high, names.source)), high),
    ]


def _parts(measure: str, names: _Names, *, overlapping: bool) -> list[exp.Expr]:
    """What the released numbers say before rounding is allowed for: their largest, and their sum."""
    largest = [alias(exp.Max(this=names.published(measure)), f"{measure}_largest")]
    together = alias(exp.Sum(this=names.published(measure)), f"{measure}_sum")
    return [*(largest if overlapping and measure == "patients" else []), together]


def _order(query: exp.Select, plan: CountPlan) -> exp.Select:
    """By the ranking first, then by the groups, so that rows come in the same order every time."""
    targets = {p.alias_or_name: (p.this if isinstance(p, exp.Alias) else p) for p in query.expressions}
    wanted: list[exp.Ordered] = []
    if plan.ranking is not None:
        by = f"{plan.measure}_low" if plan.ranking.by == plan.measure else plan.ranking.by
        if plan.ranking.by == plan.measure:
            wanted.append(hidden_last(targets[f"{plan.measure}_status"]))
        wanted.append(ordered(targets[by].copy(), plan.ranking.descending))
    wanted += [ordered(targets[name].copy()) for name in plan.group_by]
    query = query.order_by(*wanted) if wanted else query
    return query.limit(plan.ranking.limit) if plan.ranking and plan.ranking.limit else query
