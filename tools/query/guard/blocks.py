"""The query blocks of one statement, and what is known of each column that they pass on.

A block is one SELECT; a pair is a UNION, INTERSECT or EXCEPT of two. Both hand named columns to
whatever reads them. ``names`` builds them, ``lineage`` fills in facts, the rules only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from tools.query.guard.dependencies import Dependencies

Ref = tuple[str, str]  # (source name, column name) inside one block
Lineage = tuple[str, str]  # (real table, column)
QUERIES = (exp.Select, exp.Union, exp.Intersect, exp.Except)


@dataclass(frozen=True, slots=True)
class Protected:
    """A column that carries a measure or a bound of one.

    needs: the columns beside it that tell apart cells which must not be added up; None when they
    were lost on the way. beside: the columns that tell every cell from every other; None when lost.
    """

    table: str
    column: str
    bound: bool
    summed: bool
    needs: frozenset[str] | None
    beside: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one column.

    origin: the real column that it repeats unchanged. sources: every real column that it is made
    from ("*" for a count of rows). constant: "number", "text" or "null" where it is made from
    nothing. weight: about how many times longer than a stored value it can be.
    """

    origin: Lineage | None = None
    sources: frozenset[Lineage] = frozenset()
    protected: Protected | None = None
    constant: str = ""
    weight: int = 1
    type: str = ""


@dataclass(eq=False)
class Source:
    """One item of FROM: a real table, or a block under an alias with its column names.

    ``using`` maps each column of USING to the earlier source and column that it is set equal to.
    """

    name: str
    names: tuple[str, ...]
    table: str = ""
    relation: Relation | None = None
    join: exp.Join | None = None
    using: dict[str, Ref] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    keys: tuple[frozenset[str], ...] = ()


@dataclass(eq=False)
class Block:
    """One SELECT. ``role``: root, cte, derived, scalar, in or exists; ``inner`` maps id(query node)."""

    node: exp.Select
    role: str
    outer: Block | None
    sources: dict[str, Source] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    inner: dict[int, Relation] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    keys: tuple[frozenset[str], ...] = ()
    scans: int = 0
    dependencies: Dependencies = field(init=False)

    def source_of(self, column: exp.Column) -> tuple[Block, Source] | None:
        """The block and source that a resolved column belongs to; None for a name of the output."""
        block: Block | None = self
        while block is not None and column.table:
            if column.table in block.sources:
                return block, block.sources[column.table]
            block = block.outer
        return None

    def fact_of(self, column: exp.Column) -> Fact | None:
        """What is known of a resolved column; None for a name of the output."""
        found = self.source_of(column)
        return None if found is None else found[1].facts[column.name]

    def projection(self, name: str) -> exp.Expr:
        """The expression shown under ``name``."""
        return unwrapped(self.node.expressions[self.outputs.index(name)])


@dataclass(eq=False)
class Pair:
    """A UNION, INTERSECT or EXCEPT of two relations."""

    node: exp.SetOperation
    role: str
    left: Relation
    right: Relation
    outputs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    keys: tuple[frozenset[str], ...] = ()
    scans: int = 0


Relation = Block | Pair


def tables_of(relation: Relation) -> frozenset[str]:
    """The real tables that a relation's rows come from, through whatever it reads."""
    if isinstance(relation, Pair):
        return tables_of(relation.left) | tables_of(relation.right)
    named = {source.table for source in relation.sources.values() if source.table}
    return frozenset(named).union(
        *(tables_of(source.relation) for source in relation.sources.values() if source.relation is not None)
    )


def own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of an expression down to, and including, nested queries, but not inside these."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if not isinstance(current, QUERIES):
            stack.extend(reversed(list(current.iter_expressions())))


def own_columns(block: Block) -> list[exp.Column]:
    """The columns that stand in a block itself, not in its subqueries."""
    return [c for c in block.node.find_all(exp.Column) if _home(c) is block.node]


def _home(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while parent is not None and not isinstance(parent, QUERIES):
        parent = parent.parent
    return parent


def clauses(select: exp.Select) -> list[exp.Expr]:
    """Every expression of a SELECT, without FROM's own subqueries and WITH."""
    parts = [*select.expressions]
    parts += [join.args["on"] for join in select.args.get("joins") or () if join.args.get("on")]
    parts += select.args.get("windows") or ()
    for name in ("where", "group", "having", "qualify", "order", "distinct"):
        if select.args.get(name):
            parts.append(select.args[name])
    return parts


def unwrapped(node: exp.Expr) -> exp.Expr:
    """The expression without its alias and brackets."""
    while isinstance(node, exp.Alias | exp.Paren):
        node = node.this
    return node


def conjuncts(node: exp.Expr | None) -> list[exp.Expr]:
    """The conditions joined by AND at the top of a condition."""
    found: list[exp.Expr] = []
    stack = [node] if node is not None else []
    while stack:
        current = unwrapped(stack.pop())
        if isinstance(current, exp.And):
            stack += [current.expression, current.this]
        elif isinstance(current, exp.Where | exp.Having | exp.Qualify):
            stack.append(current.this)
        else:
            found.append(current)
    return found
