"""The lexical knowledge of evidence, read from cues.yaml, words.yaml and fields.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped
from knowledge.text import Language

HERE = Path(__file__).parent
LANGUAGES: tuple[Language, ...] = ("ko", "en")
Pattern = re.Pattern[str]
ByLanguage = Mapping[Language, Pattern]


@dataclass(frozen=True)
class Cues:
    """What questions and documents sound like. Patterns are given per language of the text they are held
    against."""

    asks: Mapping[str, ByLanguage]
    gives: Mapping[str, ByLanguage]
    values: Mapping[str, frozenset[str]]  # kind of question -> kinds of typed values that answer it
    likes: Mapping[str, ByLanguage]
    none: ByLanguage
    prices: ByLanguage
    of_a_price: ByLanguage
    sanctions: ByLanguage
    articles: ByLanguage
    amounts: ByLanguage
    columns: Mapping[str, ByLanguage]  # kind of value -> names of columns whose bare numbers are of it
    suffixes: Mapping[str, frozenset[str]]
    actors: ByLanguage
    times: ByLanguage
    repeats: ByLanguage
    ordinals: tuple[tuple[frozenset[str], frozenset[str]], ...]  # Korean counters, English words, by kind
    attributes: frozenset[str]
    verbs: frozenset[str]
    joining: frozenset[str]
    conjunctions: frozenset[str]
    absent: ByLanguage
    limits: ByLanguage
    mentions: ByLanguage
    leans: ByLanguage
    introduces: ByLanguage
    clauses: ByLanguage
    points_back: ByLanguage
    contact_heading: ByLanguage
    asking: ByLanguage
    joints: ByLanguage
    kinds: Mapping[str, frozenset[str]]  # "closed", "contact", "edition" -> kinds of documents
    light: frozenset[str]
    generic: frozenset[str]
    soft: frozenset[str]
    telling: frozenset[str]
    told_by: Mapping[str, tuple[str, ...]]  # kind of value -> words that it stands for
    years: Mapping[str, int]
    counters: tuple[tuple[frozenset[str], tuple[str, ...]], ...]  # Korean counters, English words
    particles: tuple[str, ...]


@cache
def load_cues() -> Cues:
    """The project's cues."""
    raw: dict[str, Any] = read_words("cues.yaml")
    return Cues(
        asks={kind: compiled(given) for kind, given in raw["asks"].items()},
        gives={kind: compiled(given) for kind, given in raw["gives"].items()},
        values={kind: frozenset(given["values"]) for kind, given in raw["gives"].items()},
        columns={kind: compiled(given) for kind, given in raw["columns"].items()},
        suffixes={kind: frozenset(given) for kind, given in raw["suffixes"].items()},
        likes={kind: compiled(given) for kind, given in raw["likes"].items()},
        kinds={key: frozenset(raw[f"{key}_kinds"]) for key in ("closed", "contact", "edition")},
        light=_words(raw["light"]),
        generic=_words(raw["generic"]),
        soft=_words(raw["soft"]),
        joining=frozenset(raw["joining"]),
        attributes=frozenset(raw["attributes"]),
        verbs=frozenset(raw["verbs"]),
        ordinals=tuple((frozenset(o["ko"]), frozenset(o["en"])) for o in raw["ordinals"]),
        conjunctions=frozenset(raw["conjunctions"]),
        telling=frozenset(raw["telling"]),
        told_by={kind: tuple(words) for kind, words in raw["told_by"].items()},
        years={word: step for given in raw["years"].values() for word, step in given.items()},
        counters=tuple((frozenset(c["ko"]), tuple(c.get("en", ()))) for c in raw["counters"]),
        particles=tuple(sorted(raw["particles"], key=lambda p: (-len(p), p))),
        **{
            key: compiled(raw[key])
            for key in (
                "absent",
                "none",
                "prices",
                "of_a_price",
                "sanctions",
                "articles",
                "amounts",
                "actors",
                "times",
                "repeats",
                "limits",
                "mentions",
                "leans",
                "introduces",
                "clauses",
                "points_back",
                "contact_heading",
                "asking",
                "joints",
            )
        },
    )


def _words(given: Mapping[str, str]) -> frozenset[str]:
    return frozenset(word for text in given.values() for word in text.split())


def compiled(given: Mapping[str, Any]) -> dict[Language, Pattern]:
    """One expression for the lines of each language."""
    return {language: re.compile(_any_of(given[language]), re.IGNORECASE) for language in LANGUAGES}


def _any_of(lines: Sequence[str]) -> str:
    """One expression for all lines; an ASCII letter at either end of a line stands at the end of a word."""
    return "|".join(
        (r"(?<![A-Za-z])" if line[0].isascii() and line[0].isalpha() else "")
        + f"(?:{line})"
        + (r"(?![A-Za-z])" if line[-1].isascii() and line[-1].isalpha() else "")
        for line in lines
    )


@cache
def load_ideas() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(English entries, Korean entries) of each idea in words.yaml and fields.yaml."""
    ideas = [idea for name in ("words.yaml", "fields.yaml") for idea in read_words(name)["ideas"]]
    return tuple((tuple(map(str, idea["en"])), tuple(map(str, idea["ko"]))) for idea in ideas)


@cache
def load_families() -> Mapping[str, str]:
    """English word -> the first word of its family in words.yaml."""
    return {str(word): f"={family[0]}" for family in read_words("words.yaml")["families"] for word in family}


@cache
def read_words(name: str) -> Any:
    """What a YAML file beside this module holds."""
    return read_shipped(HERE / name)
