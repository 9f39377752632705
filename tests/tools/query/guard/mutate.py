"""Statements made from other statements by small random changes, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

CLAUSES = ("where", "group", "having", "order", "limit", "distinct", "joins", "expressions")
WRAPPERS: tuple[Callable[[exp.Expr], exp.Expr], ...] = (
    lambda e: exp.Sum(this=e),
    lambda e: exp.Max(this=e),
    lambda e: exp.Count(this=e),
    lambda e: exp.Coalesce(this=e, expressions=[exp.Literal.number(0)]),
    lambda e: exp.Is(this=e, expression=exp.Null()),
    lambda e: exp.GTE(this=e, expression=exp.Literal.number(10)),
    lambda e: exp.Not(this=e),
    lambda e: exp.Cast(this=e, to=exp.DataType.build("text")),
)


class Mutator:
    """``statements(n)`` yields n texts in DuckDB's dialect, made from ``texts`` and ``names`` of columns."""

    def __init__(self, texts: Sequence[str], names: Sequence[str], seed: int) -> None:
        self.random = random.Random(seed)
        self.names = names
        self.texts = texts

    def statements(self, number: int) -> Iterator[str]:
        made = 0
        while made < number:
            tree = self.tree().copy()
            for _ in range(self.random.choice((1, 1, 2, 3))):
                self.random.choice((self.rename, self.rename, self.graft, self.drop, self.borrow, self.wrap))(
                    tree
                )
            try:
                text = tree.sql("duckdb")
            except (SqlglotError, AttributeError, TypeError, ValueError):
                continue  # two halves that do not make a tree
            made += 1
            yield text

    def tree(self) -> exp.Query:
        """One of the statements that can be read; not to be changed."""
        while True:
            tree = _parsed(self.random.choice(self.texts))
            if tree is not None:
                return tree

    def pick(self, tree: exp.Expr, *kinds: type[exp.Expr]) -> exp.Expr | None:
        found = [node for node in tree.walk() if isinstance(node, kinds) and node.parent is not None]
        return self.random.choice(found) if found else None

    def rename(self, tree: exp.Expr) -> None:
        column = self.pick(tree, exp.Column)
        if column is not None and isinstance(column.this, exp.Identifier):
            column.this.set("this", self.random.choice(self.names))

    def graft(self, tree: exp.Expr) -> None:
        old = self.pick(tree, exp.Condition)
        new = self.pick(self.tree(), exp.Condition, exp.Subquery)
        if old is not None and new is not None:
            old.replace(new.copy())

    def drop(self, tree: exp.Expr) -> None:
        select = self.random.choice(list(tree.find_all(exp.Select)))
        select.set(self.random.choice(CLAUSES[:-1]), None)

    def borrow(self, tree: exp.Expr) -> None:
        clause = self.random.choice(CLAUSES)
        giver = self.random.choice(list(self.tree().find_all(exp.Select)))
        given = giver.args.get(clause)
        taker = self.random.choice(list(tree.find_all(exp.Select)))
        if isinstance(given, list):
            taker.set(clause, [node.copy() for node in given])
        elif isinstance(given, exp.Expr):
            taker.set(clause, given.copy())

    def wrap(self, tree: exp.Expr) -> None:
        node = self.pick(tree, exp.Condition)
        if node is not None:
            node.replace(self.random.choice(WRAPPERS)(node.copy()))


@cache
def _parsed(text: str) -> exp.Query | None:
    try:
        tree = parse_one(text, read="duckdb")
    except SqlglotError:
        return None
    return tree if isinstance(tree, exp.Query) and tree.find(exp.Select) else None
