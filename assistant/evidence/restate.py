"""Dates, amounts and durations of a quote, said again in the language of the reader."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assistant.messages import message, say_date
from knowledge.data_file import read_shipped
from knowledge.documents.values import Value, values
from knowledge.text import Language

MOST = 3
LEAP_YEAR = 2024  # has every day that a year may have
REACH = 16  # characters beside a value in which what limits it stands
# a weekday or time of day between a date and its particle
_BETWEEN = r"(?:\([^)]*\))?\s?(?:\d{1,2}시|\d{1,2}:\d\d)?\s?"


def restated(text: str, written: Language, reader: Language) -> tuple[str, ...]:
    """The values of ``text`` as the reader's language writes them, with what limits them; at most three, and
    none where the two languages write it alike."""
    found: dict[str, str] = {}
    for value in values(text):
        said = _said(value, reader)
        if said and len(found) < MOST:
            found.setdefault(said, _limited(text, value, said, written, reader))
    return tuple(found.values())


def numbers_of(text: str) -> set[str]:
    """Every number that ``restated`` may say for ``text``, for the check of an answer."""
    return {n for value in values(text) for n in re.findall(r"\d+(?:\.\d+)?", value.key)}


@cache
def _forms() -> dict[str, Any]:
    return read_shipped(Path(__file__).with_name("restate.yaml"))


def _said(value: Value, reader: Language) -> str:
    content = value.key.split(":", 1)[1]
    if value.kind == "date":
        return _date(content, reader)
    if value.kind == "duration":
        return _duration(content, reader)
    won = value.kind == "money" and any(mark in value.text for mark in _forms()["won"])
    return message(reader, "evidence.won", amount=f"{int(content):,}") if won else ""


def _date(content: str, reader: Language) -> str:
    year, month, day = (int(part or 0) for part in content.split("-"))
    if not month or not day:
        return ""
    try:
        told = date(year or LEAP_YEAR, month, day)
    except ValueError:  # 30 February, as a document may have it
        return ""
    if year:
        return say_date(reader, told)
    name = calendar.month_name[month]
    return message(reader, "evidence.day", month=str(month), day=str(day), month_name=name)


def _duration(content: str, reader: Language) -> str:
    match = re.fullmatch(r"([\d.]+)([a-z]+)", content)
    unit = _forms()["units"].get(match[2]) if match else None
    if match is None or unit is None:
        return ""
    if reader == "ko":
        return f"{match[1]}{unit['ko']}"
    return f"{match[1]} {unit['en'][0 if match[1] == '1' else 1]}"


def _limited(text: str, value: Value, said: str, written: Language, reader: Language) -> str:
    end = value.start + len(value.text)
    before, behind = text[max(0, value.start - REACH) : value.start], text[end : end + REACH]
    for limit in _forms()["limits"].values():
        leads, follows = (limit[written].get(side, ()) for side in ("before", "behind"))
        if any(re.search(rf"(?:^|[\s(]){form}\s*$", before, re.IGNORECASE) for form in leads) or any(
            re.match(rf"{_BETWEEN}{form}", behind) for form in follows
        ):
            return str(limit["say"][reader]).format(value=said)
    return said
