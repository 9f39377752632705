"""Rules on patterns: matching stays cheap, and nothing is stretched to a length that a number gives."""

from __future__ import annotations

import re

from sqlglot import exp

from tools.query.guard.statement import Statement, refuse

MAX_WILDCARDS = 4
MAX_REGEXP = 100
MAX_PAD = 200
WIDE_FORMAT = re.compile(r"\d{3}|\*")
ODD_FORMAT = re.compile(r"%(?![-a-zA-Z%])|%$")
PATTERN_NODES = {exp.Literal, exp.DPipe, exp.Concat, exp.Paren, exp.Column, exp.Identifier, exp.Escape}
REGEXPS = (
    exp.RegexpLike,
    exp.RegexpILike,
    exp.RegexpFullMatch,
    exp.RegexpExtract,
    exp.RegexpReplace,
    exp.Substring,
)
# A repeated group, or a reference back to one, is what makes matching explode.
EXPLODING = re.compile(r"\)[*+?{]|\\[1-9]|\(\?")


def bounded_patterns(statement: Statement) -> None:
    """LIKE and GLOB take literals, joined by || at most, with few wildcards."""
    for like in statement.found(exp.Like, exp.ILike, exp.Glob):
        pattern = like.expression
        if not all(type(node) in PATTERN_NODES for node in pattern.walk()):
            refuse(
                "pattern", "LIKE takes a literal pattern, or one joined by ||", like, "Write it as a string."
            )
        literals = "".join(part.name for part in pattern.find_all(exp.Literal))
        if max(literals.count("%"), literals.count("*")) > MAX_WILDCARDS:
            refuse("pattern", "The pattern has too many wildcards", like, f"Use at most {MAX_WILDCARDS}.")


def bounded_regexps(statement: Statement) -> None:
    """A regular expression is a short literal without repeated groups."""
    for regexp in statement.found(*REGEXPS):
        pattern = regexp.args.get("start") if isinstance(regexp, exp.Substring) else regexp.expression
        if isinstance(regexp, exp.Substring) and (pattern is None or not _holds_text(pattern)):
            continue  # SUBSTRING(x FROM 'pattern') is PostgreSQL's other way to write one
        text = pattern.name if isinstance(pattern, exp.Literal) and pattern.is_string else None
        if text is None or len(text) > MAX_REGEXP or EXPLODING.search(text):
            refuse(
                "pattern",
                "A regular expression cannot be used like this",
                regexp,
                f"Write a literal of at most {MAX_REGEXP} characters without repeated groups, or use LIKE.",
            )


def bounded_formats(statement: Statement) -> None:
    """PRINTF and FORMAT take a literal format with small widths."""
    for call in statement.found(exp.Anonymous, exp.Format):
        if isinstance(call, exp.Format):
            form = call.this
        elif call.name.upper() == "PRINTF":
            form = call.expressions[0] if call.expressions else None
        else:
            continue
        plain = isinstance(form, exp.Literal) and form.is_string and len(form.name) <= MAX_PAD
        if form is None or not plain or WIDE_FORMAT.search(form.name):
            refuse("pattern", "The format stretches a text", call, "Write a literal with widths under 100.")


def plain_date_formats(statement: Statement) -> None:
    """A date's format is a literal of known letters: engines stumble over others."""
    for call in statement.found(exp.TimeToStr, exp.StrToTime, exp.StrToDate):
        form = call.args.get("format")
        plain = isinstance(form, exp.Literal) and form.is_string and len(form.name) <= MAX_PAD
        if form is None or not plain or ODD_FORMAT.search(form.name):
            refuse(
                "pattern", "A date cannot be written in this format", call, "Write a literal as '%Y-%m-%d'."
            )


def bounded_padding(statement: Statement) -> None:
    """LPAD and RPAD go to a small literal length."""
    for pad in statement.found(exp.Pad):
        length = pad.expression
        if not (isinstance(length, exp.Literal) and length.is_int and int(length.name) <= MAX_PAD):
            refuse("pattern", "A text is padded too far", pad, f"Pad to a number up to {MAX_PAD}.")


def _holds_text(node: exp.Expr) -> bool:
    return any(literal.is_string for literal in node.find_all(exp.Literal))
