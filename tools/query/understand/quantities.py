"""Numbers in a question: years, ages, percentages, limits, and how they are compared."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace

from tools.query.understand.number_marks import (
    DAYS_OF_MONTH,
    NUMBER,
    Mark,
    look_for_than,
    mark_at,
    settle_years,
    value_of,
)
from tools.query.understand.quantity import Quantity
from tools.query.understand.segment import FILLER, Segment

_DASH = re.compile(r"^\s*[-–—~∼]\s*$")
_YEARS_END = 10_000


def quantities(segments: Sequence[Segment], question: str) -> tuple[Quantity, ...]:
    """The quantities of a question, in order. Numbers inside names of the catalog are not among them."""
    marks = [mark_at(segments, i) for i, s in enumerate(segments) if not s.senses and value_of(s) is not None]
    marks = [m for m in marks if NUMBER.match(segments[m.number].text) or m.kind or m.op != "eq"]
    for mark in marks:
        look_for_than(segments, question, mark)
    # "at least one" says that there is any, not how many.
    marks = [m for m in marks if not (m.value == 1 and m.op == "ge" and m.kind is None)]
    found: list[Quantity] = []
    skip = False
    for i, mark in enumerate(marks):
        if skip:
            skip = False
            continue
        following = marks[i + 1] if i + 1 < len(marks) else None
        if following is not None:
            settle_years(mark, following)
        if following is not None and _is_range(segments, question, mark, following):
            found.append(_range(segments, mark, following))
            skip = True
        else:
            found.append(_single(mark))
    return _adjoining(segments, _said_once(found))


def _adjoining(segments: Sequence[Segment], found: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """ "50대와 60대", "in their 50s and 60s": ages that go on from each other are one range."""
    kept: list[Quantity] = []
    for quantity in found:
        last = kept[-1] if kept else None
        if last is not None and last.kind == quantity.kind == "age" and last.high is not None:
            between = range(max(last.at) + 1, min(quantity.at))
            joined = all(segments[i].plays("and", FILLER) for i in between)
            if joined and quantity.high is not None and quantity.low == last.high + 1:
                kept[-1] = replace(last, high=quantity.high, at=(*last.at, *between, *quantity.at))
                continue
        kept.append(quantity)
    return tuple(kept)


def _said_once(found: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """ "More than a third (over 33 %)", "2010년 이전(2009년까지)": the same limit twice is one."""
    kept: list[Quantity] = []
    for quantity in found:
        at = next((i for i, q in enumerate(kept) if _alike(q, quantity)), None)
        if at is None or (quantity.kind != "percent" and quantity.exact):
            kept.append(quantity)
        else:
            kept[at] = replace(quantity, at=(*kept[at].at, *quantity.at))
    return tuple(kept)


def _alike(one: Quantity, other: Quantity) -> bool:
    if (one.kind, other.kind) == ("month", "day"):
        # "두 달 안에(60일 이내)"
        ends = [(one.low, other.low), (one.high, other.high)]
        told = [(a, b) for a, b in ends if a is not None and b is not None]
        return bool(told) and all(abs(DAYS_OF_MONTH * a - b) <= a for a, b in told)
    if one.kind == other.kind == "year":
        return (one.whole_low, one.whole_high) == (other.whole_low, other.whole_high)
    return replace(one, at=other.at) == other


def _is_range(segments: Sequence[Segment], question: str, a: Mark, b: Mark) -> bool:
    first, last = max(a.at), min(b.at)
    if _DASH.match(question[segments[first].end : segments[last].start]):
        return True
    between = segments[first + 1 : last]
    opens = next((s for s in segments[max(a.number, 0) + 1 : last] if s.plays("range.from")), None)
    if opens is not None and b.op in {"eq", "le", "lt"} and (a.kind == b.kind or None in (a.kind, b.kind)):
        return len([s for s in between if not s.plays("range.from", FILLER)]) == 0  # "50세에서 65세"
    opened = min(a.at) > 0 and segments[min(a.at) - 1].plays("between")
    if opened and len(between) <= 1:
        return True
    if (
        a.op == "eq"
        and b.op == "le"
        and min(a.value, b.value) >= 1900
        and not any(s.strong and not s.roles for s in between)
    ):
        return len(between) <= 1  # "2020 through 2022"
    if a.op == "eq" and b.op == "le" and not between and a.value < b.value and None in {a.kind, b.kind}:
        return segments[last].text.lower() in {"to", "through"}  # "60 to 69"
    joined = all(s.plays(FILLER, "le.before", "and", "people") for s in between) and len(between) <= 2
    lower, upper = (a, b) if a.value < b.value else (b, a)  # "fewer than 7,000 but at least 2,000"
    alike = (a.kind or b.kind) == (b.kind or a.kind)
    return lower.op in {"ge", "gt"} and upper.op in {"le", "lt"} and joined and alike


def _range(segments: Sequence[Segment], a: Mark, b: Mark) -> Quantity:
    kind = "date" if "date" in {a.kind, b.kind} else a.kind or b.kind or "plain"
    if "year" in {a.kind, b.kind} and {a.kind, b.kind} <= {None, "year", "span_years"} and a.value >= 1900:
        kind = "year"
    at = list(range(min(a.at), max(b.at) + 1))
    if kind == "date":
        return Quantity(kind, _first_day(a.value), _last_day(b.value), tuple(at), open_high=b.op == "lt")
    if min(at) > 0 and segments[min(at) - 1].plays("between"):
        at.insert(0, min(at) - 1)
    low, high = (a, b) if a.value <= b.value else (b, a)
    ends = {"open_low": low.op == "gt", "open_high": high.op == "lt"}
    return Quantity(kind, low.value, high.value, tuple(at), **ends)


def _first_day(date: float) -> float:
    """Of a year, of a month (YYYYMM00) or the day itself."""
    if date < _YEARS_END:
        return date * 10_000 + 101
    return date if date % 100 else date + 1


def _last_day(date: float) -> float:
    if date < _YEARS_END:
        return date * 10_000 + 1231
    return date if date % 100 else date + monthrange(int(date) // 10_000, int(date) // 100 % 100)[1]


def _single(mark: Mark) -> Quantity:
    kind = mark.kind or "plain"
    low: float | None = mark.value
    high: float | None = mark.value + 9 if mark.decade else mark.value
    if kind == "date":
        low = _last_day(mark.value) if mark.op == "gt" else _first_day(mark.value)
        high = _first_day(mark.value) if mark.op == "lt" else _last_day(mark.value)
    if mark.decade and mark.op == "lt":
        high = mark.value  # "40대 미만"
    elif mark.decade and mark.op == "gt":
        low = high
    if mark.op in {"ge", "gt"}:
        high = None
    elif mark.op in {"le", "lt"}:
        low = None
    return Quantity(
        kind, low, high, tuple(sorted(mark.at)), open_low=mark.op == "gt", open_high=mark.op == "lt"
    )
