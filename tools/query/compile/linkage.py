"""Pairs of datasets that can be linked."""

from __future__ import annotations

from sqlglot import exp

from tools.query.compile.nodes import column, compare, hidden_last, ordered, table, within_limits
from tools.query.plan import LinkagePlan

LINKAGE = "linkage"
_SHOWN = (
    "dataset_a",
    "dataset_b",
    "key_type",
    "same_controller",
    "overlap_patients",
    "overlap_patients_status",
    "overlap_patients_low",
    "overlap_patients_high",
)


def compile_linkage(plan: LinkagePlan) -> exp.Select:
    """One row per pair; a pair stands in the table once, so both orders are asked for."""
    query = exp.select(*(column(name, LINKAGE) for name in _SHOWN)).from_(table(LINKAGE))
    tests: list[exp.Expr] = []
    if plan.left:
        tests.append(_either_order(plan.left, plan.right))
    if plan.same_controller is not None:
        tests.append(compare(column("same_controller", LINKAGE), "eq", [plan.same_controller]))
    if plan.keys:
        tests.append(compare(column("key_type", LINKAGE), "eq", plan.keys))
    low, high, status = (column(f"overlap_patients_{part}", LINKAGE) for part in ("low", "high", "status"))
    tests += within_limits(low, high, status, plan)
    if tests:
        query = query.where(*tests)
    wanted = [ordered(column(name, LINKAGE)) for name in _SHOWN[:2]]
    if plan.ranking is not None:
        hidden = hidden_last(status)
        wanted = [hidden, ordered(low.copy(), plan.ranking.descending), *wanted]
    query = query.order_by(*wanted)
    return query.limit(plan.ranking.limit) if plan.ranking and plan.ranking.limit else query


def _either_order(left: tuple[str, ...], right: tuple[str, ...]) -> exp.Expr:
    def side(name: str, ids: tuple[str, ...]) -> exp.Expr:
        return compare(column(name, LINKAGE), "eq", ids)

    if not right:
        return exp.Paren(this=exp.Or(this=side("dataset_a", left), expression=side("dataset_b", left)))
    forward = exp.And(this=side("dataset_a", left), expression=side("dataset_b", right))
    backward = exp.And(this=side("dataset_a", right), expression=side("dataset_b", left))
    return exp.Paren(this=exp.Or(this=exp.Paren(this=forward), expression=exp.Paren(this=backward)))
