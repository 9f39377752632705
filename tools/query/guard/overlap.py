"""One statement does not add up protected cells twice: a total beside its rest gives a cell away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sqlglot import exp

from tools.query.guard.blocks import Block, Lineage, Pair, Relation, clauses, conjuncts, own_nodes, unwrapped
from tools.query.guard.statement import Statement, refuse


@dataclass(frozen=True, slots=True)
class _Taken:
    """Cells that a block sums, or shows as they are; ``fixed``: columns and the literal they equal."""

    measure: Lineage
    summed: bool
    fixed: dict[Lineage, str]
    node: exp.Expr


def sums_apart(statement: Statement) -> None:
    """Two sums of a measure, or a sum beside cells, are over cells that a condition keeps apart."""
    if statement.compiled:
        return
    taken = [t for r in statement.relations if isinstance(r, Block) for t in _sums(r)]
    taken += _shown(statement.root)
    for one, other in combinations(taken, 2):
        if one.measure != other.measure or not (one.summed or other.summed):
            continue
        if not any(one.fixed[c] != other.fixed[c] for c in one.fixed.keys() & other.fixed.keys()):
            refuse(
                "differencing",
                "The same counts are added up in two ways",
                other.node,
                "Ask for each total on its own, or fix one dimension to different values.",
            )


def _sums(block: Block) -> Iterator[_Taken]:
    seen: set[Lineage] = set()
    for clause in clauses(block.node):
        for node in own_nodes(clause):
            if not isinstance(node, exp.Sum) or not isinstance(unwrapped(node.this), exp.Column):
                continue
            fact = block.fact_of(unwrapped(node.this))  # type: ignore[arg-type]
            if fact is not None and fact.protected is not None and not fact.protected.summed:
                measure = (fact.protected.table, fact.protected.column)
                if measure not in seen:  # the same sum in SELECT, HAVING and ORDER BY is one
                    seen.add(measure)
                    yield _Taken(measure, True, _fixed(block), node)


def _shown(relation: Relation | None) -> list[_Taken]:
    if isinstance(relation, Pair):
        return _shown(relation.left) + _shown(relation.right)
    if relation is None:
        return []
    return [
        _Taken((p.table, p.column), False, _fixed(relation), relation.node)
        for p in (fact.protected for fact in relation.facts)
        if p is not None and not p.summed
    ]


def _fixed(block: Block) -> dict[Lineage, str]:
    conditions = conjuncts(block.node.args.get("where"))
    for join in block.node.args.get("joins") or ():
        if not join.side:
            conditions += conjuncts(join.args.get("on"))
    found: dict[Lineage, str] = {}
    for condition in conditions:
        if isinstance(condition, exp.EQ):
            for column, value in (
                (condition.this, condition.expression),
                (condition.expression, condition.this),
            ):
                if (
                    isinstance(column, exp.Column)
                    and column.table in block.sources
                    and isinstance(value, exp.Literal)
                ):
                    fact = block.fact_of(column)
                    if fact is not None and fact.origin is not None:
                        found[fact.origin] = _plain(value.name)
    return found


def _plain(text: str) -> str:
    """One spelling per number: '01' and 1.0 are the same value to an engine."""
    try:
        return repr(float(text))
    except ValueError:
        return text.strip().casefold()
