"""Rows that are there because a count reached a number must not be asked for by their absence.

``HAVING SUM(n) >= 10`` is allowed; NOT IN, NOT EXISTS, EXCEPT, an outer join or a scalar subquery
over such rows would turn it into "less than 10, or suppressed".
"""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block, Pair, Relation, Source
from tools.query.guard.statement import Statement, refuse

HINT = "Ask for the rows that reach the number."
STRAIGHT = (exp.Subquery, exp.Paren, exp.In, exp.Exists, exp.And, exp.Where)


def presence_not_turned(statement: Statement) -> None:
    """Follows relations whose rows depend on a count; refuses where their absence is asked for."""
    if statement.compiled:
        return
    depending: set[int] = set()
    for relation in statement.relations:
        if isinstance(relation, Pair):
            turned = _pair(relation, depending)
        else:
            turned = _block(relation, depending)
        if turned:
            depending.add(id(relation))


def _pair(pair: Pair, depending: set[int]) -> bool:
    if isinstance(pair.node, exp.Except) and id(pair.right) in depending:
        refuse("presence", "EXCEPT takes away rows that reach a protected number", pair.node, HINT)
    return id(pair.left) in depending or id(pair.right) in depending


def _block(block: Block, depending: set[int]) -> bool:
    found = _own_condition(block)
    for relation in block.inner.values():
        if id(relation) in depending:
            if relation.role == "scalar" or not _straight(relation):
                refuse(
                    "presence",
                    "The absence of rows that reach a protected number is asked for",
                    relation.node,
                    HINT,
                )
            found = True
    sources = list(block.sources.values())
    for number, source in enumerate(sources):
        if source.relation is not None and id(source.relation) in depending:
            found = True
            if _may_lack(source, sources[number + 1 :]):
                refuse(
                    "presence",
                    "An outer join shows which rows do not reach a protected number",
                    source.name,
                    HINT,
                )
    return found


def _own_condition(block: Block) -> bool:
    having = block.node.args.get("having")
    for column in having.find_all(exp.Column) if having is not None else ():
        fact = block.fact_of(column)
        if fact is not None and fact.protected is not None:
            return True
    return False


def _straight(relation: Relation) -> bool:
    """True when a subquery stands in a condition that AND alone joins to the others."""
    parent = relation.node.parent
    while parent is not None and not isinstance(parent, QUERIES):
        if not isinstance(parent, STRAIGHT):
            return False
        parent = parent.parent
    return True


def _may_lack(source: Source, later: list[Source]) -> bool:
    side = source.join.side.upper() if source.join is not None else ""
    return side in {"LEFT", "FULL"} or any(
        s.join is not None and s.join.side.upper() in {"RIGHT", "FULL"} for s in later
    )
