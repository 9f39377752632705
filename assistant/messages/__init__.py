"""What the assistant says in its own words: one file a topic, each with both languages."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped
from knowledge.text import Language

_HERE = Path(__file__).parent


@cache
def messages(topic: str, language: Language) -> Mapping[str, Any]:
    """The messages of a topic (``catalog``, ``evidence``, ``turns``) in a language."""
    return read_shipped(_HERE / f"{topic}.yaml")[language]


def message(language: Language, key: str, **slots: str) -> str:
    """The message "topic.name" with its slots filled. KeyError for an unknown key or slot."""
    topic, *names = key.split(".")
    found: Any = messages(topic, language)
    for name in names:
        found = found[name]
    return str(found).format(**slots)


def say_date(language: Language, day: date) -> str:
    """A date as people write it: 2025년 4월 28일, 28 April 2025."""
    return message(
        language,
        "evidence.date",
        year=str(day.year),
        month=str(day.month),
        day=str(day.day),
        month_name=calendar.month_name[day.month],
    )
