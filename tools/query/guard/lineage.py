"""Lineage: what each output column is made of, and which columns tell rows apart.

Works on the blocks that ``names`` built, inner ones first, so that each is looked at once however
often it is read. Nothing is refused here but a statement that would grow without bound.
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
    Relation,
    Source,
    own_nodes,
    unwrapped,
)
from tools.query.guard.dependencies import Dependencies
from tools.query.guard.schema import GuardSchema
from tools.query.guard.statement import Statement, refuse

MAX_SCANS = 64
MAX_WEIGHT = 200
LITERAL_UNIT = 40  # characters of a literal that weigh as much as a stored value
LIST_WEIGHT = 20
TEXT = (
    exp.DPipe,
    exp.Concat,
    exp.ConcatWs,
    exp.Replace,
    exp.GroupConcat,
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.Substring,
    exp.Cast,
    exp.Paren,
    exp.Alias,
    exp.Max,
    exp.Min,
    exp.Left,
    exp.Right,
    exp.SplitPart,
    exp.Split,
    exp.Window,
    exp.Lag,
    exp.Lead,
    exp.FirstValue,
    exp.LastValue,
    exp.NthValue,
    exp.Nullif,
    exp.Filter,
    exp.Distinct,
    exp.Order,
    exp.Ordered,
    exp.AnyValue,
    exp.Greatest,
    exp.Least,
    exp.RegexpReplace,
    exp.Reverse,
    exp.Subquery,
    exp.IgnoreNulls,
)


def traced_lineage(statement: Statement) -> None:
    """Fills in facts, keys and scans of every block."""
    for relation in statement.relations:
        if isinstance(relation, Block):
            _block(relation, statement.schema)
        else:
            _pair(relation)
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


def aggregated(block: Block) -> bool:
    """True when rows are grouped, whether or not GROUP BY is written."""
    node = block.node
    if node.args.get("group") or node.args.get("having"):
        return True
    return any(
        isinstance(n, exp.AggFunc) and not windowed(n) for shown in node.expressions for n in own_nodes(shown)
    )


def windowed(node: exp.Expression) -> bool:
    """True for the function of a window, FILTER and IGNORE NULLS included."""
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.IgnoreNulls):
        node, parent = parent, parent.parent
    return isinstance(parent, exp.Window) and parent.this is node


def group_keys(block: Block) -> list[exp.Expression]:
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


def column_refs(expressions: Iterable[exp.Expression], block: Block) -> set[Ref]:
    """Those expressions that are plain columns of the block's own sources."""
    return {
        (e.table, e.name)
        for e in map(unwrapped, expressions)
        if isinstance(e, exp.Column) and e.table in block.sources
    }


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
    source.keys = table.keys
    for name, spec in table.columns.items():
        protected = None
        if spec.protected:
            dimensions = table.dimensions
            needs = dimensions - set(spec.additive_over)
            protected = Protected(source.table, name, spec.compiler_only, False, needs, dimensions)
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
    dependencies = block.dependencies = Dependencies(block)
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


def _fact(
    projection: exp.Expression, block: Block, dependencies: Dependencies, shown: dict[str, Ref]
) -> Fact:
    node = unwrapped(projection)
    if isinstance(node, exp.Column):
        fact = block.fact_of(node) or Fact()
        if fact.protected is None:
            return fact
        if node.table not in block.sources:  # an outer row's count: what it stood beside is out of sight
            return replace(fact, protected=replace(fact.protected, needs=None, beside=None))
        return replace(fact, protected=_shown(fact.protected, node.table, dependencies, shown))
    columns = [n for n in own_nodes(node) if isinstance(n, exp.Column)]
    inner = [block.inner[id(n)] for n in own_nodes(node) if isinstance(n, QUERIES)]
    facts = [f for f in map(block.fact_of, columns) if f is not None]
    sources = frozenset().union(*(f.sources for f in facts), *(f.sources for r in inner for f in r.facts))
    if any(isinstance(n, exp.AggFunc | exp.Star | exp.Window) for n in own_nodes(node)):
        sources |= {(table, "*") for table in _tables(block)}
    return Fact(
        sources=sources,
        protected=_made(node, block, dependencies, shown),
        constant="" if sources else _constant(node),
        weight=_weight(node, block),
    )


def _shown(p: Protected, source: str, dependencies: Dependencies, shown: dict[str, Ref]) -> Protected:
    """What a block hands on when it shows a protected column as it is."""
    needs, beside = (
        None if side is None else dependencies.told_by({(source, name) for name in side}, shown)
        for side in (p.needs, p.beside)
    )
    return replace(p, needs=needs, beside=beside)


def _made(
    node: exp.Expression, block: Block, dependencies: Dependencies, shown: dict[str, Ref]
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
            return replace(fact.protected, summed=True, needs=needs, beside=frozenset())
        if isinstance(part, QUERIES):
            facts = block.inner[id(part)].facts
            if block.inner[id(part)].role == "scalar" and facts and facts[0].protected is not None:
                outer = dependencies.told_by(_outer_refs(part, block), shown)
                lost = facts[0].protected.beside is None or outer is None
                return replace(facts[0].protected, needs=None, beside=None if lost else outer)
    return None


def _outer_refs(query: exp.Expression, block: Block) -> set[Ref]:
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
    if block.node.args.get("distinct"):
        yield frozenset(block.outputs)
    if subtotals(block):
        return
    rows: set[Ref] = set()
    names = dict(shown)
    if aggregated(block):
        for key in group_keys(block):
            if isinstance(key, exp.Column):
                rows.add((key.table, key.name))
            else:
                same = [
                    n
                    for n, e in zip(block.outputs, block.node.expressions, strict=True)
                    if unwrapped(e) == key
                ]
                ref = ("", same[0] if same else "")  # a made-up column that only this output tells
                rows.add(ref)
                if same:
                    names[same[0]] = ref
    else:
        rows = {(s.name, name) for s in block.sources.values() for name in s.names}
    told = dependencies.told_by(rows, names)
    if told is not None:
        yield told


def _pair(pair: Pair) -> None:
    facts = []
    for left, right in zip(pair.left.facts, pair.right.facts, strict=True):
        protected = left.protected or right.protected
        if protected is not None:
            # Rows of both sides may be of one cell, so nothing may be added up or told apart further on.
            whole = (
                left.protected is None
                or right.protected is None
                or None not in (left.protected.beside, right.protected.beside)
            )
            protected = replace(protected, needs=None, beside=frozenset(pair.outputs) if whole else None)
        facts.append(
            Fact(
                origin=left.origin if left.origin == right.origin else None,
                sources=left.sources | right.sources,
                protected=protected,
                constant="null" if left.constant == right.constant == "null" else "",
                weight=max(left.weight, right.weight),
            )
        )
    pair.facts = tuple(facts)
    if pair.node.args.get("distinct"):
        pair.keys = (frozenset(pair.outputs),)
    pair.scans = pair.left.scans + pair.right.scans


def _tables(relation: Relation) -> set[str]:
    if isinstance(relation, Pair):
        return _tables(relation.left) | _tables(relation.right)
    found = {source.table for source in relation.sources.values() if source.table}
    for source in relation.sources.values():
        if source.relation is not None:
            found |= {table for fact in source.relation.facts for table, _ in fact.sources}
    return found


def _constant(node: exp.Expression) -> str:
    if isinstance(node, exp.Null):
        return "null"
    texts = [n for n in node.walk() if isinstance(n, exp.Literal)]
    return "text" if texts and all(n.is_string for n in texts) else "number"


def _weight(node: exp.Expression, block: Block) -> int:
    if isinstance(node, exp.Column):
        fact = block.fact_of(node)
        return fact.weight if fact else 1
    if isinstance(node, exp.Literal):
        return len(node.name) // LITERAL_UNIT
    if isinstance(node, QUERIES):
        return max((fact.weight for fact in block.inner[id(node)].facts), default=1)
    if not isinstance(node, TEXT):
        return 1
    parts = [_weight(child, block) for child in node.iter_expressions()]
    if isinstance(node, exp.Replace | exp.RegexpReplace):
        total = 1
        for part in parts:
            total *= max(part, 1)
        return total
    return max(sum(parts), 1) * (LIST_WEIGHT if isinstance(node, exp.GroupConcat) else 1)
