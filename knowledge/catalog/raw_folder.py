"""Raw aggregates as files: exact numbers on the hospital's side, between profile and protect.

    raw.yaml          version, as_of, protection (the rule's numbers); its presence says "not protected"
    grid.csv          dataset, cohort, years, sexes, age_bands, within: which cells exist, and which cohorts
                      hold everyone of this one (everyone is *); lists joined with |
    raw_counts.csv    dataset, cohort, year, sex, age_band, patients, records; absent cells are zero
    raw_missing.csv   dataset, table, variable, rows, rows_missing, patients, patients_missing,
                      patients_present
    raw_overlaps.csv  dataset_a, dataset_b, patients_a, patients_b, both
    raw_medians.csv   dataset, patients, value (days of follow-up)

Beside them the descriptive files of a catalog folder, with what needs no protection. All but the
counts may be missing, as where a hospital counted by itself; a single CSV file is read as
raw_counts.csv. Without grid.csv the cells are those that the rows span: every cohort's years, by
every sex and age band of its dataset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.catalog.aggregates import Grid, RawCount, RawMedian, RawMissing, RawOverlap
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.write_folder import new_folder, write_rows, write_table, write_yaml

FILE = "raw.yaml"
WARNING = "unprotected counts, for the hospital's own eyes; run giljabi catalog protect"
DESCRIPTIVE = (
    "hospitals", "datasets", "tables", "variables", "concepts", "cohorts", "linkage", "coverage",
    "access_rules", "teams",
)
GRID_COLUMNS = ("dataset", "cohort", "years", "sexes", "age_bands", "within")
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Raw:
    """Everything that protection needs. ``described`` holds the rows of the descriptive files;
    ``about`` further keys of the declaration; ``uncounted`` the datasets that gave no records."""

    version: str
    as_of: str
    rule: Rule
    grids: Mapping[str, Grid]
    counts: Mapping[str, Sequence[RawCount]]
    missing: Sequence[RawMissing] = ()
    overlaps: Sequence[RawOverlap] = ()
    medians: Sequence[RawMedian] = ()
    described: Mapping[str, Sequence[Cells]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()


def write_raw(raw: Raw, out: Path) -> None:
    """Write a raw folder, in the place of an earlier one; readable by its owner only."""
    with new_folder(out, FILE, mode=0o700) as folder:
        write_yaml(folder / FILE, {
            "contents": WARNING, "version": raw.version, "as_of": raw.as_of, **raw.about,
            "protection": asdict(raw.rule),
        })
        for name in DESCRIPTIVE:
            if raw.described.get(name):
                write_table(folder, name, raw.described[name])
        write_rows(folder / "grid.csv", GRID_COLUMNS, [
            {
                "dataset": grid.dataset, "cohort": cohort.cohort, "years": "|".join(map(str, cohort.years)),
                "sexes": "|".join(grid.sexes), "age_bands": "|".join(cohort.age_bands),
                "within": "|".join(other or "*" for other in cohort.within if other != cohort.cohort),
            }
            for grid in raw.grids.values() for cohort in grid.cohorts
        ])
        write_rows(
            folder / "raw_counts.csv",
            ("dataset", "cohort", "year", "sex", "age_band", "patients", "records"),
            [
                {
                    "dataset": count.dataset, **count.cell._asdict(), "patients": count.patients,
                    "records": None if count.dataset in raw.uncounted else count.records,
                }
                for counts in raw.counts.values() for count in counts
            ],
        )
        for name, shape, rows in (
            ("missing", RawMissing, raw.missing), ("overlaps", RawOverlap, raw.overlaps),
            ("medians", RawMedian, raw.medians),
        ):
            columns = tuple(shape.__dataclass_fields__)
            write_rows(folder / f"raw_{name}.csv", columns, [
                {column: getattr(row, column) for column in columns} for row in rows
            ])
