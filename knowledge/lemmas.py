"""The content words of a text in one form for all their inflections, in both languages.

Made for comparing two ways to say one thing, so that both sides have to come from here: the forms are keys,
and no dictionary's. Words of one plain meaning ("kidney", "renal") have one form, and so have all denials.
What is data about words stands in ``lemmas.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped
from knowledge.text import HANGUL, Morpheme, morphemes

WORDS = Path(__file__).with_name("lemmas.yaml")
DENIAL, WHETHER = "not", "whether"
_PIECE = re.compile(r"(?P<latin>[A-Za-z]+(?:['’][a-z]+)?)|(?P<number>\d+(?:\.\d+)?)")
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_QUALITY = "ness"
_DENIED = re.compile(r"n['’]t$")
_NOUN_TAGS = frozenset(("NNG", "NNP"))
_COMPOUND_TAGS = _NOUN_TAGS | {"XPN", "XSN", "MM", "XR"}
_CONTENT_TAGS = _COMPOUND_TAGS | frozenset("NNB NR VV VV-I VV-R VA VA-I VA-R MAG VCN".split())  # noqa: SIM905
_AUXILIARY_TAGS = frozenset(("VX", "VX-I", "VX-R"))
_AUXILIARIES = frozenset(("않", "못하", "말", "싶"))
_ENDING_TAGS = frozenset(("EC", "EF"))


@dataclass(frozen=True, slots=True)
class Lemma:
    """``start`` and ``end`` are code points of the text given. idle: it may be left out ("very", "잘"), since
    it seldom tells one thing from another. general: it may follow any description of an ailment ("증상")."""

    form: str
    start: int
    end: int
    idle: bool = False
    general: bool = False


def lemmas(text: str, compounds: bool = False) -> tuple[Lemma, ...]:
    """The content words of a text in normal form, in order; function words are left out. With ``compounds``
    Korean nouns written together are one: the analyser cuts a compound here and leaves it whole there."""
    data = _words()
    found: list[Lemma] = []
    for match in _PIECE.finditer(text):
        word = match.group().lower()
        if match.lastgroup == "number":
            found.append(Lemma(word, *match.span()))
        elif _DENIED.search(word):
            found.append(Lemma(DENIAL, *match.span()))
        elif (bare := re.split(r"['’]", word)[0]) not in data.light:
            found.append(data.lemma(lemma(bare), match.start(), match.start() + len(bare)))
    if HANGUL.search(text):
        found += _korean(text, data, compounds)
        found.sort(key=lambda one: one.start)
    return tuple(found)


def forms(said: Iterable[Lemma]) -> frozenset[str]:
    """What two ways to say one thing have in common. "Whether" adds nothing beside another word that asks."""
    data = _words()
    found = frozenset(one.form for one in said)
    return found - data.implied if found & data.asking else found


def without_people(said: Sequence[Lemma]) -> tuple[Lemma, ...]:
    """A description without the people that it is said of at its ends ("people who smoke")."""
    whom = _words().whom
    inside = [at for at, one in enumerate(said) if one.form not in whom]
    return tuple(said[inside[0] : inside[-1] + 1]) if inside else ()


def lemma(word: str) -> str:
    """A lower-case English word without its inflection; near enough for all its forms to be one."""
    return _bare(word, _words().irregular)


def _bare(word: str, irregular: Mapping[str, str]) -> str:
    word = irregular.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > len(_QUALITY) + 2 and word.endswith(_QUALITY):
        word = word.removesuffix(_QUALITY)  # "redness" of "red"
        word = word[:-1] + "y" if word.endswith("i") else word
    for ending in ("ing", "ed", "ly"):
        base = word[: -len(ending)]
        long = len(base) > (3 if ending == "ly" else 2)  # "early" is of no ear
        if word.endswith(ending) and long and _VOWEL.search(base) and not word.endswith("eed"):
            word = base[:-1] + "y" if ending == "ed" and base.endswith("i") else _DOUBLED.sub(r"\1", base)
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _korean(text: str, data: _Words, compounds: bool) -> list[Lemma]:
    found = []
    for m in _joined(morphemes(text)) if compounds else morphemes(text):
        form = m.form
        if m.end <= m.start:
            continue
        if m.tag in _ENDING_TAGS and len(form) > 1 and form.endswith("지"):
            found.append(data.lemma(WHETHER, m.start, m.end))  # "피우는지"
        elif HANGUL.match(form) and _counts(m, data):
            if len(form) > 2 and m.tag not in _NOUN_TAGS:
                form = form.removesuffix("하")  # "산만하", where the analyser also says "산만" and "하"
            found.append(data.lemma(form, m.start, m.end))
    return found


def _counts(m: Morpheme, data: _Words) -> bool:
    if m.tag in _AUXILIARY_TAGS:
        return m.form in _AUXILIARIES
    if m.tag == "NP":
        return data.same.get(m.form, m.form) in data.asking
    return m.tag in _CONTENT_TAGS and m.form not in (data.determiners if m.tag == "MM" else data.light)


def _joined(found: Sequence[Morpheme]) -> list[Morpheme]:
    """The morphemes with runs of touching nouns made one."""
    joined: list[Morpheme] = []
    for m in found:
        before = joined[-1] if joined else None
        if before and before.end == m.start and {before.tag, m.tag} <= _COMPOUND_TAGS:
            joined[-1] = Morpheme(before.form + m.form, "NNG", before.start, m.end)
        else:
            joined.append(m)
    return joined


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of lemmas.yaml, in the forms of the lemmas."""

    irregular: Mapping[str, str]
    same: Mapping[str, str]
    light: frozenset[str]  # as they are written
    determiners: frozenset[str]
    idle: frozenset[str]
    general: frozenset[str]
    asking: frozenset[str]
    implied: frozenset[str]
    whom: frozenset[str]

    def lemma(self, word: str, start: int, end: int) -> Lemma:
        form = self.same.get(word, word)
        return Lemma(form, start, end, form in self.idle, form in self.general)


@lru_cache(maxsize=1)
def _words() -> _Words:
    data: dict[str, Any] = read_shipped(WORDS)
    irregular = {form: word for word, found in data["irregular"].items() for form in found.split()}
    same: dict[str, str] = {}
    for group in (*data["same"]["en"], *data["same"]["ko"]):
        own = [_bare(word, irregular) for word in group.split()]
        same.update(dict.fromkeys(own, own[0]))

    def listed(name: str) -> frozenset[str]:
        bare = (_bare(word, irregular) for word in data[name].split())
        return frozenset(same.get(word, word) for word in bare)

    return _Words(
        irregular,
        same,
        frozenset(data["light"].split()),
        frozenset(data["determiners"].split()),
        listed("idle"),
        listed("general"),
        listed("asking"),
        listed("implied"),
        listed("whom"),
    )
