"""Rules on the kinds of node in a statement, before any name is looked up."""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.allowed import COLLATIONS, NAMED_FUNCTIONS, PARTS
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
    exp.DType.TIME,
    exp.DType.TIMESTAMP,
    exp.DType.TIMESTAMPNTZ,
    exp.DType.TINYINT,
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
            # False and empty lists are what the parser leaves for an absent clause, but for NOT INDEXED.
            absent = value is None or value == [] or (value is False and part != "indexed")
            if not absent and part not in parts:
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
        if join.kind.upper() == "CROSS" and (join.side or join.args.get("on") or join.args.get("using")):
            refuse("join_kind", "CROSS JOIN takes no condition", join, "Use JOIN ... ON a.x = b.x.")


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


def plain_orders(statement: Statement) -> None:
    """COLLATE orders rows, by a rule of the engine's own; elsewhere it would change what is equal."""
    for collate in statement.found(exp.Collate):
        known = collate.expression.name.upper() in COLLATIONS
        if not known or type(collate.parent) is not exp.Ordered:
            refuse("collation", "This COLLATE is not allowed", collate, "Use COLLATE NOCASE in ORDER BY.")


def plain_brackets(statement: Statement) -> None:
    """``[n]`` takes a part of a text that was split, by a written number."""
    for bracket in statement.found(exp.Bracket):
        split = isinstance(bracket.this, exp.Split | exp.StringToArray)
        if not split or any(not isinstance(n, exp.Literal) or n.is_string for n in bracket.expressions):
            refuse("not_allowed", "[...] is not allowed here", bracket, "Use SPLIT_PART or SUBSTRING.")


def bounded_names(statement: Statement) -> None:
    """Aliases have at most MAX_NAME characters; a CTE or subquery only may rename columns."""
    for name in statement.found(exp.Identifier):
        if not 0 < len(name.name) <= MAX_NAME:
            refuse("name", "A name is empty or too long", name, f"Use 1 to {MAX_NAME} characters.")
    for alias in statement.found(exp.TableAlias):
        if alias.this is None:
            refuse("name", "An alias has columns, but no name", alias, "Write AS t(a, b).")
        if alias.columns and type(alias.parent) not in {exp.CTE, exp.Subquery}:
            refuse("name", "Renaming a table's columns is not allowed", alias, "Use AS in the SELECT list.")
