"""Rules on joins: tables meet on declared pairs of columns, and never row by row."""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.blocks import Block, Lineage, Source, conjuncts, own_columns, unwrapped
from tools.query.guard.dependencies import EVERY, equality, whole
from tools.query.guard.schema import GuardSchema
from tools.query.guard.statement import Statement, refuse

MAX_SOURCES = 16
MAX_WIDE = 2
MAX_FREE = 6
COMPARED = (exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def bounded_products(statement: Statement) -> None:
    """Few sources of a block multiply each other's rows: those that no others settle."""
    for block in statement.relations:
        if not isinstance(block, Block):
            continue
        if len(block.sources) > MAX_SOURCES:
            refuse("join", f"{len(block.sources)} tables are joined", "", f"Join at most {MAX_SOURCES}.")
        free = [source for source in block.sources.values() if _multiplies(source, block)]
        wide = [s for s in free if not any((s.name, name) in block.dependencies.fixed for name in s.names)]
        if len(wide) > MAX_WIDE or len(free) > MAX_FREE:
            refuse(
                "join",
                "These joins multiply each other's rows",
                ", ".join(source.name for source in free),
                "Join by a key, group in a subquery first, or test with EXISTS.",
            )


def declared_joins(statement: Statement) -> None:
    """All sources of a block hang together by declared pairs; a single row may stand apart."""
    for block in statement.relations:
        if isinstance(block, Block) and len(block.sources) > 1:
            _connected(block, statement.schema)


def linked_subqueries(statement: Statement) -> None:
    """A subquery that looks at the outer row does so by a declared pair, or the same column."""
    for block in statement.relations:
        if not isinstance(block, Block) or block.outer is None or block.role in {"cte", "derived"}:
            continue
        outer = [c for c in own_columns(block) if c.table not in block.sources and block.source_of(c)]
        if (
            outer
            and block.sources
            and not any(_links(c, block, statement.schema) for c in _conditions(block))
        ):
            refuse(
                "subquery_link",
                "A subquery is not tied to the outer row by a declared pair",
                outer[0],
                "Compare a column of both that the schema lets you join.",
            )


def _connected(block: Block, schema: GuardSchema) -> None:
    groups = {name: name for name in block.sources}

    def root(name: str) -> str:
        while groups[name] != name:
            name = groups[name]
        return name

    for condition in _conditions(block):
        pair = equality(condition, block)
        if pair is None:
            continue
        one, other = (block.sources[source].facts[column].origin for source, column in pair)
        if _same_thing(one, other, schema):
            groups[root(pair[0][0])] = root(pair[1][0])
    for source in block.sources.values():
        for name, (earlier, column) in source.using.items():
            if _same_thing(block.sources[earlier].facts[column].origin, source.facts[name].origin, schema):
                groups[root(earlier)] = root(source.name)
    apart = {root(name) for name, source in block.sources.items() if not _one_row(source, block)}
    if len(apart) > 1:
        first, second, *_ = sorted(apart, key=list(block.sources).index)
        refuse(
            "join",
            "These tables are not joined on a pair of columns that belong together",
            f"{first}, {second}",
            _advice(block.sources[first], block.sources[second], schema),
        )


def _conditions(block: Block) -> list[exp.Expr]:
    found = conjuncts(block.node.args.get("where"))
    for join in block.node.args.get("joins") or ():
        found += conjuncts(join.args.get("on"))
    return found


def _one_row(source: Source, block: Block) -> bool:
    """A source of at most one row, or one of constants only."""
    if source.relation is not None and source.relation.scans == 0:
        return True
    return frozenset() in source.keys or block.dependencies.fixed >= whole(source)


def _multiplies(source: Source, block: Block) -> bool:
    others = {ref for s in block.sources.values() if s is not source for ref in whole(s)}
    # Rows that an outer join leaves unmatched only add up, so its matched rows are what counts.
    told = block.dependencies.told(others, present=EVERY)
    return not _one_row(source, block) and not told >= whole(source)


def _same_thing(left: Lineage | None, right: Lineage | None, schema: GuardSchema) -> bool:
    """A declared pair; or one column met by itself, in a table without protected counts."""
    if left is None or right is None:
        return False
    if left == right and not any(spec.protected for spec in schema.tables[left[0]].columns.values()):
        return True
    return schema.joinable(".".join(left), ".".join(right))


def _links(condition: exp.Expr, block: Block, schema: GuardSchema) -> bool:
    if not isinstance(condition, COMPARED):
        return False
    sides = [unwrapped(condition.this), unwrapped(condition.expression)]
    columns = [side for side in sides if isinstance(side, exp.Column)]
    if len(columns) < 2 or sum(column.table in block.sources for column in columns) != 1:
        return False
    facts = [block.fact_of(column) for column in columns]
    left, right = (fact.origin if fact else None for fact in facts)
    return left is not None and (left == right or _same_thing(left, right, schema))


def _advice(left: Source, right: Source, schema: GuardSchema) -> str:
    pairs = [
        f"{left.name}.{a} = {right.name}.{b}"
        for a, fact in left.facts.items()
        for b, other in right.facts.items()
        if fact.origin != other.origin and _same_thing(fact.origin, other.origin, schema)
    ]
    return f"Join them ON {pairs[0]}." if pairs else "Join them through a table that belongs to both."
