"""What was published last, and the exact numbers behind it, which stay at the hospital.

The state folder holds a file per dataset (publication.py) and the overlaps; the catalog folder that is
published now holds the measures that stay with a dataset that is not published anew.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from knowledge.catalog.aggregates import RawOverlap
from knowledge.catalog.declaration import FILE as CATALOG
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset, read_state, write_state
from knowledge.catalog.read_raw import read_overlaps
from knowledge.catalog.rows import Problems, UnreadableFile, read_rows
from knowledge.catalog.write_folder import new_folder, write_rows, write_yaml
from knowledge.errors import CatalogInvalid

FILE = "state.yaml"
WARNING = "exact numbers of the last publication; they stay at the hospital"
OVERLAPS = "overlaps.csv"
_KEYS = {
    "datasets": ("dataset",), "variables": ("dataset", "table", "name"),
    "linkage": ("dataset_a", "dataset_b"),
}
Cells = Mapping[str, Any]
Pair = tuple[str, str]


class Kept(Mapping[str, PublishedDataset]):
    """The datasets of a state folder, each read when it is asked for."""

    def __init__(self, state: Path) -> None:
        self._paths = {unquote(path.stem): path for path in sorted(state.glob("*.json"))}

    def path(self, dataset: str) -> Path:
        """The file of one."""
        return self._paths[dataset]

    def __getitem__(self, dataset: str) -> PublishedDataset:
        return read_state(self._paths[dataset])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


@dataclass(frozen=True)
class Before:
    """The last publication; empty where there is none. ``rows``: those of the published folder by key;
    ``counted``: the datasets with counts in it."""

    datasets: Mapping[str, PublishedDataset] = field(default_factory=dict)
    overlaps: Mapping[Pair, RawOverlap] = field(default_factory=dict)
    rows: Mapping[str, Mapping[tuple[str, ...], Cells]] | None = None
    counted: frozenset[str] = frozenset()

    def need_state(self, datasets: Collection[str]) -> None:
        """CatalogInvalid where one of the datasets is published, and nobody knows from which numbers."""
        lost = sorted(self.counted & set(datasets) - self.datasets.keys())
        if lost:
            raise CatalogInvalid(
                f"Dataset {lost[0]!r} is published, but the state has no numbers of it.",
                hint="Give the state that was kept when it was published: only with it can be told what may"
                " change.",
            )

    def need_folder(self, kept: frozenset[str]) -> None:
        """CatalogInvalid where datasets are to keep what is published, and it is not at hand."""
        if kept and self.rows is None:
            raise CatalogInvalid(
                f"Dataset {min(kept)!r} has too few new patients to be published anew.",
                hint="Give the folder that is published now with --previous: the dataset stays as there.",
            )

    def overlaps_now(
        self, counted: Sequence[RawOverlap], rule: Rule, kept: frozenset[str]
    ) -> dict[Pair, RawOverlap]:
        """The numbers that overlaps are published from: those of last time until one moved by the base."""
        now = {}
        for one in counted:
            pair = (one.dataset_a, one.dataset_b)
            last = self.overlaps.get(pair)
            moved = last is None or abs(one.both - last.both) >= rule.base
            now[pair] = one if last is None or (moved and not kept & set(pair)) else last
        return now

    def measured(self, name: str, row: Cells, measures: Sequence[str], kept: frozenset[str]) -> Cells:
        """A descriptive row; of a dataset that stays as published, with the published measures."""
        key = _key(name, row)
        ids = key if name == "linkage" else key[:1]
        if self.rows is None or not kept & set(ids):
            return row
        published = self.rows[name].get(key, {})
        return {**row, **{measure: published.get(measure) for measure in measures if measure in row}}


def read_before(state: Path | None, previous: Path | None) -> Before:
    """What is known of the last publication. CatalogInvalid where a file is broken, or the published
    folder is not the one that the state belongs to."""
    datasets: Mapping[str, PublishedDataset] = {}
    overlaps: dict[Pair, RawOverlap] = {}
    if state is not None and (state / FILE).exists():
        datasets = Kept(state)
        overlaps = {(one.dataset_a, one.dataset_b): one for one in read_overlaps(state / OVERLAPS)}
    if previous is None:
        return Before(datasets, overlaps)
    if not (previous / CATALOG).exists():
        raise CatalogInvalid(f"{str(previous)!r} is no catalog folder.", hint="Give the published folder.")
    rows = {name: {_key(name, row): row for row in _rows(previous, name)} for name in _KEYS}
    published = _prints((row.get("dataset", ""), row) for row in _rows(previous, "counts"))
    for dataset, one in datasets.items():
        expected = _prints(
            (dataset, {**count.cell._asdict(), "patients": count.patients}) for count in one.counts
        )
        if dataset in published and published[dataset] != expected[dataset]:
            raise CatalogInvalid(
                f"The counts of dataset {dataset!r} in {str(previous)!r} are not those that the state was"
                " kept for.",
                hint="Give the folder and the state of the same publication.",
            )
    return Before(datasets, overlaps, rows, frozenset(published))


class NewState:
    """A state folder that is being written, dataset by dataset."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        write_yaml(folder / FILE, {"contents": WARNING})

    def keep(self, published: PublishedDataset) -> None:
        """One dataset as it is published now."""
        write_state(self._place(published.grid.dataset), published)

    def keep_overlaps(self, overlaps: Iterable[RawOverlap]) -> None:
        """The numbers behind the published overlaps."""
        columns = tuple(one.name for one in fields(RawOverlap))
        write_rows(self._folder / OVERLAPS, columns, map(asdict, overlaps))

    def keep_gone(self, before: Before) -> None:
        """What is known of datasets that are not published any more."""
        if isinstance(before.datasets, Kept):
            for dataset in before.datasets:
                if not self._place(dataset).exists():
                    shutil.copyfile(before.datasets.path(dataset), self._place(dataset))

    def _place(self, dataset: str) -> Path:
        return self._folder / f"{quote(dataset, safe='')}.json"


@contextmanager
def new_state(state: Path) -> Iterator[NewState]:
    """What the next publication has to know, in the place of what was kept before once all is written."""
    with new_folder(state, FILE, mode=0o700) as folder:
        yield NewState(folder)


def _key(name: str, row: Cells) -> tuple[str, ...]:
    if name == "variables":
        return str(row["dataset"]), str(row.get("table") or row["dataset"]), str(row["name"])
    return tuple(str(row[part]) for part in _KEYS[name])


def _rows(folder: Path, name: str) -> Iterator[Cells]:
    path, problems = folder / f"{name}.csv", Problems()
    if not path.exists():
        return
    try:
        required = tuple(part for part in _KEYS.get(name, ("dataset",)) if part != "table")
        for row in read_rows(path, required, problems):
            yield row.cells
    except UnreadableFile as error:
        raise CatalogInvalid(f"{error}.", hint="Give the folder as it was published.") from error


def _prints(counts: Iterable[tuple[str, Cells]]) -> Counter[str]:
    """A number for each dataset that its cells and their people make up, whatever their order."""
    prints = Counter[str]()
    for dataset, row in counts:
        text = "|".join(
            str(row.get(part) or "") for part in ("cohort", "year", "sex", "age_band", "patients")
        )
        prints[dataset] += int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest())
    return prints
