"""Which passages say the same in the other language: those at the same place of two documents whose names
differ only in the language ("ko/fees.md" and "en/fees.md", "call-ko.md" and "call-en.md")."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from knowledge.documents.store import Row

_MARKS = frozenset("ko kr kor korean 한국어 한글 국문 en eng english 영어 영문".split())  # noqa: SIM905
BETTER = 0.75  # what the better one of the scores of twins weighs
_PIECES = re.compile(r"[^\W_]+")


def twins(korean: Sequence[Row], english: Sequence[Row]) -> dict[str, str]:
    """Passage id -> the id of its twin, in both directions. Documents are only paired where each has one
    counterpart and both have as many sections."""
    found: dict[str, str] = {}
    ours, theirs = _by_name(korean), _by_name(english)
    for name in ours.keys() & theirs.keys():
        for one, other in _aligned(ours[name], theirs[name]):
            found[one.id], found[other.id] = other.id, one.id
    return found


def _by_name(rows: Sequence[Row]) -> dict[tuple[str, ...], list[Row]]:
    """The rows of each document, by its name without marks of a language; without names that two share."""
    documents: dict[str, list[Row]] = {}
    for row in rows:
        documents.setdefault(row.document, []).append(row)
    named: dict[tuple[str, ...], list[list[Row]]] = {}
    for document, own in documents.items():
        pieces = _PIECES.findall(document.lower())
        named.setdefault(tuple(piece for piece in pieces if piece not in _MARKS), []).append(own)
    return {name: found[0] for name, found in named.items() if len(found) == 1}


def _aligned(one: list[Row], other: list[Row]) -> list[tuple[Row, Row]]:
    ours, theirs = _sections(one), _sections(other)
    if len(ours) != len(theirs):
        return []
    return [pair for a, b in zip(ours, theirs, strict=True) for pair in zip(a, b, strict=False)]


def _sections(rows: list[Row]) -> list[list[Row]]:
    """The rows by section, in the order of the document."""
    ordered = sorted(rows, key=lambda row: row.start)
    return [list(own) for _, own in groupby(ordered, key=lambda row: row.section)]


def evened(
    scores: Mapping[str, float], own: Collection[str], twin: Mapping[str, str], step: float
) -> dict[str, float]:
    """``scores`` by passage id, where twins share one score, three parts of the better and one of the other,
    since either may be found by chance: the one in the question's language (``own``) gets it, the other one
    follows ``step`` below."""
    even = dict(scores)
    for name, score in scores.items():
        other = twin.get(name)
        if other is not None:
            both = sorted((score, scores.get(other, score)))
            shared = (1.0 - BETTER) * both[0] + BETTER * both[1]
            even[name] = shared if name in own else shared - step
    return even
