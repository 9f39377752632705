"""The catalog folder as files: UTF-8 CSV with fixed columns, and catalog.yaml."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge.catalog.protection_rule import Rule
from knowledge.sample.programme import Definitions

# the format's columns first, then those that this folder adds
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "hospitals": ("hospital", "name_en", "name_ko", "type", "beds", "region_en", "region_ko", "contact"),
    "datasets": (
        "dataset", "hospital", "title_en", "title_ko", "description_en", "description_ko", "theme",
        "period_start", "period_end", "update_frequency", "last_updated", "data_model", "access_level",
        "lead_time_days", "age_min", "age_max", "median_follow_up_months", "code_systems",
    ),
    "tables": ("dataset", "table", "title_en", "title_ko", "granularity"),
    "variables": (
        "dataset", "table", "name", "label_en", "label_ko", "aliases", "type", "unit", "values",
        "missing_pct", "granularity", "modifier", "concept", "sensitive",
    ),
    "concepts": (
        "concept", "code_system", "edition", "code", "name_en", "name_ko", "synonyms", "code_checked",
    ),
    "cohorts": ("cohort", "name_en", "name_ko", "codes", "definition", "first_year", "age_min"),
    "counts": ("dataset", "cohort", "year", "sex", "age_band", "patients", "records", "status"),
    "linkage": (
        "dataset_a", "dataset_b", "key_type", "same_controller",
        "overlap_patients", "overlap_patients_status",
    ),
    "teams": (
        "team", "name_en", "name_ko", "hospital", "lead_role", "interests_en", "interests_ko", "datasets",
    ),
}


def declaration(definitions: Definitions, rule: Rule) -> Mapping[str, Any]:
    """The content of catalog.yaml."""
    programme = definitions.programme
    return {
        **{key: programme[key] for key in ("version", "as_of", "title_en", "title_ko")},
        "protection": rule.declaration(),
    }


def write(out: Path, content: Mapping[str, Any]) -> None:
    """Write catalog.yaml and one CSV file per table; keys of a row without a column are left out."""
    out.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(content["catalog"], allow_unicode=True, sort_keys=False, width=1000)
    (out / "catalog.yaml").write_bytes(text.encode())
    for name, columns in COLUMNS.items():
        _write_rows(out / f"{name}.csv", columns, content[name])


def _write_rows(path: Path, columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
