"""Marks of a passage: terms in the index that no text gives, for what kinds of values stand in it.

A question that asks when, how much or whom to call is answered where a date, an amount or a number to call
stands; of passages that are equally about it, that one comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped
from knowledge.documents.values import Value, ValueKind, values

# kind of value -> the mark of passages that hold one; how they are asked for stands in marks.yaml
_MARKS: Mapping[ValueKind, str] = {
    "date": "=date",
    "time": "=time",
    "money": "=money",
    "percent": "=share",
    "duration": "=duration",
    "phone": "=contact",
    "email": "=contact",
}


def marks_of(text: str) -> tuple[str, ...]:
    """The marks of a passage with this text."""
    return tuple(dict.fromkeys(_MARKS[v.kind] for v in values(text) if v.kind in _MARKS and not _year(v)))


def wanted_marks(question: str) -> frozenset[str]:
    """The marks of passages that hold a value such as the question asks for."""
    return frozenset(mark for mark, pattern in _asked().items() if pattern.search(question))


def _year(value: Value) -> bool:
    """Whether a date is a bare year, which passages name for many reasons."""
    return value.kind == "date" and value.key.endswith("-0-0")


@cache
def _asked() -> Mapping[str, re.Pattern[str]]:
    given = read_shipped(Path(__file__).with_name("marks.yaml"))
    return {f"={kind}": re.compile("|".join(lines), re.IGNORECASE) for kind, lines in given.items()}
