"""The terms of HealthDCAT-AP and its authority lists (vocabulary.yaml), and our free text read into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped
from knowledge.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "ko")
Node = dict[str, Any]


@cache
def vocabulary() -> Mapping[str, Any]:
    """vocabulary.yaml."""
    return read_shipped(Path(__file__).with_name("vocabulary.yaml"))


@cache
def _patterns(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((term, re.compile(pattern)) for term, pattern in vocabulary()[name].items())


@lru_cache(maxsize=4096)
def term_of(name: str, text: str | None) -> str | None:
    """The term of a list ("frequency", "standard", "datatype", ...) that a free text means, if any."""
    low = (text or "").lower().strip()
    if name == "coding_system":
        low = re.sub(r"[^a-z0-9]", "", low)
    return next((term for term, pattern in _patterns(name) if low and pattern.search(low)), None)


def address(name: str, term: str) -> str:
    """The IRI of a term of an authority list; an IRI stands for itself."""
    if "://" in term:
        return term
    start = str(vocabulary()["lists"][name])
    return f"{start}{term}" if start.endswith("/") else f"{start}/{term}"


def concept(name: str, term: str) -> Node:
    """A term as a concept of its list, which is how validators check that it belongs there."""
    scheme = str(vocabulary()["lists"][name]).rstrip("/")
    types = ["skos:Concept", "dct:Standard"] if name in {"coding_system", "standard"} else ["skos:Concept"]
    return {"@id": address(name, term), "@type": types, "skos:inScheme": {"@id": scheme}}


def words(language: Language) -> Mapping[str, str]:
    """What the export says in its own words."""
    found: Mapping[str, str] = vocabulary()["words"][language]
    return found


def texts(**by_language: str | None) -> list[Node]:
    """Language-tagged literals: ``texts(en="Heart", ko="심장")``."""
    return [{"@language": code, "@value": text} for code, text in by_language.items() if text]


def both(said: Mapping[Language, str]) -> list[Node]:
    """The same for a text that was composed in each language."""
    return texts(**dict(said))


def link(iri: str) -> Node:
    """A reference to another node."""
    return {"@id": iri}


def distinct(nodes: Iterable[Node | None]) -> list[Node]:
    """The nodes that are there, each once, in order."""
    kept: list[Node] = []
    for node in nodes:
        if node is not None and node not in kept:
            kept.append(node)
    return kept


def maybe(iri: str | None) -> Node | None:
    """A reference where there is something to refer to."""
    return link(iri) if iri else None


def typed(value: object, datatype: str) -> Node:
    """A literal of an XML Schema type ("nonNegativeInteger", "date", ...)."""
    return {"@value": str(value), "@type": f"xsd:{datatype}"}


def moment(text: str) -> Node:
    """A year, month or day, typed as what it is."""
    return typed(text, {1: "gYear", 2: "gYearMonth"}.get(len(text.split("-")), "date"))


def given(node: Mapping[str, Any]) -> Node:
    """The node without members that say nothing; False and 0 say something."""
    return {name: value for name, value in node.items() if value is not None and value not in ("", [], {})}
