"""Cue words: which groups of telling words a question holds, as a vector of zeros and ones."""

from __future__ import annotations

import re

import numpy as np

from assistant.routing.examples import lines, read_lines
from knowledge.text import normalize

_SPACES = re.compile(r"\s+")
_HANGUL = re.compile(r"[가-힣]")
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"\d{5,}")
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
        self._groups = tuple(_compile(block) for block in read_lines("cues.yaml").values())

    def vector(self, question: str) -> np.ndarray:
        """float32, one entry per group, then length, question mark, digits and script; 0 or 1."""
        text = shorten(plain(question))
        words = len(text.split())
        form = (
            words <= 2,
            words <= 4,
            words > 15,
            "?" in text,
            _LONG_NUMBER.search(text) is not None,
            _DIGIT.search(text) is not None,
            _HANGUL.search(text) is not None,
        )
        found = [group.search(text) is not None for group in self._groups]
        return np.array([*found, *form], dtype=np.float32)


def _compile(block: str) -> re.Pattern[str]:
    return re.compile("|".join(_whole_word(line) for line in lines(block)))


def _whole_word(pattern: str) -> str:
    """The pattern, not inside a Latin word. A Korean particle may follow ("IRB가")."""
    start = "(?<![a-z])" if re.match(r"[a-z(]", pattern) and re.search(r"[a-z]", pattern[:8]) else ""
    end = "(?![a-z])" if re.search(r"[a-z)?]$", pattern) and re.search(r"[a-z]", pattern[-8:]) else ""
    return f"{start}(?:{pattern}){end}"
