"""A query plan becomes a sqlglot AST, by construction: no text is parsed on the way."""

from __future__ import annotations

from sqlglot import exp

from tools.query.compile.counts import compile_count
from tools.query.compile.linkage import compile_linkage
from tools.query.compile.lists import compile_list
from tools.query.plan import CountPlan, LinkagePlan, QueryPlan

__all__ = ["compile_plan"]


def compile_plan(plan: QueryPlan) -> exp.Select:
    """The statement that answers ``plan``; PlanIncomplete where a field or subject does not exist."""
    if isinstance(plan, CountPlan):
        return compile_count(plan)
    if isinstance(plan, LinkagePlan):
        return compile_linkage(plan)
    return compile_list(plan)
