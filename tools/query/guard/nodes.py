"""The allow-list: which kinds of node, with which parts, may stand in a statement at all.

A node passes when its exact class is listed and it carries no part beyond those listed with it,
so that a new clause of a later parser is refused until someone has thought about it.
"""

from __future__ import annotations

from sqlglot import exp

from tools.query.guard.statement import Statement, refuse

SELECT = "with_ expressions distinct from_ joins where group having qualify windows order limit offset"
SET_OPERATION = "with_ this expression distinct order limit offset"
BINARY = "this expression"
NO_PARTS = ""

CLAUSES = {
    exp.Select: SELECT,
    exp.Union: SET_OPERATION,
    exp.Intersect: SET_OPERATION,
    exp.Except: SET_OPERATION,
    exp.Subquery: "this alias",
    exp.With: "expressions",
    exp.CTE: "this alias materialized",
    exp.From: "this",
    exp.Join: "this on using kind side",
    exp.Where: "this",
    exp.Group: "expressions all rollup cube grouping_sets",
    exp.Rollup: "expressions",
    exp.Cube: "expressions",
    exp.GroupingSets: "expressions",
    exp.Grouping: "expressions",
    exp.Having: "this",
    exp.Qualify: "this",
    exp.Order: "this expressions",
    exp.Ordered: "this desc nulls_first",
    exp.Limit: "expression",
    exp.Fetch: "direction count limit_options",
    exp.LimitOptions: "percent rows with_ties",
    exp.Offset: "expression",
    exp.Distinct: "expressions on",
}
NAMES = {
    exp.Table: "this alias",
    exp.TableAlias: "this columns",
    exp.Alias: "this alias",
    exp.Column: "this table",
    exp.Identifier: "this quoted",
    exp.Star: NO_PARTS,
    exp.Literal: "this is_string",
    exp.Boolean: "this",
    exp.Null: NO_PARTS,
    exp.Paren: "this",
    exp.Tuple: "expressions",
    exp.Var: "this",
}
CONDITIONS = {
    exp.And: BINARY,
    exp.Or: BINARY,
    exp.Not: "this",
    exp.EQ: BINARY,
    exp.NEQ: BINARY,
    exp.GT: BINARY,
    exp.GTE: BINARY,
    exp.LT: BINARY,
    exp.LTE: BINARY,
    exp.Is: BINARY + " negate",
    exp.NullSafeEQ: BINARY,
    exp.NullSafeNEQ: BINARY,
    exp.In: "this expressions query",
    exp.Between: "this low high",
    exp.Exists: "this",
    exp.Any: "this",
    exp.All: "this",
    exp.Like: BINARY + " negate",
    exp.ILike: BINARY + " negate",
    exp.Escape: BINARY,
    exp.RegexpLike: BINARY,
    exp.Case: "this ifs default",
    exp.If: "this true false",
}
VALUES = {
    exp.Add: BINARY,
    exp.Sub: BINARY,
    exp.Mul: BINARY,
    exp.Div: BINARY + " typed safe",
    exp.IntDiv: BINARY,
    exp.Mod: BINARY,
    exp.Neg: "this",
    exp.Abs: "this",
    exp.Sign: "this",
    exp.Round: "this decimals",
    exp.Ceil: "this",
    exp.Floor: "this",
    exp.Sqrt: "this",
    exp.Ln: "this",
    exp.Greatest: "this expressions ignore_nulls",
    exp.Least: "this expressions ignore_nulls",
    exp.Coalesce: "this expressions",
    exp.Nullif: BINARY,
    exp.Cast: "this to",
    exp.TryCast: "this to safe",
    exp.DataType: "this nested expressions",
    exp.DataTypeParam: "this",
    exp.DPipe: BINARY + " safe",
    exp.Concat: "expressions safe coalesce",
    exp.ConcatWs: "expressions safe coalesce",
    exp.Lower: "this",
    exp.Upper: "this",
    exp.Length: "this",
    exp.Trim: "this expression position",
    exp.Replace: "this expression replacement",
    exp.Reverse: "this",
    exp.Left: BINARY,
    exp.Right: BINARY,
    exp.Substring: "this start length",
    exp.SplitPart: "this delimiter part_index",
    exp.StrPosition: "this substr",
    exp.Contains: BINARY,
    exp.StartsWith: BINARY,
    exp.EndsWith: BINARY,
    exp.Split: BINARY,
    exp.StringToArray: BINARY,
    exp.ArrayContains: BINARY,
    exp.Extract: BINARY,
    exp.Year: "this",
    exp.Quarter: "this",
    exp.Month: "this",
    exp.Day: "this",
    exp.Date: "this",
    exp.DateTrunc: "this unit",
    exp.TimestampTrunc: "this unit",
    exp.Interval: "this unit",
    exp.DateDiff: "this expression unit date_part_boundary",
    exp.TimeToStr: "this format",
    exp.TsOrDsToTimestamp: "this",
}
AGGREGATES = {
    exp.Count: "this expressions big_int",
    exp.Sum: "this",
    exp.Avg: "this",
    exp.Min: "this expressions",
    exp.Max: "this expressions",
    exp.Median: "this",
    exp.Mode: "this",
    exp.Stddev: "this",
    exp.StddevSamp: "this",
    exp.StddevPop: "this",
    exp.Variance: "this",
    exp.VariancePop: "this",
    exp.AnyValue: "this",
    exp.IgnoreNulls: "this",
    exp.ArgMax: BINARY,
    exp.ArgMin: BINARY,
    exp.LogicalAnd: "this",
    exp.LogicalOr: "this",
    exp.GroupConcat: "this separator",
    exp.PercentileCont: BINARY,
    exp.PercentileDisc: BINARY,
    exp.WithinGroup: BINARY,
    exp.Filter: BINARY,
}
WINDOWS = {
    exp.Window: "this partition_by order spec over alias",
    exp.WindowSpec: "kind start start_side end end_side",
    exp.RowNumber: NO_PARTS,
    exp.Rank: NO_PARTS,
    exp.DenseRank: NO_PARTS,
    exp.PercentRank: NO_PARTS,
    exp.CumeDist: NO_PARTS,
    exp.Ntile: "this",
    exp.Lag: "this offset default",
    exp.Lead: "this offset default",
    exp.FirstValue: "this",
    exp.LastValue: "this",
    exp.NthValue: "this offset",
}
PARTS: dict[type[exp.Expression], frozenset[str]] = {
    node: frozenset(parts.split())
    for group in (CLAUSES, NAMES, CONDITIONS, VALUES, AGGREGATES, WINDOWS)
    for node, parts in group.items()
}
CAST_TYPES = {
    exp.DType.INT,
    exp.DType.BIGINT,
    exp.DType.SMALLINT,
    exp.DType.DOUBLE,
    exp.DType.FLOAT,
    exp.DType.DECIMAL,
    exp.DType.TEXT,
    exp.DType.VARCHAR,
    exp.DType.DATE,
    exp.DType.BOOLEAN,
}
JOIN_KINDS = {"", "INNER", "OUTER", "CROSS"}
JOIN_SIDES = {"", "LEFT", "RIGHT", "FULL"}
MAX_WILDCARDS = 4
MAX_REGEXP = 100
PATTERN_NODES = {exp.Literal, exp.DPipe, exp.Concat, exp.Paren, exp.Column, exp.Identifier, exp.Escape}
MAX_NAME = 63


def listed_nodes(statement: Statement) -> None:
    """Every node's class is listed, and every part that it carries is listed with it."""
    for node in statement.tree.walk():
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


def plain_tables(statement: Statement) -> None:
    """A table is a bare name: no schema, no function, no file."""
    for table in statement.tree.find_all(exp.Table):
        if type(table.this) is not exp.Identifier:
            refuse("table_source", "Only tables of the catalog can be read", table, "Name a table.")


def plain_joins(statement: Statement) -> None:
    """INNER, LEFT, RIGHT, FULL or CROSS; never NATURAL, ASOF, SEMI or LATERAL."""
    for join in statement.tree.find_all(exp.Join):
        if join.kind.upper() not in JOIN_KINDS or join.side.upper() not in JOIN_SIDES:
            refuse("join_kind", "This kind of join is not allowed", join, "Use JOIN ... ON a.x = b.x.")


def plain_stars(statement: Statement) -> None:
    """``*`` stands in COUNT(*) or as an output of its own; which of these are allowed, names decide."""
    for star in statement.tree.find_all(exp.Star):
        if type(star.parent) not in {exp.Count, exp.Select, exp.Column}:
            refuse("star", "A star stands in COUNT(*) only", star, "Name the columns.")


def plain_casts(statement: Statement) -> None:
    """Casts go to plain types; a cast to a catalog type reads the engine's catalog."""
    for cast in statement.tree.find_all(exp.Cast):
        if cast.to.this not in CAST_TYPES:
            refuse(
                "cast_type", "A cast to this type is not allowed", cast.to, "Cast to a number, text or date."
            )


def bounded_patterns(statement: Statement) -> None:
    """Patterns stay cheap to match: few wildcards in LIKE, short literals in DuckDB's linear regex."""
    for like in statement.tree.find_all(exp.Like, exp.ILike):
        pattern = like.expression
        parts = list(pattern.find_all(exp.Literal))
        if not all(type(node) in PATTERN_NODES for node in pattern.walk()):
            refuse(
                "pattern", "LIKE takes a literal pattern, or one joined by ||", like, "Write it as a string."
            )
        if sum(part.name.count("%") for part in parts) > MAX_WILDCARDS:
            refuse("pattern", "The pattern has too many wildcards", like, f"Use at most {MAX_WILDCARDS}.")
    for regexp in statement.tree.find_all(exp.RegexpLike):
        pattern = regexp.expression
        if (
            statement.dialect != "duckdb"
            or not isinstance(pattern, exp.Literal)
            or len(pattern.name) > MAX_REGEXP
        ):
            refuse(
                "pattern",
                "A regular expression cannot be used like this",
                regexp,
                f"Use LIKE, or in DuckDB a literal of at most {MAX_REGEXP} characters.",
            )


def bounded_names(statement: Statement) -> None:
    """Aliases have at most MAX_NAME characters; a CTE only may rename columns."""
    for name in statement.tree.find_all(exp.Identifier):
        if not 0 < len(name.name) <= MAX_NAME:
            refuse("name", "A name is empty or too long", name, f"Use 1 to {MAX_NAME} characters.")
    for alias in statement.tree.find_all(exp.TableAlias):
        if alias.columns and type(alias.parent) is not exp.CTE:
            refuse("name", "Renaming a table's columns is not allowed", alias, "Use AS in the SELECT list.")
