"""Lineage: what each output column is made of, and which columns tell rows apart.

Works on the blocks that ``names`` built, inner ones first, so that each is looked at once however
often it is read. Nothing is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from tools.query.guard.blocks import (
    QUERIES,
    Block,
    Fact,
    Pair,
    Protected,
    Ref,
    Source,
    own_nodes,
    tables_of,
    unwrapped,
)
from tools.query.guard.dependencies import Dependencies, whole
from tools.query.guard.grouping import aggregated, group_keys, subtotals
from tools.query.guard.growth import weight
from tools.query.guard.made_up import constant_of, counts_rows, pair_constant, value_nodes
from tools.query.guard.schema import GuardSchema
from tools.query.guard.statement import Statement


def traced_lineage(statement: Statement) -> None:
    """Fills in facts, keys and scans of every block."""
    for relation in statement.relations:
        if isinstance(relation, Block):
            _block(relation, statement.schema)
        else:
            _pair(relation)


def _describe(source: Source, schema: GuardSchema) -> None:
    if source.relation is not None:
        names = dict(zip(source.relation.outputs, source.names, strict=True))
        source.facts = {
            names[name]: _renamed(fact, names)
            for name, fact in zip(source.relation.outputs, source.relation.facts, strict=True)
        }
        source.keys = tuple(frozenset(names[name] for name in key) for key in source.relation.keys)
        return
    table = schema.tables[source.table]
    source.keys = schema.keys(source.table)
    for name, spec in table.columns.items():
        protected = None
        if spec.protected:
            needs, beside = schema.apart(source.table, name), table.dimensions
            protected = Protected(source.table, name, spec.compiler_only, False, needs, beside)
        lineage = (source.table, name)
        source.facts[name] = Fact(lineage, frozenset({lineage}), protected, type=spec.type)


def _renamed(fact: Fact, names: dict[str, str]) -> Fact:
    if fact.protected is None:
        return fact
    needs, beside = (
        None if side is None else frozenset(names[name] for name in side)
        for side in (fact.protected.needs, fact.protected.beside)
    )
    return replace(fact, protected=replace(fact.protected, needs=needs, beside=beside))


def _block(block: Block, schema: GuardSchema) -> None:
    around: Block | None = block
    while around is not None:  # an inner block may look at the rows of the blocks around it
        for source in around.sources.values():
            if not source.facts:
                _describe(source, schema)
        around = around.outer
    dependencies = block.dependencies = Dependencies(block, schema)
    shown = {
        name: (e.table, e.name)
        for name, e in zip(block.outputs, map(unwrapped, block.node.expressions), strict=True)
        if isinstance(e, exp.Column) and e.table in block.sources
    }
    block.facts = tuple(_fact(e, block, dependencies, shown) for e in block.node.expressions)
    block.keys = tuple(_keys(block, dependencies, shown))
    block.scans = sum(
        1 if source.relation is None else source.relation.scans for source in block.sources.values()
    ) + sum(relation.scans for relation in block.inner.values())


def _fact(projection: exp.Expr, block: Block, dependencies: Dependencies, shown: dict[str, Ref]) -> Fact:
    node = unwrapped(projection)
    if isinstance(node, exp.Column):
        fact = block.fact_of(node) or Fact()
        if fact.protected is None:
            return fact
        if node.table not in block.sources:  # an outer row's count: what it stood beside is out of sight
            return replace(fact, protected=replace(fact.protected, needs=None, beside=None))
        return replace(fact, protected=_shown(fact.protected, node.table, dependencies, shown))
    nodes = list(value_nodes(node))
    columns = [n for n in nodes if isinstance(n, exp.Column)]
    inner = [block.inner[id(n)] for n in nodes if isinstance(n, QUERIES)]
    facts = [f for f in map(block.fact_of, columns) if f is not None]
    sources = frozenset().union(*(f.sources for f in facts), *(f.sources for r in inner for f in r.facts))
    if any(map(counts_rows, nodes)):
        sources |= {(table, "*") for table in tables_of(block)}
    for relation in inner:
        if relation.role == "exists":
            sources |= {(table, "*") for table in tables_of(relation)}
    return Fact(
        sources=sources,
        protected=_made(node, block, dependencies, shown),
        constant="" if sources else constant_of(node),
        weight=weight(node, block),
    )


def _shown(p: Protected, source: str, dependencies: Dependencies, shown: dict[str, Ref]) -> Protected:
    """What a block hands on when it shows a protected column as it is."""
    needs, beside = (
        None if side is None else dependencies.told_by({(source, name) for name in side}, shown)
        for side in (p.needs, p.beside)
    )
    return replace(p, needs=needs, beside=beside)


def _made(
    node: exp.Expr, block: Block, dependencies: Dependencies, shown: dict[str, Ref]
) -> Protected | None:
    """What a block hands on when it shows an expression over protected columns, or a scalar subquery.

    Whether such an expression may stand at all is for the disclosure rules to say.
    """
    for part in own_nodes(node):
        if isinstance(part, exp.Column):
            fact = block.fact_of(part)
            if fact is None or fact.protected is None:
                continue
            needs = None
            if fact.protected.needs is not None and part.table in block.sources:
                needs = dependencies.told_by({(part.table, name) for name in fact.protected.needs}, shown)
            beside = _rows_told_by(block, dependencies, shown)
            return replace(fact.protected, summed=True, needs=needs, beside=beside)
        if isinstance(part, QUERIES):
            facts = block.inner[id(part)].facts
            if block.inner[id(part)].role == "scalar" and facts and facts[0].protected is not None:
                outer = dependencies.told_by(_outer_refs(part, block), shown)
                lost = facts[0].protected.beside is None or outer is None
                return replace(facts[0].protected, needs=None, beside=None if lost else outer)
    return None


def _outer_refs(query: exp.Expr, block: Block) -> set[Ref]:
    """The columns of ``block`` that a nested query looks at."""
    inner = block.inner[id(query)]
    refs = set()
    for column in query.find_all(exp.Column):
        if column.table in block.sources and not (isinstance(inner, Block) and column.table in inner.sources):
            refs.add((column.table, column.name))
    return refs


def _keys(block: Block, dependencies: Dependencies, shown: dict[str, Ref]) -> Iterable[frozenset[str]]:
    limit = block.node.args.get("limit")
    if isinstance(limit, exp.Limit) and limit.expression.name in {"0", "1"}:
        yield frozenset()
    distinct = block.node.args.get("distinct")
    if distinct and not distinct.args.get("on"):  # DISTINCT ON tells rows apart by what need not be shown
        yield frozenset(block.outputs)
    told = _rows_told_by(block, dependencies, shown)
    if told is not None:
        yield told


def _rows_told_by(block: Block, dependencies: Dependencies, shown: dict[str, Ref]) -> frozenset[str] | None:
    """Outputs that tell the block's rows (its groups, where it has any) apart; None when they do not."""
    if subtotals(block):
        return None
    rows: set[Ref] = set()
    names = dict(shown)
    if not aggregated(block):
        rows = {ref for source in block.sources.values() for ref in whole(source)}
        return dependencies.told_by(rows, names)
    for key in group_keys(block):
        if isinstance(key, exp.Column):
            rows.add((key.table, key.name))
            continue
        same = [n for n, e in zip(block.outputs, block.node.expressions, strict=True) if unwrapped(e) == key]
        rows.add(("", same[0] if same else ""))  # a made-up column that this output alone tells
        if same:
            names[same[0]] = ("", same[0])
    return dependencies.told_by(rows, names)


def _pair(pair: Pair) -> None:
    facts = []
    for left, right in zip(pair.left.facts, pair.right.facts, strict=True):
        protected = left.protected or right.protected
        if protected is not None:
            # Rows of both sides may be of one cell, so nothing may be added up or told apart further on.
            parts = [p for p in (left.protected, right.protected) if p is not None]
            whole = all(part.beside is not None for part in parts)
            protected = replace(protected, needs=None, beside=frozenset(pair.outputs) if whole else None)
        facts.append(
            Fact(
                origin=left.origin if left.origin == right.origin else None,
                sources=left.sources | right.sources,
                protected=protected,
                constant=pair_constant(left, right),
                weight=max(left.weight, right.weight),
            )
        )
    pair.facts = tuple(facts)
    if pair.node.args.get("distinct"):
        pair.keys = (frozenset(pair.outputs),)
    pair.scans = pair.left.scans + pair.right.scans
