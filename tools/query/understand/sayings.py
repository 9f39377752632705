"""What a catalog's things are called and how they are described, by the content words that have to be said.

An idea of the glossary that the catalog holds has its names and descriptions; a variable, cohort, table or
team has its own names. Nothing is compared here: ``said_in`` finds what is said whole in a text, in whatever
inflection and order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.glossary.glossary import Term
from knowledge.lemmas import Lemma, forms, lemmas, without_people
from knowledge.text import Language
from tools.query.understand.lexicon import ALIAS, Lexicon, Sense

MOST_NAMES = 60  # names of the catalog that are looked at for one word
_ENDINGS = ("", "e", "s", "es", "ing", "ed", "er", "ers", "d", "ness")
_OWN_KINDS = frozenset(("variable", "cohort", "table", "team"))


@dataclass(frozen=True, slots=True)
class Saying:
    """``core``: the words that have to be said. ``bag``: those that may be said beside them, being said of
    the same thing elsewhere. ``meant``: what it is called."""

    core: frozenset[str]
    bag: frozenset[str]
    senses: tuple[Sense, ...]
    meant: str
    ideas: tuple[str, ...] = ()


class Sayings:
    """The sayings of one catalog version; those of the glossary's ideas are gathered when first asked for."""

    def __init__(self, lexicon: Lexicon, terms: Sequence[Term]) -> None:
        self._lexicon, self._terms = lexicon, terms
        self._content = lru_cache(maxsize=4096)(content)

    def said_in(
        self, spoken: Sequence[Lemma], about: Collection[str], language: Language
    ) -> Iterator[Saying]:
        """The sayings with all their words among those spoken and one of ``about`` in their core or bag."""
        said = frozenset(one.form for one in spoken)
        yield from self._ideas(said, about, language)
        yield from self._own(said, about)

    def _ideas(self, said: frozenset[str], about: Collection[str], language: Language) -> Iterator[Saying]:
        known = self._korean if language == "ko" else self._english
        met = {core for word in said for core in known.get(word, ()) if core.core <= said}
        for saying in met:
            if any(word in saying.core or word in saying.bag for word in about):
                yield saying

    @cached_property
    def _korean(self) -> Mapping[str, tuple[Saying, ...]]:
        return self._known("ko")

    @cached_property
    def _english(self) -> Mapping[str, tuple[Saying, ...]]:
        return self._known("en")

    def _known(self, language: Language) -> Mapping[str, tuple[Saying, ...]]:
        """The sayings of the ideas that the catalog holds, by each word of their cores."""
        cores: dict[frozenset[str], list[Term]] = defaultdict(list)
        bags: dict[str, frozenset[str]] = {}
        senses: dict[str, tuple[Sense, ...]] = {}
        for term in self._terms:
            if named := self._named(term):
                mine = self._cores_of(term, language)
                senses[term.id], bags[term.id] = named, frozenset().union(*mine)
                for core in mine:
                    cores[core].append(term)
        found: dict[str, list[Saying]] = defaultdict(list)
        for core, bearers in cores.items():
            saying = Saying(
                core,
                frozenset.intersection(*(bags[term.id] for term in bearers)),
                tuple(dict.fromkeys(s for term in bearers for s in senses[term.id])),
                (bearers[0].ko if language == "ko" else bearers[0].en)[0],
                tuple(term.id for term in bearers),
            )
            for word in core:
                found[word].append(saying)
        return {word: tuple(sayings) for word, sayings in found.items()}

    def _named(self, term: Term) -> tuple[Sense, ...]:
        """What an idea is in the catalog, themes of datasets and other values aside."""
        return tuple(sense for sense in self._lexicon.of_idea(term) if sense.kind != "value")

    def _cores_of(self, term: Term, language: Language) -> set[frozenset[str]]:
        names = self._lexicon.ideas.sure_names(term)
        own = [name for name in names if name in (term.ko if language == "ko" else term.en)]
        cores = {core for name in own for core in content(name)}
        described = self._lexicon.descriptions.of(term, language)
        return cores | {core for core in described if len(core) > 1}

    def _own(self, said: frozenset[str], about: Collection[str]) -> Iterator[Saying]:
        seen: set[tuple[str, str, str]] = set()
        for word in about:
            for ending in _ENDINGS if word.isascii() else ("",):
                for surface in self._lexicon.surfaces().holding(word + ending, MOST_NAMES):
                    place = (surface.kind, surface.id, surface.text)
                    if surface.kind not in _OWN_KINDS or place in seen:
                        continue
                    seen.add(place)
                    for core in self._content(surface.text):
                        if core <= said:
                            sense = Sense(surface.kind, (surface.id,), ALIAS)  # type: ignore[arg-type]
                            yield Saying(core, core, (sense,), surface.text)


def content(text: str) -> tuple[frozenset[str], ...]:
    """The words that have to be said for a name to be said: as the analyser cuts Korean nouns, and whole."""
    found = []
    for compounds in (False, True):
        bare = [one for one in without_people(lemmas(text, compounds)) if not one.idle]
        if bare:
            found.append(forms(bare))
    return tuple(dict.fromkeys(found))
