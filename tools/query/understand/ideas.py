"""Which things of a catalog the glossary's ideas own, and names that stand for more than one idea.

A name may belong to two ideas ("신장": kidney, height). Through such a name an idea owns a thing only
where no other idea owns it more surely; and where a catalog holds things of both, the name alone does
not say which of them is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.glossary.glossary import Term
from tools.query.understand.words import key

Thing = tuple[str, str, str]  # kind, field, id
ABBREVIATION = 5  # letters
SURE = 3  # letters of a Latin name that are more than an abbreviation of much else
_PARENTHESIS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_COMMON = frozenset({"disease", "disorder", "test", "syndrome", "rate", "level", "of", "the", "and"})
_VALUE_TERM = "v_"
_WORD = re.compile(r"[^\W_]+")
_BEHIND = re.compile(
    r"(?i)[,:;/]|\b(?:of|at|in|on|during|for|by|with|after|before|per|to|within|from|since)\b"
)
_RECORDING_EN = (
    "score scale index level grade status stage class category total quality adequacy severity rating value"
    " result type code flag presence test assessment questionnaire measurement count amount volume"
)
_RECORDING_KO = (
    "점수 척도 지수 수치 등급 상태 단계 분류 총점 품질 적절성 중증도 정도 여부 유무 종류 유형 코드 검사 평가"
    " 설문 측정 결과 값 양"
)
_RECORDING = frozenset(f"{_RECORDING_EN} {_RECORDING_KO}".split())


@dataclass(frozen=True, slots=True)
class Idea:
    """One meaning of a name: what it is called in either language, and the (kind, id) that it owns."""

    en: str
    ko: str
    things: frozenset[tuple[str, str]]


class Ideas:
    """Built once per catalog version: ``found`` gives the things that a phrase key names in the catalog
    itself, ``within`` those whose names have a text in them."""

    def __init__(
        self,
        terms: Sequence[Term],
        found: Callable[[str], Iterable[Thing]],
        within: Callable[[str], Iterable[Thing]],
    ) -> None:
        self._within = within
        self._terms = {term.id: term for term in terms}
        self.phrases: dict[str, tuple[str, ...]] = {term.id: _phrases(term) for term in terms}
        self._bearers: dict[str, list[Term]] = defaultdict(list)
        for term in terms:
            for phrase in self.phrases[term.id]:
                self._bearers[phrase].append(term)
        self.owned = self._owned(terms, found)
        self._meanings: dict[str, tuple[Idea, ...]] = {}

    def meanings(self, phrase: str) -> tuple[Idea, ...]:
        """The ideas of a phrase key that the catalog holds, where the phrase stands for two or more in the
        glossary; else none."""
        bearers = self._bearers.get(phrase, ())
        if len(bearers) < 2:
            return ()
        if phrase not in self._meanings:
            self._meanings[phrase] = self._told_apart(phrase, bearers)
        return self._meanings[phrase]

    def term(self, id: str) -> Term:
        """The term of an id that is one of the glossary's."""
        return self._terms[id]

    def named(self, phrase: str) -> tuple[Term, ...]:
        """The terms that bear a phrase key."""
        return tuple(self._bearers.get(phrase, ()))

    def owners(self, thing: Thing) -> tuple[str, ...]:
        """The ids of the terms that own a thing."""
        return self._owners.get(thing, ())

    @cached_property
    def _owners(self) -> Mapping[Thing, tuple[str, ...]]:
        found: dict[Thing, list[str]] = defaultdict(list)
        for id, things in self.owned.items():
            for thing in things:
                found[thing].append(id)
        return {thing: tuple(ids) for thing, ids in found.items()}

    def sure_names(self, term: Term) -> tuple[str, ...]:
        """The names of a term that are no other's, and no mere abbreviation."""
        return tuple(name for name in term.names if self._sure(key(name)))

    def _owned(
        self, terms: Sequence[Term], found: Callable[[str], Iterable[Thing]]
    ) -> Mapping[str, tuple[Thing, ...]]:
        via: dict[str, dict[Thing, set[str]]] = {}
        surely: dict[Thing, set[str]] = defaultdict(set)
        for term in terms:
            mine: dict[Thing, set[str]] = defaultdict(set)
            for phrase in self.phrases[term.id]:
                for thing in found(phrase):
                    mine[thing].add(phrase)
            via[term.id] = mine
            for thing, phrases in mine.items():
                if any(self._sure(phrase) for phrase in phrases):
                    surely[thing].add(term.id)
        return {
            id: tuple(t for t in mine if id in surely[t] or not surely[t])
            for id, mine in via.items()
        }

    def _sure(self, phrase: str) -> bool:
        return len(self._bearers[phrase]) == 1 and (not phrase.isascii() or len(phrase) >= SURE)

    def _told_apart(self, phrase: str, bearers: Sequence[Term]) -> tuple[Idea, ...]:
        """Ideas that share nothing; those of one family are one idea."""
        bearers = [term for term in bearers if not term.id.startswith(_VALUE_TERM)]
        short = phrase.isascii() and len(phrase) <= ABBREVIATION
        if not short and len({term.domain for term in bearers}) < 2:
            return ()
        ideas: list[tuple[list[Term], set[tuple[str, str]]]] = []
        for term in bearers:
            things = self._things(term)
            if not things:
                continue
            kin = next((i for i in ideas if i[1] & things or _akin(term, i[0][0])), None)
            if kin is None:
                ideas.append(([term], things))
            else:
                kin[0].append(term)
                kin[1].update(things)
        return tuple(
            Idea(_other_name(terms[0].en, phrase), _other_name(terms[0].ko, phrase), frozenset(things))
            for terms, things in ideas
        )

    def _things(self, term: Term) -> set[tuple[str, str]]:
        things = {(kind, id) for kind, _, id in self.owned[term.id]}
        for name in self.sure_names(term):
            things |= {(kind, id) for kind, _, id in self._within(name)}
        return things


def is_kind_of(longer: str, name: str) -> bool:
    """Whether what is called by the longer name is a kind of what the name stands for, or tells how it is:
    names end in what they are, words for a way of recording aside ("bowel preparation quality score")."""
    words = _WORD.findall(_BEHIND.split(_PARENTHESIS.sub(" ", longer))[0])
    while words and words[-1].lower() in _RECORDING:
        words.pop()
    wanted = key(name)
    if not name.isascii():
        return any(run.endswith(wanted) for run in _endless(key("".join(words))))
    return any(key(" ".join(words[i:])) == wanted for i in range(len(words)))


def _endless(run: str) -> Iterable[str]:
    """A Korean name, and the same without a word for a way of recording at its end."""
    yield run
    yield from (run.removesuffix(end) for end in _RECORDING if run.endswith(end) and len(run) > len(end) + 1)


def _phrases(term: Term) -> tuple[str, ...]:
    names = [*term.names, *term.codes]
    keys = (k for name in names for k in (key(name), key(_PARENTHESIS.sub(" ", name))))
    return tuple(dict.fromkeys(k for k in keys if len(k) > 1 or (k and not k.isascii())))


def _akin(one: Term, other: Term) -> bool:
    """Whether the names of two terms share a telling word ("oral disease", "oral cavity")."""
    words = [set(re.findall(r"[a-z]+", term.en[0].lower())) - _COMMON for term in (one, other)]
    return bool(words[0] & words[1])


def _other_name(names: Sequence[str], phrase: str) -> str:
    """The first name that is not the phrase itself, with or without a note in parentheses."""
    others = (name for name in names if phrase not in {key(name), key(_PARENTHESIS.sub(" ", name))})
    return next(others, names[0])
