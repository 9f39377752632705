"""From a plan to rows: compile, pass the guard, run on the read-only engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.query.compile import compile_plan
from tools.query.guard import GuardSchema, SafeQuery, check
from tools.query.plan import QueryPlan
from tools.query.run import run

DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class Result:
    """Rows with the statement that made them. ``truncated``: the row limit cut the answer short."""

    plan: QueryPlan
    query: SafeQuery
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool

    @property
    def id(self) -> str:
        """Names the statement and the schema that it was checked against; equal for equal questions."""
        return f"q-{self.query.hash[:16]}"


def execute(plan: QueryPlan, database: Path, schema: GuardSchema) -> Result:
    """Answer a plan from a catalog file. Raises SqlRejected, QueryTimeout, StoreUnavailable."""
    query = check(compile_plan(plan).sql(DIALECT), schema, dialect=DIALECT, compiled=True)
    found = run(query, database)
    return Result(plan, query, found.columns, found.rows, found.truncated)
