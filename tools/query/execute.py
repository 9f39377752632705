"""From a plan to rows: compile for the catalog's engine, pass the guard, run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.catalog.place import Place, place_of
from tools.query.compile import compile_plan
from tools.query.guard import GuardSchema, SafeQuery, check
from tools.query.plan import MAX_ROWS, QueryPlan, Ranking
from tools.query.run import run


@dataclass(frozen=True, slots=True)
class Result:
    """Rows with the statement that made them. ``truncated``: the row limit cut the answer short.

    ``plan`` is None for a statement that a consultant wrote.
    """

    plan: QueryPlan | None
    query: SafeQuery
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool

    @property
    def id(self) -> str:
        """Names the statement and the schema that it was checked against; equal for equal questions."""
        return query_id(self.query.hash)


def query_id(hash: str) -> str:
    """The short name of a statement, from the hash that the guard gave it."""
    return f"q-{hash[:16]}"


def execute(plan: QueryPlan, database: Place | Path, schema: GuardSchema) -> Result:
    """Answer a plan from a catalog version; a path is that of a DuckDB file.

    Raises SqlRejected, QueryTimeout, StoreUnavailable.
    """
    ranking = plan.ranking
    if ranking is None or not ranking.with_ties or ranking.limit is None:
        return _run(plan, plan, database, schema)
    everything = _run(plan, _limited(plan, None), database, schema)
    limit = ranking.limit + _ties(everything, ranking)
    return _run(plan, _limited(plan, min(limit, MAX_ROWS)), database, schema)


def execute_sql(sql: str, database: Place | Path, schema: GuardSchema) -> Result:
    """Rows of a statement that a person wrote, which passes the guard each time that it runs.

    Raises SqlRejected, QueryTimeout, StoreUnavailable.
    """
    query = check(sql, schema, dialect=place_of(database).dialect)
    found = run(query, database)
    return Result(None, query, found.columns, found.rows, found.truncated)


def _limited(plan: QueryPlan, limit: int | None) -> QueryPlan:
    """The plan with another limit on its ranking."""
    assert plan.ranking is not None
    ranking = replace(plan.ranking, limit=limit)
    return replace(plan, ranking=ranking)


def _run(asked: QueryPlan, plan: QueryPlan, database: Place | Path, schema: GuardSchema) -> Result:
    dialect = place_of(database).dialect
    query = check(compile_plan(plan).sql(dialect), schema, dialect=dialect, compiled=True)
    found = run(query, database)
    return Result(asked, query, found.columns, found.rows, found.truncated)


def _ties(result: Result, ranking: Ranking) -> int:
    """How many rows behind the limit equal the last one inside it."""
    by = f"{ranking.by}_low" if f"{ranking.by}_low" in result.columns else ranking.by
    if by not in result.columns or ranking.limit is None or len(result.rows) <= ranking.limit:
        return 0
    at = result.columns.index(by)
    last = result.rows[ranking.limit - 1][at]
    return sum(row[at] == last for row in result.rows[ranking.limit :])
