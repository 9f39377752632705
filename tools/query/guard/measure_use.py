"""One protected value in a statement, and the few places where it may stand."""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.blocks import QUERIES, Block, Pair, Protected, Ref, conjuncts, unwrapped
from tools.query.guard.dependencies import whole
from tools.query.guard.grouping import column_refs, group_keys, subtotals, windowed
from tools.query.guard.statement import Statement, refuse

SHOW = "Show it as it is beside its dimensions, or SUM it over dimensions that add up."
MISUSES: tuple[tuple[tuple[type[exp.Expr], ...], str, str], ...] = (
    (
        (
            exp.EQ,
            exp.NEQ,
            exp.GT,
            exp.GTE,
            exp.LT,
            exp.LTE,
            exp.Between,
            exp.In,
            exp.Is,
            exp.NullSafeEQ,
            exp.NullSafeNEQ,
            exp.Like,
            exp.ILike,
            exp.Where,
            exp.Not,
            exp.And,
            exp.Or,
            exp.Any,
            exp.All,
            exp.Join,
        ),
        "measure_compared",
        "A protected count is compared",
    ),
    (
        (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.IntDiv),
        "measure_arithmetic",
        "A protected count is used in arithmetic",
    ),
    ((exp.Window,), "measure_window", "A protected count is used in a window"),
    ((exp.Group,), "measure_grouped", "Rows are grouped by a protected count"),
    ((exp.Ordered, exp.Order), "measure_order", "Rows are ordered by a protected count"),
    (
        (exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast, exp.Case, exp.If, exp.Greatest, exp.Least),
        "measure_replaced",
        "A protected count is replaced or converted",
    ),
    ((exp.AggFunc,), "measure_aggregate", "A protected count is aggregated by other than SUM"),
)


def shown_column(node: exp.Expr, relation: Block | Pair) -> int | None:
    """The position of the output that an ORDER BY item stands for."""
    if isinstance(node, exp.Literal) and node.is_int:
        return int(node.name) - 1
    if isinstance(node, exp.Column) and not node.table:
        return relation.outputs.index(node.name)
    if isinstance(relation, Block):
        shown = [unwrapped(e) for e in relation.node.expressions]
        if unwrapped(node) in shown:
            return shown.index(unwrapped(node))
    return None


class Use:
    """One protected value, followed upwards to where it ends."""

    def __init__(self, statement: Statement, block: Block, node: exp.Expr, protected: Protected) -> None:
        self.statement, self.block, self.node, self.protected = statement, block, node, protected
        self.compiled = statement.compiled

    def judge(self) -> None:
        node = self.node
        if isinstance(node, QUERIES):
            while isinstance(node.parent, exp.Subquery):
                node = node.parent
        else:
            node = self.summed(node)
        node = self.lone_cell(_bracketed(node))
        parent = node.parent
        if parent is self.block.node or (isinstance(parent, exp.Alias) and parent.parent is self.block.node):
            return
        if isinstance(parent, exp.Ordered) and self.ordered(node, parent):
            return
        if isinstance(parent, exp.GTE | exp.LTE) and self.reached(node, parent):
            return
        self.misuse(parent)

    def summed(self, column: exp.Expr) -> exp.Expr:
        """The SUM that a column stands in, when that sum is allowed; else the column itself."""
        node = _bracketed(column)
        total = node.parent
        allowed = (exp.Sum, exp.Min, exp.Max) if self.compiled else (exp.Sum,)
        if not isinstance(total, allowed) or total.args.get("expressions"):
            return column
        if not self.compiled and not windowed(total):
            self.additive(column, total)
        return total

    def additive(self, column: exp.Expr, total: exp.Expr) -> None:
        """Every dimension that does not add up is grouped or fixed, and no join repeats a cell."""
        block, protected = self.block, self.protected
        assert isinstance(column, exp.Column)
        if protected.bound:
            refuse("measure_bound", "Only Giljabi sums the ends of a range", total, "Show them as they are.")
        if column.table not in block.sources:
            refuse("measure_aggregate", "A subquery sums a count of the outer row", total, SHOW)
        if subtotals(block):
            refuse(
                "measure_subtotals",
                "Counts of people are summed into subtotals",
                total,
                "Ask for one grouping at a time.",
            )
        dependencies = block.dependencies
        settled = dependencies.told(column_refs(group_keys(block), block))
        needs: set[Ref] = {(column.table, name) for name in protected.needs or ()}
        if protected.needs is None or not needs <= settled:
            names = sorted(name for _, name in needs - settled)
            refuse(
                "additive",
                "Counts of people do not add up over these dimensions",
                total,
                f"GROUP BY or fix by '=': {', '.join(names)}." if names else "Sum in one step.",
            )
        own = whole(block.sources[column.table])
        every = {ref for source in block.sources.values() for ref in whole(source)}
        if not every <= dependencies.told(own, present=column.table):
            refuse(
                "fan_out",
                "A join repeats the counts that are summed",
                total,
                "Sum first in a subquery, or test with EXISTS.",
            )

    def lone_cell(self, node: exp.Expr) -> exp.Expr:
        """Compiled only: ``CASE WHEN COUNT(*) = 1 THEN MAX(n) END`` shows a cell that stands alone."""
        branch = node.parent
        if not (self.compiled and isinstance(branch, exp.If) and branch.args.get("true") is node):
            return node
        case = branch.parent
        if not isinstance(case, exp.Case) or case.args.get("default") or case.this:
            return node
        alone = len(case.args["ifs"]) == 1 and self.one_cell(branch.this)
        return _bracketed(case) if alone else node

    def one_cell(self, test: exp.Expr) -> bool:
        """``COUNT(*) = 1``, or ``SUM(cells) = 1`` over such counts of a subquery."""
        if not isinstance(test, exp.EQ) or test.expression != exp.Literal.number(1):
            return False
        counted = test.this
        return isinstance(counted, exp.Count) or (
            isinstance(counted, exp.Sum) and isinstance(counted.this, exp.Column)
        )

    def ordered(self, node: exp.Expr, ordered: exp.Ordered) -> bool:
        in_block = ordered.parent is self.block.node.args.get("order")
        return in_block and shown_column(node, self.block) is not None

    def reached(self, node: exp.Expr, test: exp.Expr) -> bool:
        """``SUM(n) >= literal`` in HAVING, joined by AND only, the literal not under the threshold.

        The compiler may also ask which rows reach a number by the low end of their range, and which stay
        below one by the high end: that one not among the hidden numbers, or hidden cells and empty ones
        would part.
        """
        own, other = test.this, test.expression
        below = self.compiled and self.protected.bound and isinstance(test, exp.LTE) and own is node
        if isinstance(test, exp.LTE) and not below:
            own, other = other, own
        allowed = self.compiled or isinstance(unwrapped(node), exp.Sum)
        select = self.block.node
        places = [select.args.get("having"), select.args.get("where") if self.compiled else None]
        if own is not node or not allowed or not any(test is c for place in places for c in conjuncts(place)):
            return False
        if not isinstance(other, exp.Literal) or other.is_string:
            return False
        threshold = self.statement.schema.threshold
        least = threshold if below else 1 if self.compiled and self.protected.bound else threshold
        if float(other.name) < least:
            refuse(
                "threshold",
                "A count is compared with a number under the threshold",
                test,
                f"Compare by >= with {least} or more.",
            )
        return True

    def misuse(self, parent: exp.Expr | None) -> None:
        for kinds, rule, says in MISUSES:
            if isinstance(parent, kinds):
                refuse(rule, says, parent, SHOW)
        refuse("measure_used", "A protected count is used in an expression", parent or self.node, SHOW)


def _bracketed(node: exp.Expr) -> exp.Expr:
    """The outermost brackets around a node."""
    while isinstance(node.parent, exp.Paren):
        node = node.parent
    return node
