"""Rules on the text and the size: bytes, tokens, comments, depth, one statement, rows."""

from __future__ import annotations

import unicodedata

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.tokens import TokenType

from tools.query.guard.statement import PARSER_ERRORS, Statement, refuse

DIALECTS = ("duckdb", "postgres", "sqlite", "trino")
MAX_BYTES = 20_000
MAX_TOKENS = 3_000
MAX_NESTING = 40
MAX_DEPTH = 150
MAX_OFFSET = 1_000_000
OPENS = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
CLOSES = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}


def known_dialect(statement: Statement) -> None:
    """The dialect is one that the rules were written for."""
    if statement.dialect not in DIALECTS:
        refuse(
            "dialect",
            "This SQL dialect is not supported",
            statement.dialect,
            f"Use one of: {', '.join(DIALECTS)}.",
        )


def small_text(statement: Statement) -> None:
    """At most MAX_BYTES bytes of UTF-8."""
    size = len(statement.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        refuse("too_long", f"The statement has {size} bytes", hint=f"Keep it under {MAX_BYTES} bytes.")


def plain_characters(statement: Statement) -> None:
    """No control, format, private or unpaired characters: they hide what a statement says."""
    if statement.text.isprintable():
        return
    for character in statement.text:
        if character not in "\t\r\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            refuse(
                "hidden_character",
                "The statement holds a hidden character",
                f"U+{ord(character):04X}",
                "Type the statement again without it.",
            )


def tokens_and_no_comments(statement: Statement) -> None:
    """Splits into tokens; a comment is refused, since parsers disagree on where one ends."""
    try:
        statement.tokens = Dialect.get_or_raise(statement.dialect).tokenize(statement.text)
    except PARSER_ERRORS as error:
        refuse("syntax", "The statement cannot be read", _first_line(error), "Check quotes and brackets.")
    if not statement.tokens:
        refuse("empty", "There is no statement", hint="Write one SELECT.")
    for token in statement.tokens:
        if token.comments or token.token_type == TokenType.HINT:
            refuse("comment", "The statement holds a comment", token.text, "Remove comments.")
    if len(statement.tokens) > MAX_TOKENS:
        refuse(
            "too_long",
            f"The statement has {len(statement.tokens)} tokens",
            hint=f"Keep it under {MAX_TOKENS}.",
        )


def shallow_brackets(statement: Statement) -> None:
    """Brackets nest at most MAX_NESTING deep, so that the parser's recursion stays bounded."""
    depth = 0
    for token in statement.tokens:
        depth += (token.token_type in OPENS) - (token.token_type in CLOSES)
        if depth > MAX_NESTING:
            refuse("too_deep", f"Brackets nest deeper than {MAX_NESTING}", hint="Flatten the statement.")


def begins_as_query(statement: Statement) -> None:
    """The first word is SELECT or WITH: anything else is never even parsed."""
    first = next(
        t for t in [*statement.tokens] if t.token_type != TokenType.L_PAREN or t is statement.tokens[-1]
    )
    if first.token_type not in {TokenType.SELECT, TokenType.WITH}:
        refuse("not_a_query", "Only SELECT is allowed, not", first.text, "Write one SELECT.")


def one_statement(statement: Statement) -> None:
    """Parses; exactly one statement, and it is a query. A closing semicolon is fine."""
    for token in statement.tokens[:-1]:
        if token.token_type == TokenType.SEMICOLON:
            refuse("many_statements", "There is more than one statement", ";", "Send one SELECT at a time.")
    try:
        trees = Dialect.get_or_raise(statement.dialect).parser().parse(statement.tokens, statement.text)
    except RecursionError:
        refuse("too_deep", "The statement nests too deeply", hint="Flatten it.")
    except PARSER_ERRORS as error:
        refuse("syntax", "The statement cannot be parsed", _first_line(error), "Check the SQL.")
    trees = [tree for tree in trees if tree is not None]
    if len(trees) != 1:
        refuse("many_statements", f"There are {len(trees)} statements", hint="Send one SELECT at a time.")
    tree = trees[0]
    while type(tree) is exp.Subquery:
        if any(value for part, value in tree.args.items() if part != "this"):
            refuse("not_a_query", "Brackets round the statement carry a clause", tree, "Drop these brackets.")
        tree = tree.this
    if type(tree) not in {exp.Select, exp.Union, exp.Intersect, exp.Except}:
        refuse("not_a_query", "Only SELECT is allowed, not", type(tree).__name__, "Write one SELECT.")
    statement.tree = tree  # type: ignore[assignment]


def shallow_tree(statement: Statement) -> None:
    """The syntax tree is at most MAX_DEPTH deep."""
    level: list[exp.Expr] = [statement.tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return
    refuse("too_deep", f"The statement nests deeper than {MAX_DEPTH}", hint="Use IN (...) or flatten it.")


def literal_limits(statement: Statement) -> None:
    """Every LIMIT and OFFSET is a plain whole number; FETCH FIRST becomes LIMIT."""
    for fetch in list(statement.found(exp.Fetch)):
        options = fetch.args.get("limit_options")
        if options is not None and (options.args.get("percent") or options.args.get("with_ties")):
            refuse("row_limit", "FETCH takes a whole number of rows", fetch, "Write LIMIT 100.")
        count = fetch.args.get("count") or exp.Literal.number(1)
        fetch.replace(exp.Limit(expression=count))
    for node in statement.tree.find_all(exp.Limit, exp.Offset):
        if _whole(node.expression) is None:
            refuse(
                "row_limit", "LIMIT and OFFSET take a whole number", node, "Write a number such as LIMIT 100."
            )
        if isinstance(node, exp.Offset) and (_whole(node.expression) or 0) > MAX_OFFSET:
            refuse("row_limit", "The offset is too large", node, f"Keep it under {MAX_OFFSET}.")


def capped_rows(statement: Statement) -> None:
    """Sets the outer LIMIT to the smaller of what is written and the row limit."""
    limit = statement.tree.args.get("limit")
    written = _whole(limit.expression) if limit is not None else None
    statement.capped = written is None or written > statement.row_limit
    statement.limit = statement.row_limit if written is None else min(written, statement.row_limit)
    statement.tree.set("limit", exp.Limit(expression=exp.Literal.number(statement.limit)))


def _whole(node: exp.Expr | None) -> int | None:
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isascii() and node.name.isdigit():
        return int(node.name) if len(node.name) <= 12 else None
    return None


def _first_line(error: BaseException) -> str:
    # Parser messages underline with terminal codes; only the plain first sentence is of use.
    return str(error).split("\n")[0].split("\x1b")[0].split(". Line")[0]
