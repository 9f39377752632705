"""Numbers that tell a thing from its like: "제2차", "the second round", "round 2", in a form that can be
compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.evidence.cues import load_cues
from knowledge.documents.document import Document

_NAMES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_HALVES = {"상반기": 1, "전반기": 1, "하반기": 2, "후반기": 2, "first half": 1, "second half": 2}
_COUNTS_TOO = frozenset({"회", "기", "조"})  # these count as well, and number only behind 제
ROUNDS = 0  # the place of rounds in cues.yaml


@dataclass(frozen=True, slots=True)
class Ordinal:
    """``key`` is equal for the same number of the same kind, whatever the language."""

    key: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=16384)
def ordinals(text: str) -> tuple[Ordinal, ...]:
    """The ordinals of ``text`` in order."""
    found = []
    for kind, pattern in enumerate(_patterns()):
        for match in pattern.finditer(text):
            number = _number(next(given for given in match.groups() if given).lower())
            found.append(Ordinal(f"ordinal{kind}n{number}", match[0], match.start(), match.end()))
    return tuple(sorted(found, key=lambda ordinal: ordinal.start))


def _number(said: str) -> int:
    if said in _NAMES:
        return _NAMES.index(said) + 1
    return _HALVES[said] if said in _HALVES else int(said)


def numbers_it(key: str, text: str) -> bool:
    """Whether a text names the ordinal."""
    return any(ordinal.key == key for ordinal in ordinals(text))


def of_the_record(key: str, document: Document) -> bool:
    """Whether the record of a document names the ordinal: its title or edition, or the end of a round such as
    "2025-2"."""
    last = re.search(r"\D0?(\d{1,2})$", document.round)
    kind, number = key.removeprefix("ordinal").split("n")
    if last and int(kind) == ROUNDS and last[1] == number:
        return True
    return numbers_it(key, f"{document.title} | {document.edition} | {document.round}")


_TURN = re.compile(
    rf"\b({'|'.join(_NAMES)}) ([a-z]{{4,}})"
    r"|(첫|두|세|네|다섯) ?번째 ?([가-힣]{2,}?)(?=[은는이가을를의에도 ]|$)",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"\b(?:further|additional|subsequent|later)\b|추가|이후|그 ?뒤|마다", re.IGNORECASE)
_TURNS = {"첫": "first", "두": "second", "세": "third", "네": "fourth", "다섯": "fifth"}


def another_turn(asked: str, text: str) -> bool:
    """Whether a text tells of another turn of the same thing ("the first breach" for "a second breach") and
    not of the one asked for, nor of all that follow."""
    wanted, told = _turns(asked), _turns(text)
    if _FURTHER.search(text):
        return False
    return any(thing in told and not turns & told[thing] for thing, turns in wanted.items())


def _turns(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for m in _TURN.finditer(text):
        turn, thing = (m[1].lower(), m[2].lower()) if m[1] else (_TURNS[m[3]], m[4])
        found.setdefault(thing.removesuffix("s"), set()).add(turn)
    return found


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    found = []
    for korean, english in load_cues().ordinals:
        free = "|".join(sorted(korean - _COUNTS_TOO, key=lambda c: -len(c)))
        marked = "|".join(sorted(korean, key=lambda c: -len(c)))
        names, things = "|".join(_NAMES), "|".join(sorted(english))
        ways = [
            rf"제 ?(\d{{1,3}}) ?(?:{marked})",
            rf"\b({names})[ -](?:{things})\b",
            rf"\b(\d{{1,2}})(?:st|nd|rd|th) (?:{things})\b",
            rf"\b(?:{things}) (\d{{1,2}})\b",
        ]
        if free:
            ways.append(rf"(?<![\d.])(\d{{1,2}}) ?(?:{free})(?!원|액)")
        found.append(re.compile("|".join(ways), re.IGNORECASE))
    return (*found, re.compile(f"({'|'.join(_HALVES)})", re.IGNORECASE))
