"""Names that a document gives in both languages: "책임자(principal investigator)", "consent form (동의서)".

Where the name before the parenthesis begins is not written down: it is taken to be as many words long as the
other one, a run of capitalised words as a whole. That is sometimes too short, which costs little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.documents.question import Meaning

MARK = "~"  # what such a pair begins with among the terms of a passage; no text gives such a term
_BETWEEN = "="
# bounded in length, so that no text takes long
_KOREAN = r"(?<![가-힣])(?:[가-힣]{1,20} ){0,5}[가-힣]{2,20}"
_LATIN = r"(?<![A-Za-z&/'-])[A-Za-z](?:[A-Za-z&/'-]{0,30} ){0,5}[A-Za-z&/'-]{1,30}"
_INSIDE_LATIN = re.compile(rf"({_KOREAN}) ?\(({_LATIN})\)")
_INSIDE_KOREAN = re.compile(rf"({_LATIN}) ?\(({_KOREAN})\)")
_LIGHT = frozenset("a an and at by for from in is of on or the to with".split())  # noqa: SIM905


def label_terms(text: str) -> tuple[str, ...]:
    """The pairs of ``text``, as terms to keep with its passage."""
    return tuple(dict.fromkeys(f"{MARK}{ko}{_BETWEEN}{en.lower()}" for ko, en in _pairs(text)))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _INSIDE_LATIN.finditer(text):
        words, other = match[1].split(), match[2]
        yield " ".join(words[-len(other.split()) :]), other
    for match in _INSIDE_KOREAN.finditer(text):
        words, other = match[1].split(), match[2]
        capitals = len(words)
        while capitals and words[capitals - 1][0].isupper():
            capitals -= 1
        own = words[max(0, min(capitals, len(words) - len(other.split()) - 1)) :]
        while own and own[0].lower() in _LIGHT:
            own = own[1:]
        if own:
            yield other, " ".join(own)


class Labels:
    """The pairs of a corpus."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        """``terms`` may hold others than pairs."""
        pairs = (term[1:].split(_BETWEEN, 1) for term in terms if term.startswith(MARK))
        self._pairs = sorted({(ko, en) for ko, en in pairs})

    def meanings(self, words: str) -> list[Meaning]:
        """What the corpus itself gives in the other language for stretches of ``words``."""
        low = words.lower()
        latin = f" {' '.join(re.findall(r'[a-z&/-]+', low))} "
        found: dict[tuple[str, str], None] = {}
        for ko, en in self._pairs:
            if ko in low:
                found[ko, en] = None
            elif f" {en} " in latin or f" {en}s " in latin:
                found[en, ko] = None
        return [Meaning(name, (other,)) for name, other in found]
