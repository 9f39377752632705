"""Disclosure rules: where a protected count may stand in a statement.

Everything that is not named here is refused, so that a new kind of node never becomes a way to
compare, replace, rank or take apart a count.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sqlglot import exp
from sqlglot.tokens import TokenType

from tools.query.guard.blocks import QUERIES, Block, Pair, Protected, clauses, own_nodes
from tools.query.guard.grouping import group_keys
from tools.query.guard.measure_use import SHOW, Use, shown_column
from tools.query.guard.statement import Statement, refuse


def measures_kept_whole(statement: Statement) -> None:
    """Each protected column stands only where its published value is shown or rightly summed."""
    for relation in statement.relations:
        if isinstance(relation, Pair):
            _pair(relation)
        else:
            _grouped(relation)
            for node, protected in _protected_nodes(relation):
                Use(statement, relation, node, protected).judge()
            _using(relation)
            _distinct(relation)


def measures_beside_dimensions(statement: Statement) -> None:
    """Shown counts stand beside what tells them apart."""
    root = statement.root
    for name, fact in zip(root.outputs, root.facts, strict=True) if root and not statement.compiled else ():
        if fact.protected is not None and fact.protected.beside is None:
            refuse(
                "measure_alone",
                "A protected count is shown without what tells its cells apart",
                name,
                _beside_hint(statement, fact.protected),
            )


def _beside_hint(statement: Statement, protected: Protected) -> str:
    if protected.summed:
        return "Show every column of GROUP BY beside it."
    dimensions = sorted(statement.schema.tables[protected.table].dimensions)
    return f"Show or fix by '=' (or IS NULL for totals) each of: {', '.join(dimensions)}."


def measures_ordered_last(statement: Statement) -> None:
    """Rows are ordered by a shown count only, at the outermost level, suppressed ones last."""
    for relation in statement.relations:
        order = relation.node.args.get("order")
        for ordered in order.expressions if order else ():
            column = shown_column(ordered.this, relation)
            if column is None or relation.facts[column].protected is None:
                continue
            if relation is not statement.root:
                refuse(
                    "measure_order",
                    "A subquery is ordered by a protected count",
                    ordered,
                    "Order the outermost rows only.",
                )
            if _nulls_first_written(statement):
                refuse("measure_order", "Suppressed counts would come first", ordered, "Use NULLS LAST.")
            ordered.set("nulls_first", False)


def _nulls_first_written(statement: Statement) -> bool:
    words = [token.text.upper() for token in statement.tokens if token.token_type != TokenType.STRING]
    return ("NULLS", "FIRST") in pairwise(words)


def _protected_nodes(block: Block) -> Iterator[tuple[exp.Expr, Protected]]:
    """Protected columns, and scalar subqueries that yield one, in the clauses of a block."""
    for clause in clauses(block.node):
        for node in own_nodes(clause):
            if isinstance(node, exp.Column):
                fact = block.fact_of(node)
                if fact is not None and fact.protected is not None:
                    yield node, fact.protected
            elif isinstance(node, QUERIES) and block.inner[id(node)].role != "exists":
                facts = block.inner[id(node)].facts
                for fact in facts:
                    if fact.protected is not None:
                        yield node, fact.protected


def _using(block: Block) -> None:
    for source in block.sources.values():
        for column in (source.join.args.get("using") or ()) if source.join is not None else ():
            if source.facts[column.name].protected is not None:
                refuse("measure_compared", "A protected count is compared", column, SHOW)


def _grouped(block: Block) -> None:
    for key in group_keys(block):
        for node in own_nodes(key):
            fact = block.fact_of(node) if isinstance(node, exp.Column) else None
            if fact is not None and fact.protected is not None:
                refuse("measure_grouped", "Rows are grouped by a protected count", node, SHOW)


def _distinct(block: Block) -> None:
    """DISTINCT would tell whether counts are equal, unless each row is told apart without them."""
    for name, fact in zip(block.outputs, block.facts, strict=True) if block.node.args.get("distinct") else ():
        if fact.protected is not None and fact.protected.beside is None:
            refuse("measure_compared", "DISTINCT compares a protected count", name, SHOW)


def _pair(pair: Pair) -> None:
    for name, left, right in zip(pair.outputs, pair.left.facts, pair.right.facts, strict=True):
        if left.protected is None and right.protected is None:
            continue
        if not isinstance(pair.node, exp.Union):
            refuse("measure_compared", "A protected count is compared", pair.node, SHOW)
        if pair.node.args.get("distinct") and pair.role != "root":
            refuse("measure_compared", "UNION compares a protected count", name, "Use UNION ALL.")
        kinds = [
            f.protected and (f.protected.column, f.protected.table)
            for f in (left, right)
            if f.constant != "null"
        ]
        if len(set(kinds)) > 1:
            refuse(
                "measure_mixed",
                "A protected count and another value share a column",
                name,
                "Give each its own column, NULL on the other side.",
            )
