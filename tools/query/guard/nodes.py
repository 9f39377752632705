"""Rules on the kinds of node in a statement, before any name is looked up."""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.allowed import NAMED_FUNCTIONS, PARTS
from tools.query.guard.statement import Statement, refuse

CAST_TYPES = {
    exp.DType.INT,
    exp.DType.BIGINT,
    exp.DType.SMALLINT,
    exp.DType.DOUBLE,
    exp.DType.FLOAT,
    exp.DType.DECIMAL,
    exp.DType.TEXT,
    exp.DType.VARCHAR,
    exp.DType.CHAR,
    exp.DType.DATE,
    exp.DType.TIMESTAMP,
    exp.DType.BOOLEAN,
}
JOIN_KINDS = {"", "INNER", "OUTER", "CROSS"}
JOIN_SIDES = {"", "LEFT", "RIGHT", "FULL"}
MAX_NAME = 63


def listed_nodes(statement: Statement) -> None:
    """Every node's class is listed, and every part that it carries is listed with it."""
    for node in statement.tree.walk():
        statement.kinds.setdefault(type(node), []).append(node)
        if type(node) is exp.Anonymous:
            named_function(node, statement)
            continue
        parts = PARTS.get(type(node))
        if parts is None:
            refuse(
                "not_allowed",
                f"{type(node).__name__} is not allowed in a question's SQL",
                node,
                "Use plain SELECT, joins, conditions, COUNT, SUM, AVG, MIN, MAX and simple text functions.",
            )
        for part, value in node.args.items():
            # `value is False` and empty lists are what the parser leaves for an absent clause.
            if value is not None and value is not False and value != [] and part not in parts:
                refuse(
                    "not_allowed",
                    f"The clause '{part}' of {type(node).__name__} is not allowed",
                    node,
                    "Leave that clause out.",
                )


def named_function(node: exp.Anonymous, statement: Statement) -> None:
    """A function without a class of its own is known by name, unqualified and unquoted."""
    name = node.this
    if not isinstance(name, str) or name.upper() not in NAMED_FUNCTIONS[statement.dialect]:
        refuse(
            "not_allowed",
            "This function is not allowed in a question's SQL",
            node,
            "Use COUNT, SUM, AVG, MIN, MAX and simple text and date functions.",
        )


def plain_tables(statement: Statement) -> None:
    """A table is a bare name: no schema, no function, no file."""
    for table in statement.found(exp.Table):
        if type(table.this) is not exp.Identifier:
            refuse("table_source", "Only tables of the catalog can be read", table, "Name a table.")


def plain_joins(statement: Statement) -> None:
    """INNER, LEFT, RIGHT, FULL or CROSS; never NATURAL, ASOF, SEMI or LATERAL."""
    for join in statement.found(exp.Join):
        if join.kind.upper() not in JOIN_KINDS or join.side.upper() not in JOIN_SIDES:
            refuse("join_kind", "This kind of join is not allowed", join, "Use JOIN ... ON a.x = b.x.")


def plain_stars(statement: Statement) -> None:
    """``*`` stands in COUNT(*) or as an output of its own; which of these are allowed, names decide."""
    for star in statement.found(exp.Star):
        if type(star.parent) not in {exp.Count, exp.Select, exp.Column}:
            refuse("star", "A star stands in COUNT(*) only", star, "Name the columns.")


def plain_casts(statement: Statement) -> None:
    """Casts go to plain types; a cast to a catalog type reads the engine's catalog."""
    for cast in statement.found(exp.Cast, exp.TryCast):
        if cast.to.this not in CAST_TYPES:
            refuse(
                "cast_type", "A cast to this type is not allowed", cast.to, "Cast to a number, text or date."
            )


def bounded_names(statement: Statement) -> None:
    """Aliases have at most MAX_NAME characters; a CTE only may rename columns."""
    for name in statement.found(exp.Identifier):
        if not 0 < len(name.name) <= MAX_NAME:
            refuse("name", "A name is empty or too long", name, f"Use 1 to {MAX_NAME} characters.")
    for alias in statement.found(exp.TableAlias):
        if alias.columns and type(alias.parent) is not exp.CTE:
            refuse("name", "Renaming a table's columns is not allowed", alias, "Use AS in the SELECT list.")
