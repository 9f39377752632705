"""Thousands of changed statements: the gate answers each, and what it accepts gives no count away.

Two databases hold the same rows but for the protected counts. An accepted statement must give the
same rows on both once the counts that it shows are masked: then nothing else in its answer, not
which rows there are nor what they say, depends on a count.
"""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from sqlglot import exp

from knowledge.errors import SqlRejected
from tests.tools.query.guard.lists import entries
from tests.tools.query.guard.mutate import Mutator
from tests.tools.query.guard.rows import fill
from tests.tools.query.small_catalog import SQL
from tools.query.guard import GuardSchema, SafeQuery, catalog_schema, check, load_schema
from tools.query.guard.blocks import Block, Pair
from tools.query.guard.check import RULES
from tools.query.guard.statement import Statement

pytestmark = pytest.mark.usefixtures("quiet_parser")
MUTANTS = 700


def filled(schema: GuardSchema, seed: int) -> duckdb.DuckDBPyConnection:
    """Rows that are the same for every seed, but for the protected columns."""
    connection = duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": "false"})
    fill(schema, seed, connection.execute)
    return connection


CASES = {
    "catalog": (catalog_schema(), ("catalog_benign", "catalog_attacks"), 11),
    "sums": (load_schema(SQL / "schema.yaml"), ("benign", "attacks", "sums_benign", "sums_attacks"), 12),
}


@pytest.mark.parametrize("name", CASES)
def test_accepted_mutants_do_not_depend_on_counts(name: str) -> None:
    schema, lists, seed = CASES[name]
    texts = [
        entry["sql"]
        for each in lists
        for _, engine, entry in entries(each, default="duckdb")
        if engine == "duckdb"
    ]
    columns = [column for table in schema.tables.values() for column in table.columns]
    measures = [c for table in schema.tables.values() for c, spec in table.columns.items() if spec.protected]
    mutator = Mutator(texts, [*columns, *measures * (len(columns) // len(measures))], seed)
    one, other = filled(schema, 1), filled(schema, 2)
    accepted = compared = 0
    for sql in mutator.statements(MUTANTS):
        try:
            query = check(sql, schema)
        except SqlRejected:
            continue
        accepted += 1
        assert check(query.sql, schema).sql == query.sql, sql
        hidden = masked(sql, schema)
        if hidden is None:
            continue
        try:
            rows = answer(one, query, hidden)
        except duckdb.Error:
            continue  # a cast or an overflow; nothing came back
        assert rows == answer(other, query, hidden), sql
        compared += 1
    assert accepted > MUTANTS / 20
    assert compared > MUTANTS / 25


def answer(connection: duckdb.DuckDBPyConnection, query: SafeQuery, hidden: list[bool]) -> Counter[str]:
    rows = connection.execute(query.sql).fetchall()
    return Counter(repr([v for v, hide in zip(row, hidden, strict=True) if not hide]) for row in rows)


def masked(sql: str, schema: GuardSchema) -> list[bool] | None:
    """Which outputs are counts; None where counts may rightly decide which rows there are."""
    statement = Statement(sql, "duckdb", schema, 1000, False)
    for rule in RULES:
        rule(statement)
    root = statement.root
    assert root is not None
    hidden = [fact.protected is not None for fact in root.facts]
    if any(hidden) and (
        isinstance(root, Pair) or root.node.args.get("order") or root.node.args.get("distinct")
    ):
        return None
    for block in statement.relations:
        having = block.node.args.get("having") if isinstance(block, Block) else None
        for column in having.find_all(exp.Column) if having is not None else ():
            fact = block.fact_of(column) if isinstance(block, Block) else None
            if fact is not None and fact.protected is not None:
                return None
    return hidden
