"""What a turn does to the one before it: the marks of changing, narrowing, pointing and taking back.

The words that make a mark are cut out of the turn, and the rest is read like any question: "Split that by
sex" is the mark ``split`` and "by sex", "그거 말고 X로" is ``instead`` and "X". The wordings are follow.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped
from knowledge.text import normalize

_CUT = (
    "about", "howabout", "everything", "others", "ordinals", "both", "instead", "split", "limit", "whole",
    "add", "clear", "later", "earlier",
)  # fmt: skip
_SEEN = ("adding", "respectively")
_WHOLE = ("reset", "why", "neither", "every")
_OF_HOSPITALS = ("hospital", "site", "cent", "병원", "기관")
_COHORTS = ("cohort", "코호트")
_BLANK = re.compile(r"[\s,.;:!?…~-]+")
_STRAY = re.compile(r"^(은|는|이|가|을|를|의|에|에는|에서|에서는|도|만|요)(?=[\s?.!]|$)\s*")
_SPACES = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Turn:
    """``marks`` are the roles of follow.yaml that the turn plays, ``rest`` its words without them.

    ``place``: the place in a list that it points to, from 1; -1 the last, 0 the next, None no place.
    ``kind``: what the others or the place are said to be ("hospital", "dataset"), where it is said.
    ``gone``: what the rest is to stand instead of ("X, not Y": the rest is X, gone is Y).
    """

    text: str
    rest: str
    marks: frozenset[str]
    place: int | None = None
    kind: str | None = None
    gone: str = ""

    def has(self, *marks: str) -> bool:
        """True where the turn bears any of the marks."""
        return bool(self.marks & set(marks))

    @property
    def bare(self) -> bool:
        """Nothing is left beside the marks."""
        return not _BLANK.sub("", self.rest)


def read_turn(text: str) -> Turn:
    """The marks of a turn of any wording; a turn without any is its own rest."""
    forms, numbers = _forms()
    rest = normalize(text).strip()
    marks = {role for role in _WHOLE if forms[role].search(rest.lower())}
    while (match := forms["opener"].match(rest)) and match.end():
        marks.add("opener")
        rest = rest[match.end() :]
    marks |= {role for role in _WHOLE if forms[role].search(rest.lower())}
    marks |= {role for role in _SEEN if forms[role].search(rest)}
    place: int | None = None
    kind: str | None = None
    for role in _CUT:
        match = forms[role].search(rest) if role != "about" else forms[role].match(rest)
        if match is None:
            continue
        marks.add(role)
        found = {name: value for name, value in match.groupdict().items() if value}
        if role == "ordinals":
            word = next((v for k, v in found.items() if k.startswith("n")), "")
            place = numbers.get(word.lower(), int(word) if word.isdigit() else None)
        if role in {"ordinals", "others", "both"}:
            kind = _kind(match.group()) or kind
        rest = forms[role].sub(" ", rest)
    if "clear" in marks:
        marks |= {"filter"} if forms["cleared"].search(text) else set()
        rest = forms["cleared"].sub(" ", rest)
    gone = ""
    if swapped := forms["notthat"].match(rest):
        parts = {name.split("_")[0]: value for name, value in swapped.groupdict().items() if value}
        gone, rest = parts["gone"], parts["new"]
    if rest != text:
        rest = _STRAY.sub("", _SPACES.sub(" ", rest).strip(" ,.;:!…-"))
    return Turn(text, rest, frozenset(marks), place, kind, gone)


def _kind(words: str) -> str | None:
    low = words.lower()
    if any(noun in low for noun in _COHORTS):
        return None  # a cohort may be a dataset by its title, or a group of people
    if any(noun in low for noun in _OF_HOSPITALS):
        return "hospital"
    return "dataset" if re.search(r"dataset|데이터|자료|registr|source", low) else None


@cache
def _forms() -> tuple[Mapping[str, re.Pattern[str]], Mapping[str, int]]:
    loaded: dict[str, Any] = read_shipped(Path(__file__).with_name("follow.yaml"))
    numbers = {str(word): int(place) for word, place in loaded.pop("numbers").items()}
    return {role: _either(block) for role, block in loaded.items()}, numbers


def _either(block: str) -> re.Pattern[str]:
    """One pattern of many lines; groups of one name in several lines get a number of their own."""
    lines = []
    for number, line in enumerate(block.split("\n")):
        if line:
            lines.append("(?:" + re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{number}>", line) + ")")
    return re.compile("|".join(lines), re.IGNORECASE)
