"""The labelled examples that the router is fitted on: two data files, one per language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from itertools import cycle

import yaml

from knowledge.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "ko")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """A question as someone would ask it. ``line`` names the line it was written from."""

    text: str
    label: str
    language: Language
    line: str


def load_examples() -> tuple[Example, ...]:
    """Every example, in file order; ``{slots}`` are filled with the next word of their list."""
    return tuple(example for language in LANGUAGES for example in _load(language))


def _load(language: Language) -> list[Example]:
    sections = read_lines(f"examples_{language}.yaml")
    slots = sections.pop("slots")
    words = {name: cycle(lines(block)) for name, block in slots.items()}
    return [
        Example(_SLOT.sub(lambda slot: next(words[slot[1]]), line), label, language, line)
        for label, block in sections.items()
        for line in lines(block)
    ]


def read_lines(name: str) -> dict:
    """A data file of this package: sections whose leaves are blocks of text, one item per line."""
    return yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def lines(block: str) -> list[str]:
    """The items of a block, in order. A trailing space is part of an item: patterns may need it."""
    return [line for line in block.split("\n") if line]
