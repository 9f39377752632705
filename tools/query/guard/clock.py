"""An answer is the same tomorrow: no text is read as a date unless it is one."""

from __future__ import annotations

import re

from sqlglot import exp

from tools.query.guard.blocks import Block, clauses, own_nodes, unwrapped
from tools.query.guard.statement import Statement, refuse

DATE = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?)?)?")
DATE_TYPES = {exp.DType.DATE, exp.DType.TIMESTAMP}
READERS = (
    exp.Date,
    exp.TsOrDsToTimestamp,
    exp.TimeToStr,
    exp.DateTrunc,
    exp.TimestampTrunc,
    exp.DateDiff,
    exp.Year,
    exp.Quarter,
    exp.Month,
    exp.Day,
)
COMPARED = (
    exp.EQ,
    exp.NEQ,
    exp.LT,
    exp.LTE,
    exp.GT,
    exp.GTE,
    exp.Between,
    exp.In,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
)


def no_clock(statement: Statement) -> None:
    """Engines read 'now', 'today' and the like as the time of day wherever a date is expected."""
    for block in statement.relations:
        if isinstance(block, Block):
            for clause in clauses(block.node):
                for node in own_nodes(clause):
                    for literal in _read_as_dates(node, block):
                        if not DATE.fullmatch(literal.name.strip()):
                            refuse("clock", "This text is not a date", literal, "Write it as 'YYYY-MM-DD'.")


def _read_as_dates(node: exp.Expr, block: Block) -> list[exp.Literal]:
    """The text literals that an engine would read as dates at this node."""
    if isinstance(node, COMPARED):
        sides = [unwrapped(side) for side in node.iter_expressions()]
        dated = any(
            _dated(part, block)
            for side in sides
            if not isinstance(side, exp.TimeToStr)
            for part in own_nodes(side)
        )
        return [side for side in sides if dated and isinstance(side, exp.Literal) and side.is_string]
    if isinstance(node, exp.Extract):
        read = [node.expression]
    elif isinstance(node, exp.Cast | exp.TryCast):
        read = [node.this] if node.to.this in DATE_TYPES else []
    elif isinstance(node, exp.DateDiff):
        read = [node.this, node.expression]
    elif isinstance(node, READERS):
        read = [node.this]
    else:
        return []
    found: list[exp.Literal] = []
    for side in read:
        if side.find(exp.Column) is None:
            found += [n for n in side.walk() if isinstance(n, exp.Literal) and n.is_string]
    return found


def _dated(node: exp.Expr, block: Block) -> bool:
    fact = block.fact_of(node) if isinstance(node, exp.Column) else None
    return fact is not None and fact.type in {"date", "timestamp"}
