"""The words that people put into the cells of their dictionaries, from words.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.catalog.importers.delimited import header_key
from knowledge.data_file import read_shipped


@dataclass(frozen=True, slots=True)
class Words:
    """words.yaml: texts in lower case, or as header keys where types are named, to what they mean."""

    empty: frozenset[str]
    types: Mapping[str, str]
    counted: frozenset[str]
    booleans: Mapping[str, bool]
    ongoing: frozenset[str]
    remarks: tuple[str, ...]
    documents: frozenset[str]
    not_lists: frozenset[str]


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of cells, read once."""
    raw = read_shipped(Path(__file__).with_name("words.yaml"), texts=True)
    return Words(
        empty=frozenset(raw["empty"]),
        types={header_key(text): type_ for type_, texts in raw["types"].items() for text in texts},
        counted=frozenset(map(header_key, raw["counted"])),
        booleans={text: value == "true" for value, texts in raw["booleans"].items() for text in texts},
        ongoing=frozenset(raw["ongoing"]),
        remarks=tuple(raw["remarks"]),
        documents=frozenset(map(header_key, raw["documents"])),
        not_lists=frozenset(raw["not_lists"]),
    )
