"""What was published last, and the exact numbers behind it, which stay at the hospital.

The state folder holds a file per dataset (publication.py) and the overlaps; the catalog folder that is
published now holds the measures that stay with a dataset that is not published anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from knowledge.catalog.aggregates import RawOverlap
from knowledge.catalog.declaration import FILE as CATALOG
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.publication import PublishedDataset, read_state, write_state
from knowledge.catalog.read_raw import read_overlaps
from knowledge.catalog.repair import Protected
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
    datasets: dict[str, PublishedDataset] = {}
    overlaps: dict[Pair, RawOverlap] = {}
    if state is not None and (state / FILE).exists():
        for path in sorted(state.glob("*.json")):
            datasets[unquote(path.stem)] = read_state(path)
        overlaps = {(one.dataset_a, one.dataset_b): one for one in read_overlaps(state / OVERLAPS)}
    if previous is None:
        return Before(datasets, overlaps)
    if not (previous / CATALOG).exists():
        raise CatalogInvalid(f"{str(previous)!r} is no catalog folder.", hint="Give the published folder.")
    rows = {name: {_key(name, row): row for row in _rows(previous, name)} for name in _KEYS}
    published = _counts(previous)
    for dataset, one in datasets.items():
        expected = {
            (dataset, *("" if part is None else str(part) for part in count.cell)): str(count.patients or "")
            for count in one.counts
        }
        if published.get(dataset, expected) != expected:
            raise CatalogInvalid(
                f"The counts of dataset {dataset!r} in {str(previous)!r} are not those that the state was"
                " kept for.",
                hint="Give the folder and the state of the same publication.",
            )
    return Before(datasets, overlaps, rows, frozenset(published))


def write_before(
    state: Path, protected: Mapping[str, Protected], overlaps: Mapping[Pair, RawOverlap]
) -> None:
    """Keep what the next publication has to know, in the place of what was kept before."""
    gone = read_before(state, None).datasets
    with new_folder(state, FILE, mode=0o700) as folder:
        write_yaml(folder / FILE, {"contents": WARNING})
        for dataset in gone.keys() | protected.keys():
            one = protected[dataset].published if dataset in protected else gone[dataset]
            write_state(folder / f"{quote(dataset, safe='')}.json", one)
        columns = tuple(one.name for one in fields(RawOverlap))
        write_rows(folder / OVERLAPS, columns, map(asdict, overlaps.values()))


def _key(name: str, row: Cells) -> tuple[str, ...]:
    if name == "variables":
        return str(row["dataset"]), str(row.get("table") or row["dataset"]), str(row["name"])
    return tuple(str(row[part]) for part in _KEYS[name])


def _rows(folder: Path, name: str) -> list[Cells]:
    path, problems = folder / f"{name}.csv", Problems()
    if not path.exists():
        return []
    try:
        required = tuple(part for part in _KEYS.get(name, ("dataset",)) if part != "table")
        rows = [row.cells for row in read_rows(path, required, problems)]
    except UnreadableFile as error:
        raise CatalogInvalid(f"{error}.", hint="Give the folder as it was published.") from error
    return rows


def _counts(folder: Path) -> dict[str, dict[tuple[str, ...], str]]:
    counts: dict[str, dict[tuple[str, ...], str]] = {}
    for row in _rows(folder, "counts"):
        key = tuple(str(row.get(part, "")) for part in ("dataset", "cohort", "year", "sex", "age_band"))
        counts.setdefault(key[0], {})[key] = str(row.get("patients", ""))
    return counts
