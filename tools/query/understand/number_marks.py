"""One number of a question with its unit, and what compares it: "at least 65 years", "3,000명보다 적은"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.query.understand.quantity import QuantityKind
from tools.query.understand.segment import FILLER, Segment

NUMBER = re.compile(r"^\d+(?:,\d{3})*(?:\.\d+)?$")
_OF_AGE = ("dimension.age_band", "number.age", "field.age_range")
_COUNTER = re.compile(r"^[가-힣]$")  # "3,000 명"
_THAN = re.compile(r"보다\s*(?:더 |훨씬 )?")
_WAVE = "~"
_COMPARE = ("ge", "gt", "le", "lt")
_DATE = re.compile(r"^(\d{4})-(\d\d)(?:-(\d\d))?$")
LAST_YEAR = 2100
DAYS_OF_WEEK, DAYS_OF_MONTH = 7, 30


@dataclass
class Mark:
    """One number with its unit and what compares it."""

    value: float
    kind: QuantityKind | None
    op: str
    at: list[int]
    number: int
    decade: bool = False
    guessed: bool = False  # a year only by its size


def settle_years(a: Mark, b: Mark) -> None:
    """ "Between 2000 and 7000": of two numbers of which one is too large, none is a year."""
    for one, other in ((a, b), (b, a)):
        if one.guessed and one.kind == "year" and other.kind in {None, "plain"} and other.value > LAST_YEAR:
            one.kind = other.kind


def value_of(segment: Segment) -> float | None:
    """The number that a segment is, in figures or in words; words count only beside a unit or comparison."""
    if NUMBER.match(segment.text):
        return float(segment.text.replace(",", ""))
    if (date := _DATE.match(segment.text)) is not None:
        return float(int(date[1]) * 10_000 + int(date[2]) * 100 + int(date[3] or 0))
    words = [role for role in segment.roles if role.startswith("value.")]
    return float(words[0].split(".")[1]) if words else None


def mark_at(segments: Sequence[Segment], i: int) -> Mark:
    """The number that the segment ``i`` is, with what stands around it."""
    mark = Mark(value_of(segments[i]) or 0.0, None, "eq", [i], i)
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


def look_for_than(segments: Sequence[Segment], question: str, mark: Mark) -> None:
    """ "3,000명보다 적은": a limit; "2020년보다 많은" compares with what that year had."""
    if mark.op != "eq" or mark.kind in {"year", "date", "recent"}:
        return
    than = _THAN.match(question, segments[max(mark.at)].end)
    j = next((j for j, s in enumerate(segments) if than is not None and s.start == than.end()), None)
    if j is None or not segments[j].plays("rank.most", "rank.least"):
        return
    mark.op = "gt" if segments[j].plays("rank.most") else "lt"
    mark.at += range(max(mark.at) + 1, j + 1)


def _look_for_open_end(segments: Sequence[Segment], mark: Mark) -> None:
    """ "2020~", "~2020년": a range with one end."""
    first, last = min(mark.at), max(mark.at)

    def waves(at: int) -> bool:
        return 0 <= at < len(segments) and segments[at].text == _WAVE

    def number(at: int) -> bool:
        return 0 <= at < len(segments) and value_of(segments[at]) is not None

    unit_before = first - 2 >= 0 and segments[first - 2].plays("number.")
    if waves(last + 1) and not number(last + 2):
        mark.op = "ge"
        mark.at.append(last + 1)
    elif waves(first - 1) and not number(first - 2) and not unit_before:
        mark.op = "le"
        mark.at.insert(0, first - 1)


def _amount(segments: Sequence[Segment], mark: Mark, after: int) -> bool:
    """ "More than 2000 (stroke) patients": as many people, compared by a word that no year is compared by."""
    compared = [segments[j] for j in mark.at if segments[j].plays(*(f"{op}.before" for op in _COMPARE))]
    if not compared or any(s.plays("time.before") for s in compared):
        return False
    near = segments[after : after + 1 + any(s.senses for s in segments[after : after + 1])]
    return any(s.plays("people", "records", "measure.") for s in near)


def _compared(segments: Sequence[Segment], j: int, mark: Mark) -> int:
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


def _look_back(segments: Sequence[Segment], i: int, mark: Mark) -> None:
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
