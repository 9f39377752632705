"""The gate: one statement, every rule in turn, and the canonical SQL that comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from tools.query.guard import (
    clock,
    disclosure,
    forms,
    growth,
    joins,
    limits,
    lineage,
    names,
    nodes,
    overlap,
    patterns,
    presence,
    provenance,
)
from tools.query.guard.blocks import tables_of
from tools.query.guard.safe_query import SafeQuery, sealed
from tools.query.guard.schema import GuardSchema
from tools.query.guard.statement import PARSER_ERRORS, Refusal, Statement, refuse

ROW_LIMIT = 1000
ENGINES = ("duckdb", "postgres", "sqlite")

RULES: tuple[Callable[[Statement], None], ...] = (
    # text
    limits.known_dialect,
    limits.small_text,
    limits.plain_characters,
    limits.tokens_and_no_comments,
    limits.shallow_brackets,
    limits.begins_as_query,
    limits.one_statement,
    limits.shallow_tree,
    # nodes
    nodes.listed_nodes,
    nodes.plain_tables,
    nodes.plain_joins,
    nodes.plain_stars,
    nodes.plain_casts,
    nodes.plain_orders,
    nodes.plain_brackets,
    nodes.bounded_names,
    forms.own_clauses,
    forms.plain_tests,
    forms.plain_calls,
    forms.plain_keys,
    patterns.bounded_patterns,
    patterns.bounded_regexps,
    patterns.bounded_padding,
    patterns.bounded_formats,
    patterns.plain_date_formats,
    limits.literal_limits,
    # meaning
    names.resolved_names,
    lineage.traced_lineage,
    growth.bounded_growth,
    joins.bounded_products,
    joins.declared_joins,
    joins.linked_subqueries,
    clock.no_clock,
    forms.own_types,
    disclosure.measures_kept_whole,
    disclosure.measures_beside_dimensions,
    disclosure.measures_ordered_last,
    overlap.sums_apart,
    presence.presence_not_turned,
    provenance.real_rows,
    provenance.honest_names,
    # rows
    limits.capped_rows,
)


def check(
    sql: str,
    schema: GuardSchema,
    *,
    dialect: str = "duckdb",
    row_limit: int = ROW_LIMIT,
    compiled: bool = False,
) -> SafeQuery:
    """The statement as a SafeQuery; SqlRejected, naming the rule, where any rule refuses it.

    ``compiled`` is for statements that Giljabi wrote itself: these may take MIN, MAX and SUM of
    counts and of their bounds. Never pass it for text that a person or a model wrote. The dialect
    "any" asks for a statement that passes for each of ENGINES, and gives the one for DuckDB.
    """
    if dialect == "any":
        checked = [
            check(sql, schema, dialect=each, row_limit=row_limit, compiled=compiled) for each in ENGINES
        ]
        return checked[0]
    try:
        return _sealed(_judged(Statement(sql, dialect, schema, row_limit, compiled)))
    except Refusal as refusal:
        raise refusal.rejection(dialect if dialect in limits.DIALECTS else "") from refusal.__cause__


def judge(sql: str, schema: GuardSchema, *, dialect: str = "duckdb", compiled: bool = False) -> Statement:
    """What the rules made of an accepted statement: its tree, blocks and facts, for those who explain it.

    Raises SqlRejected as ``check`` does. Nothing runs by it.
    """
    try:
        return _judged(Statement(sql, dialect, schema, ROW_LIMIT, compiled))
    except Refusal as refusal:
        raise refusal.rejection(dialect if dialect in limits.DIALECTS else "") from refusal.__cause__


def check_tree(
    tree: exp.Query,
    schema: GuardSchema,
    *,
    dialect: str = "duckdb",
    row_limit: int = ROW_LIMIT,
    compiled: bool = True,
) -> SafeQuery:
    """The same for an AST of the compiler: it is written out and passes every rule as text."""
    try:
        text = _written(tree, dialect)
    except Refusal as refusal:
        raise refusal.rejection(dialect) from None
    return check(text, schema, dialect=dialect, row_limit=row_limit, compiled=compiled)


def _judged(statement: Statement) -> Statement:
    try:
        for rule in RULES:
            rule(statement)
    except RecursionError:
        refuse("too_deep", "The statement nests too deeply", hint="Flatten it.")
    except PARSER_ERRORS as error:
        # A tree of a shape that a rule was not made for: refused, and told to us by its cause.
        says = "The statement is of a form that cannot be checked"
        raise Refusal("unsupported", says, "", "Write it plainly.") from error
    return statement


def _sealed(statement: Statement) -> SafeQuery:
    text = _written(statement.tree, statement.dialect, copy=False)  # nothing reads the tree after this
    root = statement.root
    assert root is not None
    digest = hashlib.sha256(f"{statement.schema.hash}\n{statement.dialect}\n{text}".encode()).hexdigest()
    return sealed(
        text,
        dialect=statement.dialect,
        columns=root.outputs,
        tables=tuple(sorted({name for relation in statement.relations for name in tables_of(relation)})),
        digest=digest,
        limit=statement.limit,
        capped=statement.capped,
    )


def _written(tree: exp.Query, dialect: str, *, copy: bool = True) -> str:
    try:
        return tree.sql(
            dialect=dialect, identify=True, comments=False, unsupported_level=ErrorLevel.RAISE, copy=copy
        )
    except RecursionError:
        refuse("too_deep", "The statement nests too deeply", hint="Flatten it.")
    except PARSER_ERRORS as error:
        said = str(error).split("\n")[0]
        refuse("unsupported", "The statement cannot be written out", said, "Write it plainly.")
