"""When one plan holds what several questions ask for."""

from __future__ import annotations

import pytest

from tools.query.covering import covers
from tools.query.plan import Condition, CountPlan, Holding, LinkagePlan, ListPlan, Span

A, B = CountPlan(cohorts=("a",)), CountPlan(cohorts=("b",))
HELD = Holding((("variable", ("x",)),))


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (CountPlan(cohorts=("a", "b"), group_by=("cohort",)), (A, B)),
        (CountPlan(cohorts=("a",), group_by=("sex",)), (CountPlan(cohorts=("a",), sex=("F",)),)),
        (CountPlan(years=Span(2019, 2022), group_by=("year",)), (CountPlan(years=Span(2020, 2020)),)),
        (
            CountPlan(group_by=("hospital", "year")),
            (CountPlan(group_by=("hospital",), years=Span(2020, 2021)),),
        ),
        (
            ListPlan("dataset", show=("dataset.theme", "dataset.data_model"), holdings=(HELD,)),
            (ListPlan("dataset", show=("dataset.theme",), holdings=(HELD,)),),
        ),
        (LinkagePlan(("a",)), (LinkagePlan(("a",)),)),
    ],
)
def test_a_plan_holds_its_parts(whole, parts):
    assert all(covers(whole, part) for part in parts)


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (A, B),
        (A, CountPlan()),
        (CountPlan(cohorts=("a", "b")), A),  # both together are no number of one
        (CountPlan(), CountPlan(group_by=("sex",))),
        (CountPlan(cohorts=("a",), group_by=("hospital",)), CountPlan(cohorts=("a",), ages=Span(40, 59))),
        (CountPlan(at_least=100), CountPlan(at_least=50)),
        (CountPlan(years=Span(2019, 2022)), CountPlan(years=Span(2020, 2020))),
        (CountPlan(years=Span(2019, 2022), group_by=("year",)), CountPlan(years=Span(2020))),
        (ListPlan("dataset"), ListPlan("hospital")),
        (ListPlan("dataset"), ListPlan("dataset", holdings=(HELD,))),
        (ListPlan("dataset"), ListPlan("dataset", conditions=(Condition("dataset.theme", "eq", ("x",)),))),
        (ListPlan("dataset"), A),
        (LinkagePlan(("a",)), LinkagePlan(("b",))),
    ],
)
def test_a_plan_of_something_else_does_not(whole, part):
    assert not covers(whole, part)
