"""Ids that look like one that does not exist, for the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from knowledge.text import Language

MOST = 3
CLOSE = 55


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """At most three of ``known``, the most alike first; empty when none is close."""
    found = process.extract(
        word.lower(), {k: k.lower() for k in known}, scorer=fuzz.WRatio, score_cutoff=CLOSE, limit=MOST
    )
    return [key for _, _, key in found]


def did_you_mean(word: str, known: Iterable[str]) -> dict[Language, str]:
    """What to do about an unknown id, in both languages."""
    near = nearest(word, list(known))
    if not near:
        return {"ko": "카탈로그에 있는 식별자를 쓰십시오.", "en": "Use an identifier of the catalog."}
    names = ", ".join(f"'{name}'" for name in near)
    return {"ko": f"가까운 이름: {names}.", "en": f"Did you mean {names}?"}
