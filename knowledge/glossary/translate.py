"""Which glossary terms a text names, and what they are called in the other language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.glossary.glossary import Term
from knowledge.text import HANGUL, language_of, normalize, stem

LONGEST = 4000  # characters of a text that are read
SHORT = 3  # letters of a name whose plural counts only behind capitals ("IRBs")
PLURAL = (1, 2)  # how much longer a plural may be
TELLING = 4  # letters that most names differ in from each other
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
    names = _names_of(tuple(terms))
    places = [at for at, char in enumerate(text[:LONGEST]) if not _GAP.match(char)]
    bare = "".join(text[at].lower()[:1] for at in places)
    found: list[Mention] = []
    at = 0
    while at < len(bare):
        for size in names.sizes_at(bare, at):
            if size > len(bare) - at:
                continue
            start, end = places[at], places[at + size - 1] + 1
            owners = names.owners_of(bare[at : at + size], text[start:end])
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
    if not gaps or HANGUL.search(found):
        return True
    bare = _bare(found)
    names = (name for term in owners for name in term.names if {bare, stem(bare)} & set(_forms(name)))
    return any(_GAP.search(name) for name in names)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    name = text[start:end]
    if HANGUL.match(name[0]):
        return len(name) > 3 or not HANGUL.match(before)
    latin_end = name[-1].isascii() and name[-1].isalnum()
    return not (before.isascii() and before.isalnum()) and not (
        latin_end and after.isascii() and after.isalnum()
    )


def _bare(name: str) -> str:
    return _GAP.sub("", name.lower())


def _forms(name: str) -> tuple[str, ...]:
    """How a name may stand in a text: as it is, and without its plural. The s of "AIDS" is no plural."""
    bare = _bare(name)
    return (bare,) if name.isupper() else tuple(dict.fromkeys((bare, stem(bare))))


@dataclass(frozen=True, slots=True)
class _Names:
    """Forms of names to their terms; ``sizes``: what names begin with, two letters of short ones and
    ``TELLING`` of others, to how long they may be, longest first."""

    owners: Mapping[str, tuple[Term, ...]]
    sizes: Mapping[str, tuple[int, ...]]

    def sizes_at(self, bare: str, at: int) -> Sequence[int]:
        """How long a name that begins at a place of a text may be, longest first."""
        long = self.sizes.get(bare[at : at + TELLING], ())
        short = self.sizes.get(bare[at : at + 2], ())
        return sorted({*long, *short}, reverse=True) if long and short else long or short

    def owners_of(self, bare: str, written: str) -> tuple[Term, ...]:
        """The terms of a form. Where it could be an everyday word, it has to be written as it is in names:
        "BE" is an abbreviation, "be" is not, and "this" is no plural of one."""
        if len(bare) == 2 and written.isascii() and not written.isupper():
            return ()
        found = self.owners.get(bare, ())
        if found or bare[-1] != "s":  # no plural; most that is looked up is neither
            return found
        single = stem(bare)
        plural = len(single) > SHORT or written[: len(single)].isupper()
        return self.owners.get(single, ()) if plural else ()


_held: dict[int, tuple[tuple[Term, ...], _Names]] = {}


def _names_of(terms: tuple[Term, ...]) -> _Names:
    """The names of ``terms``, remembered for the very tuple: to hash thousands of terms takes longer than to
    read a question."""
    found = _held.get(id(terms))
    if found is None or found[0] is not terms:
        if len(_held) >= 8:
            _held.clear()
        found = _held[id(terms)] = (terms, _names(terms))
    return found[1]


@lru_cache(maxsize=8)
def _names(terms: tuple[Term, ...]) -> _Names:
    owners: dict[str, dict[str, Term]] = {}
    sizes: dict[str, set[int]] = {}
    for term in terms:
        for form in (form for name in term.names for form in _forms(name) if len(form) > 1):
            owners.setdefault(form, {})[term.id] = term
            begin = form[:TELLING] if len(form) >= TELLING else form[:2]
            sizes.setdefault(begin, set()).update(len(form) + more for more in (0, *PLURAL))
    return _Names(
        {form: tuple(found.values()) for form, found in owners.items()},
        {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()},
    )
