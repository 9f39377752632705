"""What a shown value is made of: stored values, a number of rows, or nothing but what was written."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from tools.query.guard.allowed import TEXTS
from tools.query.guard.blocks import QUERIES, Fact

ROW_COUNTS = (
    exp.Count,
    exp.CountIf,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.PercentRank,
    exp.CumeDist,
    exp.Ntile,
    exp.Grouping,
)
# What makes a text of texts; of anything else the outcome counts as a number.
NUMERIC = {exp.Length, exp.StrPosition, exp.ArraySize}
TEXTUAL = (exp.Literal, exp.Case, exp.Coalesce, *(node for node in TEXTS if node not in NUMERIC))
NUMBER_TYPES = {
    exp.DType.INT,
    exp.DType.BIGINT,
    exp.DType.SMALLINT,
    exp.DType.DOUBLE,
    exp.DType.FLOAT,
    exp.DType.DECIMAL,
}


def pair_constant(left: Fact, right: Fact) -> str:
    """A made-up number may stand in a column of its own, to tell the two sides apart, not among values."""
    if left.constant == right.constant == "null":
        return "null"
    mixed = {left.constant, right.constant} - {"null"}
    return "number" if "number" in mixed and bool(left.sources) != bool(right.sources) else ""


def value_nodes(node: exp.Expr) -> Iterable[exp.Expr]:
    """The nodes that a value is made of: of a window its function, not what its rows are ordered by."""
    if isinstance(node, exp.Window):
        yield from value_nodes(node.this)
        return
    yield node
    if not isinstance(node, QUERIES):
        for child in node.iter_expressions():
            yield from value_nodes(child)


def counts_rows(node: exp.Expr) -> bool:
    """True where the number of rows, or a row's place, makes the value; MAX(5) is no more than 5."""
    if isinstance(node, exp.Sum):
        return isinstance(node.this, exp.Literal) and node.this.name == "1"
    return isinstance(node, ROW_COUNTS)


def constant_of(node: exp.Expr) -> str:
    if isinstance(node, exp.Null):
        return "null"
    if isinstance(node, exp.Cast | exp.TryCast):
        return "number" if node.to.this in NUMBER_TYPES else "text"
    texts = [n for n in node.walk() if isinstance(n, exp.Literal)]
    return "text" if isinstance(node, TEXTUAL) and texts and all(n.is_string for n in texts) else "number"
