"""Values of a column as profiling needs them, as syntax trees that every engine runs alike.

Files hold text, databases hold types, and hospitals write dates in both. What cannot be read
becomes null; nothing here makes an engine stop at a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sqlglot import exp

from knowledge.catalog.profiling.engine import Column, Table
from knowledge.catalog.source import Condition, Scalar

_TOKEN = re.compile(r"%(.)")
_STARTS = re.compile(r"%[Ymd]")
_HARMFUL = set("^[]\\'")  # signs that mean something in a pattern, and in no date
_MONTH, _DAY = "(0?[1-9]|1[0-2])", "(0?[1-9]|[12][0-9]|3[01])"
_DIGITS = {"Y": "[0-9]{4}", "m": _MONTH, "d": _DAY}
_FIXED = {"Y": ("[0-9]{4}", 4), "m": ("(0[1-9]|1[0-2])", 2), "d": ("(0[1-9]|[12][0-9]|3[01])", 2)}
_REST = "([^0-9].*)?$"  # a time of day, a unit, a full stop
_AUTO = (f"^[0-9]{{4}}[^0-9]+{_MONTH}[^0-9]+{_DAY}{_REST}", "%Y-%m-%d"), (
    f"^{_FIXED['Y'][0]}{_FIXED['m'][0]}{_FIXED['d'][0]}([0-9]{{4,6}}|[^0-9].*)?$", "%Y%m%d",
)
_NUMBER = r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$"
_YEAR = "^[0-9]{4}([.]0*)?$"


def reference(column: Column) -> exp.Column:
    """The column by its quoted name."""
    return exp.column(column.name, quoted=True)


def literal(value: Scalar) -> exp.Expr:
    """A value as a literal."""
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


def text_of(column: Column) -> exp.Expr:
    """The value as text without blanks around it, null where nothing is left."""
    if column.kind in ("integer", "date"):
        return exp.cast(reference(column), "TEXT")
    text = reference(column) if column.kind == "text" else exp.cast(reference(column), "TEXT")
    return exp.Nullif(this=exp.Trim(this=text), expression=literal(""))


def number_of(column: Column) -> exp.Expr:
    """The value as a number, null where it says none."""
    if column.kind in ("integer", "number"):
        return reference(column)
    text = text_of(column)
    return exp.case().when(_matches(text, _NUMBER), exp.cast(text.copy(), "DOUBLE"))


def date_of(column: Column, date_format: str = "") -> exp.Expr:
    """The day that the value says. Without a format: year, month, day, with or without signs between."""
    if column.kind == "date":
        return reference(column)
    if column.kind == "timestamp":
        return exp.cast(reference(column), "DATE")
    text = text_of(column)
    if date_format:
        pattern = _pattern(date_format)
        return exp.case().when(_matches(text, pattern), _assembled(text, date_format))
    found = exp.case()
    for pattern, read_as in _AUTO:
        found = found.when(_matches(text, pattern), _assembled(text, read_as))
    return found


def year_of(column: Column, date_format: str = "") -> exp.Expr:
    """The year that the value says: of a date, or a number of four digits."""
    if column.kind in ("date", "timestamp") or date_format:
        return _integer(exp.Extract(this=exp.var("YEAR"), expression=date_of(column, date_format)))
    text = text_of(column)
    plain = _integer(exp.Substring(this=text.copy(), start=literal(1), length=literal(4)))
    dated = _integer(exp.Extract(this=exp.var("YEAR"), expression=date_of(column)))
    return exp.case().when(_matches(text, _YEAR), plain).else_(dated)


def is_empty(column: Column, missing_codes: Iterable[str] = ()) -> exp.Expr:
    """True where the value is null, blank, or one of the codes that mean "missing"."""
    text = text_of(column) if column.kind == "text" else reference(column)
    empty: exp.Expr = exp.Is(this=text, expression=exp.Null())
    codes = [literal(code) for code in missing_codes]
    return exp.or_(empty, exp.In(this=text_of(column), expressions=codes)) if codes else empty


def equals(column: Column, values: Sequence[Scalar]) -> exp.Expr:
    """True where the value is one of ``values``: text compared as text, numbers as numbers."""
    texts = [literal(value) for value in values if isinstance(value, str)]
    numbers = [literal(value) for value in values if not isinstance(value, str)]
    tests = [exp.In(this=text_of(column), expressions=texts)] if texts else []
    tests += [exp.In(this=number_of(column), expressions=numbers)] if numbers else []
    return exp.or_(*tests)


def meets(table: Table, condition: Condition, wanted_by: str, ancestors: exp.Table | None) -> exp.Expr:
    """A condition on a row of ``table``. ``ancestors``: the concept_ancestor table, where there is one."""
    column = table.column(condition.column, wanted_by)
    if condition.operator in ("equals", "one_of"):
        return equals(column, condition.values)
    if condition.operator == "starts_with":
        return exp.or_(*(
            exp.StartsWith(this=text_of(column), expression=literal(str(value))) for value in condition.values
        ))
    if condition.operator == "coded":
        bare = exp.Replace(
            this=exp.Upper(this=text_of(column)), expression=literal("."), replacement=literal("")
        )
        return exp.or_(*(
            exp.StartsWith(this=bare.copy(), expression=literal(str(value).upper().replace(".", "")))
            for value in condition.values
        ))
    if condition.operator == "descends_from":
        return _descends(column, condition.values, ancestors)
    comparison = {"below": exp.LT, "at_most": exp.LTE, "above": exp.GT, "at_least": exp.GTE}
    value = condition.values[0]
    compared = text_of(column) if isinstance(value, str) else number_of(column)
    return comparison[condition.operator](this=compared, expression=literal(value))


def check_format(date_format: str) -> None:
    """Raise ValueError for a date format that cannot be read."""
    _pattern(date_format)


def _descends(column: Column, concepts: Sequence[Scalar], ancestors: exp.Table | None) -> exp.Expr:
    itself = equals(column, concepts)
    if ancestors is None:
        return itself
    below = exp.select("descendant_concept_id").from_(ancestors.copy()).where(exp.In(
        this=exp.column("ancestor_concept_id"), expressions=[literal(concept) for concept in concepts]
    ))
    return exp.or_(itself, exp.In(this=reference(column), query=below.subquery()))


def _pattern(date_format: str) -> str:
    """The pattern of a format that has %Y, and %m and %d as often as not."""
    tokens = _TOKEN.findall(date_format)
    days = [token for token in tokens if token in _DIGITS]
    known = sorted(days) in (["Y"], ["Y", "m"], ["Y", "d", "m"]) and not set(tokens) - set("YmdHMS")
    if not (known and _STARTS.match(date_format)) or _HARMFUL & set(date_format):
        raise ValueError(
            f"{date_format!r} is not a date format; write %Y, %m and %d and the signs between them"
        )
    fixed = not _separated(date_format)
    pattern, end = "^", 0
    for match in _TOKEN.finditer(date_format):
        if match[1] not in _DIGITS:
            break  # the time of day does not matter
        pattern += re.sub(r"([^\w\s])", r"[\1]", date_format[end:match.start()])
        pattern += _FIXED[match[1]][0] if fixed else _DIGITS[match[1]]
        end = match.end()
    return pattern + ("([0-9]{4,6}|[^0-9].*)?$" if fixed else _REST)


def _separated(date_format: str) -> bool:
    """True where signs stand between year, month and day."""
    places = [match.span() for match in _TOKEN.finditer(date_format) if match[1] in _DIGITS]
    return all(date_format[a[1]:b[0]] for a, b in pairwise(places))


def _assembled(text: exp.Expr, date_format: str) -> exp.Expr:
    """The date in text that fits the format. A day past the end of its month counts on into the next."""
    parts = _cut(text, date_format)
    whole = {token: _integer(part) for token, part in parts.items()}
    first = exp.Anonymous(this="MAKE_DATE", expressions=[
        whole["Y"], whole.get("m", literal(1)), literal(1)
    ])
    if "d" not in whole:
        return first
    return exp.Add(this=first, expression=exp.paren(exp.Sub(this=whole["d"], expression=literal(1))))


def _cut(text: exp.Expr, date_format: str) -> dict[str, exp.Expr]:
    tokens = [match for match in _TOKEN.finditer(date_format) if match[1] in _DIGITS]
    if _separated(date_format):
        digits = exp.RegexpReplace(
            this=text.copy(), expression=literal("[^0-9]+"), replacement=literal("-"), modifiers=literal("g")
        )
        return {
            match[1]: exp.SplitPart(
                this=digits.copy(), delimiter=literal("-"), part_index=literal(place)
            ) for place, match in enumerate(tokens, start=1)
        }
    parts: dict[str, exp.Expr] = {}
    at, end = 1, 0
    for match in tokens:
        at += match.start() - end
        length = _FIXED[match[1]][1]
        parts[match[1]] = exp.Substring(this=text.copy(), start=literal(at), length=literal(length))
        at, end = at + length, match.end()
    return parts


def _matches(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.RegexpLike(this=text.copy(), expression=literal(pattern))


def _integer(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, "INT")
