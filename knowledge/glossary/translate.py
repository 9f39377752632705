"""Which glossary terms a text names, and what they are called in the other language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.glossary.glossary import Term
from knowledge.text import language_of, normalize

LONGEST = 4000  # characters of a text that are read
_HANGUL = re.compile(r"[가-힣]")
_GAP = re.compile(r"[\s\-]")


@dataclass(frozen=True, slots=True)
class Mention:
    """The terms that a stretch of a text may name; ``start`` and ``end`` are code points of the text
    given."""

    terms: tuple[Term, ...]
    start: int
    end: int


def find_terms(text: str, terms: Sequence[Term]) -> tuple[Mention, ...]:
    """The terms named in ``text``, in order, the longest name where names overlap. A name counts with any
    spacing; a Latin name as whole words with an optional plural, a Korean one of up to three syllables
    at a word's start."""
    names, longest = _names(tuple(terms))
    places = [at for at, char in enumerate(text[:LONGEST]) if not _GAP.match(char)]
    bare = [text[at].lower()[:1] for at in places]
    found: list[Mention] = []
    at = 0
    while at < len(bare):
        for size in range(min(longest + 1, len(bare) - at), 1, -1):
            owners = names.get(_singular("".join(bare[at : at + size])))
            start, end = places[at], places[at + size - 1] + 1
            if owners and size == 2 and not text[start:end].isupper() and text[start:end].isascii():
                owners = None  # "BE" is an abbreviation, "be" is not
            if owners and _spaced_alike(text[start:end], owners) and _stands_alone(text, start, end):
                found.append(Mention(owners, start, end))
                at += size
                break
        else:
            at += 1
    return tuple(found)


def translate(text: str, terms: Sequence[Term]) -> tuple[str, ...]:
    """Names in the language that ``text`` is not in, of the terms it names, without those that it holds
    itself."""
    asked = normalize(text)
    korean = language_of(asked) == "ko"
    here = asked.lower()
    meant = (term for mention in find_terms(asked, terms) for term in mention.terms)
    names = (name for term in meant for name in (term.en if korean else term.ko))
    return tuple(dict.fromkeys(name for name in names if name.lower() not in here))


def _spaced_alike(found: str, owners: Sequence[Term]) -> bool:
    """Whether a Latin name is written with the gaps that it has: "am I" is not "AMI", "FEV 1" is FEV1."""
    gaps = [
        m for m in re.finditer(r"\s+", found) if found[m.start() - 1].isalpha() and found[m.end()].isalpha()
    ]
    if not gaps or _HANGUL.search(found):
        return True
    bare = _singular(_GAP.sub("", found.lower()))
    names = (name for term in owners for name in term.names if _singular(_GAP.sub("", name.lower())) == bare)
    return any(_GAP.search(name) for name in names)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    name = text[start:end]
    if _HANGUL.match(name[0]):
        return len(name) > 3 or not _HANGUL.match(before)
    latin_end = name[-1].isascii() and name[-1].isalnum()
    return not (before.isascii() and before.isalnum()) and not (
        latin_end and after.isascii() and after.isalnum()
    )


def _singular(bare: str) -> str:
    return bare[:-1] if bare.endswith("s") and len(bare) > 3 else bare


@lru_cache(maxsize=8)
def _names(terms: tuple[Term, ...]) -> tuple[dict[str, tuple[Term, ...]], int]:
    owners: dict[str, list[Term]] = {}
    for term in terms:
        for name in term.names:
            bare = _singular(_GAP.sub("", name.lower()))
            if len(bare) > 1 and term not in owners.setdefault(bare, []):
                owners[bare].append(term)
    return {name: tuple(found) for name, found in owners.items()}, max(map(len, owners), default=0)
