"""Words for people of one kind ("infants", "산모"): plain words for people in datasets of such people."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from knowledge.catalog.read import Dataset
from tools.query.understand.words import key

_FILE = Path(__file__).with_name("populations.yaml")


@cache
def _marks() -> dict[str, tuple[str, ...]]:
    """The key of a word to the marks of datasets that hold such people only."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        key(word): tuple(kind["marks"]) for kind in loaded.values() for word in kind["words"]
    }


def narrows(word: str, datasets: Iterable[Dataset]) -> bool:
    """Whether a word for people is a condition on the people of these datasets."""
    marks = _marks().get(key(word))
    if marks is None:
        return False
    return not all(any(mark in _text(dataset) for mark in marks) for dataset in datasets)


def _text(dataset: Dataset) -> str:
    said = (
        dataset.title_en, dataset.title_ko, dataset.description_en, dataset.description_ko, dataset.theme
    )
    return " ".join(part for part in said if part).lower()
