"""The words of point.yaml: what asks for what, and what says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from knowledge.data_file import read_shipped

_FILE = Path(__file__).with_name("point.yaml")
_LISTS = ("general", "numbers", "running", "light", "heavy", "verbs", "taking", "growing")


class Asked(NamedTuple):
    """Words that ask, and the columns or kinds of plan of which one has to be in what is shown."""

    pattern: re.Pattern[str]
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class PointWords:
    """The lists of point.yaml; the first two by language."""

    asked: Mapping[str, Sequence[Asked]]
    superlatives: Mapping[str, Sequence[Asked]]
    general: frozenset[str]
    numbers: frozenset[str]
    running: frozenset[str]
    light: frozenset[str]
    heavy: frozenset[str]
    verbs: frozenset[str]
    taking: frozenset[str]
    growing: frozenset[str]


@cache
def point_words() -> PointWords:
    loaded = read_shipped(_FILE)
    lists = {name: frozenset(loaded[name].split()) for name in _LISTS}
    return PointWords(_compiled(loaded["asked"]), _compiled(loaded["superlatives"]), **lists)


def _compiled(rules: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, list[Asked]]:
    edge = {"en": r"\b(?:{})\b", "ko": r"(?:{})"}
    return {
        language: [
            Asked(
                re.compile(edge[language].format(rule["words"]), re.IGNORECASE),
                frozenset(rule["shown"].split()),
            )
            for rule in found
        ]
        for language, found in rules.items()
    }
