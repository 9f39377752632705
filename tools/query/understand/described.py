"""Ideas that a question describes instead of naming them: "trouble swallowing" for dysphagia.

A description is met where all its content words stand in one stretch and no others between them, in whatever
inflection and order; only words that say how much or how often may be left out. What is described is what the
glossary's idea is in the catalog: descriptions of ideas that it does not hold are not looked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.glossary.glossary import Term
from knowledge.glossary.lay import load_descriptions
from knowledge.lemmas import Lemma, forms, lemmas, without_people
from knowledge.text import HANGUL, Language
from tools.query.understand.words import Word

MOST = 7  # content words of a description
_HOW = "how"
_ASKING = frozenset(("where", "when", "why", "who", "which", _HOW))
_INVERTED = re.compile(r"(?i)\s+(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would)\b")
_BRACKETED = re.compile(r"(?<=\S)\([^()]*\)")
_APART = re.compile(r"[,.;:?!()\[\]/]")
Key = frozenset[str]


@dataclass(frozen=True, slots=True)
class Described:
    """The words from ``first`` to before ``last`` describe one of the terms."""

    first: int
    last: int
    terms: tuple[Term, ...]


class Descriptions:
    """The descriptions of the ideas that a catalog holds, by their content words; made when first asked for,
    since the analyser takes a moment for each."""

    def __init__(self, terms: Sequence[Term], held: Callable[[Term], bool]) -> None:
        self._terms = terms
        self._held = held

    def within(self, question: str, found: Sequence[Word]) -> tuple[Described, ...]:
        """Every stretch of a question's words that describes an idea."""
        if not found:
            return ()
        korean = HANGUL.search(question) is not None
        known, vocabulary = self._korean if korean else self._english
        starts, ends = [word.start for word in found], [word.end for word in found]
        met: dict[tuple[int, int], tuple[Term, ...]] = {}
        for text, compounds in _readings(question, korean):
            spoken = lemmas(text, compounds)
            for first, last in _stretches(text, spoken, vocabulary):
                terms = _meant(spoken[first : last + 1], known)
                for end in _ends(text, spoken, last) if terms else ():
                    place = bisect_right(ends, spoken[first].start), bisect_left(starts, spoken[end].end)
                    if place[0] < place[1] and not _inside(question, found[place[0]].start):
                        met.setdefault(place, terms)
        return tuple(Described(first, last, terms) for (first, last), terms in met.items())

    def of(self, term: Term, language: Language) -> tuple[Key, ...]:
        """The content words of each description of an idea that the catalog holds."""
        return self._cores[language].get(term.id, ())

    @cached_property
    def _cores(self) -> Mapping[Language, Mapping[str, tuple[Key, ...]]]:
        found: dict[Language, dict[str, tuple[Key, ...]]] = {"ko": {}, "en": {}}
        languages: tuple[Language, Language] = ("ko", "en")
        for language in languages:
            for said, terms in (self._korean if language == "ko" else self._english)[0].items():
                for term in terms:
                    found[language][term.id] = (*found[language].get(term.id, ()), said)
        return found

    @cached_property
    def _korean(self) -> tuple[Mapping[Key, tuple[Term, ...]], frozenset[str]]:
        return self._indexed("ko")

    @cached_property
    def _english(self) -> tuple[Mapping[Key, tuple[Term, ...]], frozenset[str]]:
        return self._indexed("en")

    def _indexed(self, language: Language) -> tuple[Mapping[Key, tuple[Term, ...]], frozenset[str]]:
        said = load_descriptions()[language]
        known: dict[Key, dict[str, Term]] = {}
        for term in self._terms:
            if term.id in said and self._held(term):
                for phrase in said[term.id]:
                    for compounds in (False, True):
                        said_of = lemmas(phrase, compounds)
                        bare = without_people(said_of)
                        if len(bare) > 1 or len(said_of) == 1:
                            known.setdefault(forms(bare), {})[term.id] = term
        known.pop(frozenset(), None)
        words = frozenset(word for key in known for word in key)
        return {key: tuple(terms.values()) for key, terms in known.items()}, words


def _inside(question: str, start: int) -> bool:
    """Whether a word is the end of a compound."""
    return question[max(0, start - 1) : start].isalnum()


def _readings(question: str, korean: bool) -> Iterator[tuple[str, bool]]:
    """The text, and the same without what is explained in brackets, each with Korean nouns as the analyser
    cuts them and as they are written."""
    bare = _BRACKETED.sub(lambda match: " " * len(match[0]), question)
    for text in dict.fromkeys((question, bare)):
        yield text, False
        if korean:
            yield text, True


def _meant(said: Sequence[Lemma], known: Mapping[Key, tuple[Term, ...]]) -> tuple[Term, ...]:
    """The terms of which the words are a description, as they stand or without the idle ones between."""
    whole = known.get(forms(said))
    if whole is not None or len(said) < 3:
        return whole or ()
    return known.get(forms((said[0], *(one for one in said[1:-1] if not one.idle), said[-1])), ())


def _asked(question: str, spoken: Sequence[Lemma], first: int, last: int) -> bool:
    """Whether a stretch begins with a word by which the question itself asks: "where is the tumour" is not
    "where the tumour is", and "how is pain" no "how painful"."""
    if last == first or spoken[first].form not in _ASKING:
        return spoken[first].form in _ASKING
    between = question[spoken[first].end : spoken[first + 1].start]
    if _INVERTED.match(between):
        return True
    return spoken[first].form == _HOW and last - first < 2 and not between.isspace()


def _ends(question: str, spoken: Sequence[Lemma], last: int) -> tuple[int, ...]:
    """Where a description may end: a word may follow that adds nothing to it ("어지러운 증상")."""
    following = spoken[last + 1] if last + 1 < len(spoken) else None
    if following is None or not following.general:
        return (last,)
    return (last,) if _APART.search(question, spoken[last].end, following.start) else (last, last + 1)


def _stretches(
    question: str, spoken: Sequence[Lemma], vocabulary: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """(first, last) of the runs of words that all stand in descriptions, or are idle."""
    for first, start in enumerate(spoken):
        if start.form not in vocabulary:
            continue
        for last in range(first, min(len(spoken), first + MOST)):
            one = spoken[last]
            if one.form not in vocabulary and not one.idle:
                break
            if last > first and _APART.search(question, spoken[last - 1].end, one.start):
                break
            if one.form in vocabulary and not _asked(question, spoken, first, last):
                yield first, last

