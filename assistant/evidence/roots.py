"""Words as they are compared: English roots, Korean stretches, and which idea a word stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.evidence.cues import load_cues, load_families, load_ideas
from knowledge.text import HANGUL, normalize, stem

_LATIN = re.compile(r"[A-Za-z0-9]+(?:['’.&/-][A-Za-z0-9]+)*")
_KOREAN = re.compile(r"[가-힣]+")
_ENDINGS = (
    *(
        "izations",
        "ization",
        "ational",
        "ations",
        "ation",
        "itions",
        "ition",
        "ements",
        "ement",
        "ments",
        "ment",
    ),
    *("ings", "ing", "edly", "ed", "ions", "ion", "ances", "ance", "ences", "ence", "ables", "able", "ibles"),
    *("ible", "ally", "ly", "ives", "ive", "als", "al", "ities", "ity", "es", "e", "y"),
)
_SHORT_ENDINGS = frozenset(
    {"ing", "ed", "es", "e", "y", "ment", "ments"}
)  # may leave three letters, others four
_SHORTEST = 3
LONGEST_ABBREVIATION = 6
# left out of abbreviations; words as roots
_JOINING = frozenset({"the", "th", "of", "a", "an", "and", "for", "in", "to", "on"})


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """What is left of an English word without its endings: "selection" and "selected" give the same."""
    family = load_families().get(word.lower())
    if family:
        return family
    low = stem(word.lower().replace("isation", "ization").replace("programme", "program"))
    low = low.replace("centre", "center").replace("licence", "license").replace("labour", "labor")
    if not low.isascii() or len(low) <= _SHORTEST or any(c.isdigit() for c in low):
        return low
    for ending in _ENDINGS:
        least = _SHORTEST if ending in _SHORT_ENDINGS else _SHORTEST + 1
        if low.endswith(ending) and len(low) - len(ending) >= least:
            low = low[: -len(ending)]
            break
        if ending in ("ed", "ing") and low.endswith(ending) and len(low) - len(ending) == _SHORTEST - 1:
            return low[: -len(ending)] + "e"
    if len(low) > _SHORTEST and low[-1] == low[-2] and low[-1] not in "sl":
        low = low[:-1]
    return low.rstrip("ei") if len(low.rstrip("ei")) >= _SHORTEST else low


@dataclass(frozen=True, slots=True)
class Words:
    """A text ready to be held against terms: roots of its Latin words in order, and its Korean stretches."""

    roots: tuple[str, ...]
    known: frozenset[str]
    korean: str  # Korean words, each behind a space, lower case
    joined: str  # the same without spaces
    plain: tuple[str, ...] = ()  # words that tell something, for comparing by meaning

    def holds(self, *forms: str) -> bool:
        """Whether the text has one of the forms: an English word or phrase in any inflection, a Korean
        stem in any word; one of a single syllable only at the start of a word."""
        return _needle(forms).stands_in(self)

    def abbreviates(self, name: str) -> bool:
        """Whether the text holds words in a row whose first letters are those of ``name`` ("AUC")."""
        if not (_SHORTEST <= len(name) <= LONGEST_ABBREVIATION and name.isascii() and name.isupper()):
            return False
        telling = (word.lstrip("=") for word in self.roots if word not in _JOINING)
        return name.lower() in "".join(word[0] for word in telling)


@dataclass(frozen=True, slots=True)
class _Needle:
    """Forms made ready for looking them up together."""

    single: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    korean: re.Pattern[str] | None
    joined: re.Pattern[str] | None

    def stands_in(self, words: Words) -> bool:
        if not self.single.isdisjoint(words.known):
            return True
        if self.korean and words.korean and self.korean.search(words.korean):
            return True
        if self.joined and words.joined and self.joined.search(words.joined):
            return True
        return any(
            words.known.issuperset(phrase) and _in_order(phrase, words.roots) for phrase in self.phrases
        )


def _in_order(phrase: tuple[str, ...], roots: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(roots[at : at + size] == phrase for at in range(len(roots) - size + 1))


@lru_cache(maxsize=8192)
def _needle(forms: tuple[str, ...]) -> _Needle:
    korean = [form for form in forms if HANGUL.search(form)]
    latin = [roots for form in forms if not HANGUL.search(form) and (roots := roots_of(form))]
    bare = [form.replace(" ", "") for form in korean]
    return _Needle(
        frozenset(roots[0] for roots in latin if len(roots) == 1),
        tuple(roots for roots in latin if len(roots) > 1),
        _either([form if len(form.strip()) > 1 else f" {form.strip()}" for form in korean]),
        _either([form for form in bare if len(form) > 3]),
    )


def _either(forms: list[str]) -> re.Pattern[str] | None:
    forms = [variant for form in forms for variant in (form, *_run_together(form))]
    return re.compile("|".join(map(re.escape, forms))) if forms else None


_VOWELS = {20: 6, 13: 14, 8: 9}  # i, u, o as 알리, 바꾸 and 보 end; as 알려, 바꿔 and 봐 are written


def _run_together(form: str) -> tuple[str, ...]:
    """A Korean stem as it is written before an ending that begins with a vowel ("나누" as "나눠")."""
    code = ord(form[-1]) - 0xAC00 if len(form.strip()) > 1 else -1
    if not 0 <= code < 11172 or code % 28:
        return ()
    first, vowel = code // 588, code % 588 // 28
    return (form[:-1] + chr(0xAC00 + first * 588 + _VOWELS[vowel] * 28),) if vowel in _VOWELS else ()


@lru_cache(maxsize=65536)
def roots_of(phrase: str) -> tuple[str, ...]:
    """The roots of a phrase's Latin words."""
    found: list[str] = []
    for word in _LATIN.findall(phrase):
        pieces = re.split(r"['’./&-]", word)
        found.extend(root(piece) for piece in pieces if piece and piece.lower() not in ("s", "t"))
    return tuple(found)


@lru_cache(maxsize=16384)
def words(text: str) -> Words:
    """``text`` ready to be compared."""
    text = normalize(text)
    roots = roots_of(text)
    hangul = [word for word in _KOREAN.findall(text) if word not in load_cues().conjunctions]
    latin = [piece for word in _LATIN.findall(text) for piece in [word.strip(".'’-")] if len(piece) > 1]
    plain = dict.fromkeys([*map(without_particle, hangul), *(word.lower() for word in latin)])
    telling = tuple(word for word in plain if word not in load_cues().light and not word.isdigit())
    return Words(roots, frozenset(roots), "".join(f" {word}" for word in hangul), "".join(hangul), telling)


@lru_cache(maxsize=16384)
def without_particle(word: str) -> str:
    """A Korean word without the particle at its end, as far as that leaves two syllables."""
    for particle in load_cues().particles:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word[: -len(particle)]
    return word


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of words.yaml: its entries in either language."""

    en: tuple[str, ...]
    ko: tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        return (*self.en, *self.ko)


@cache
def _ideas_by_entry() -> tuple[dict[tuple[str, ...], list[Idea]], dict[str, list[Idea]]]:
    english: dict[tuple[str, ...], list[Idea]] = {}
    korean: dict[str, list[Idea]] = {}
    for en, ko in load_ideas():
        idea = Idea(en, ko)
        for entry in en:
            english.setdefault(roots_of(entry), []).append(idea)
        for entry in ko:
            korean.setdefault(entry, []).append(idea)
    return english, korean


def ideas_of_roots(roots: tuple[str, ...]) -> tuple[Idea, ...]:
    """The ideas that an English word or phrase stands for."""
    return tuple(_ideas_by_entry()[0].get(roots, ()))


def is_entry(word: str) -> bool:
    """Whether a Korean word is an entry of the lists."""
    return word in _ideas_by_entry()[1]


@lru_cache(maxsize=4096)
def ideas_of_korean(text: str) -> tuple[tuple[int, int, Idea], ...]:
    """(start, end, idea) for every Korean entry that stands in ``text``; short ones only at the start of
    a word."""
    starts, ideas_of = _entries_by_start(), _ideas_by_entry()[1]
    met: list[tuple[int, int, str]] = []
    for at in range(len(text)):
        for number, entry in {*starts.get(text[at : at + 2], ()), *starts.get(text[at], ())}:
            alone = len(entry) > 1 or not HANGUL.match(text[at - 1 : at])
            if alone and text.startswith(entry, at):
                met.append((number, at, entry))
    return tuple((at, at + len(entry), idea) for _, at, entry in sorted(met) for idea in ideas_of[entry])


@cache
def _entries_by_start() -> dict[str, list[tuple[int, str]]]:
    """The Korean entries, numbered, by their first two characters; those of one by that."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, entry in enumerate(_ideas_by_entry()[1]):
        found.setdefault(entry[:2], []).append((number, entry))
    return found
