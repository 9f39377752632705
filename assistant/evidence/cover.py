"""How far a sentence, with what it stands under, holds what a question asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.question import Wanted
from assistant.evidence.roots import Words
from assistant.evidence.sense import Sense

HELD = 0.5  # from here on a term counts as covered
SAME, ALIKE, PIECES = 1.0, 0.8, 0.9  # the very word; a word for the same idea; the words of a name apart

@dataclass(frozen=True, slots=True)
class View:
    """A text that speaks for a sentence, and how much of it counts."""

    words: Words
    share: float


def cover(wanted: Wanted, views: Sequence[View]) -> float:
    """0 to 1: how surely one of the views holds the term."""
    best = 0.0
    for view in views:
        if best < view.share:
            best = max(best, view.share * _held(wanted, view.words))
    return best


def _held(wanted: Wanted, words: Words) -> float:
    if any(words.holds(form) for form in wanted.forms):
        return SAME
    parts = (
        PIECES * sum(_held(part, words) for part in wanted.parts) / len(wanted.parts) if wanted.parts else 0.0
    )
    if parts < ALIKE and any(words.holds(form) for form in wanted.alike):
        return ALIKE
    return parts


def meant(wanted: Wanted, views: Sequence[View], sense: Sense) -> float:
    """0 to 1: whether a word of the views means what the term means. Names, numbers and years have no meaning
    to compare."""
    if wanted.kind != "word" or (" " in wanted.text and not wanted.parts):
        return 0.0
    if wanted.parts:
        firm = [part for part in wanted.parts if not part.soft]
        shares = [max(cover(part, views), meant(part, views, sense)) for part in firm]
        return PIECES * sum(shares) / len(shares) if shares else 0.0
    best = 0.0
    for view in views:
        plain = [word for word in view.words.plain if len(word) > 1 and not word.isdigit()]
        best = max(best, view.share * ALIKE * sense.likeness(wanted.text.lower(), plain))
    return best
