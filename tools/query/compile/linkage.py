"""Pairs of datasets that can be linked."""

from __future__ import annotations

from sqlglot import exp

from tools.query.compile.nodes import column, compare, ordered, table
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
    if tests:
        query = query.where(*tests)
    return query.order_by(*(ordered(column(name, LINKAGE)) for name in _SHOWN[:2]))


def _either_order(left: tuple[str, ...], right: tuple[str, ...]) -> exp.Expr:
    def side(name: str, ids: tuple[str, ...]) -> exp.Expr:
        return compare(column(name, LINKAGE), "eq", ids)

    if not right:
        return exp.Paren(this=exp.Or(this=side("dataset_a", left), expression=side("dataset_b", left)))
    forward = exp.And(this=side("dataset_a", left), expression=side("dataset_b", right))
    backward = exp.And(this=side("dataset_a", right), expression=side("dataset_b", left))
    return exp.Paren(this=exp.Or(this=exp.Paren(this=forward), expression=exp.Paren(this=backward)))
