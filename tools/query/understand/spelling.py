"""Misspelt Latin words, put right where exactly one word of the vocabulary is a slip of the keys away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.text import stem

SHORTEST = 6
LONG = 9
_WORD = re.compile(rf"[A-Za-z]{{{SHORTEST},}}")


class Vocabulary:
    """The Latin words of a catalog's names and of the steering phrases."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = {word.lower() for text in texts for word in re.findall(r"[A-Za-z]+", text)}
        self.words = found | {stem(word) for word in found}
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

    def _meant(self, word: str) -> str | None:
        if word in self.words or stem(word) in self.words or len(word) < SHORTEST - 1:
            return None
        limit = 2 if len(word) >= LONG else 1
        near: list[tuple[int, str]] = []
        for length in range(len(word) - limit, len(word) + limit + 1):
            for other in self._by_length.get(length, ()):
                distance = DamerauLevenshtein.distance(word, other, score_cutoff=limit)
                if distance <= limit and other[0] == word[0]:
                    near.append((distance, other))
        near.sort()
        if not near or (len(near) > 1 and near[1][0] == near[0][0]):
            return None
        return near[0][1]
