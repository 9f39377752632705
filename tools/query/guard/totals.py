"""What a statement adds up: each sum of a protected count, with its grouping and its conditions.

In the schema's own names, so that sums of different statements can be compared (tools.query.ledger).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from tools.query.guard.blocks import Block, clauses, conjuncts, own_nodes, unwrapped
from tools.query.guard.grouping import column_refs, group_keys
from tools.query.guard.statement import Statement

FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
RANGES = {exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, joined to the others by AND.

    column: "table.column", or empty where it is about more than one. test: "in", "not in", one of
    ">", ">=", "<", "<=", "not" for the denial of anything else, "other" for anything else.
    values: literals as texts, sorted; for "not" and "other" the condition itself.
    """

    column: str
    test: str
    values: tuple[str, ...]

    @property
    def fixes(self) -> bool:
        """True where it keeps one value of a column."""
        return self.test == "in" and len(self.values) == 1

    @property
    def denies(self) -> bool:
        """True where it keeps all but something. What is not given is nothing, so NOT NULL keeps all."""
        return self.test == "not" or (self.test == "not in" and self.values != ("NULL",))


@dataclass(frozen=True, slots=True)
class Total:
    """A SUM of ``measure`` ("table.column") in each group of ``grouped``, over what ``conditions`` keep."""

    measure: str
    grouped: frozenset[str]
    conditions: frozenset[Condition]


def totals_of(statement: Statement) -> tuple[Total, ...]:
    """Every sum of a measure, each once. Ends of ranges, which only the compiler adds, are left out."""
    found = dict.fromkeys(
        total for block in statement.relations if isinstance(block, Block) for total in _totals(block)
    )
    return tuple(found)


def _totals(block: Block) -> Iterator[Total]:
    for clause in clauses(block.node):
        for node in own_nodes(clause):
            column = unwrapped(node.this) if isinstance(node, exp.Sum) else None
            fact = block.fact_of(column) if isinstance(column, exp.Column) else None
            if fact is None or fact.protected is None or fact.protected.bound or fact.protected.summed:
                continue
            yield Total(
                f"{fact.protected.table}.{fact.protected.column}",
                frozenset(_spelled(key, block) for key in group_keys(block)),
                frozenset(_conditions(block)),
            )


def _conditions(block: Block) -> Iterator[Condition]:
    """What decides which cells go into a group, what the blocks that it reads leave out included.

    A condition on what a group is told apart by keeps the whole group or none of it, and so is left out
    unless it fixes one value.
    """
    told = block.dependencies.told(column_refs(group_keys(block), block))
    parts = conjuncts(block.node.args.get("where"))
    for join in block.node.args.get("joins") or ():
        if not join.side:
            parts += conjuncts(join.args.get("on"))
    for part in parts:
        refs = {(column.table, column.name) for column in part.find_all(exp.Column)}
        for condition in _condition(part, block):
            if condition.fixes or not refs <= told:
                yield condition
    for source in block.sources.values():
        if isinstance(source.relation, Block):
            yield from _conditions(source.relation)


def _condition(node: exp.Expr, block: Block) -> Iterator[Condition]:
    denied = isinstance(node, exp.Not)
    inner = unwrapped(node.this) if denied else node
    if isinstance(inner, exp.Between) and not denied and not inner.args.get("symmetric"):
        own = inner.copy()  # a node has one parent
        yield from _condition(exp.GTE(this=own.this, expression=own.args["low"]), block)
        yield from _condition(exp.LTE(this=own.this.copy(), expression=own.args["high"]), block)
        return
    column, test, values = _simple(inner, block)
    if column and test in {"in", "not in"}:
        yield Condition(column, test if not denied else {"in": "not in", "not in": "in"}[test], values)
    elif column and not denied:
        yield Condition(column, test, values)
    elif not _joins(inner, block):
        yield Condition("", "not" if denied else "other", (_spelled(inner, block),))


def _simple(node: exp.Expr, block: Block) -> tuple[str, str, tuple[str, ...]]:
    """(column, test, values) of a comparison of one column with literals; ("", "", ()) of anything else."""
    if isinstance(node, exp.In) and not node.args.get("query"):
        column, values = _column(node.this, block), tuple(map(_literal, node.expressions))
        return (column, "in", tuple(sorted(values))) if column and all(values) else ("", "", ())
    if isinstance(node, exp.Is):
        test = "not in" if node.args.get("negate") else "in"
        return _column(node.this, block), test, (_literal(node.expression) or node.expression.sql(),)
    if not isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE):
        return "", "", ()
    test = RANGES.get(type(node), "in" if isinstance(node, exp.EQ) else "not in")
    for side, other, spelled in (
        (node.this, node.expression, test),
        (node.expression, node.this, FLIPPED.get(test, test)),
    ):
        column, value = _column(side, block), _literal(other)
        if column and value:
            return column, spelled, (value,)
    return "", "", ()


def _joins(node: exp.Expr, block: Block) -> bool:
    """True for an equality of two columns, which ties tables together."""
    sides = (node.this, node.expression) if isinstance(node, exp.EQ) else ()
    return bool(sides) and all(_column(side, block) for side in sides)


def _column(node: exp.Expr, block: Block) -> str:
    node = unwrapped(node)
    fact = block.fact_of(node) if isinstance(node, exp.Column) else None
    return ".".join(fact.origin) if fact is not None and fact.origin is not None else ""


def _literal(node: exp.Expr) -> str:
    """A literal in one spelling per value; empty for anything else."""
    node = unwrapped(node)
    if isinstance(node, exp.Null):
        return "NULL"
    sign = "-" if isinstance(node, exp.Neg) else ""
    node = node.this if sign else node
    if not isinstance(node, exp.Literal):
        return ""
    return f"'{node.name}'" if node.is_string else f"{sign}{float(node.name):g}"


def _spelled(node: exp.Expr, block: Block) -> str:
    """An expression with its columns in the schema's own names."""
    copy = unwrapped(node).copy()
    columns = [copy] if isinstance(copy, exp.Column) else list(copy.find_all(exp.Column))
    for column in columns:
        origin = _column(column, block)
        if not origin:
            continue
        if column is copy:
            return origin
        column.replace(exp.column(*reversed(origin.split(".", 1))))
    return copy.sql(identify=True, comments=False)
