"""The header texts that dictionaries use, from headers.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.catalog.importers.delimited import header_key
from knowledge.data_file import read_shipped

# kind of sheet: header key: the columns that it may stand for, each with its level (0 is the surest)
Meanings = Mapping[str, Mapping[str, tuple[tuple[str, int], ...]]]


@dataclass(frozen=True, slots=True)
class Headers:
    """headers.yaml, by header key. ``order`` ranks the columns of each kind."""

    meanings: Meanings
    order: Mapping[str, Mapping[str, int]]
    numbers: frozenset[str]
    counted: frozenset[str]
    personal: frozenset[str]
    code_systems: Mapping[str, str]


@lru_cache(maxsize=1)
def headers() -> Headers:
    """The header texts, read once."""
    raw = read_shipped(Path(__file__).with_name("headers.yaml"), texts=True)
    numbers, counted, personal = raw.pop("numbers"), raw.pop("counted"), raw.pop("personal")
    systems = raw.pop("code_systems")
    meanings: dict[str, dict[str, tuple[tuple[str, int], ...]]] = {}
    for kind, columns in raw.items():
        known = meanings[kind] = {}
        for column, levels in columns.items():
            for level, texts in enumerate(levels):
                for text in texts:
                    known[header_key(text)] = (*known.get(header_key(text), ()), (column, level))
    return Headers(
        meanings,
        {kind: {column: n for n, column in enumerate(columns)} for kind, columns in raw.items()},
        frozenset(map(header_key, numbers)) | {""},
        frozenset(map(header_key, counted)),
        frozenset(map(header_key, personal)),
        {header_key(text): system for system, texts in systems.items() for text in texts},
    )
