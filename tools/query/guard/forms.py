"""Rules on forms that sqlglot reads, but no engine does, or that it would write as another statement.

What is accepted is what the text says on its own engine: where sqlglot would mend or translate it,
it is refused instead.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokens import TokenType

from tools.query.guard.allowed import WINDOWS
from tools.query.guard.statement import Statement, refuse

COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
UNITS = {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"}
DATES = {exp.DType.DATE, exp.DType.TIME, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ}
TAKES_OVER = (exp.AggFunc, *(node for node in WINDOWS if issubclass(node, exp.Func)))
# Clauses that sqlglot turns into subqueries for engines that have none of the kind.
QUALIFY_IN = {"duckdb"}
DISTINCT_ON_IN = {"duckdb", "postgres"}
ILIKE_IN = {"duckdb", "postgres"}
# Functions that other engines have: a database may define one of that name, and nobody knows what it does.
ELSEWHERE: dict[str, tuple[type[exp.Expr], ...]] = {
    "duckdb": (exp.WidthBucket, exp.Soundex),
    "postgres": (
        *(exp.ArgMax, exp.ArgMin, exp.First, exp.Last, exp.Kurtosis, exp.Skewness, exp.Quantile),
        *(exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear, exp.Dayname, exp.Monthname),
        *(exp.LastDay, exp.Quarter, exp.Week, exp.EndsWith, exp.Hex, exp.Levenshtein, exp.RegexpFullMatch),
        *(exp.Soundex, exp.Split, exp.Typeof),
    ),
}


def own_clauses(statement: Statement) -> None:
    """QUALIFY, DISTINCT ON, ILIKE and functions stand only where the engine has them."""
    dialect = statement.dialect
    if dialect not in QUALIFY_IN:
        for node in statement.found(exp.Qualify):
            refuse("not_here", f"{dialect} has no QUALIFY", node, "Number the rows in a subquery.")
    if dialect not in DISTINCT_ON_IN:
        for node in statement.found(exp.Distinct):
            if node.args.get("on"):
                refuse("not_here", f"{dialect} has no DISTINCT ON", node, "Number the rows in a subquery.")
    if dialect not in ILIKE_IN:
        for node in statement.found(exp.ILike):
            refuse("not_here", f"{dialect} has no ILIKE", node, "Write LOWER(x) LIKE 'text'.")
    for node in statement.found(*ELSEWHERE.get(dialect, ())):
        refuse("not_here", f"{dialect} has no such function", node, "Use one of the engine's own.")


def own_types(statement: Statement) -> None:
    """SQLite has no dates: a cast to one makes a number of a text. Its NUMERIC stays what it is, no REAL."""
    for cast in statement.found(exp.Cast, exp.TryCast) if statement.dialect == "sqlite" else ():
        if cast.to.this in DATES:
            hint = "Compare with 'YYYY-MM-DD', or use DATE(x)."
            refuse("not_here", "SQLite has no dates to cast to", cast, hint)
        if cast.to.this == exp.DType.DECIMAL:
            cast.set("to", exp.DataType(this=exp.DType.USERDEFINED, kind="NUMERIC"))


def plain_tests(statement: Statement) -> None:
    """IS tests for NULL, TRUE or FALSE; comparisons are not chained."""
    if statement.dialect != "sqlite":
        for test in statement.found(exp.Is):
            if not isinstance(test.expression, exp.Null | exp.Boolean):
                refuse("syntax", "IS tests for NULL, TRUE or FALSE", test, "Write = or IS NOT DISTINCT FROM.")
    for test in statement.found(*COMPARISONS):
        if isinstance(test.this, COMPARISONS) or isinstance(test.expression, COMPARISONS):
            refuse("syntax", "Comparisons are chained", test, "Join them by AND, or put brackets.")


def plain_calls(statement: Statement) -> None:
    """OVER and FILTER follow a function that takes them; an INTERVAL counts a known unit."""
    for call in statement.found(exp.Window, exp.Filter):
        if call.arg_key == "windows":
            continue  # WINDOW w AS (...) names one
        inner = call.this
        while isinstance(inner, exp.Filter | exp.IgnoreNulls | exp.WithinGroup):
            inner = inner.this
        if not isinstance(inner, TAKES_OVER):
            refuse(
                "syntax", "OVER or FILTER follows what takes neither", call, "Put it behind the aggregate."
            )
    for interval in statement.found(exp.Interval):
        unit = interval.args.get("unit")
        written = isinstance(interval.this, exp.Literal) or statement.dialect == "duckdb"
        if unit is None or unit.name.upper().removesuffix("S") not in UNITS or not written:
            refuse("syntax", "This INTERVAL has no known unit", interval, "Write INTERVAL '3 months'.")


def plain_keys(statement: Statement) -> None:
    """GROUP BY names something; ORDER BY ALL stands alone, and is not the text 'all', which is read as it."""
    for group in statement.found(exp.Group):
        if not any(group.args.values()):
            refuse("syntax", "GROUP BY names no column", group, "Name one.")
    texts = {token.text.upper() for token in statement.tokens if token.token_type == TokenType.STRING}
    for ordered in statement.found(exp.Ordered):
        if isinstance(ordered.this, exp.Var):
            order = ordered.parent
            alone = isinstance(order, exp.Order) and len(order.expressions) == 1
            if not alone or not isinstance(order.parent, exp.Query) or ordered.name.upper() in texts:
                refuse("order", "Rows are ordered by a word that is no column", ordered, "Name a column.")
