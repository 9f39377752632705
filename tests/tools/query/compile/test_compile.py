"""Plans and the statements they become; every one passes the guard and runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.errors import PlanIncomplete
from tools.query.compile import compile_plan
from tools.query.execute import execute
from tools.query.guard import catalog_schema
from tools.query.plan import (
    AnyOf,
    Condition,
    CountPlan,
    Holding,
    LinkagePlan,
    ListPlan,
    Ranking,
    Span,
    Summary,
)

PLANS = {
    "published": CountPlan(cohorts=("af",), datasets=("dalin_af",), group_by=("year", "sex")),
    "bound over datasets": CountPlan(cohorts=("glaucoma",), group_by=("hospital",)),
    "ages add up": CountPlan(cohorts=("af",), datasets=("dalin_af",), ages=Span(60, None), sex=("F",)),
    "ages and years": CountPlan(
        cohorts=("af",), ages=Span(60, 79), years=Span(2020, 2022), group_by=("hospital",)
    ),
    "at least": CountPlan(group_by=("dataset",), at_least=1000, ranking=Ranking("patients", limit=2)),
    "fewest": CountPlan(group_by=("dataset",), ranking=Ranking("patients", descending=False)),
    "records": CountPlan(measure="records", group_by=("dataset",)),
    "holding": ListPlan(
        "hospital",
        holdings=(
            Holding((("variable", ("hba1c",)), ("cohort", ("dr",)))),
            Holding((("dataset", ("dalin_af",)),), negated=True),
        ),
    ),
    "either": ListPlan(
        "variable",
        conditions=(
            AnyOf(
                (Condition("variable.name", "eq", ("bcva",)), Condition("variable.table", "eq", ("scan",)))
            ),
        ),
    ),
    "average": ListPlan(
        "variable",
        summary=Summary("avg", "variable.missing_low"),
        group_by=("dataset",),
        ranking=Ranking("avg_missing_low", descending=False),
    ),
    "number": ListPlan("dataset", summary=Summary(), group_by=("hospital",)),
    "span": ListPlan("dataset", conditions=(Condition("dataset.span_years", "ge", (8,)),)),
    "ongoing": ListPlan(
        "dataset", conditions=(Condition("dataset.end_year", "ge", (2024,), or_missing=True),)
    ),
    "linkage": LinkagePlan(("nuri_glaucoma",), ("nuri_oct",)),
    "across": LinkagePlan(same_controller=False),
    "quoted": ListPlan("dataset", conditions=(Condition("dataset.theme", "eq", ("it's; DROP TABLE x --",)),)),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_every_plan_passes_the_guard_and_runs(eye, plan):
    result = execute(plan, eye.database, catalog_schema())
    assert len(set(result.columns)) == len(result.columns)
    again = execute(plan, eye.database, catalog_schema())
    assert (again.id, again.rows) == (result.id, result.rows)


def _rows(eye, name):
    result = execute(PLANS[name], eye.database, catalog_schema())
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def test_a_single_published_cell_is_given_exactly_and_several_as_a_bound(eye):
    rows = {row["hospital"]: row for row in _rows(eye, "bound over datasets")}
    assert rows["saebit"]["patients_status"] == "released"
    assert rows["saebit"]["patients_low"] <= rows["saebit"]["patients"] <= rows["saebit"]["patients_high"]
    nuri = rows["nuri"]
    parts = execute(
        CountPlan(cohorts=("glaucoma",), hospitals=("nuri",), group_by=("dataset",)),
        eye.database,
        catalog_schema(),
    )
    lows = [row[parts.columns.index("patients_low")] for row in parts.rows]
    highs = [row[parts.columns.index("patients_high")] for row in parts.rows]
    assert (nuri["patients"], nuri["patients_low"], nuri["patients_high"]) == (None, max(lows), sum(highs))
    released = [row[parts.columns.index("patients")] for row in parts.rows]
    assert (nuri["patients_largest"], nuri["patients_sum"]) == (max(released), sum(released))


def test_what_a_value_says_never_becomes_sql(eye):
    assert "'it''s; DROP TABLE x --'" in compile_plan(PLANS["quoted"]).sql("duckdb")
    assert _rows(eye, "quoted") == []


def test_a_threshold_keeps_what_is_known_to_reach_it(eye):
    rows = _rows(eye, "at least")
    assert len(rows) == 2
    assert all(row["patients_low"] >= 1000 for row in rows)


@pytest.mark.parametrize("groups", [("dataset", "cohort", "year", "sex", "age_band"), ("hospital", "cohort")])
@pytest.mark.parametrize(("low", "high"), [(None, 10), (None, 60), (20, 400)])
def test_limits_keep_whole_ranges_and_no_hidden_ones(eye, groups, low, high):
    plan = CountPlan(group_by=groups, at_least=low, at_most=high)
    everything = execute(replace(plan, at_least=None, at_most=None), eye.database, catalog_schema())
    within = execute(plan, eye.database, catalog_schema())
    ends = [within.columns.index(f"patients_{end}") for end in ("low", "high")]
    status = within.columns.index("patients_status")
    shown = [row for row in everything.rows if row[status] != "suppressed"]
    wanted = [row for row in shown if row[ends[0]] >= (low or 0) and row[ends[1]] <= high]
    assert len(shown) < len(everything.rows) or groups[0] == "hospital"
    assert sorted(within.rows, key=repr) == sorted(wanted, key=repr)


@pytest.mark.parametrize(("limit", "reaches"), [(2400, True), (2401, False)])
def test_of_rounded_numbers_the_published_one_is_compared(eye, limit, reaches):
    plan = CountPlan(datasets=("nuri_glaucoma",), group_by=("dataset",), at_least=limit, rounded_to=5)
    assert bool(execute(plan, eye.database, catalog_schema()).rows) is reaches
    below = replace(plan, at_least=None, at_most=limit - 1)
    assert bool(execute(below, eye.database, catalog_schema()).rows) is not reaches


def test_pairs_are_limited_and_ranked_by_the_people_they_share(eye):
    everything = execute(LinkagePlan(), eye.database, catalog_schema())
    at = everything.columns.index("overlap_patients_low")
    first = Ranking("overlap_patients", limit=1, with_ties=True)
    most = execute(LinkagePlan(ranking=first), eye.database, catalog_schema())
    assert {row[at] for row in most.rows} == {max(row[at] or 0 for row in everything.rows)}
    limit = max(row[at] or 0 for row in everything.rows)
    reached = execute(LinkagePlan(at_least=limit), eye.database, catalog_schema())
    assert reached.rows == most.rows


def test_holdings_are_joined_by_and(eye):
    assert [row["hospital"] for row in _rows(eye, "holding")] == ["saebit"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Span(None, None),
        lambda: Span(5, 4),
        lambda: Condition("dataset.theme", "eq", ()),
        lambda: Condition("dataset.beds", "ge", (1, 2)),
        lambda: CountPlan(group_by=("year", "year")),
        lambda: CountPlan(group_by=("colour",)),
        lambda: CountPlan(ranking=Ranking("year")),
        lambda: CountPlan(at_most=9),
        lambda: LinkagePlan(at_most=9),
        lambda: LinkagePlan(ranking=Ranking("dataset_a")),
        lambda: CountPlan(at_least=50, at_most=20),
        lambda: Ranking("patients", limit=0),
        lambda: ListPlan("variable", holdings=(Holding((("cohort", ("x",)),)),)),
        lambda: ListPlan("dataset", show=("dataset.colour",)),
        lambda: ListPlan("hospital", show=("dataset.theme",)),
        lambda: ListPlan("dataset", group_by=("hospital",)),
        lambda: Holding(()),
        lambda: Summary("avg"),
        lambda: AnyOf((Condition("name", "eq", ("x",)),)),
        lambda: LinkagePlan((), ("x",)),
    ],
)
def test_an_impossible_plan_cannot_be_made(make):
    with pytest.raises(PlanIncomplete) as caught:
        make()
    assert caught.value.message and caught.value.hint
