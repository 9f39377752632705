"""Periods as catalogs publish them: "2015", "2015-01" or "2015-01-31"."""

from __future__ import annotations

import calendar
import re
from datetime import date

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def first_day(text: str) -> date | None:
    """The first day of what ``text`` names; None where it cannot be read."""
    return _day(text, last=False)


def last_day(text: str) -> date | None:
    """The last day of what ``text`` names; None where it cannot be read."""
    return _day(text, last=True)


def _day(text: str, *, last: bool) -> date | None:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    month = month or (12 if last else 1)
    try:
        return date(year or 0, month, day or (calendar.monthrange(year or 0, month)[1] if last else 1))
    except (ValueError, calendar.IllegalMonthError):
        return None
