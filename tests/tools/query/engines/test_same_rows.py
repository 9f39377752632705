"""The same question gives the same rows on DuckDB, SQLite and PostgreSQL; its statement reads as Trino."""

from __future__ import annotations

from datetime import date

import pytest
import sqlglot

from tests.tools.query.compile.test_compile import PLANS
from tests.tools.query.conftest import Eye
from tests.tools.query.engines.conftest import Places
from tests.tools.query.understand.test_understand import CASES, _ask
from tools.query.compile import compile_plan
from tools.query.execute import execute, execute_sql
from tools.query.guard import catalog_schema, check
from tools.query.plan import Condition, LinkagePlan, ListPlan, QueryPlan, Ranking, Summary
from tools.query.understand.outcome import Understood

SCHEMA = catalog_schema()
MORE: dict[str, QueryPlan] = {
    "dates shown": ListPlan("dataset", show=("dataset.last_updated", "dataset.span_years")),
    "a date compared": ListPlan(
        "dataset", conditions=(Condition("dataset.last_updated", "ge", ("2024-01-01",)),)
    ),
    "newest": ListPlan("dataset", ranking=Ranking("last_updated", limit=3)),
    "oldest by hospital": ListPlan(
        "dataset", summary=Summary("min", "dataset.start_year"), group_by=("hospital",)
    ),
    "mean number of variables": ListPlan("dataset", summary=Summary("avg", "dataset.variables")),
    "mean span": ListPlan("dataset", summary=Summary("avg", "dataset.span_years"), group_by=("hospital",)),
    "missing": ListPlan("variable", conditions=(Condition("variable.concept", "missing", ()),)),
    "people of datasets": ListPlan("dataset", show=("dataset.patients",)),
    "same controller": LinkagePlan(same_controller=True),
    "every pair": LinkagePlan(),
    **{f"all of {kind}": ListPlan(kind) for kind in ("hospital", "table", "concept", "cohort", "team")},
}
ALL = {**PLANS, **MORE}
ASKED = [case for case in CASES if "says" in case][::4]


def on_every_engine(plan: QueryPlan, places: Places) -> list[tuple[object, ...]]:
    """(columns, rows, truncated) on each engine, DuckDB first."""
    results = [execute(plan, place, SCHEMA) for place in places.values()]
    assert [result.query.dialect for result in results] == ["duckdb", "sqlite", "postgres"]
    return [(result.columns, result.rows, result.truncated) for result in results]


@pytest.mark.parametrize("plan", ALL.values(), ids=ALL.keys())
def test_a_plan_gives_the_same_rows_in_the_same_order(eye_places: Places, plan: QueryPlan) -> None:
    first, *others = on_every_engine(plan, eye_places)
    for other in others:
        assert repr(other) == repr(first)  # repr: 1, 1.0 and True are three values here


def test_questions_give_the_same_rows(eye: Eye, eye_places: Places) -> None:
    for case in ASKED:
        outcome = _ask(eye, [*case.get("after", []), case["text"]])
        assert isinstance(outcome, Understood)
        first, *others = on_every_engine(outcome.plan, eye_places)
        assert [repr(other) for other in others] == [repr(first)] * 2, case["text"]


def test_dates_and_truth_come_as_such(eye_places: Places) -> None:
    sql = "SELECT last_updated FROM datasets WHERE last_updated IS NOT NULL ORDER BY dataset LIMIT 1"
    shared = "SELECT same_controller FROM linkage WHERE same_controller ORDER BY dataset_a LIMIT 1"
    for place in eye_places.values():
        assert type(execute_sql(sql, place, SCHEMA).rows[0][0]) is date
        assert execute_sql(shared, place, SCHEMA).rows == ((True,),)


@pytest.mark.parametrize("plan", ALL.values(), ids=ALL.keys())
def test_every_plan_reads_as_trino_and_passes_the_guard(plan: QueryPlan) -> None:
    text = compile_plan(plan).sql("trino")
    checked = check(text, SCHEMA, dialect="trino", compiled=True)
    again = sqlglot.parse_one(checked.sql, read="trino", error_level=sqlglot.ErrorLevel.RAISE)
    assert again.sql("trino", identify=True) == checked.sql
    # Functions of other engines would parse as anything does; these are all that Trino has to know.
    unknown = [str(node.this) for node in again.find_all(sqlglot.exp.Anonymous)]
    assert unknown == []
