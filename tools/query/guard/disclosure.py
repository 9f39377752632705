"""Disclosure rules: where a protected count may stand in a statement.

Everything that is not named here is refused, so that a new kind of node never becomes a way to
compare, replace, rank or take apart a count.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.tokens import TokenType

from tools.query.guard.blocks import (
    QUERIES,
    Block,
    Pair,
    Protected,
    Ref,
    clauses,
    conjuncts,
    own_nodes,
    unwrapped,
)
from tools.query.guard.lineage import column_refs, group_keys, subtotals, windowed
from tools.query.guard.statement import Statement, refuse

SHOW = "Show it as it is beside its dimensions, or SUM it over dimensions that add up."
MISUSES: tuple[tuple[tuple[type[exp.Expression], ...], str, str], ...] = (
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


def measures_kept_whole(statement: Statement) -> None:
    """Each protected column stands only where its published value is shown or rightly summed."""
    for relation in statement.relations:
        if isinstance(relation, Pair):
            _pair(relation)
        else:
            _grouped(relation)
            for node, protected in _protected_nodes(relation):
                _Use(statement, relation, node, protected).judge()
            _using(relation)
            _distinct(relation)


def measures_beside_dimensions(statement: Statement) -> None:
    """Shown counts stand beside what tells them apart."""
    root = statement.root
    for name, fact in zip(root.outputs, root.facts, strict=True) if root and not statement.compiled else ():
        if fact.protected is not None and fact.protected.beside is None:
            missing = sorted(statement.schema.tables[fact.protected.table].dimensions)
            refuse(
                "measure_alone",
                "A protected count is shown without what tells its cells apart",
                name,
                f"Show or fix by '=' (or IS NULL for totals) each of: {', '.join(missing)}.",
            )


def measures_ordered_last(statement: Statement) -> None:
    """Rows are ordered by a shown count only, at the outermost level, suppressed ones last."""
    for relation in statement.relations:
        order = relation.node.args.get("order")
        for ordered in order.expressions if order else ():
            column = _shown_column(ordered.this, relation)
            if column is None or relation.facts[column].protected is None:
                continue
            if relation is not statement.root:
                refuse(
                    "measure_order",
                    "A subquery is ordered by a protected count",
                    ordered,
                    "Order the outermost rows only.",
                )
            if _nulls_first_written(statement):
                refuse("measure_order", "Suppressed counts would come first", ordered, "Use NULLS LAST.")
            ordered.set("nulls_first", False)


def _shown_column(node: exp.Expression, relation: Block | Pair) -> int | None:
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


def _nulls_first_written(statement: Statement) -> bool:
    words = [token.text.upper() for token in statement.tokens if token.token_type != TokenType.STRING]
    return ("NULLS", "FIRST") in zip(words, words[1:], strict=False)


def _protected_nodes(block: Block) -> Iterator[tuple[exp.Expression, Protected]]:
    """Protected columns, and scalar subqueries that yield one, in the clauses of a block."""
    for clause in clauses(block.node):
        for node in own_nodes(clause):
            if isinstance(node, exp.Column):
                fact = block.fact_of(node)
                if fact is not None and fact.protected is not None:
                    yield node, fact.protected
            elif isinstance(node, QUERIES) and block.inner[id(node)].role != "exists":
                facts = block.inner[id(node)].facts
                for fact in facts:
                    if fact.protected is not None:
                        yield node, fact.protected


def _using(block: Block) -> None:
    for source in block.sources.values():
        for column in (source.join.args.get("using") or ()) if source.join is not None else ():
            if source.facts[column.name].protected is not None:
                refuse("measure_compared", "A protected count is compared", column, SHOW)


def _grouped(block: Block) -> None:
    for key in group_keys(block):
        for node in own_nodes(key):
            fact = block.fact_of(node) if isinstance(node, exp.Column) else None
            if fact is not None and fact.protected is not None:
                refuse("measure_grouped", "Rows are grouped by a protected count", node, SHOW)


def _distinct(block: Block) -> None:
    """DISTINCT would tell whether counts are equal, unless each row is told apart without them."""
    for name, fact in zip(block.outputs, block.facts, strict=True) if block.node.args.get("distinct") else ():
        if fact.protected is not None and fact.protected.beside is None:
            refuse("measure_compared", "DISTINCT compares a protected count", name, SHOW)


def _negated(block: Block) -> bool:
    """True for a subquery whose rows say what is *not* reached: NOT IN, NOT EXISTS, OR, CASE."""
    if block.role not in {"in", "exists", "scalar"}:
        return False
    parent = block.node.parent
    while parent is not None and not isinstance(parent, QUERIES):
        if not isinstance(parent, exp.Subquery | exp.Paren | exp.In | exp.Exists | exp.And | exp.Where):
            return True
        parent = parent.parent
    return False


def _pair(pair: Pair) -> None:
    for name, left, right in zip(pair.outputs, pair.left.facts, pair.right.facts, strict=True):
        if left.protected is None and right.protected is None:
            continue
        if not isinstance(pair.node, exp.Union):
            refuse("measure_compared", "A protected count is compared", pair.node, SHOW)
        if pair.node.args.get("distinct") and pair.role != "root":
            refuse("measure_compared", "UNION compares a protected count", name, "Use UNION ALL.")
        kinds = [
            f.protected and (f.protected.column, f.protected.table)
            for f in (left, right)
            if f.constant != "null"
        ]
        if len(set(kinds)) > 1:
            refuse(
                "measure_mixed",
                "A protected count and another value share a column",
                name,
                "Give each its own column, NULL on the other side.",
            )


class _Use:
    """One protected value, followed upwards to where it ends."""

    def __init__(
        self, statement: Statement, block: Block, node: exp.Expression, protected: Protected
    ) -> None:
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

    def summed(self, column: exp.Expression) -> exp.Expression:
        """The SUM that a column stands in, when that sum is allowed; else the column itself."""
        node = _bracketed(column)
        total = node.parent
        allowed = (exp.Sum, exp.Min, exp.Max) if self.compiled else (exp.Sum,)
        if not isinstance(total, allowed) or total.args.get("expressions"):
            return column
        if not self.compiled and not windowed(total):
            self.additive(column, total)
        return total

    def additive(self, column: exp.Expression, total: exp.Expression) -> None:
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
        own = {(column.table, name) for name in block.sources[column.table].names}
        every = {(s.name, name) for s in block.sources.values() for name in s.names}
        if not every <= dependencies.told(own, present=column.table):
            refuse(
                "fan_out",
                "A join repeats the counts that are summed",
                total,
                "Sum first in a subquery, or test with EXISTS.",
            )

    def lone_cell(self, node: exp.Expression) -> exp.Expression:
        """Compiled only: ``CASE WHEN COUNT(*) = 1 THEN MAX(n) END`` shows a cell that stands alone."""
        branch = node.parent
        if not (self.compiled and isinstance(branch, exp.If) and branch.args.get("true") is node):
            return node
        case = branch.parent
        plain = isinstance(case, exp.Case) and not case.args.get("default") and not case.this
        if plain and len(case.args["ifs"]) == 1 and self.one_cell(branch.this):
            return _bracketed(case)
        return node

    def one_cell(self, test: exp.Expression) -> bool:
        """``COUNT(*) = 1``, or ``SUM(cells) = 1`` over such counts of a subquery."""
        if not isinstance(test, exp.EQ) or test.expression != exp.Literal.number(1):
            return False
        counted = test.this
        return isinstance(counted, exp.Count) or (
            isinstance(counted, exp.Sum) and isinstance(counted.this, exp.Column)
        )

    def ordered(self, node: exp.Expression, ordered: exp.Ordered) -> bool:
        in_block = ordered.parent is self.block.node.args.get("order")
        return in_block and _shown_column(node, self.block) is not None

    def reached(self, node: exp.Expression, test: exp.Expression) -> bool:
        """``SUM(n) >= literal`` in HAVING, joined by AND only, the literal not under the threshold.

        The compiler may also ask which rows reach a number by the low end of their range.
        """
        own, other = test.this, test.expression
        if isinstance(test, exp.LTE):
            own, other = other, own
        allowed = self.compiled or isinstance(unwrapped(node), exp.Sum)
        select = self.block.node
        places = [select.args.get("having"), select.args.get("where") if self.compiled else None]
        if (
            own is not node
            or not allowed
            or _negated(self.block)
            or not any(test is c for place in places for c in conjuncts(place))
        ):
            return False
        if not isinstance(other, exp.Literal) or other.is_string:
            return False
        least = 1 if self.compiled and self.protected.bound else self.statement.schema.threshold
        if float(other.name) < least:
            refuse(
                "threshold",
                "A count is compared with a number under the threshold",
                test,
                f"Compare by >= with {least} or more.",
            )
        return True

    def misuse(self, parent: exp.Expression | None) -> None:
        for kinds, rule, says in MISUSES:
            if isinstance(parent, kinds):
                refuse(rule, says, parent, SHOW)
        refuse("measure_used", "A protected count is used in an expression", parent or self.node, SHOW)


def _bracketed(node: exp.Expression) -> exp.Expression:
    """The outermost brackets around a node."""
    while isinstance(node.parent, exp.Paren):
        node = node.parent
    return node
