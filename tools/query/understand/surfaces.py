"""Every name of a catalog, kept whole, and found by the parts of it: an inverted index of words and bigrams.

A million variables have some four million names, so that numbers stand in arrays and nothing is kept twice.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from tools.query.understand.words import key

_LATIN = re.compile(r"[A-Za-z]+|[0-9]+")
_HANGUL = re.compile(r"[가-힣]+")


class Surface(NamedTuple):
    """A name in the catalog: the thing's kind, the field for values ("dataset.theme"), its id, the name's
    key and the name itself."""

    kind: str
    field: str
    id: str
    key: str
    text: str


class Surfaces:
    """Names in the order in which they were added."""

    def __init__(self) -> None:
        self._all: list[Surface] = []
        self._postings: dict[str, array[int]] = {}

    def __iter__(self) -> Iterator[Surface]:
        return iter(self._all)

    def add(self, surface: Surface) -> None:
        """Keep a name."""
        number = len(self._all)
        self._all.append(surface)
        for gram in {*pieces(surface.text), *_bigrams(_HANGUL.findall(surface.key))}:
            found = self._postings.get(gram)
            if found is None:
                found = self._postings[gram] = array("I")
            found.append(number)

    def nearest(self, name: str, least: float, most: int) -> dict[str, float]:
        """Names most like a key, values aside, best first, each with its likeness of 100."""
        # A name may stand for several things: more are looked for than are wanted.
        found = process.extract(
            name, self._keys, scorer=fuzz.ratio, score_cutoff=least, limit=4 * most, processor=None
        )
        names: dict[str, float] = {}
        for _, score, number in found:
            names.setdefault(self._all[number].text, score)
        return dict(islice(names.items(), most))

    @cached_property
    def _keys(self) -> list[str | None]:
        return [None if surface.kind == "value" else surface.key for surface in self._all]

    def holding(self, text: str, most: int) -> tuple[Surface, ...]:
        """The names that every Latin word and Hangul stretch of the text stands in; none where more than
        ``most`` have all its words and bigrams."""
        chunks = _HANGUL.findall(key(text))
        grams = [*pieces(text), *_bigrams(chunks)]
        if not grams or any(len(chunk) < 2 for chunk in chunks):
            return ()
        lists = [self._postings.get(gram) for gram in grams]
        found = _common([np.frombuffer(held, np.uint32) for held in lists if held is not None])
        if any(held is None for held in lists) or len(found) > most:
            return ()
        candidates = (self._all[number] for number in found.tolist())
        return tuple(s for s in candidates if all(chunk in s.key for chunk in chunks))


def pieces(text: str) -> frozenset[str]:
    """The keys of a text's Latin words and numbers."""
    return frozenset(found for piece in _LATIN.findall(text) if (found := key(piece)))


def _bigrams(chunks: list[str]) -> Iterator[str]:
    return (chunk[i : i + 2] for chunk in chunks for i in range(len(chunk) - 1))


def _common(lists: list[np.ndarray]) -> np.ndarray:
    """The numbers that stand in every one of the ascending lists, the rarest looked up in the others."""
    rarest, *others = sorted(lists, key=len) or [np.empty(0, np.uint32)]
    for other in others:
        places = np.minimum(np.searchsorted(other, rarest), len(other) - 1)
        rarest = rarest[other[places] == rarest]
    return rarest
