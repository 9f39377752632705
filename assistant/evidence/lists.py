"""A request that names several things, taken apart so that each is answered or named as not answered."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped
from knowledge.text import Language

MOST_WORDS = 4
_PAIRS = ("을를", "이가", "은는")  # behind a consonant, behind a vowel
LONGEST = 24  # characters of one thing


@cache
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    loaded = read_shipped(Path(__file__).with_name("lists.yaml"))
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in loaded[language].items()}


def listed(sentence: str, language: Language) -> list[str]:
    """The sentence once for each thing that it asks for; the sentence itself when it asks for one."""
    by = _patterns(language)
    lead, tail = by["lead"].search(sentence), by["tail"].search(sentence)
    if lead is None or tail is None or tail.start() <= lead.end() or by["one"].search(sentence):
        return [sentence]
    if language == "en" and not lead.group():
        return [sentence]
    things = [thing.strip() for thing in by["join"].split(sentence[lead.end() : tail.start()])]
    if not 2 <= len(things) <= MOST_WORDS or not all(_is_thing(thing) for thing in things):
        return [sentence]
    return [f"{lead.group()}{thing}{_particle(thing, tail.group(), language)}" for thing in things]


def _is_thing(text: str) -> bool:
    return 1 < len(text) <= LONGEST and len(text.split()) <= MOST_WORDS


def _particle(thing: str, tail: str, language: Language) -> str:
    """The words that ask, with the Korean particle in the form that fits the noun before it."""
    pair = next((pair for pair in _PAIRS if tail[:1] in pair), None) if language == "ko" else None
    if pair is None or not tail:
        return tail
    ends_in_consonant = "가" <= thing[-1] <= "힣" and (ord(thing[-1]) - ord("가")) % 28 > 0
    return pair[0 if ends_in_consonant else 1] + tail[1:]
