"""Make the sample catalog: ``python -m knowledge.sample.build OUT``.

Synthetic people and raw tables, then the profile and protect code that a hospital runs, then the
catalog folder. The same definitions give the same bytes everywhere. No patient row is written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.catalog.profile_site import profile_plans
from knowledge.catalog.profiling.duckdb_engine import DuckDbEngine
from knowledge.catalog.profiling.plan import Plan
from knowledge.catalog.protect_folder import protect_raw
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.raw_folder import Raw
from knowledge.catalog.write_folder import BASE
from knowledge.sample.people import People, make_people
from knowledge.sample.programme import Dataset, Definitions
from knowledge.sample.raw_tables import RawTables, make_members
from knowledge.sample.source_site import describe, load, open_site

Row = Mapping[str, Any]
# What the definitions say beyond the format's columns, and ships
_EXTRA = {"datasets": ("code_systems",), "variables": ("sensitive",)}


def build(out: Path) -> None:
    """Write the catalog folder ``out`` in the place of an earlier one."""
    protect_raw(make_raw(Definitions(), Rule()), out)


def make_raw(definitions: Definitions, rule: Rule) -> Raw:
    """The raw aggregates of all hospitals, each profiled on its own side."""
    people = make_people(definitions)
    hospitals = dict.fromkeys(dataset.hospital for dataset in definitions.datasets)
    raws = [_profile(definitions, rule, hospital, people[hospital]) for hospital in hospitals]
    order = [dataset.name for dataset in definitions.datasets]
    grids = {name: grid for raw in raws for name, grid in raw.grids.items()}
    counts = {name: found for raw in raws for name, found in raw.counts.items()}
    programme = definitions.programme
    return Raw(
        version=programme["version"], as_of=str(programme["as_of"]), rule=rule,
        grids={name: grids[name] for name in order}, counts={name: counts[name] for name in order},
        missing=[one for raw in raws for one in raw.missing],
        overlaps=[one for raw in raws for one in raw.overlaps],
        medians=[one for raw in raws for one in raw.medians],
        described=_described(definitions, [row for raw in raws for row in raw.described["linkage"]]),
        about={name: programme[name] for name in ("title_en", "title_ko")},
    )


def _profile(definitions: Definitions, rule: Rule, hospital: str, people: People) -> Raw:
    """Everything that leaves one hospital."""
    with open_site() as site:
        plans = []
        for dataset in definitions.datasets:
            if dataset.hospital != hospital:
                continue
            tables = RawTables(definitions, dataset, make_members(
                dataset, people, definitions.programme["seed"]
            ))
            for table in dataset.tables:
                load(site, dataset.name, table.name, tables.make(table))
            plans.append(Plan(describe(definitions, dataset), {}))
        key_type = definitions.links["within_hospital"]
        return profile_plans(DuckDbEngine(site), plans, rule, key_type).raw


def _described(definitions: Definitions, within: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    datasets = definitions.datasets
    return {
        "hospitals": _columns("hospitals", definitions.rows("hospitals")),
        "datasets": _columns("datasets", map(_dataset, datasets)),
        "tables": _columns("tables", (row for dataset in datasets for row in _tables(dataset))),
        "variables": _columns("variables", (row for dataset in datasets for row in _variables(dataset))),
        "concepts": definitions.rows("concepts"),
        "cohorts": list(definitions.cohorts.values()),
        "linkage": [*within, *_across(definitions)],
        "teams": definitions.rows("teams"),
    }


def _columns(table: str, rows: Iterable[Row]) -> list[Row]:
    """The rows without what only the generator reads."""
    columns = (*BASE[table], *_EXTRA.get(table, ()))
    return [{name: row[name] for name in columns if name in row} for row in rows]


def _across(definitions: Definitions) -> list[Row]:
    """Pairs of two hospitals: nobody holds both sides, so there is no overlap to count."""
    key_type = definitions.links["across_hospitals"]
    return [
        {"dataset_a": a, "dataset_b": b, "key_type": key_type, "same_controller": "false"}
        for a, b in definitions.links["across"]
    ]


def _dataset(dataset: Dataset) -> Row:
    entry, years = dataset.entry, dataset.years
    return {
        **entry, "period_start": years[0], "period_end": years[-1],
        "age_min": dataset.members["age_min"], "age_max": dataset.members.get("age_max"),
        "code_systems": "|".join(entry["code_systems"]),
    }


def _tables(dataset: Dataset) -> list[Row]:
    return [{**table.entry, "dataset": dataset.name} for table in dataset.tables]


def _variables(dataset: Dataset) -> list[Row]:
    return [
        {**variable.row, "dataset": dataset.name, "table": table.name}
        for table in dataset.tables for variable in (*table.columns, *table.items)
    ]


def main(arguments: list[str]) -> int:
    """The command; 2 for wrong usage."""
    if len(arguments) != 1:
        print("usage: python -m knowledge.sample.build OUT", file=sys.stderr)
        return 2
    build(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
