"""Raw aggregates to a catalog folder: ``protect_raw``, what ``giljabi catalog protect`` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalog.aggregates import RawOverlap
from knowledge.catalog.last_publication import Before, read_before, write_before
from knowledge.catalog.protect import ProtectedCount, protect_median, protect_missing, protect_overlap
from knowledge.catalog.raw_folder import DESCRIPTIVE, Raw
from knowledge.catalog.repair import Protected, protect_and_repair
from knowledge.catalog.rows import Progress
from knowledge.catalog.write_folder import BASE, new_folder, write_rows, write_table, write_yaml

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
    protected: dict[str, Protected] = {}
    for done, (dataset, grid) in enumerate(raw.grids.items()):
        if progress:
            progress(dataset, done, len(raw.grids))
        counts = raw.counts.get(dataset, ())
        protected[dataset] = protect_and_repair(
            counts, grid, raw.rule, previous=before.datasets.get(dataset), certificate=certificate
        )
    if progress:
        progress("done", len(raw.grids), len(raw.grids))
    kept = frozenset(dataset for dataset, one in protected.items() if not one.republished)
    before.need_folder(kept)
    overlaps = before.overlaps_now(raw.overlaps, raw.rule, kept)
    described = _described(raw, before, kept, overlaps)
    if state is not None:  # first: what is published follows from it, should this be the last act
        write_before(state, protected, overlaps)
    with new_folder(out, CATALOG) as folder:
        write_yaml(folder / CATALOG, {
            "version": raw.version, "as_of": raw.as_of, **raw.about, "protection": raw.rule.declaration(),
        })
        for name in DESCRIPTIVE:
            if described[name]:
                write_table(folder, name, described[name])
        _write_counts(folder, protected, raw.uncounted)
    return _report(raw, protected, described)


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
    raw: Raw, protected: Mapping[str, Protected], described: Mapping[str, list[Cells]]
) -> ProtectReport:
    def given(name: str, measure: str, profiled: int) -> tuple[int, int]:
        return sum(row.get(measure) not in (None, "") for row in described[name]), profiled

    return ProtectReport(
        version=raw.version,
        rule=raw.rule.declaration(),
        datasets={
            dataset: {
                **dict(sorted(Counter(count.status for count in one.published.counts).items())),
                "narrowed_before_repair": one.narrowed, "coarsened": one.coarsened,
                "published_anew": one.republished,
            }
            for dataset, one in protected.items()
        },
        rates=given("variables", "missing_pct", len(raw.missing)),
        medians=given("datasets", "median_follow_up_months", len(raw.medians)),
        overlaps=given("linkage", "overlap_patients", len(raw.overlaps)),
        notes=tuple(
            f"{dataset}: {what}" for dataset, one in protected.items()
            for what in (*one.repairs, *(() if one.republished else (
                f"fewer than {raw.rule.new_patients} new patients; what is published stays",
            )))
        ),
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


def _write_counts(folder: Path, protected: Mapping[str, Protected], uncounted: frozenset[str]) -> None:
    counts = [count for one in protected.values() for count in one.published.counts]
    ranged = any(getattr(count, name) is not None for count in counts for name in _RANGES)
    columns = BASE["counts"] + (_RANGES if ranged else ())
    write_rows(folder / "counts.csv", columns, (_count_row(count, uncounted) for count in counts))


def _count_row(count: ProtectedCount, uncounted: frozenset[str]) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "dataset": count.dataset, **count.cell._asdict(), "patients": count.patients,
        "records": count.records, "status": count.status,
        **{name: getattr(count, name) for name in _RANGES},
    }
    if count.dataset in uncounted:
        row |= {name: None for name in row if name.startswith("records")}
    return row
