"""English words made of one root: "fallers" and falls, "delirious" and delirium, "bleed" and bleeding.

Which of them a question means by the other is for its plan to tell; here only their letters say so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

_SHORTEST = 4  # letters of a root
_MOST = 6  # words that are worth trying
# Of nouns, adjectives and verbs; "s" stands behind any of them.
_ENDINGS = (
    *("a", "age", "al", "able", "ance", "ancy", "ant", "atic", "ation", "ative", "atory", "atous", "e", "ed"),
    *("ee", "ence", "ency", "ent", "er", "ety", "etic", "es", "ia", "ial", "ic", "ical", "ing", "ion"),
    *("ious", "is"),
    *("ish", "ism", "ist", "ition", "ity", "ive", "ium", "ly", "ment", "ness", "or", "ory", "otic", "ous"),
    *("sis", "tic", "tion", "ty", "um", "us", "y"),
)
_WELL_MADE = ("ing", "ed", "er", "ers", "ous", "ion", "ions", "ment", "ments", "ness", "ive", "al", "ity")
_SOUNDS = (("t", "s"), ("d", "s"))  # "psychotic" and psychosis, "corrosion" and corrode


def roots(word: str) -> frozenset[str]:
    """What a lower-case word may be made of: itself, and what is left of it without an ending."""
    found = {word}
    for bare in {word, word.removesuffix("s")}:
        found.add(bare)
        for ending in _ENDINGS:
            root = bare.removesuffix(ending)
            if root != bare:
                found.update((root, *(root[:-1] + s for t, s in _SOUNDS if root.endswith(t))))
                if len(root) > _SHORTEST and root[-1] == root[-2]:
                    found.add(root[:-1])  # "stuttering", "fitted"
    return frozenset(root for root in found if len(root) >= _SHORTEST)


def of_one_root(word: str, known: Sequence[str]) -> tuple[str, ...]:
    """Of ``known`` words, sorted, those of one root with a lower-case word, the likest first; not itself."""
    own = roots(word)
    near = _with_start(word[: _SHORTEST - 1], known)
    found = [other for other in near if other != word and own & roots(other)]
    return tuple(sorted(found, key=lambda other: (-max(map(len, own & roots(other))), other))[:_MOST])


def is_well_made(word: str) -> bool:
    """Whether a word ends as English words do that are made of others: it is no slip of the keys."""
    return word.endswith(_WELL_MADE)


def _with_start(start: str, known: Sequence[str]) -> Iterator[str]:
    at = bisect_left(known, start)
    while at < len(known) and known[at].startswith(start):
        yield known[at]
        at += 1
