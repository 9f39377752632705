"""The state of the index that searching needs in memory: an immutable picture, replaced after each write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from knowledge.documents.document import Document
from knowledge.documents.lexical import Lexicon
from knowledge.documents.retrieve import Shelf, moments
from knowledge.documents.store import Store, collection_name
from knowledge.text import Language

KINDS = ("document", "dataset", "table", "variable")
LANGUAGES: tuple[Language, ...] = ("ko", "en")
SAMPLE = 4000  # vectors from which a shelf's mean and spread are taken

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a document's place among the others. ``names`` are the words that mean this very edition."""

    document: str
    title: str
    language: Language
    valid_from: date | None
    supersedes: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class Picture:
    """Everything that one search reads."""

    shelves: tuple[Shelf, ...] = ()
    standings: dict[str, Standing] = field(default_factory=dict)

    def superseded(self, document: str, today: date) -> str | None:
        """The active document, in force on ``today``, that says it replaces ``document``."""
        own = self.standings.get(document)
        rivals = [
            other
            for other in self.standings.values()
            if other.document != document
            and (other.valid_from is None or other.valid_from <= today)
            and any(_names(name, other.document, document) for name in other.supersedes)
        ]
        if own is None or not rivals:
            return None
        best = max(
            rivals,
            key=lambda other: (other.language == own.language, other.valid_from or date.min, other.document),
        )
        return best.document


def _names(name: str, speaker: str, document: str) -> bool:
    """Whether ``name``, written in document ``speaker``, means ``document``: its id, a path from there, or its file name."""
    name = name.removeprefix("./")
    beside = (PurePosixPath(speaker).parent / name).as_posix()
    target = PurePosixPath(document)
    return document in (name, beside) or ("/" not in name and name in (target.name, target.stem))


def picture(store: Store) -> Picture:
    """Read the picture from the store."""
    shelves = [shelf for kind in KINDS for language in LANGUAGES if (shelf := _shelf(store, kind, language))]
    return Picture(tuple(shelves), {d.document: _standing(d) for d in store.documents()})


def _shelf(store: Store, kind: str, language: Language) -> Shelf | None:
    rows = store.rows(kind, language)
    if not rows:
        return None
    name = collection_name(kind, language)
    mean, spread = moments(store.sample(name, SAMPLE))
    return Shelf(name, kind, language, rows, Lexicon([row.terms for row in rows]), mean, spread)


def _standing(document: Document) -> Standing:
    years: Sequence[str] = _YEAR.findall(f"{document.round} {document.edition}")
    names = {name.lower() for name in (document.round, document.edition, *years) if name}
    return Standing(
        document.document,
        document.title,
        document.language,
        document.valid_from,
        document.supersedes,
        frozenset(names),
    )
