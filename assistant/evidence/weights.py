"""How much a term of a question tells, and which ones an answer need not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from assistant.evidence.cues import load_cues
from assistant.evidence.roots import root
from knowledge.text import Language, stem

# Weights: of the commonest term, of one that the documents do not hold themselves; what a soft one keeps.
LEAST, UNHELD, SOFT = 0.5, 0.7, 0.3
LIKES = 24  # words for the same idea that are asked how rare they are

Rarity = Callable[[str], float | None]  # term -> 0 (everywhere) to 1 (in one passage); None: unknown


def is_soft(word: str) -> bool:
    cues = load_cues()
    low = word.lower()
    return low in cues.soft or low in cues.generic or (low.isascii() and root(low) in _generic_roots())


@cache
def _generic_roots() -> frozenset[str]:
    return frozenset(root(word) for word in load_cues().generic if word.isascii())


def weight_of(own: Sequence[str], alike: Sequence[str], rarity: Rarity, *, soft: bool) -> float:
    """How much a term tells: what is rare in the documents tells more. A term that they do not hold itself
    tells at least something, however common its likes are; one without any likes tells most."""
    found = [rarity(word) for form in own for word in form.split()]
    if any(r is not None for r in found):
        unknown = [UNHELD for r, form in zip(found, own, strict=False) if r is None and not is_soft(form)]
        weight = max(LEAST, *(r for r in found if r is not None), *unknown)
    else:
        others = [
            max(rare)
            for form in alike[:LIKES]
            if (rare := [r for w in form.split() if (r := rarity(w)) is not None])
        ]
        weight = max(UNHELD, min(others)) if others else 1.0
    return min(1.0, weight) * (SOFT if soft else 1.0)


def rarity_of(find: Callable[[str, Language], float | None]) -> Rarity:
    """Rarity of a word in whichever language's documents know it; the rarer view does not count."""

    def rarity(word: str) -> float | None:
        low = word.lower()
        found = [r for language in ("ko", "en") if (r := find(stem(low), language)) is not None]
        return min(found) if found else None

    return rarity
