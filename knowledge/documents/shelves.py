"""The state of the index that searching needs in memory: an immutable picture, replaced after each write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from knowledge.documents.document import Document
from knowledge.documents.holdings import Holdings
from knowledge.documents.labels import Labels
from knowledge.documents.lexical import Lexicon
from knowledge.documents.points import SECOND, collection_name
from knowledge.documents.shelf import Shelf
from knowledge.documents.twins import twins
from knowledge.documents.vocabulary import MOST, is_word
from knowledge.text import Language

KINDS = ("document", "dataset", "table", "variable")
LANGUAGES: tuple[Language, ...] = ("ko", "en")

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Standing:
    """A document's place among the others: the documents that say they replace it, each with the day from
    which they are in force, best first; and the names by which words can ask for this very edition."""

    rivals: tuple[tuple[str, date | None], ...]
    names: frozenset[str]


@dataclass(frozen=True)
class Picture:
    """Everything that one search reads."""

    shelves: tuple[Shelf, ...] = ()
    records: tuple[Document, ...] = ()  # the active documents, without their text
    standings: dict[str, Standing] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)  # passages that say the same in both languages
    labels: Labels = field(default_factory=Labels)

    def lexicon(self, kind: str, language: Language) -> Lexicon | None:
        """The words of one shelf; None where there is no such shelf."""
        found = (shelf for shelf in self.shelves if (shelf.kind, shelf.language) == (kind, language))
        return next((shelf.lexicon for shelf in found), None)

    def superseded(self, document: str, today: date) -> str | None:
        """The active document, in force on ``today``, that says it replaces ``document``."""
        standing = self.standings.get(document)
        for rival, since in standing.rivals if standing else ():
            if since is None or since <= today:
                return rival
        return None

    def asked_for(self, document: str, words: str) -> bool:
        """Whether ``words`` name the round, edition or year of ``document``."""
        standing = self.standings.get(document)
        low = words.lower()
        return standing is not None and any(name in low for name in standing.names)


def picture(holdings: Holdings, old: Picture, changed: Iterable[str]) -> Picture:
    """The picture after passages of the ``changed`` kinds were written; the rest is taken from ``old``."""
    changed = set(changed)
    shelves = [shelf for shelf in old.shelves if shelf.kind not in changed]
    for kind in KINDS:
        for language in LANGUAGES if kind in changed else ():
            if shelf := _shelf(holdings, kind, language):
                shelves.append(shelf)
    shelves = [_with_tables(shelf, shelves) for shelf in shelves]
    if "document" not in changed:
        return replace(old, shelves=tuple(shelves))
    records = holdings.store.records()
    rows = {shelf.language: shelf.rows for shelf in shelves if shelf.kind == "document"}
    pairs = twins(rows.get("ko", ()), rows.get("en", ()))
    labels = Labels(term for shelf in shelves if shelf.kind == "document" for term in shelf.lexicon.terms)
    return Picture(tuple(shelves), records, _standings(records), pairs, labels)


def _shelf(holdings: Holdings, kind: str, language: Language) -> Shelf | None:
    rows, terms = holdings.store.rows(kind, language)
    if not rows:
        return None
    collection, points = collection_name(kind, language), [row.point for row in rows]
    vectors = holdings.points.of_shelf(collection, points)
    second = holdings.points.of_shelf(collection + SECOND, points) if holdings.second else None
    lexicon = Lexicon(terms)
    vocabulary = None
    if kind == "document":
        words = sorted(filter(is_word, lexicon.terms), key=lexicon.rarity)[:MOST]
        vocabulary = holdings.points.vocabulary(words)
    return Shelf(collection, kind, language, rows, lexicon, vectors, second, vocabulary)


def _with_tables(shelf: Shelf, shelves: Sequence[Shelf]) -> Shelf:
    """Variables with the shelf of their tables in the same language."""
    if shelf.kind != "variable":
        return shelf
    found = (other for other in shelves if (other.kind, other.language) == ("table", shelf.language))
    tables = next(found, None)
    return shelf if shelf.tables is tables else replace(shelf, tables=tables)


def _standings(documents: Sequence[Document]) -> dict[str, Standing]:
    by_id = {document.document: document for document in documents}
    rivals: dict[str, list[Document]] = {}
    for speaker in documents:
        for target in {
            target for name in speaker.supersedes for target in _meant(name, speaker.document, by_id)
        }:
            rivals.setdefault(target, []).append(speaker)
    return {
        document.document: _standing(document, rivals.get(document.document, [])) for document in documents
    }


def _standing(document: Document, rivals: list[Document]) -> Standing:
    def rank(rival: Document) -> tuple[bool, date, str]:
        return rival.language == document.language, rival.valid_from or date.min, rival.document

    ordered = sorted(rivals, key=rank, reverse=True)
    years = _YEAR.findall(f"{document.round} {document.edition}")
    names = {name.lower() for name in (document.round, document.edition, *years) if name}
    return Standing(tuple((rival.document, rival.valid_from) for rival in ordered), frozenset(names))


def _meant(name: str, speaker: str, known: Collection[str]) -> list[str]:
    """The documents that ``name``, written in document ``speaker``, means: the one at that path from the
    speaker's folder or the nearest folder above; else, for a bare name, those whose file is called so."""
    wanted = PurePosixPath(name.removeprefix("./"))
    for place in PurePosixPath(speaker).parents:
        target = (place / wanted).as_posix()
        if target in known:
            return [target] if target != speaker else []
    if len(wanted.parts) != 1:
        return []
    called = [document for document in known if wanted.name in _file_names(document)]
    return [document for document in called if document != speaker]


def _file_names(document: str) -> tuple[str, str]:
    path = PurePosixPath(document)
    return path.name, path.stem
