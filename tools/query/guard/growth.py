"""Growth: a short statement must not multiply rows or texts by being built on itself."""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block
from tools.query.guard.statement import Statement, refuse

MAX_SCANS = 64
MAX_WEIGHT = 200
LITERAL_UNIT = 40  # characters of a literal that weigh as much as a stored value
LIST_WEIGHT = 20
# What these yield is short whatever they look at.
SHORT = (
    exp.Predicate,
    exp.Connector,
    exp.Not,
    exp.Count,
    exp.Length,
    exp.StrPosition,
    exp.Extract,
    exp.Avg,
    exp.Sum,
)
CHOICES = (exp.Case, exp.If, exp.Coalesce, exp.Greatest, exp.Least, exp.Nullif)
LISTS = (exp.GroupConcat, exp.ArrayAgg)


def bounded_growth(statement: Statement) -> None:
    """Tables are read MAX_SCANS times at most, all WITH written out; texts join few parts."""
    for relation in statement.relations:
        if relation.scans > MAX_SCANS:
            refuse(
                "too_large",
                f"The statement reads tables {relation.scans} times",
                relation.node,
                f"Keep it under {MAX_SCANS}; a WITH read twice counts twice.",
            )
        for name, fact in zip(relation.outputs, relation.facts, strict=True):
            if fact.weight > MAX_WEIGHT:
                refuse("too_large", "A text is built up from too many parts", name, "Join fewer texts.")


def weight(node: exp.Expr, block: Block) -> int:
    """About how many times longer than a stored value an expression's value can be."""
    if isinstance(node, exp.Column):
        fact = block.fact_of(node)
        return fact.weight if fact else 1
    if isinstance(node, exp.Literal):
        return len(node.name) // LITERAL_UNIT
    if isinstance(node, QUERIES):
        return max((fact.weight for fact in block.inner[id(node)].facts), default=1)
    if isinstance(node, SHORT):
        return 1
    parts = [weight(child, block) for child in node.iter_expressions()]
    if isinstance(node, CHOICES):
        return max(parts, default=1)
    if isinstance(node, exp.Replace | exp.RegexpReplace):
        total = 1
        for part in parts:
            total *= max(part, 1)
        return total
    return max(sum(parts), 1) * (LIST_WEIGHT if isinstance(node, LISTS) else 1)
