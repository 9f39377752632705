"""Variables of one concept: which are the same under other names, and which are told apart."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from knowledge.catalog.read import Catalog, Variable
from tools.query.understand.words import key

ALIKE = 85  # of 100


class Kin:
    """Variables that are the same thing under other names: they share a concept and a condition."""

    def __init__(self, catalog: Catalog) -> None:
        self._named = catalog.variables_by_name
        self._carried = catalog.variables_by_concept
        self._found: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}

    def widened(self, names: tuple[str, ...], phrase: str, literal: bool = True) -> tuple[str, ...]:
        """``names``, and for each dataset that has none of them, its variables of the same concepts; under
        the same condition where the phrase names it. An identifier, ``literal`` where it is written as one,
        means itself."""
        if literal and len(names) == 1 and "_" in names[0] and key(names[0]) == phrase:
            return names
        if (names, phrase) not in self._found:
            self._found[names, phrase] = self._widened(names, phrase)
        return self._found[names, phrase]

    def told_apart(self, names: tuple[str, ...], having: tuple[str, ...]) -> tuple[str, ...]:
        places = {v.dataset for name in having for v in self._named.get(name, ())}

        def beside(name: str) -> bool:
            return all(v.dataset in places for v in self._named.get(name, ()))

        return tuple(name for name in names if name in having or not beside(name))

    def _widened(self, names: tuple[str, ...], phrase: str) -> tuple[str, ...]:
        wanted = set(names)
        own = [v for name in names for v in self._named.get(name, ())]
        there = {v.dataset for v in own}
        kinds = {(v.concept, v.modifier) for v in own if v.concept}
        if not kinds or any(v.concept is None for v in own):
            return names
        more = {
            v.name: None
            for concept, modifier in sorted(kinds, key=str)
            for v in self._carried.get(concept, ())
            if (v.modifier in (None, modifier) or not _told(modifier, phrase))
            and v.dataset not in there and v.name not in wanted
            and (_says(v, phrase) or any(_alike(v, other) for other in own))
        }
        return (*names, *more)


def _alike(one: Variable, other: Variable) -> bool:
    """Whether two variables are labelled almost alike in a language that both have."""
    pairs = ((one.label_en, other.label_en), (one.label_ko, other.label_ko))
    told = [(a.lower(), b.lower()) for a, b in pairs if a and b]
    return any(fuzz.token_set_ratio(a, b) >= ALIKE for a, b in told)


def _says(variable: Variable, phrase: str) -> bool:
    """Whether a name of a variable has the phrase in it: two scores may share a concept and not be one."""
    names = (variable.label_en, variable.label_ko, *variable.aliases)
    return any(phrase in key(name) for name in names if name)


def _told(modifier: str | None, phrase: str) -> bool:
    """Whether a phrase key speaks of a condition ("postbdfev1" of "post-bronchodilator")."""
    pieces = (key(piece) for piece in re.split(r"[\W_]+", modifier or ""))
    return any(piece[:4] in phrase for piece in pieces if len(piece) > 1)
