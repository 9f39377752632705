"""Numbers that tell a thing from its like: "제2차", "the second round", "round 2", in a form that can be
compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.evidence.cues import load_cues
from knowledge.documents.document import Document

_NAMES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
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
            said = next(given for given in match.groups() if given)
            number = _NAMES.index(said.lower()) + 1 if said.lower() in _NAMES else int(said)
            found.append(Ordinal(f"ordinal{kind}n{number}", match[0], match.start(), match.end()))
    return tuple(sorted(found, key=lambda ordinal: ordinal.start))


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


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    found = []
    for korean, english in load_cues().ordinals:
        free = "|".join(sorted(korean - _COUNTS_TOO, key=lambda c: -len(c)))
        marked = "|".join(sorted(korean, key=lambda c: -len(c)))
        names, things = "|".join(_NAMES), "|".join(sorted(english))
        ways = [
            rf"제 ?(\d{{1,3}}) ?(?:{marked})",
            rf"\b({names}) (?:{things})\b",
            rf"\b(\d{{1,2}})(?:st|nd|rd|th) (?:{things})\b",
            rf"\b(?:{things}) (\d{{1,2}})\b",
        ]
        if free:
            ways.append(rf"(?<![\d.])(\d{{1,2}}) ?(?:{free})(?!원|액)")
        found.append(re.compile("|".join(ways), re.IGNORECASE))
    return tuple(found)
