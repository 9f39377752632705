"""Times counted from today, as they would be written: "last year" as "2024", "지난달" as "2025-06".

The words are operators ``today.year.N`` and ``today.month.N`` (operators.yaml), so that the same words inside
a name of the catalog ("exacerbations in the last year") stay a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tools.query.understand.tiles import Segment

ROLE = "today."
_MONTHS, _MONTH = 12, "월"


def dated(segments: Sequence[Segment], today: date) -> tuple[Segment, ...]:
    """The segments with times counted from ``today`` put in figures; where they stand stays the same."""
    found: list[Segment] = []
    for segment in (_dated(segment, today) for segment in segments):
        last = found[-2:]
        of_year = len(last) > 1 and any(role.startswith(f"{ROLE}year") for role in last[0].roles)
        if of_year and segment.text == _MONTH and last[1].text.isdigit() and 0 < int(last[1].text) <= _MONTHS:
            written = f"{last[0].text}-{int(last[1].text):02}"  # "작년 12월"
            found[-2:] = [replace(last[0], text=written, end=segment.end, roles=(f"{ROLE}month.0",))]
        else:
            found.append(segment)
    return tuple(found)


def before(today: date, number: int, unit: str) -> date:
    """The day that lies ``number`` days, weeks or months before ``today``; the last of a shorter month."""
    if unit in {"day", "week"}:
        return today - timedelta(days=number * (7 if unit == "week" else 1))
    year, month = divmod(today.year * _MONTHS + today.month - 1 - number, _MONTHS)
    for day in range(today.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue  # there is no 31st of June
    raise AssertionError("every month has a first day")


def _dated(segment: Segment, today: date) -> Segment:
    role = next((r for r in segment.roles if r.startswith(ROLE)), None)
    if role is None:
        return segment
    _, unit, offset = role.split(".")
    if unit == "year":
        return replace(segment, text=str(today.year + int(offset)))
    year, month = divmod(today.year * _MONTHS + today.month - 1 + int(offset), _MONTHS)
    return replace(segment, text=f"{year}-{month + 1:02}")
