"""What one cell of a catalog file can say: lists, coded values, periods, age bands, missing rates.

Every parser takes the stripped text of a cell that is not empty and raises ValueError with what
is wrong and what to write instead.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_CODE = re.compile(r"[^\s:|]+:\S[^|]*")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LONGEST_NUMBER = 30
_DAY = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?")
_DASH = r"(?:-|–|—|~|〜|～|to)"
_AGE = r"(\d{1,3})\s*(?:세|years?|yrs?|y)?"
_PCT = r"(\d+(?:\.\d+)?)\s*%?"


def parse_list(text: str) -> tuple[str, ...]:
    """("a", "b") of "a|b"."""
    items = tuple(item.strip() for item in text.split("|"))
    if not all(items):
        raise ValueError(f"{text!r} has an empty item; join the items with single '|' signs")
    return items


def parse_codes(text: str) -> tuple[str, ...]:
    """("KCD:J44",) of "KCD:J44"."""
    codes = parse_list(text)
    for code in codes:
        if not _CODE.fullmatch(code):
            raise ValueError(f"{code!r} is not a code; write SYSTEM:CODE, joined with '|'")
    return codes


def parse_values(text: str) -> tuple[tuple[str, str], ...]:
    """(("0", "never"), ("1", "ever")) of "0=never|1=ever"; a label may hold '='."""
    values: dict[str, str] = {}
    for item in parse_list(text):
        code, equals, label = (part.strip() for part in item.partition("="))
        if not (code and equals and label):
            raise ValueError(f"{item!r} is not code=label; write code=label|code=label")
        if code in values:
            raise ValueError(f"code {code!r} stands twice; keep one of them")
        values[code] = label
    return tuple(values.items())


def _digits(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number; write digits only")
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters is too long; correct it")
    return text.replace(",", "")


def parse_number(text: str) -> float:
    """12.5 of "12.5"; zero or more. A thousands comma is understood."""
    number = float(_digits(text))
    if number < 0:
        raise ValueError(f"{text} is negative; write 0 or more")
    return number


def parse_integer(text: str, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """1200 of "1200", "1,200" or a spreadsheet's "1200.0"; from ``least`` to ``most``."""
    whole, _, fraction = _digits(text).partition(".")
    if fraction.strip("0"):
        raise ValueError(f"{text} is not a whole number; write a whole number")
    number = int(whole)
    if number < least:
        what = "negative" if number < 0 else f"below {least}"
        raise ValueError(f"{text} is {what}; write {least} or more")
    if number > most:
        raise ValueError(f"{text} is too large; write {most} or less")
    return number


def parse_count(text: str) -> int:
    """A number of patients or records."""
    return parse_integer(text, most=10**15)


def parse_boolean(text: str) -> bool:
    """True of true, yes, y, 1; False of false, no, n, 0; in any case."""
    low = text.lower()
    if low in {"true", "yes", "y", "1", "예"}:
        return True
    if low in {"false", "no", "n", "0", "아니오", "아니요"}:
        return False
    raise ValueError(f"{text!r} is neither true nor false; write true or false")


@dataclass(frozen=True, slots=True)
class Moment:
    """A year, month or day: its first and its last day, and its year."""

    first: date
    last: date
    year: int


def parse_moment(text: str) -> Moment:
    """The days that "2015", "2015-01" or "2015-01-31" covers."""
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # the pattern always has one
        if month is None:
            return Moment(date(year, 1, 1), date(year, 12, 31), year)
        if day is not None:
            one = date(year, month, day)
            return Moment(one, one, year)
        return Moment(date(year, month, 1), date(year, month, monthrange(year, month)[1]), year)
    except ValueError:
        raise ValueError(f"{text!r} is not a date; write 2015, 2015-01 or 2015-01-31") from None


_RANGE = re.compile(rf"{_AGE}\s*{_DASH}\s*{_AGE}", re.IGNORECASE)
_DECADE = re.compile(r"(\d{1,2}0)\s*대")
# One age in each; beside it what the first and the last age of the band are.
_ONE_AGE: tuple[tuple[re.Pattern[str], Callable[[int], tuple[int, int | None]]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), ages)
    for pattern, ages in (
        (rf"{_AGE}", lambda age: (age, age)),
        (rf"{_AGE}\s*(?:\+|이상|(?:and|or) (?:over|older))|(?:≥|>=)\s*{_AGE}", lambda age: (age, None)),
        (rf"(?:>|over)\s*{_AGE}|{_AGE}\s*초과", lambda age: (age + 1, None)),
        (rf"(?:<|under|below)\s*{_AGE}|{_AGE}\s*미만", lambda age: (0, age - 1)),
        (rf"(?:≤|<=|up to)\s*{_AGE}|{_AGE}\s*이하", lambda age: (0, age)),
    )
)


def parse_age_band(text: str) -> tuple[int, int | None]:
    """First and last age in whole years of "65-69", "80+", "<18", "18-39세", "60대"; no last age is None."""
    low: int
    high: int | None
    if match := _RANGE.fullmatch(text):
        low, high = int(match[1]), int(match[2])
    elif match := _DECADE.fullmatch(text):
        low, high = int(match[1]), int(match[1]) + 9
    else:
        low, high = _one_age(text)
    if high is not None and low > high:
        raise ValueError(f"{text!r} ends before it starts; write the lower age first")
    return low, high


def _one_age(text: str) -> tuple[int, int | None]:
    for pattern, ages in _ONE_AGE:
        if match := pattern.fullmatch(text):
            return ages(int(next(group for group in match.groups() if group)))
    raise ValueError(f"{text!r} is not an age band; write 65-69, 80+ or <18")


@dataclass(frozen=True, slots=True)
class MissingRate:
    """A published missing rate in percent: the number where it was a plain one, and its range."""

    pct: float | None
    low: float
    high: float


_PLAIN = re.compile(_PCT)
_LESS = re.compile(rf"(?:<|≤|<=)\s*{_PCT}")
_MORE = re.compile(rf"(?:>|≥|>=)\s*{_PCT}")
_BETWEEN = re.compile(rf"{_PCT}\s*{_DASH}\s*{_PCT}")


def parse_missing_rate(text: str) -> MissingRate:
    """The rate that "12.5", "<5", ">95" or "5-10" says, in percent; a percent sign is understood."""
    pct: float | None = None
    if match := _PLAIN.fullmatch(text):
        low = high = pct = float(match[1])
    elif match := _LESS.fullmatch(text):
        low, high = 0.0, float(match[1])
    elif match := _MORE.fullmatch(text):
        low, high = float(match[1]), 100.0
    elif match := _BETWEEN.fullmatch(text):
        low, high = float(match[1]), float(match[2])
    else:
        raise ValueError(f"{text!r} is not a missing rate; write 12.5, <5, >95 or 5-10")
    if not 0 <= low <= high <= 100:
        raise ValueError(f"{text!r} is not within 0 to 100 percent; write a rate that is")
    return MissingRate(pct, low, high)
