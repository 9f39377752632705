"""What a question's words can mean in one catalog: names, labels, aliases, codes, and parts of them.

Built from a ``Catalog`` and the glossary when a catalog version is opened. Nothing is decided
here: a stretch of words has as many senses as there are kinds of thing that carry the name, and
within a kind as many ids as carry it at the best tier.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, cast

from knowledge.catalog.read import Catalog
from knowledge.glossary.glossary import Term
from tools.query.understand.catalog_names import PARENTHESIS, initials_in, names_in
from tools.query.understand.described import Descriptions
from tools.query.understand.ideas import Ideas, is_kind_of
from tools.query.understand.kin import Kin
from tools.query.understand.senses import (
    ALIAS,
    FULL,
    GLOSSARY,
    INITIALS,
    PART,
    SHORT,
    Kind,
    Sense,
)
from tools.query.understand.surfaces import Surface, Surfaces
from tools.query.understand.title_translation import english_for
from tools.query.understand.words import PARTICLES, key

__all__ = ["ALIAS", "FULL", "GLOSSARY", "INITIALS", "PART", "SHORT", "Kind", "Lexicon", "Sense"]

MAX_PART = 400
MAX_NOUN, MAX_ENDING = 6, 3  # syllables of a noun made of a verb; letters behind the verb's stem
_NOUN_ENDS = ("이", "기", "음", "림", "참", "움", "함")
_HANGUL = re.compile(r"[가-힣]+")
_TOPICAL = frozenset({"dataset", "cohort", "table", "variable"})
_TUMOUR = re.compile(r"C\d\d")
_POSITIVE = ("positive", "양성")  # also written with a plus sign


class _Naming(NamedTuple):
    """That a phrase names a thing, and how surely."""

    kind: Kind
    field: str
    tier: int
    id: str


class Lexicon:
    """Names of one catalog version. Safe to share between threads once built."""

    def __init__(self, catalog: Catalog, terms: Sequence[Term] = (), generic: Sequence[str] = ()) -> None:
        """``generic`` are the words for a hospital that its short name goes without."""
        # Most phrases name one thing, and a million variables have millions of them: one tuple each, shared
        # by the names of a thing; only a phrase of many things has an ordered set of them.
        self._exact: dict[str, _Naming | dict[_Naming, None]] = {}
        self._last: _Naming | None = None
        self._nouns: list[tuple[str, str]] | None = None
        self._surfaces = Surfaces()
        self._within = lru_cache(maxsize=4096)(self._surfaces.holding)
        self.tokens: set[str] = set()  # the Korean words that names are made of
        self._kin = Kin(catalog)
        self._owned: dict[str, set[str]] = {h.hospital: set() for h in catalog.hospitals}
        for dataset in catalog.datasets:
            self._owned.setdefault(dataset.hospital or "", set()).add(dataset.dataset)
        self._coded = {c.cohort: [x.rpartition(":")[2] for x in c.codes] for c in catalog.cohorts if c.codes}
        seen: set[tuple[str, str, str, str]] = set()
        owners: dict[str, None] = {}
        for name in names_in(catalog, sorted(generic, key=len, reverse=True)):
            self._add(seen, *name)
            if name[0] == "hospital" and len(name[2] or "") > 1 and _HANGUL.fullmatch(name[2] or ""):
                owners[str(name[2])] = None
        del seen
        longest_first = "|".join(sorted(owners, key=len, reverse=True))
        self._owners = re.compile(rf"(?<![가-힣])(?P<name>{longest_first})[가-힣]{{2,}}") if owners else None
        self.ideas = Ideas(terms, self._named_things, self._things_within)
        for term in terms:
            self._spread(term)
        for letters, cohort in initials_in(catalog):
            if letters not in self._exact:
                self._store(letters, "cohort", INITIALS, cohort, SHORT)
        self.longest = max(map(len, self._exact), default=0)
        self.descriptions = Descriptions(terms, lambda term: bool(self.of_idea(term)))

    def senses(self, phrase: str, *, literal: bool = True) -> tuple[Sense, ...]:
        """Senses of a phrase key that is a whole name; ``literal`` where it may be an identifier itself."""
        senses = (_sense(kind, field, tiers) for (kind, field), tiers in self._named(phrase).items())
        return tuple(
            replace(s, ids=self._kin.widened(s.ids, phrase, literal)) if s.kind == "variable" else s
            for s in senses
        )

    def parts(self, text: str, *, together: bool = False) -> tuple[Sense, ...]:
        """Senses of text that is part of longer names: every Latin word and Hangul stretch stands in them;
        ``together``, one behind the other as in the text."""
        groups: dict[tuple[Kind, str], dict[str, None]] = {}
        for surface in self._within(text, MAX_PART):
            if not together or key(text) in surface.key:
                groups.setdefault((cast(Kind, surface.kind), surface.field), {})[surface.id] = None
        return tuple(Sense(kind, tuple(ids), PART, field) for (kind, field), ids in groups.items())

    def apart(self, text: str) -> str:
        """The text with Korean names of hospitals set apart from what is written onto them."""

        def parted(match: re.Match[str]) -> str:
            run, name = match[0], match["name"]
            rest = run[len(name) :]
            bare = [run, *(run.removesuffix(p) for p in PARTICLES if run.endswith(p))]
            whole = any(b.startswith(name) and len(b) > len(name) and self.parts(b) for b in bare)
            whole = whole or any(run[:end] in self._exact for end in range(len(name) + 1, len(run) + 1))
            return run if whole or rest in PARTICLES else f"{name} {rest}"

        return self._owners.sub(parted, text) if self._owners is not None else text

    def told_apart(self, names: tuple[str, ...], having: tuple[str, ...]) -> tuple[str, ...]:
        """Names of variables without those that stand beside one of ``having`` wherever they are: of a value
        before and one after surgery, "after surgery" means one."""
        return self._kin.told_apart(names, having)

    def names_hospital(self, text: str) -> bool:
        """Whether a text is the name of a hospital, in full or in short."""
        return any(sense.kind == "hospital" for sense in self.senses(key(text)))

    def deverbal(self, phrase: str) -> tuple[Sense, ...]:
        """Senses of the one name that a Korean noun and the stem of its verb begin: "코 고" of "코골이"."""
        if self._nouns is None:
            self._nouns = sorted(
                (unicodedata.normalize("NFD", k), k) for k in self._exact
                if len(k) <= MAX_NOUN and k[-1:] in _NOUN_ENDS and _HANGUL.fullmatch(k)
            )
        start = unicodedata.normalize("NFD", phrase)
        first = bisect_left(self._nouns, (start, ""))
        found = []
        for letters, name in self._nouns[first : first + MAX_PART]:
            if not letters.startswith(start):
                break
            found += [name] if len(letters) - len(start) <= MAX_ENDING else []
        senses = [self.senses(name) for name in found]
        named = {(s.kind, s.ids) for group in senses for s in group if s.kind == "variable"}
        return senses[0] if len(named) == 1 else ()

    def topics(self, text: str) -> tuple[Sense, ...]:
        """Senses of a topic by the glossary's other names for it: things whose names have one of these."""
        groups: dict[tuple[Kind, str], dict[str, None]] = {}
        for term in self.ideas.named(key(text)):
            for name in term.names:
                for sense in self.parts(name):
                    if sense.kind in _TOPICAL:
                        groups.setdefault((sense.kind, sense.field), {}).update(dict.fromkeys(sense.ids))
        return tuple(Sense(kind, tuple(ids), PART, field) for (kind, field), ids in groups.items())

    def narrower(self, phrase: str) -> tuple[Sense, ...]:
        """Cohorts of a kind of the tumour that a phrase key names: "liver cancer" (C22) where hepatocellular
        carcinoma (C22.0) is counted. Of other diseases a longer code is as often a complication."""
        terms = self.ideas.named(phrase)
        if any(kind == "cohort" for term in terms for kind, _, _ in self.ideas.owned[term.id]):
            return ()
        wide = tuple(f"{code}." for term in terms for code in term.codes if _TUMOUR.fullmatch(code))
        found = tuple(id for id, codes in self._coded.items() if all(c.startswith(wide) for c in codes))
        return (Sense("cohort", found, PART),) if wide and found else ()

    def of_idea(self, term: Term) -> tuple[Sense, ...]:
        """Senses of a glossary's idea: what it owns in the catalog, else the variables or the one cohort that
        are called a kind of it and are no other idea's ("sedation grade", and no "time to sedation"); and the
        teams that work on it."""
        groups: dict[tuple[Kind, str], dict[str, None]] = {}
        for kind, field, id in self.ideas.owned[term.id]:
            groups.setdefault((cast(Kind, kind), field), {})[id] = None
        tier = GLOSSARY if groups else PART
        kinds: dict[str, dict[str, None]] = {"variable": {}, "cohort": {}, "team": {}}
        for surface, name in self._holding_name_of(term):
            own = (surface.kind, surface.field, surface.id)
            if surface.kind == "team" or (is_kind_of(surface.text, name) and not self.ideas.owners(own)):
                kinds[surface.kind][surface.id] = None
        if len(kinds["cohort"]) > 1:
            kinds["cohort"] = {}
        told = [Sense(kind, tuple(ids), tier, field) for (kind, field), ids in groups.items()]
        more = [
            Sense(cast(Kind, kind), tuple(ids), PART)
            for kind, ids in kinds.items() if ids and (kind == "team" or not groups)
        ]
        return (*told, *more)

    def _holding_name_of(self, term: Term) -> Iterator[tuple[Surface, str]]:
        for name in self.ideas.sure_names(term):
            for surface in self._within(name, MAX_PART):
                if surface.kind in {"variable", "cohort", "team"}:
                    yield surface, name

    def titled_in_words(self, text: str) -> tuple[str, ...]:
        """The datasets whose titles have each word of a Korean text in them, or a word of either language
        that says the same."""
        found: set[str] | None = None
        for word in text.split():
            ids = self._with_word(word)
            for cut in range(2, len(word) - 1) if not ids else ():
                ids |= self._with_word(word[:cut]) & self._with_word(word[cut:])
            found = ids if found is None else found & ids
            if not found:
                return ()
        return tuple(sorted(found or ()))

    def _with_word(self, word: str) -> set[str]:
        said = [s for name in english_for(word) for s in self.parts(name)]
        senses = (*self.parts(word), *self.topics(word), *said)
        owners = {id for s in self.senses(key(word)) if s.kind == "hospital" for id in s.ids}
        found = {id for s in senses if s.kind == "dataset" for id in s.ids}
        return found.union(*(self._owned[owner] for owner in owners))

    def surfaces(self) -> Surfaces:
        """Every name kept whole, for finding the nearest one to a word that is not there."""
        return self._surfaces

    def _add(
        self,
        seen: set[tuple[str, str, str, str]],
        kind: Kind,
        id: str,
        text: str | None,
        tier: int,
        field: str = "",
    ) -> None:
        whole = key(text) if text else ""
        if not text or not whole:
            return
        self._put(whole, kind, field, id, tier)
        if kind != "value":
            self.tokens.update(token for token in text.split() if _HANGUL.fullmatch(token) and len(token) > 1)
        short = PARENTHESIS.sub(" ", text).strip()
        if short and short != text:
            self._put(key(short), kind, field, id, max(tier, SHORT))
            for inner in re.findall(r"[(\[（]([^)\]）]+)[)\]）]", text):
                self._put(key(inner), kind, field, id, max(tier, SHORT))
        # Short forms are made up from names and generic words; parts of them would name everything.
        if (kind, field, id, whole) in seen or tier == SHORT:
            return
        seen.add((kind, field, id, whole))
        self._surfaces.add(Surface(kind, field, id, whole, text))

    def _put(self, phrase: str, kind: Kind, field: str, id: str, tier: int) -> None:
        if not phrase:
            return
        for marker in _POSITIVE:
            if phrase.endswith(marker) and len(phrase) > len(marker) + 1:
                self._store(phrase.removesuffix(marker) + "+", kind, field, id, tier)
        self._store(phrase, kind, field, id, tier)

    def _store(self, phrase: str, kind: Kind, field: str, id: str, tier: int) -> None:
        naming = _Naming(kind, field, tier, id)
        if naming == self._last:
            naming = self._last
        self._last = naming
        found = self._exact.setdefault(phrase, naming)
        if isinstance(found, dict):
            found[naming] = None
        elif found != naming:
            self._exact[phrase] = {found: None, naming: None}

    def _named(self, phrase: str) -> dict[tuple[Kind, str], dict[int, dict[str, None]]]:
        """What a phrase key names: by kind and field, by tier, the ids in order."""
        found = self._exact.get(phrase)
        namings = () if found is None else found if isinstance(found, dict) else (found,)
        groups: dict[tuple[Kind, str], dict[int, dict[str, None]]] = {}
        for kind, field, tier, id in namings:
            groups.setdefault((kind, field), {}).setdefault(tier, {})[id] = None
        return groups

    def _named_things(self, phrase: str) -> Iterator[tuple[str, str, str]]:
        """What a phrase key names by the catalog's own names, research teams aside."""
        for (kind, field), tiers in self._named(phrase).items():
            if kind != "team" and min(tiers) < GLOSSARY:
                yield from ((kind, field, id) for id in _sense(kind, field, tiers).ids)

    def _things_within(self, text: str) -> Iterator[tuple[str, str, str]]:
        yield from ((s.kind, s.field, id) for s in self.parts(text) if s.kind != "team" for id in s.ids)

    def _spread(self, term: Term) -> None:
        """What any name of a glossary term means, its other names mean too."""
        for kind, field, id in self.ideas.owned[term.id]:
            for phrase in self.ideas.phrases[term.id]:
                self._put(phrase, kind, field, id, GLOSSARY)  # type: ignore[arg-type]


def _sense(kind: Kind, field: str, tiers: dict[int, dict[str, None]]) -> Sense:
    """The ids at the best tier. A variable's label and alias count alike: AFP is afp and afp_first."""
    best = min(tiers)
    ids = dict(tiers[best])
    if kind == "variable" and best == FULL:
        ids.update(tiers.get(ALIAS, {}))
    return Sense(kind, tuple(ids), best, field)
