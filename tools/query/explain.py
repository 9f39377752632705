"""What a statement reads and costs, what to look at, how it differs from another: data for reviewers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.diff import Insert, Move, Remove, Update, diff
from sqlglot.errors import SqlglotError

from knowledge.errors import SqlRejected
from tools.query.guard.blocks import QUERIES, Block, Fact, Pair, Relation, conjuncts, own_columns, tables_of
from tools.query.guard.check import judge
from tools.query.guard.schema import GuardSchema
from tools.query.guard.statement import Statement
from tools.query.guard.totals import totals_of

LIGHT_SCANS, MODERATE_SCANS = 2, 6
MAX_DIFF_NODES = 1200  # the comparison of trees takes time that grows with their product
# The clause that an argument of a query stands for, in the order in which changes are told.
CLAUSES = {
    "with_": "subqueries",
    "expressions": "columns",
    "distinct": "columns",
    "from_": "tables",
    "joins": "tables",
    "where": "filter",
    "group": "grouping",
    "having": "group_filter",
    "qualify": "group_filter",
    "order": "order",
    "limit": "limit",
    "offset": "limit",
}
LISTED = {
    "columns",
    "tables",
    "subqueries",
    "other",
}  # told item by item, the others as they stand on both sides


def explain(
    sql: str,
    schema: GuardSchema,
    *,
    dialect: str = "duckdb",
    compiled: bool = False,
    before: str | None = None,
) -> dict[str, Any]:
    """``{"refused", "tables", "columns", "cost", "flags", "changes"}``, JSON-ready; nothing runs.

    columns: one ``{"name", "kind", "from"}`` per output; kind is "column", "count" (as published),
    "bound" (an end of a count's range), "sum" (of counts), "rows" (how many there are), "constant" or
    "computed"; from lists what it is made of as "table.column", "table.*" for a number of rows.
    cost: ``{"class": "light"|"moderate"|"heavy", "scans", "joins", "subqueries", "windows"}``.
    flags: codes of FLAGS, for a reviewer to look at. changes: what differs from ``before``, None without it.
    refused: None, or ``{"rule", "message"}`` where the guard refuses the statement; all else is empty then.
    """
    found: dict[str, Any] = {
        "refused": None,
        "tables": [],
        "columns": [],
        "cost": None,
        "flags": [],
        "changes": None if before is None else changes(before, sql, dialect),
    }
    try:
        statement = judge(sql, schema, dialect=dialect, compiled=compiled)
    except SqlRejected as rejected:
        return {**found, "refused": {"rule": rejected.rule, "message": str(rejected)}}
    root = statement.root
    assert root is not None
    return {
        **found,
        "tables": sorted({table for relation in statement.relations for table in tables_of(relation)}),
        "columns": [_column(name, fact) for name, fact in zip(root.outputs, root.facts, strict=True)],
        "cost": _cost(statement, root),
        "flags": [flag for flag, raised in FLAGS.items() if raised(statement)],
    }


def changes(before: str, after: str, dialect: str = "duckdb") -> list[dict[str, Any]] | None:
    """``[{"clause", "removed", "added"}]`` by the trees of two statements; None where they are too long."""
    try:
        trees = (parse_one(before, read=dialect), parse_one(after, read=dialect))
    except SqlglotError:
        return None
    if sum(1 for tree in trees for _ in tree.walk()) > MAX_DIFF_NODES:
        return None
    found: dict[str, tuple[list[str], list[str]]] = {
        clause: ([], []) for clause in [*CLAUSES.values(), "other"]
    }
    for edit in diff(trees[0], trees[1], delta_only=True):
        for node, side in _sides(edit):
            clause, item = _item(node)
            text = item.sql(dialect=dialect)
            if text not in found[clause][side]:
                found[clause][side].append(text)
    told = []
    for clause, (removed, added) in found.items():
        for here, there, tree in ((removed, added, trees[0]), (added, removed, trees[1])):
            if clause not in LISTED and there and not here:
                here += _whole(clause, tree, dialect)
        gone = [text for text in removed if text not in added]
        new = [text for text in added if text not in removed]
        if gone or new:
            told.append({"clause": clause, "removed": gone, "added": new})
    return told


def _whole(clause: str, tree: exp.Expr, dialect: str) -> list[str]:
    """The clauses of the outermost query, where the other statement's are the ones that were changed."""
    nodes = (tree.args.get(name) for name, called in CLAUSES.items() if called == clause)
    return [node.sql(dialect=dialect) for node in nodes if isinstance(node, exp.Expr)]


def _sides(edit: Any) -> Iterator[tuple[exp.Expr, int]]:
    if isinstance(edit, Remove):
        yield edit.expression, 0
    elif isinstance(edit, Insert):
        yield edit.expression, 1
    elif isinstance(edit, Move | Update):
        yield edit.source, 0
        yield edit.target, 1


def _item(node: exp.Expr) -> tuple[str, exp.Expr]:
    """The clause that a node stands in, and the item of it that a reader would call changed."""
    while node.parent is not None and not isinstance(node.parent, QUERIES):
        node = node.parent
    return CLAUSES.get(node.arg_key or "", "other"), node


def _column(name: str, fact: Fact) -> dict[str, Any]:
    return {"name": name, "kind": _kind(fact), "from": sorted(".".join(each) for each in fact.sources)}


def _kind(fact: Fact) -> str:
    if fact.protected is not None:
        if fact.protected.summed:
            return "sum"
        return "bound" if fact.protected.bound else "count"
    if not fact.sources:
        return "constant"
    if fact.origin is not None:
        return "column"
    return "rows" if all(column == "*" for _, column in fact.sources) else "computed"


def _cost(statement: Statement, root: Relation) -> dict[str, Any]:
    blocks = [relation for relation in statement.relations if isinstance(relation, Block)]
    repeated = sum(1 for block in blocks if block.outer is not None and _looks_outside(block))
    scans = root.scans
    grade = "light"
    if scans > LIGHT_SCANS or repeated:
        grade = "moderate"
    if scans > MODERATE_SCANS or repeated > 2:
        grade = "heavy"
    return {
        "class": grade,
        "scans": scans,
        "joins": sum(len(block.sources) - 1 for block in blocks if block.sources),
        "subqueries": sum(len(block.inner) for block in blocks),
        "windows": len(statement.found(exp.Window)),
    }


def _looks_outside(block: Block) -> bool:
    """True where a subquery is worked out once per row of the query around it."""
    return any(column.table and column.table not in block.sources for column in own_columns(block))


def _shows(statement: Statement, *kinds: str) -> bool:
    return statement.root is not None and any(_kind(fact) in kinds for fact in statement.root.facts)


def _ordered_by_count(statement: Statement) -> bool:
    root, order = statement.root, statement.tree.args.get("order")
    if root is None or order is None:
        return False
    counts = {name for name, fact in zip(root.outputs, root.facts, strict=True) if fact.protected is not None}
    return any(column.name in counts for column in order.find_all(exp.Column))


def _filtered_by_count(statement: Statement) -> bool:
    for block in statement.relations:
        places = (
            [block.node.args.get(name) for name in ("having", "where")] if isinstance(block, Block) else []
        )
        for condition in (c for place in places for c in conjuncts(place)):
            for column in condition.find_all(exp.Column):
                fact = block.fact_of(column) if isinstance(block, Block) else None
                if fact is not None and fact.protected is not None:
                    return True
    return False


FLAGS: Mapping[str, Any] = {
    "shows_counts": lambda statement: _shows(statement, "count"),
    "shows_ranges": lambda statement: _shows(statement, "bound"),
    "sums_counts": lambda statement: bool(totals_of(statement)) or _shows(statement, "sum"),
    "orders_by_count": _ordered_by_count,
    "filters_by_count": _filtered_by_count,
    "outer_join": lambda statement: any(join.side for join in statement.found(exp.Join)),
    "set_operation": lambda statement: any(isinstance(r, Pair) for r in statement.relations),
    "no_limit_written": lambda statement: statement.capped,
}
