"""Cue words: which groups of telling words a question holds, as a vector of zeros and ones."""

from __future__ import annotations

import re

import numpy as np

from assistant.routing.examples import lines, read_lines
from knowledge.text import HANGUL, normalize

_SPACES = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"\d{5,}")
_ABBREVIATION = re.compile(r"[A-Z]{2,}|[A-Za-z]\d|[a-z][A-Z]|[A-Za-z]_[a-z]")
_LATIN_START = re.compile(r"[a-z(]")
_LATIN_END = re.compile(r"[a-z)?*+]$")
# Beyond this a question is a pasted document: its beginning and its end say what is asked.
HEAD, TAIL = 400, 600


def plain(question: str) -> str:
    """The question as the patterns read it: normal form, lower case, single spaces."""
    return _SPACES.sub(" ", normalize(question).lower()).strip()


def shorten(text: str) -> str:
    """At most HEAD + TAIL characters: the beginning and the end."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


class Cues:
    """The groups of cues.yaml and a few marks of form."""

    def __init__(self) -> None:
        self._groups = tuple(_Group(block) for block in read_lines("cues.yaml").values())

    def vector(self, question: str) -> np.ndarray:
        """float32, one entry per group, then length, question mark, digits, script, abbreviations; 0 or 1."""
        text = shorten(plain(question))
        hangul = HANGUL.search(text) is not None
        words = len(text.split())
        form = (
            words <= 2,
            words <= 4,
            words > 15,
            "?" in text,
            _LONG_NUMBER.search(text) is not None,
            _DIGIT.search(text) is not None,
            hangul,
            _ABBREVIATION.search(shorten(question)) is not None,
        )
        return np.array([*(group.found(text, hangul) for group in self._groups), *form], dtype=np.float32)


class _Group:
    """Patterns that count as one. Those of one script are not tried on text of the other."""

    def __init__(self, block: str) -> None:
        patterns = lines(block)
        korean = [pattern for pattern in patterns if HANGUL.search(pattern)]
        latin = [pattern for pattern in patterns if pattern not in korean and _LATIN_START.match(pattern)]
        other = [pattern for pattern in patterns if pattern not in korean and pattern not in latin]
        self._korean = _either(korean)
        # One look behind for all: a word begins where none ends. A particle may follow it ("IRB가").
        self._latin = _either([f"(?<![a-z])(?:{'|'.join(map(_to_word_end, latin))})"] if latin else [])
        self._other = _either([_to_word_end(pattern) for pattern in other])

    def found(self, text: str, hangul: bool) -> bool:
        if hangul and self._korean and self._korean.search(text):
            return True
        return bool((self._latin and self._latin.search(text)) or (self._other and self._other.search(text)))


def _either(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def _to_word_end(pattern: str) -> str:
    return f"(?:{pattern})(?![a-z])" if _LATIN_END.search(pattern) else f"(?:{pattern})"
