"""Words for people of one kind ("infants", "산모"): plain words for people in datasets of such people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.catalog.read import Dataset
from knowledge.data_file import read_shipped
from tools.query.understand.words import key

_FILE = Path(__file__).with_name("populations.yaml")
_NEARLY = 4  # years


@dataclass(frozen=True, slots=True)
class Population:
    """People of one kind; ``lowest`` and ``highest`` are ages in years that they have."""

    marks: tuple[str, ...]
    lowest: int | None = None
    highest: int | None = None

    def only(self, dataset: Dataset) -> bool:
        """Whether a dataset says of itself that it holds such people."""
        if any(mark in _text(dataset) for mark in self.marks):
            return True
        youngest, oldest = dataset.age_min, dataset.age_max
        if self.highest is not None:
            return oldest is not None and oldest <= self.highest
        return self.lowest is not None and youngest is not None and youngest >= self.lowest

    def aged(self, low: int | None, high: int | None) -> bool:
        """Whether people of these ages are all of this kind; of a range with both ends, nearly all
        ("babies aged 1 to 4")."""
        loosely = _NEARLY if low is not None and high is not None else 0
        if self.highest is not None:
            return high is not None and high <= self.highest + loosely
        return self.lowest is not None and low is not None and low >= self.lowest - loosely


@cache
def _kinds() -> Mapping[str, Population]:
    """The key of a word to the kind of people that it stands for."""
    loaded = read_shipped(_FILE)
    return {
        key(word): Population(tuple(kind["marks"]), **kind.get("ages", {}))
        for kind in loaded.values()
        for word in kind["words"]
    }


def kind_of_people(word: str) -> Population | None:
    """The kind of people that a word stands for; None for plain words such as "patients"."""
    return _kinds().get(key(word))


def narrows(
    word: str, datasets: Iterable[Dataset], low: int | None = None, high: int | None = None
) -> bool:
    """Whether a word for people is a condition on the people of these datasets, beyond the ages asked for."""
    kind = kind_of_people(word)
    if kind is None or kind.aged(low, high):
        return False
    return not all(kind.only(dataset) for dataset in datasets)


def _text(dataset: Dataset) -> str:
    said = (
        dataset.title_en, dataset.title_ko, dataset.description_en, dataset.description_ko, dataset.theme
    )
    return " ".join(part for part in said if part).lower()
