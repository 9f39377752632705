"""An answer is the same tomorrow: no text is read as a date unless it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from tools.query.guard.blocks import Block, clauses, own_nodes, unwrapped
from tools.query.guard.statement import Statement, refuse

DATE = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?)?)?")
DATE_TYPES = {exp.DType.DATE, exp.DType.TIME, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ}
# SQLite's changes to a date that do not ask where or when.
MODIFIER = re.compile(
    r"[+-]?\d{1,6}(\.\d+)? (day|month|year|hour|minute|second)s?|start of (day|month|year)|weekday \d"
)
NAMED_READERS = {"DATE", "DATETIME", "TIME", "JULIANDAY", "UNIXEPOCH"}
READERS = (
    exp.Date,
    exp.Week,
    exp.DayOfMonth,
    exp.DayOfWeek,
    exp.DayOfWeekIso,
    exp.DayOfYear,
    exp.Dayname,
    exp.Monthname,
    exp.LastDay,
    exp.DateAdd,
    exp.DateSub,
    exp.TimeToUnix,
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
CONDITIONS = (*COMPARED, exp.Is, exp.Like, exp.ILike)
# Read as the time of day wherever a literal meets a date: in CASE, COALESCE, UNION, a window's default.
CLOCK_WORD = re.compile(r"\W*(now|today|tomorrow|yesterday|allballs)\b", re.IGNORECASE)
HINT = "Write it as 'YYYY-MM-DD'."


def no_clock(statement: Statement) -> None:
    """Engines read 'now', 'today' and the like as the time of day wherever a date is expected."""
    dates = False
    for block in statement.relations:
        if isinstance(block, Block):
            for clause in clauses(block.node):
                for node in own_nodes(clause):
                    dates = dates or _dated(node, block)
                    for literal in _read_as_dates(node, block):
                        if not DATE.fullmatch(literal.name.strip()):
                            refuse("clock", "This text is not a date", literal, HINT)
    for literal in statement.found(exp.Literal) if dates else ():
        if literal.is_string and CLOCK_WORD.match(literal.name):
            refuse("clock", "This text reads the clock", literal, HINT)


def _read_as_dates(node: exp.Expr, block: Block) -> list[exp.Literal]:
    """The text literals that an engine would read as dates at this node; refuses one that reads the clock."""
    if isinstance(node, COMPARED):
        sides = [unwrapped(side) for side in node.iter_expressions()]
        dated = any(
            _dated(part, block)
            for side in sides
            if not isinstance(side, exp.TimeToStr)
            for part in own_nodes(side)
        )
        return [side for side in sides if dated and isinstance(side, exp.Literal) and side.is_string]
    found: list[exp.Literal] = []
    for side in _dates_of(node):
        if side is None:  # DATE() without an argument is the day of the clock
            refuse("clock", "This date is the clock's", node, HINT)
        literals = [n for n in _made_of(side) if isinstance(n, exp.Literal) and n.is_string]
        if side.find(exp.Column) is None:
            found += literals
        else:  # a text made of a column's and of these
            found += [literal for literal in literals if any(c.isalpha() for c in literal.name)]
    return found


def _dates_of(node: exp.Expr) -> list[exp.Expr | None]:
    """The parts of a node that an engine reads as dates."""
    if isinstance(node, exp.Extract):
        return [node.expression]
    if isinstance(node, exp.Cast | exp.TryCast):
        return [node.this] if node.to.this in DATE_TYPES else []
    if isinstance(node, exp.DateDiff):
        return [node.this, node.expression]
    if isinstance(node, READERS):
        return [node.this]
    return _named_dates_of(node) if isinstance(node, exp.Anonymous) else []


def _named_dates_of(node: exp.Anonymous) -> list[exp.Expr | None]:
    name, given = node.name.upper(), node.expressions
    if name == "AGE":  # AGE(x) is the time from x to today
        return [*given] if len(given) == 2 else [None]
    if name in {"WEEKDAY", "YEARWEEK"}:
        return [*given] or [None]
    if name in {"DATE_PART", "DATEPART", "DATE_SUB"}:
        return [*given[1:]] or [None]
    if name not in NAMED_READERS:
        return []
    for change in given[1:]:
        if not (isinstance(change, exp.Literal) and MODIFIER.fullmatch(change.name.strip().lower())):
            refuse(
                "clock", "A date is changed by more than a number", change, "Write '+1 month' or the like."
            )
    return [*given[:1]] or [None]


def _made_of(node: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of an expression but for conditions, whose texts are compared and go no further."""
    if isinstance(node, CONDITIONS):
        return
    yield node
    for child in node.iter_expressions():
        yield from _made_of(child)


def _dated(node: exp.Expr, block: Block) -> bool:
    """True for a date: a column of that type, a cast to it, or what reads one."""
    if isinstance(node, READERS):
        return True
    if isinstance(node, exp.Cast | exp.TryCast):
        return node.to.this in DATE_TYPES
    fact = block.fact_of(node) if isinstance(node, exp.Column) else None
    return fact is not None and fact.type.lower() in {"date", "timestamp", "datetime", "time"}
