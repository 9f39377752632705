"""How the rows of a block are grouped."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from tools.query.guard.blocks import Block, Ref, own_nodes, unwrapped


def aggregated(block: Block) -> bool:
    """True when rows are grouped, whether or not GROUP BY is written."""
    node = block.node
    if node.args.get("group") or node.args.get("having"):
        return True
    return any(
        isinstance(n, exp.AggFunc) and not windowed(n) for shown in node.expressions for n in own_nodes(shown)
    )


def windowed(node: exp.Expr) -> bool:
    """True for the function of a window, FILTER and IGNORE NULLS included."""
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.IgnoreNulls):
        node, parent = parent, parent.parent
    return isinstance(parent, exp.Window) and parent.this is node


def group_keys(block: Block) -> list[exp.Expr]:
    """The expressions of GROUP BY, ordinals replaced by what they stand for."""
    group = block.node.args.get("group")
    keys = []
    for item in group.expressions if group else ():
        if isinstance(item, exp.Literal) and item.is_int and 1 <= int(item.name) <= len(block.outputs):
            item = block.node.expressions[int(item.name) - 1]
        keys.append(unwrapped(item))
    return keys


def subtotals(block: Block) -> bool:
    """True for ROLLUP, CUBE and GROUPING SETS: a row may stand for several groups."""
    group = block.node.args.get("group")
    return group is not None and group.find(exp.Rollup, exp.Cube, exp.GroupingSets) is not None


def column_refs(expressions: Iterable[exp.Expr], block: Block) -> set[Ref]:
    """Those expressions that are plain columns of the block's own sources."""
    return {
        (e.table, e.name)
        for e in map(unwrapped, expressions)
        if isinstance(e, exp.Column) and e.table in block.sources
    }
