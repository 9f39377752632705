"""What a question's words can mean in one catalog: names, labels, aliases, codes, and parts of them.

Built from a ``Catalog`` and the glossary when a catalog version is opened. Nothing is decided
here: a stretch of words has as many senses as there are kinds of thing that carry the name, and
within a kind as many ids as carry it at the best tier.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from rapidfuzz import fuzz

from knowledge.catalog.read import Catalog, Variable
from knowledge.glossary.glossary import Term
from tools.query.understand.ideas import Ideas
from tools.query.understand.surfaces import Surface, Surfaces
from tools.query.understand.words import PARTICLES, key

Kind = Literal["hospital", "dataset", "table", "variable", "concept", "cohort", "team", "value"]

# How a name was met, best first.
FULL, ALIAS, SHORT, GLOSSARY, PART = range(5)
MAX_PART = 400
MAX_NOUN, MAX_ENDING = 6, 3  # syllables of a noun made of a verb; letters behind the verb's stem
_NOUN_ENDS = ("이", "기", "음", "림", "참", "움", "함")
ALIKE = 85  # of 100
_PARENTHESIS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]\s*")
_SPELT = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "8": "eight", "10": "ten"}
_SMALL_NUMBER = re.compile(rf"(?<![\w.])(?:{'|'.join(_SPELT)})(?= [a-z])")
_HANGUL = re.compile(r"[가-힣]+")
_TOPICAL = frozenset({"dataset", "cohort", "table", "variable"})
_POSITIVE = ("positive", "양성")  # also written with a plus sign


@dataclass(frozen=True, slots=True)
class Sense:
    """One kind of thing that a stretch of words may name. ``field`` is given for values ("dataset.theme")."""

    kind: Kind
    ids: tuple[str, ...]
    tier: int
    field: str = ""


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
        self._kin = _Kin(catalog)
        seen: set[tuple[str, str, str, str]] = set()
        owners: dict[str, None] = {}
        for name in _names(catalog, sorted(generic, key=len, reverse=True)):
            self._add(seen, *name)
            if name[0] == "hospital" and len(name[2] or "") > 1 and _HANGUL.fullmatch(name[2] or ""):
                owners[str(name[2])] = None
        del seen
        longest_first = "|".join(sorted(owners, key=len, reverse=True))
        self._owners = re.compile(rf"(?<![가-힣])(?P<name>{longest_first})[가-힣]{{2,}}") if owners else None
        self.ideas = Ideas(terms, self._named_things, self._things_within)
        for term in terms:
            self._spread(term)
        self.longest = max(map(len, self._exact), default=0)

    def senses(self, phrase: str) -> tuple[Sense, ...]:
        """Senses of a phrase key that is a whole name."""
        senses = (_sense(kind, field, tiers) for (kind, field), tiers in self._named(phrase).items())
        return tuple(
            replace(s, ids=self._kin.widened(s.ids, phrase)) if s.kind == "variable" else s for s in senses
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
        short = _PARENTHESIS.sub(" ", text).strip()
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


class _Kin:
    """Variables that are the same thing under other names: they share a concept and a condition."""

    def __init__(self, catalog: Catalog) -> None:
        self._named = catalog.variables_by_name
        self._carried = catalog.variables_by_concept
        self._found: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}

    def widened(self, names: tuple[str, ...], phrase: str) -> tuple[str, ...]:
        """``names``, and for each dataset that has none of them, its variables of the same concepts; under
        the same condition where the phrase names it."""
        if (names, phrase) not in self._found:
            self._found[names, phrase] = self._widened(names, phrase)
        return self._found[names, phrase]

    def told_apart(self, names: tuple[str, ...], having: tuple[str, ...]) -> tuple[str, ...]:
        places = {v.dataset for name in having for v in self._named.get(name, ())}

        def beside(name: str) -> bool:
            return all(v.dataset in places for v in self._named.get(name, ()))

        return tuple(name for name in names if name in having or not beside(name))

    def _widened(self, names: tuple[str, ...], phrase: str) -> tuple[str, ...]:
        if len(names) == 1 and "_" in names[0] and key(names[0]) == phrase:
            return names  # an identifier means itself
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


def _sense(kind: Kind, field: str, tiers: dict[int, dict[str, None]]) -> Sense:
    """The ids at the best tier. A variable's label and alias count alike: CEA is cea and cea_pre."""
    best = min(tiers)
    ids = dict(tiers[best])
    if kind == "variable" and best == FULL:
        ids.update(tiers.get(ALIAS, {}))
    return Sense(kind, tuple(ids), best, field)


_TIMES = {"d": "days", "wk": "weeks", "mo": "months", "h": "hours", "min": "minutes", "s": "seconds"}
_VALUES = {
    "hospital": ("type", "region_en", "region_ko"),
    "dataset": ("theme", "update_frequency", "data_model", "access_level"),
    "variable": ("modifier", "type", "unit", "granularity"),
    "concept": ("code_system",),
}


def _names(
    catalog: Catalog, generic: Sequence[str]
) -> Iterable[tuple[Kind, str, str | None, int] | tuple[Kind, str, str | None, int, str]]:
    """(kind, id, name, tier[, field]) for every name in the catalog."""
    for hospital in catalog.hospitals:
        for text in (hospital.name_en, hospital.name_ko, hospital.hospital):
            yield "hospital", hospital.hospital, text, FULL
        own = [d for d in catalog.datasets if d.hospital == hospital.hospital]
        titles = [title for d in own for title in (d.title_en, d.title_ko) if title]
        for text in (hospital.name_en, hospital.name_ko):
            for short in (*_short_names(text, generic), *_first_words(text, titles, generic)):
                yield "hospital", hospital.hospital, short, SHORT
    for dataset in catalog.datasets:
        for text in (dataset.title_en, dataset.title_ko, dataset.dataset):
            yield "dataset", dataset.dataset, text, FULL
    # What is called alike in thousands of datasets is a name once.
    for name, en, ko in dict.fromkeys((t.table, t.title_en, t.title_ko) for t in catalog.tables):
        for text in (en, ko, name):
            yield "table", name, text, FULL
    variables = dict.fromkeys((v.name, v.label_en, v.label_ko, v.aliases) for v in catalog.variables)
    for name, label_en, label_ko, aliases in variables:
        for text in (name, label_en, label_ko):
            yield "variable", name, text, FULL
        for text in aliases:
            yield "variable", name, text, ALIAS
    for concept in catalog.concepts:
        carried = dict.fromkeys(v.name for v in catalog.variables_by_concept.get(concept.concept, ()))
        for tier, text in (
            (FULL, concept.name_en),
            (FULL, concept.name_ko),
            (FULL, concept.code),
            (FULL, concept.concept),
            *((ALIAS, synonym) for synonym in concept.synonyms),
        ):
            yield "concept", concept.concept, text, tier
            for name in carried:
                yield "variable", name, text, ALIAS
    for cohort in catalog.cohorts:
        for text in (cohort.name_en, cohort.name_ko, cohort.cohort):
            yield "cohort", cohort.cohort, text, FULL
        for code in cohort.codes:
            yield "cohort", cohort.cohort, code.rpartition(":")[2], SHORT
            yield "cohort", cohort.cohort, code, SHORT
    for team in catalog.teams:
        for text in (team.name_en, team.name_ko, team.team):
            yield "team", team.team, text, FULL
        for text in (*team.interests_en, *team.interests_ko, team.lead_role):
            yield "team", team.team, text, ALIAS
    yield from _values(catalog)
    yield from _times(catalog)


def _times(catalog: Catalog) -> Iterable[tuple[Kind, str, str | None, int, str]]:
    """Units of time as they are spoken of: "in days"."""
    for unit in dict.fromkeys(v.unit for v in catalog.variables if v.unit in _TIMES):
        yield "value", str(unit), f"in {_TIMES[str(unit)]}", FULL, "variable.unit"


def _values(catalog: Catalog) -> Iterable[tuple[Kind, str, str | None, int, str]]:
    rows = {
        "hospital": catalog.hospitals,
        "dataset": catalog.datasets,
        "variable": catalog.variables,
        "concept": catalog.concepts,
    }
    for owner, columns in _VALUES.items():
        for column in columns:
            for value in dict.fromkeys(getattr(row, column) for row in rows[owner]):
                if value is not None and len(key(value)) > 1 and not value.startswith("{"):
                    yield "value", value, value, FULL, f"{owner}.{column}"
                    if (spelt := _SMALL_NUMBER.sub(lambda m: _SPELT[m[0]], value)) != value:
                        yield "value", value, spelt, FULL, f"{owner}.{column}"  # "every two weeks"


def _first_words(text: str | None, titles: Sequence[str], generic: Sequence[str]) -> Iterable[str]:
    """What a hospital's name and the title of one of its datasets both begin with ("Saebit", "새빛")."""
    for title in titles:
        first = title.split()[0]
        if text and len(first) > 1 and text.lower().startswith(first.lower()):
            yield first
            yield from (f"{first} {word}" for word in generic)


def _short_names(text: str | None, generic: Sequence[str]) -> Iterable[str]:
    """A hospital's name without the generic words that end it, and its initials."""
    if not text:
        return
    for word in generic:
        if text.lower().endswith(word) and len(text) > len(word) + 1:
            short = text[: -len(word)].strip()
            yield short
            yield from (f"{short} {other}" for other in generic)
            break
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", text))
    if len(initials) > 2:
        yield initials
