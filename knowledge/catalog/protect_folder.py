"""Raw aggregates to a catalog folder: ``protect_raw``, what ``giljabi catalog protect`` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalog.aggregates import RawOverlap
from knowledge.catalog.last_publication import Before, new_state, read_before
from knowledge.catalog.protect import ProtectedCount, protect_median, protect_missing, protect_overlap
from knowledge.catalog.raw_folder import DESCRIPTIVE, Raw
from knowledge.catalog.repair import Protected, protect_and_repair
from knowledge.catalog.rows import Progress
from knowledge.catalog.write_folder import BASE, new_folder, write_cells, write_table, write_yaml

CATALOG = "catalog.yaml"
_RANGES = ("patients_low", "patients_high", "records_low", "records_high")
# What of a dataset stays as it was while its counts do; the rest describes and may change.
_MEASURED = {
    "datasets": ("median_follow_up_months",),
    "variables": ("missing_pct",),
    "linkage": ("overlap_patients", "overlap_patients_status"),
}
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class ProtectReport:
    """What was written. ``datasets``: cells by status, what repair did, whether it is published anew.
    ``rates``, ``medians``, ``overlaps``: how many are given, of how many."""

    version: str
    rule: Mapping[str, Any]
    datasets: Mapping[str, Mapping[str, Any]]
    rates: tuple[int, int]
    medians: tuple[int, int]
    overlaps: tuple[int, int]
    notes: tuple[str, ...]


def protect_raw(
    raw: Raw, out: Path, *, previous: Path | None = None, state: Path | None = None,
    progress: Progress | None = None, certificate: bool = True,
) -> ProtectReport:
    """Protect everything in ``raw`` and write the catalog folder ``out``, whole or not at all.

    ``state`` is the folder in which the numbers of a publication stay for the next one; it is written,
    and read where it is there already. ``previous`` is the catalog folder that is published now; a
    dataset with too few new people keeps what it says. Without ``certificate`` the attack is by
    intervals only: quick, and blind to what only a linear programme finds. Raises CatalogInvalid for
    impossible numbers, a state without its publication, and where no protection keeps the promise.
    """
    before = read_before(state, previous)
    before.need_state(raw.grids)
    with ExitStack() as opened:
        folder = opened.enter_context(new_folder(out, CATALOG))
        # in place before the folder is: what is published follows from it, should this be the last act
        keeping = opened.enter_context(new_state(state)) if state is not None else None
        made: dict[str, Mapping[str, Any]] = {}
        notes: list[str] = []

        def rows() -> Iterator[tuple[Any, ...]]:
            for dataset, one in _protected(raw, before, progress, certificate):
                if keeping is not None:
                    keeping.keep(one.published)
                made[dataset] = _summary(one)
                notes.extend(f"{dataset}: {what}" for what in _noted(one, raw.rule.new_patients))
                yield from (_cells(count, dataset not in raw.uncounted) for count in one.published.counts)

        write_cells(folder / "counts.csv", BASE["counts"] + _RANGES, rows())
        kept = frozenset(dataset for dataset, one in made.items() if not one["published_anew"])
        before.need_folder(kept)
        overlaps = before.overlaps_now(raw.overlaps, raw.rule, kept)
        if keeping is not None:
            keeping.keep_overlaps(overlaps.values())
            keeping.keep_gone(before)
        write_yaml(folder / CATALOG, {
            "version": raw.version, "as_of": raw.as_of, **raw.about, "protection": raw.rule.declaration(),
        })
        described = _described(raw, before, kept, overlaps)
        for name in DESCRIPTIVE:
            if described[name]:
                write_table(folder, name, described[name])
    return _report(raw, made, described, notes)


def _protected(
    raw: Raw, before: Before, progress: Progress | None, certificate: bool
) -> Iterator[tuple[str, Protected]]:
    """Dataset by dataset, so that no more than one is held in memory."""
    for done, (dataset, grid) in enumerate(raw.grids.items()):
        if progress:
            progress(dataset, done, len(raw.grids))
        yield dataset, protect_and_repair(
            raw.counts.get(dataset, ()), grid, raw.rule, previous=before.datasets.get(dataset),
            certificate=certificate,
        )
    if progress:
        progress("done", len(raw.grids), len(raw.grids))


def _summary(one: Protected) -> Mapping[str, Any]:
    return {
        **dict(sorted(Counter(count.status for count in one.published.counts).items())),
        "narrowed_before_repair": one.narrowed, "coarsened": one.coarsened,
        "published_anew": one.republished,
    }


def _noted(one: Protected, needed: int) -> Iterator[str]:
    yield from one.repairs
    if not one.republished:
        yield f"fewer than {needed} new patients; what is published stays"


def _described(
    raw: Raw, before: Before, kept: frozenset[str], counted: Mapping[tuple[str, str], RawOverlap]
) -> dict[str, list[Cells]]:
    """The descriptive files with the protected measures in them."""
    described = {name: list(raw.described.get(name, ())) for name in DESCRIPTIVE}
    rates = {(one.dataset, one.table, one.variable): protect_missing(one, raw.rule) for one in raw.missing}
    medians = {one.dataset: protect_median(one, raw.rule) for one in raw.medians}
    overlaps = {pair: protect_overlap(one, raw.rule) for pair, one in counted.items()}
    described["datasets"] = [_with_median(row, medians) for row in described["datasets"]]
    described["variables"] = [_with_rate(row, rates) for row in described["variables"]]
    described["linkage"] = _links(described["linkage"], overlaps)
    for name, measures in _MEASURED.items():
        described[name] = [before.measured(name, row, measures, kept) for row in described[name]]
    return described


def _report(
    raw: Raw, made: Mapping[str, Mapping[str, Any]], described: Mapping[str, list[Cells]],
    notes: Sequence[str],
) -> ProtectReport:
    def given(name: str, measure: str, profiled: int) -> tuple[int, int]:
        return sum(row.get(measure) not in (None, "") for row in described[name]), profiled

    return ProtectReport(
        version=raw.version, rule=raw.rule.declaration(), datasets=made,
        rates=given("variables", "missing_pct", len(raw.missing)),
        medians=given("datasets", "median_follow_up_months", len(raw.medians)),
        overlaps=given("linkage", "overlap_patients", len(raw.overlaps)),
        notes=tuple(notes),
    )


def _with_median(row: Mapping[str, Any], medians: Mapping[str, int | None]) -> Mapping[str, Any]:
    dataset = row["dataset"]
    return {**row, "median_follow_up_months": medians[dataset]} if dataset in medians else row


def _with_rate(row: Mapping[str, Any], rates: Mapping[tuple[str, str, str], str]) -> Mapping[str, Any]:
    """A rate that a description brought along is not one that was protected here: it goes."""
    table = row.get("table") or row["dataset"]
    return {**row, "missing_pct": rates.get((row["dataset"], table, row["name"]), "")}


def _links(
    rows: list[Mapping[str, Any]], overlaps: Mapping[tuple[str, str], int | None]
) -> list[Mapping[str, Any]]:
    """Declared pairs with the overlaps that were counted; a counted pair that nobody declared as well."""
    linked: list[Mapping[str, Any]] = []
    left = dict(overlaps)
    for row in rows:
        pair = (row["dataset_a"], row["dataset_b"])
        bare = {name: cell for name, cell in row.items() if not name.startswith("overlap_patients")}
        linked.append({**bare, **_overlap(left.pop(pair))} if pair in left else bare)
    return linked + [
        {"dataset_a": a, "dataset_b": b, **_overlap(overlap)} for (a, b), overlap in left.items()
    ]


def _overlap(overlap: int | None) -> Mapping[str, Any]:
    return {
        "overlap_patients": overlap,
        "overlap_patients_status": "suppressed" if overlap is None else "released",
    }


def _cells(count: ProtectedCount, counted: bool) -> tuple[Any, ...]:
    """In the order of the columns. Without counted records there is nothing to say of them."""
    return (
        count.dataset, *count.cell, count.patients, count.records if counted else None, count.status,
        count.patients_low, count.patients_high, *(
            (count.records_low, count.records_high) if counted else (None, None)
        ),
    )
