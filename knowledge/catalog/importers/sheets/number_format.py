"""Numbers of a workbook as the sheet shows them: dates, percentages, leading zeros.

A workbook stores a date as the number of days since 1900 (or 1904), 12.5 % as 0.125, and the code
007 as 7; only the cell's number format tells.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_PADDED = re.compile(r"0{2,}")
_LAST_DAY = 2_957_003  # 9999-12-31 counted from 1904


class Kind(Enum):
    """What a number format makes of a number."""

    PLAIN = "plain"
    DATE = "date"
    TIME = "time"
    PERCENT = "percent"
    PADDED = "padded"


# The formats that have a number but no text, by ECMA-376 18.8.30; 27-36 and 50-58 are East Asian dates.
BUILT_IN: dict[int, Kind] = {
    9: Kind.PERCENT,
    10: Kind.PERCENT,
    **dict.fromkeys([*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58], Kind.DATE),
    **dict.fromkeys([*range(18, 22), *range(32, 36), 45, 46, 47, 55, 56], Kind.TIME),
}


def kind_of(code: str) -> tuple[Kind, int]:
    """The kind of a format code, and the digits that PADDED fills up to."""
    first = _LITERAL.sub("", code.split(";")[0]).strip()
    if _ELAPSED.search(first):
        return Kind.TIME, 0
    if "%" in first:
        return Kind.PERCENT, 0
    if _PADDED.fullmatch(first):
        return Kind.PADDED, len(first)
    if re.search(r"[#0?]", first) or first.lower() in {"general", "@", ""}:
        return Kind.PLAIN, 0
    letters = first.lower()
    if re.search(r"[yd]", letters) or re.fullmatch(r"[\W_]*m+[\W_]*", letters):
        return Kind.DATE, 0
    return (Kind.TIME, 0) if re.search(r"[hs]", letters) else (Kind.PLAIN, 0)


def number_text(raw: str, kind: Kind, digits: int, first_day: int) -> str:
    """The number ``raw``, as the file stores it, in the words of the folder format.

    Dates are 2015-01-31, with a time of day where they have one; percentages "12.5%".
    """
    if kind is Kind.PLAIN and raw.isdigit() and len(raw) < 16:
        return raw
    try:
        number = float(raw)
    except ValueError:
        return raw
    if kind is Kind.DATE and 0 <= number <= _LAST_DAY:
        return day_text(number, first_day)
    if kind is Kind.TIME and 0 <= number <= _LAST_DAY:
        return _time_text(number, first_day)
    if kind is Kind.PERCENT:
        return f"{number * 100:.12g}%"
    text = _plain(number)
    return text.zfill(digits) if kind is Kind.PADDED and text.isdigit() else text


def _plain(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"  # what a spreadsheet shows; 0.1 + 0.2 is 0.3


def day_text(serial: float, first_day: int) -> str:
    """The day (and time) that ``serial`` is, counted from 1900 or 1904."""
    # 1900 was no leap year, but the day 60 is its 29 February: from 61 on, days count from one day earlier
    start = datetime(1904, 1, 1) if first_day == 1904 else datetime(1899, 12, 31 if serial < 60 else 30)
    moment = start + timedelta(days=int(serial), seconds=round(serial % 1 * 86_400))
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return date.isoformat(moment.date())
    return moment.isoformat(" ")


def _time_text(number: float, first_day: int) -> str:
    if number >= 1:
        return day_text(number, first_day)
    return (datetime(1900, 1, 1) + timedelta(seconds=round(number * 86_400))).time().isoformat()
