"""Misspelt words, put right where exactly one word of the vocabulary is a slip of the keys away.

A slip in Korean is one letter (jamo) of a syllable, and names are compared without their spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.text import stem
from tools.query.understand.derivations import is_well_made, of_one_root

SHORTEST = 6
SHORTEST_KOREAN = 9  # letters, about four syllables
LONG = 9
MOST_NEAR = 4
_HANGUL = re.compile(r"[가-힣]+")
_WORD = re.compile(rf"[A-Za-z]{{{SHORTEST},}}")


class Vocabulary:
    """The Latin words of a catalog's names and of the steering phrases."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = tuple(texts)
        found = {word.lower() for text in texts for word in re.findall(r"[A-Za-z]+", text)}
        self.words = found | {stem(word) for word in found}
        self._sorted = sorted(found)
        runs = {re.sub(r"\s", "", text) for text in texts if _HANGUL.search(text)}
        self._korean: dict[int, list[tuple[str, str]]] = {}
        for run in sorted(r for r in runs if _HANGUL.fullmatch(r)):
            letters = unicodedata.normalize("NFD", run)
            if len(letters) >= SHORTEST_KOREAN:
                self._korean.setdefault(len(letters), []).append((letters, run))
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self.words):
            if len(word) >= SHORTEST - 1:
                self._by_length.setdefault(len(word), []).append(word)

    def corrected(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The text with slips put right, and (written, read) for each."""
        slips: list[tuple[str, str]] = []

        def put_right(match: re.Match[str]) -> str:
            written = match.group()
            meant = self._meant(written.lower())
            if meant is None:
                return written
            slips.append((written, meant))
            return meant

        return _WORD.sub(put_right, text), tuple(slips)

    def respellings(self, text: str, unknown: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
        """(text, written, read) for each way to put one unknown Latin word right that has several."""
        found = []
        for word in unknown:
            if _WORD.fullmatch(word):
                for meant in self._near(word.lower())[:MOST_NEAR]:
                    found.append((re.sub(rf"\b{re.escape(word)}\b", meant, text), word, meant))
        return tuple(found)

    def of_one_root(self, text: str, unknown: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
        """(text, written, read) for each word of the vocabulary that may be meant by an unknown Latin word of
        the same root ("fallers", falls)."""
        return tuple(
            (re.sub(rf"\b{re.escape(word)}\b", meant, text), word, meant)
            for word in unknown if word.isascii() and word.isalpha()
            for meant in of_one_root(word.lower(), self._sorted)
        )  # fmt: skip

    def corrected_korean(
        self, text: str, unknown: Iterable[str], particles: Iterable[str]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The text with one slip put right in a word, or two in a row, that hold an unknown word."""
        words = list(re.finditer(r"[가-힣]+", text))
        for word in unknown:
            for size in (2, 1):
                for first in range(len(words) - size + 1):
                    start, end = words[first].start(), words[first + size - 1].end()
                    written = text[start:end]
                    if word not in written or not re.fullmatch(r"[가-힣]+(?: [가-힣]+)?", written):
                        continue
                    for tail in ("", *(p for p in particles if written.endswith(p))):
                        name = written.removesuffix(tail)
                        meant = self.meant_in_korean(name)
                        if meant is not None:
                            return f"{text[:start]}{meant}{tail}{text[end:]}", ((name, meant),)
        return text, ()

    def meant_in_korean(self, written: str) -> str | None:
        """The one name that a Korean word, or several joined, is a letter away from; None for no or many."""
        letters = unicodedata.normalize("NFD", re.sub(r"\s", "", written))
        if len(letters) < SHORTEST_KOREAN or not _HANGUL.match(written):
            return None
        found = {
            name
            for length in range(len(letters) - 1, len(letters) + 2)
            for other, name in self._korean.get(length, ())
            if other[0] == letters[0] and DamerauLevenshtein.distance(letters, other, score_cutoff=1) == 1
        }
        return found.pop() if len(found) == 1 else None

    def _meant(self, word: str) -> str | None:
        near = self._near(word)
        return near[0] if len(near) == 1 else None

    def _near(self, word: str) -> list[str]:
        """The words of the vocabulary that are the fewest slips away; none for a word that is there."""
        if word in self.words or stem(word) in self.words or len(word) < SHORTEST - 1:
            return []
        if any(form in self.words for form in _plain_forms(word)):
            return []  # "containing" is no slip of "continuing"
        if is_well_made(word) and of_one_root(word, self._sorted):
            return []  # nor "continued" of "contained"
        limit = 2 if len(word) >= LONG else 1
        near: list[tuple[int, str]] = []
        for length in range(len(word) - limit, len(word) + limit + 1):
            for other in self._by_length.get(length, ()):
                distance = DamerauLevenshtein.distance(word, other, score_cutoff=limit)
                if distance <= limit and other[0] == word[0]:
                    near.append((distance, other))
        return [other for distance, other in sorted(near) if distance == min(near)[0]]


def _plain_forms(word: str) -> tuple[str, ...]:
    """What a verb's form may be of: "contain" of "containing", "provide" of "providing"."""
    for ending in ("ing", "ed"):
        if word.endswith(ending):
            root = word.removesuffix(ending)
            return (root, f"{root}e")
    return ()
