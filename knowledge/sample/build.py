"""Make the sample catalog: ``python -m knowledge.sample.build OUT``.

Synthetic people and raw tables, then the profile and protect code that a hospital runs, then the
catalog folder. The same definitions give the same bytes everywhere. No patient row is written.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.aggregates import RawMissing
from knowledge.catalog.profile import profile_counts, profile_follow_up, profile_missing, profile_overlap
from knowledge.catalog.protect import (
    ProtectedCount,
    protect_counts,
    protect_median,
    protect_missing,
    protect_overlap,
)
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.source import DatasetSource
from knowledge.sample import folder
from knowledge.sample.people import make_people
from knowledge.sample.programme import Dataset, Definitions
from knowledge.sample.raw_tables import RawTables, make_members
from knowledge.sample.source_site import describe, load, open_site

Row = dict[str, Any]


def build(out: Path, definitions: Definitions | None = None, rule: Rule | None = None) -> None:
    """Write the catalog folder ``out`` (created where needed; files of the same name are replaced)."""
    definitions, rule = definitions or Definitions(), rule or Rule()
    people = make_people(definitions)
    hospitals = list(dict.fromkeys(dataset.hospital for dataset in definitions.datasets))
    follow_up: dict[str, int | None] = {}
    counts: dict[str, list[ProtectedCount]] = {}
    missing: dict[tuple[str, str, str], str] = {}
    overlaps: list[Row] = []
    for hospital in hospitals:
        datasets = [dataset for dataset in definitions.datasets if dataset.hospital == hospital]
        with open_site() as site:
            sources = []
            for dataset in datasets:
                tables = RawTables(definitions, dataset, make_members(
                    dataset, people[hospital], definitions.programme["seed"]
                ))
                for table in dataset.tables:
                    load(site, dataset.name, table.name, tables.make(table))
                sources.append(describe(definitions, dataset))
            for source in sources:
                counts[source.dataset] = protect_counts(profile_counts(site, source), source.grid, rule)
                follow_up[source.dataset] = protect_median(profile_follow_up(site, source), rule)
                missing.update(_rates(profile_missing(site, source), rule))
            overlaps += _overlaps(site, sources, definitions.links["within_hospital"], rule)
    folder.write(out, {
        "catalog": folder.declaration(definitions, rule),
        "hospitals": definitions.rows("hospitals"),
        "datasets": [_dataset(dataset, follow_up[dataset.name]) for dataset in definitions.datasets],
        "tables": [row for dataset in definitions.datasets for row in _tables(dataset)],
        "variables": [row for dataset in definitions.datasets for row in _variables(dataset, missing)],
        "concepts": definitions.rows("concepts"),
        "cohorts": list(definitions.cohorts.values()),
        "counts": [_count(count) for dataset in definitions.datasets for count in counts[dataset.name]],
        "linkage": overlaps + _across(definitions),
        "teams": definitions.rows("teams"),
    })


def _rates(raw: list[RawMissing], rule: Rule) -> dict[tuple[str, str, str], str]:
    return {(one.dataset, one.table, one.variable): protect_missing(one, rule) for one in raw}


def _overlaps(
    site: duckdb.DuckDBPyConnection, sources: list[DatasetSource], key_type: str, rule: Rule
) -> list[Row]:
    rows = []
    for a, b in combinations(sources, 2):
        overlap = protect_overlap(profile_overlap(site, a, b), rule)
        rows.append({
            "dataset_a": a.dataset, "dataset_b": b.dataset, "key_type": key_type, "same_controller": "true",
            "overlap_patients": overlap,
            "overlap_patients_status": "suppressed" if overlap is None else "released",
        })
    return rows


def _across(definitions: Definitions) -> list[Row]:
    """Pairs of two hospitals: nobody holds both sides, so there is no overlap to count."""
    key_type = definitions.links["across_hospitals"]
    return [
        {"dataset_a": a, "dataset_b": b, "key_type": key_type, "same_controller": "false"}
        for a, b in definitions.links["across"]
    ]


def _dataset(dataset: Dataset, follow_up: int | None) -> Row:
    entry, years = dataset.entry, dataset.years
    return {
        **entry, "period_start": years[0], "period_end": years[-1],
        "age_min": dataset.members["age_min"], "age_max": dataset.members.get("age_max"),
        "median_follow_up_months": follow_up, "code_systems": "|".join(entry["code_systems"]),
    }


def _tables(dataset: Dataset) -> list[Row]:
    return [{**table.entry, "dataset": dataset.name} for table in dataset.tables]


def _variables(dataset: Dataset, missing: dict[tuple[str, str, str], str]) -> list[Row]:
    return [
        {**variable.row, "dataset": dataset.name, "table": table.name,
         "missing_pct": missing[dataset.name, table.name, variable.name]}
        for table in dataset.tables for variable in (*table.columns, *table.items)
    ]


def _count(count: ProtectedCount) -> Row:
    return {
        "dataset": count.dataset, **count.cell._asdict(),
        "patients": count.patients, "records": count.records, "status": count.status,
    }


def main(arguments: list[str]) -> int:
    """The command; 2 for wrong usage."""
    if len(arguments) != 1:
        print("usage: python -m knowledge.sample.build OUT", file=sys.stderr)
        return 2
    build(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
