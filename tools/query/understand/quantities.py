"""Numbers in a question: years, ages, percentages, limits, and how they are compared."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.query.understand.segment import FILLER, Segment

QuantityKind = Literal["year", "age", "percent", "span_years", "day", "month", "plain", "recent", "date"]
_NUMBER = re.compile(r"^\d+(?:,\d{3})*(?:\.\d+)?$")
_OF_AGE = ("dimension.age_band", "number.age", "field.age_range")
_COUNTER = re.compile(r"^[가-힣]$")  # "3,000 명"
_DASH = re.compile(r"^\s*[-–—~∼]\s*$")
_THAN = re.compile(r"보다\s*(?:더 |훨씬 )?")
_WAVE = "~"
_COMPARE = ("ge", "gt", "le", "lt")
_DATE = re.compile(r"^(\d{4})-(\d\d)(?:-(\d\d))?$")
_YEARS_END = 10_000
LAST_YEAR = 2100
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Quantity:
    """A range of numbers; ``low`` and ``high`` are included unless ``open_low``/``open_high``.

    ``at`` are the indexes of the segments that it is made of. A date is the number YYYYMMDD.
    """

    kind: QuantityKind
    low: float | None
    high: float | None
    at: tuple[int, ...]
    open_low: bool = False
    open_high: bool = False

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def whole_low(self) -> int | None:
        """The lowest whole number inside."""
        return None if self.low is None else int(self.low) + (1 if self.open_low else 0)

    @property
    def whole_high(self) -> int | None:
        """The highest whole number inside."""
        return None if self.high is None else int(self.high) - (1 if self.open_high else 0)

    def comparison(self) -> tuple[str, float] | None:
        """(operator, number) of a one-sided range."""
        if self.high is None and self.low is not None:
            return ("gt" if self.open_low else "ge"), self.low
        if self.low is None and self.high is not None:
            return ("lt" if self.open_high else "le"), self.high
        return None


@dataclass
class _Mark:
    """One number with its unit and what compares it."""

    value: float
    kind: QuantityKind | None
    op: str
    at: list[int]
    number: int
    decade: bool = False
    guessed: bool = False  # a year only by its size


def quantities(segments: Sequence[Segment], question: str) -> tuple[Quantity, ...]:
    """The quantities of a question, in order. Numbers inside names of the catalog are not among them."""
    marks = [_mark(segments, i) for i, s in enumerate(segments) if not s.senses and _value(s) is not None]
    marks = [m for m in marks if _NUMBER.match(segments[m.number].text) or m.kind or m.op != "eq"]
    for mark in marks:
        _look_for_than(segments, question, mark)
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
            _settle_years(mark, following)
        if following is not None and _is_range(segments, question, mark, following):
            found.append(_range(segments, mark, following))
            skip = True
        else:
            found.append(_single(mark))
    return _said_once(found)


def _settle_years(a: _Mark, b: _Mark) -> None:
    """ "Between 2000 and 7000": of two numbers of which one is too large, none is a year."""
    for one, other in ((a, b), (b, a)):
        if one.guessed and one.kind == "year" and other.kind in {None, "plain"} and other.value > LAST_YEAR:
            one.kind = other.kind


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
    if one.kind == other.kind == "year":
        return (one.whole_low, one.whole_high) == (other.whole_low, other.whole_high)
    return replace(one, at=other.at) == other


def _value(segment: Segment) -> float | None:
    """The number that a segment is, in figures or in words; words count only beside a unit or comparison."""
    if _NUMBER.match(segment.text):
        return float(segment.text.replace(",", ""))
    if (date := _DATE.match(segment.text)) is not None:
        return float(int(date[1]) * 10_000 + int(date[2]) * 100 + int(date[3] or 0))
    words = [role for role in segment.roles if role.startswith("value.")]
    return float(words[0].split(".")[1]) if words else None


def _mark(segments: Sequence[Segment], i: int) -> _Mark:
    mark = _Mark(_value(segments[i]) or 0.0, None, "eq", [i], i)
    if _DATE.match(segments[i].text):
        mark.kind = "date"
    j = _compared(segments, i + 1, mark)  # "six or more years"
    if j < len(segments) and segments[j].plays("number."):
        unit = next(role for role in segments[j].roles if role.startswith("number.")).split(".")[1]
        touching = segments[j].start == segments[i].end
        if unit != "decade" or (touching and mark.value % 10 == 0 and mark.value <= 90):
            mark.decade = unit == "decade"
            mark.value *= DAYS_OF_WEEK if unit == "week" else 1
            mark.kind = "age" if unit in {"age", "decade"} else _unit_kind(unit, mark.value)
            mark.at.append(j)
            j += 1
    if j < len(segments) and segments[j].plays("number.age") and mark.kind in {None, "span_years"}:
        mark.kind = "age"
        mark.at.append(j)
        j += 1
    noun = j  # "1000명 이상", "400병상 이상": the counted noun stands before the comparison
    touching = noun < len(segments) and (
        segments[noun].start == segments[noun - 1].end or _COUNTER.match(segments[noun].text) is not None
    )
    if mark.kind is None and touching and segments[noun].plays("people", "how_many", "field."):
        if not segments[noun].plays("field."):
            mark.at.append(noun)
            mark.kind = "plain"
        j += 1
    while j < len(segments) and segments[j].roles == (FILLER,):
        # "300개 이상"
        counter = segments[j].start == segments[j - 1].end and _COUNTER.match(segments[j].text)
        if segments[j].strong and not counter:
            break
        j += 1
    if mark.op == "eq" and j + 1 < len(segments) and segments[j].plays("or"):
        j += 1  # "2017년이나 그 전", "2017 or before"
    if mark.op == "eq":
        _compared(segments, j, mark)
    plain = "," not in segments[i].text and mark.value == int(mark.value)
    mark.guessed = mark.kind is None and plain and 1900 <= mark.value <= LAST_YEAR
    if mark.guessed:
        mark.kind = "year"
    _look_back(segments, i, mark)
    if mark.guessed and mark.op != "eq" and _amount(segments, mark, noun):
        mark.kind = "plain"
    if mark.op == "eq" and mark.kind is not None:
        _look_for_open_end(segments, mark)
    return mark


def _look_for_than(segments: Sequence[Segment], question: str, mark: _Mark) -> None:
    """ "3,000명보다 적은": a limit; "2020년보다 많은" compares with what that year had."""
    if mark.op != "eq" or mark.kind in {"year", "date", "recent"}:
        return
    than = _THAN.match(question, segments[max(mark.at)].end)
    j = next((j for j, s in enumerate(segments) if than is not None and s.start == than.end()), None)
    if j is None or not segments[j].plays("rank.most", "rank.least"):
        return
    mark.op = "gt" if segments[j].plays("rank.most") else "lt"
    mark.at += range(max(mark.at) + 1, j + 1)


def _look_for_open_end(segments: Sequence[Segment], mark: _Mark) -> None:
    """ "2020~", "~2020년": a range with one end."""
    first, last = min(mark.at), max(mark.at)

    def waves(at: int) -> bool:
        return 0 <= at < len(segments) and segments[at].text == _WAVE

    def number(at: int) -> bool:
        return 0 <= at < len(segments) and _value(segments[at]) is not None

    unit_before = first - 2 >= 0 and segments[first - 2].plays("number.")
    if waves(last + 1) and not number(last + 2):
        mark.op = "ge"
        mark.at.append(last + 1)
    elif waves(first - 1) and not number(first - 2) and not unit_before:
        mark.op = "le"
        mark.at.insert(0, first - 1)


def _amount(segments: Sequence[Segment], mark: _Mark, after: int) -> bool:
    """ "More than 2000 (stroke) patients": as many people, compared by a word that no year is compared by."""
    compared = [segments[j] for j in mark.at if segments[j].plays(*(f"{op}.before" for op in _COMPARE))]
    if not compared or any(s.plays("time.before") for s in compared):
        return False
    near = segments[after : after + 1 + any(s.senses for s in segments[after : after + 1])]
    return any(s.plays("people", "records", "measure.") for s in near)


def _compared(segments: Sequence[Segment], j: int, mark: _Mark) -> int:
    """Take the comparison at ``j`` if there is one; where to go on."""
    op = next((op for op in _COMPARE if j < len(segments) and segments[j].plays(f"{op}.after")), None)
    if op is None:
        return j
    mark.op = op
    mark.at.append(j)
    return j + 1


def _unit_kind(unit: str, value: float) -> QuantityKind:
    if unit in {"year", "span_years"}:
        return "year" if 1900 <= value <= LAST_YEAR else "span_years"
    return (
        "percent"
        if unit == "percent"
        else "month"
        if unit == "month"
        else "day"
        if unit in {"day", "week"}
        else "plain"
    )


def _look_back(segments: Sequence[Segment], i: int, mark: _Mark) -> None:
    """What stands before the number: "at least", "since", "aged", "last"."""
    j = i - 1
    while j >= 0 and segments[j].roles == (FILLER,):
        j -= 1
    if j >= 0:
        for op in _COMPARE if mark.op == "eq" else (mark.op,):
            if segments[j].plays(f"{op}.before"):
                mark.op = op
                mark.at.insert(0, j)
                j -= 1
                break
    if j >= 0 and segments[j].plays("recent") and mark.kind == "span_years":
        mark.kind = "recent"
        mark.at.insert(0, j)
    elif j >= 0 and mark.kind in {None, "span_years"} and segments[j].plays(*_OF_AGE):
        mark.kind = "age"
        if not segments[j].plays("field."):  # "minimum age" is asked for
            mark.at.insert(0, j)
        for op in _COMPARE if mark.op == "eq" and j else ():
            if segments[j - 1].plays(f"{op}.before"):  # "over age 65"
                mark.op = op
                mark.at.insert(0, j - 1)
                break


def _is_range(segments: Sequence[Segment], question: str, a: _Mark, b: _Mark) -> bool:
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
        and a.value >= 1900
        and not any(s.strong and not s.roles for s in between)
    ):
        return len(between) <= 1  # "2020 through 2022"
    if a.op == "eq" and b.op == "le" and not between and a.value < b.value and None in {a.kind, b.kind}:
        return segments[last].text.lower() in {"to", "through"}  # "60 to 69"
    joined = all(s.plays(FILLER, "le.before", "and", "people") for s in between) and len(between) <= 2
    lower, upper = (a, b) if a.value < b.value else (b, a)  # "fewer than 7,000 but at least 2,000"
    alike = (a.kind or b.kind) == (b.kind or a.kind)
    return lower.op in {"ge", "gt"} and upper.op in {"le", "lt"} and joined and alike


def _range(segments: Sequence[Segment], a: _Mark, b: _Mark) -> Quantity:
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


def _single(mark: _Mark) -> Quantity:
    kind = mark.kind or "plain"
    low: float | None = mark.value
    high: float | None = mark.value + 9 if mark.decade else mark.value
    if kind == "date":
        low = _last_day(mark.value) if mark.op == "gt" else _first_day(mark.value)
        high = _first_day(mark.value) if mark.op == "lt" else _last_day(mark.value)
    if mark.op in {"ge", "gt"}:
        high = None
    elif mark.op in {"le", "lt"}:
        low = None
    return Quantity(
        kind, low, high, tuple(sorted(mark.at)), open_low=mark.op == "gt", open_high=mark.op == "lt"
    )
