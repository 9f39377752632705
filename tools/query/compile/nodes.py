"""The few AST nodes that every compiled statement is made of."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from knowledge.text import Language
from tools.query.entities import entity
from tools.query.plan import CountPlan, LinkagePlan

_COMPARISONS: dict[str, type[exp.Binary]] = {
    "eq": exp.EQ,
    "ne": exp.NEQ,
    "ge": exp.GTE,
    "gt": exp.GT,
    "le": exp.LTE,
    "lt": exp.LT,
}
Value = str | int | float | bool


def column(name: str, table: str) -> exp.Column:
    """A quoted, qualified column: ``"table"`` and ``"values"`` are reserved words."""
    return exp.column(name, table=table, quoted=True)


def literal(value: Value) -> exp.Expr:
    """A literal of the AST; the text of a value is escaped when the AST is written out."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


def table(name: str) -> exp.Table:
    """A table of the catalog, under its own name."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def alias(node: exp.Expr, name: str) -> exp.Alias:
    return exp.Alias(this=node, alias=exp.to_identifier(name, quoted=True))


def compare(left: exp.Expr, op: str, values: Iterable[Value]) -> exp.Expr:
    """``left op value``; several values are IN or NOT IN."""
    literals = [literal(v) for v in values]
    if len(literals) > 1:
        among = exp.In(this=left, expressions=literals)
        return exp.Not(this=among) if op == "ne" else among
    return _COMPARISONS[op](this=left, expression=literals[0])


def within_limits(
    low: exp.Expr, high: exp.Expr, status: exp.Expr, plan: CountPlan | LinkagePlan
) -> list[exp.Expr]:
    """Tests that keep a published range within a plan's limits. A hidden number lies within none.

    A number rounded half up stands for a range of which it is the middle, so that a limit moves by half a
    step for the published number to be compared.
    """
    tests: list[exp.Expr] = []
    if plan.at_least is not None:
        least = max(1, plan.at_least - plan.rounded_to // 2)
        tests.append(exp.GTE(this=low.copy(), expression=literal(least)))
    if plan.at_most is not None:
        most = plan.at_most + max(0, plan.rounded_to - 1) // 2
        tests.append(exp.LTE(this=high.copy(), expression=literal(most)))
        tests.append(exp.NEQ(this=status.copy(), expression=literal("suppressed")))
    return tests


def hidden_last(status: exp.Expr) -> exp.Ordered:
    """Suppressed counts rank neither first nor by what they might be."""
    test = exp.EQ(this=status.copy(), expression=literal("suppressed"))
    return ordered(exp.Case(ifs=[exp.If(this=test, true=literal(1))], default=literal(0)))


def is_null(operand: exp.Expr, negated: bool = False) -> exp.Expr:
    test = exp.Is(this=operand, expression=exp.Null())
    return exp.Not(this=test) if negated else test


def within(left: exp.Expr, query: exp.Select) -> exp.Expr:
    """``left IN (query)``. The queries used here never yield NULL, so NOT IN means what it says."""
    return exp.In(this=left, query=exp.Subquery(this=query))


def ordered(by: exp.Expr, descending: bool = False) -> exp.Ordered:
    """Nulls last in both directions: a suppressed value must not rank."""
    return exp.Ordered(this=by, desc=descending, nulls_first=False)


def label(owner: str, language: Language, source: str | None = None) -> exp.Alias:
    """The label of an entity in the language asked, else in the other one, under its own column name."""
    about = entity(owner)
    other = "en" if language == "ko" else "ko"
    source = source or about.table
    first, second = (column(f"{about.label}_{code}", source) for code in (language, other))
    return alias(exp.Coalesce(this=first, expressions=[second]), about.shown_as)


def in_language(field: str, owner: str, language: Language) -> exp.Expr:
    """A column; one that is there per language is in the language asked, else in the other one."""
    about = entity(owner)
    base = field.removesuffix("_en").removesuffix("_ko")
    if base == field or not {f"{base}_en", f"{base}_ko"} <= about.columns:
        return column(field, about.table)
    other = "en" if language == "ko" else "ko"
    first, second = (column(f"{base}_{code}", about.table) for code in (language, other))
    return exp.Coalesce(this=first, expressions=[second])


def join_on(child: str, parent: str, shared: Iterable[str], kind: str = "") -> exp.Join:
    """Join the table ``parent`` on the columns that it shares with the table ``child``."""
    pairs = [exp.EQ(this=column(name, child), expression=column(name, parent)) for name in shared]
    return exp.Join(this=table(parent), on=exp.and_(*pairs), side=kind or None)
