"""The labelled examples that the router is fitted on: two data files, one per language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from knowledge.data_file import read_shipped
from knowledge.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "ko")
FILLS = 2
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """A question as someone would ask it, the line it was written from, and its share of that line."""

    text: str
    label: str
    language: Language
    line: str
    share: float = 1.0


def load_examples() -> tuple[Example, ...]:
    """Every example, in file order. A line with ``{slots}`` gives FILLS of them, each with the next words."""
    return tuple(example for language in LANGUAGES for example in _load(language))


def _load(language: Language) -> list[Example]:
    sections = read_lines(f"examples_{language}.yaml")
    words = {name: cycle(lines(block)) for name, block in sections.pop("slots").items()}
    found: list[Example] = []
    for label, block in sections.items():
        for line in lines(block):
            texts = [_fill(line, words) for _ in range(FILLS)] if _SLOT.search(line) else [line]
            found.extend(Example(text, label, language, line, 1 / len(texts)) for text in texts)
    return found


def _fill(line: str, words: Mapping[str, Iterator[str]]) -> str:
    return _SLOT.sub(lambda slot: next(words[slot[1]]), line)


def read_lines(name: str) -> dict:
    """A data file of this package: sections whose leaves are blocks of text, one item per line."""
    return read_shipped(Path(__file__).with_name(name))


def lines(block: str) -> list[str]:
    """The items of a block, in order. A trailing space is part of an item: patterns may need it."""
    return [line for line in block.split("\n") if line]
