"""How many individuals and records each dataset publishes as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalog.read import open_catalog

_WHOLE = """
SELECT dataset, rule, patients, patients_status, patients_low, patients_high,
       records, records_status, records_low, records_high
FROM counts WHERE cohort IS NULL AND year IS NULL AND sex IS NULL AND age_band IS NULL
"""


@dataclass(frozen=True, slots=True)
class Total:
    """One published number: ``value`` where it was released, its ends, and the rule that it stands under."""

    value: int | None
    status: str | None
    low: int | None
    high: int | None
    rule: str


def whole_totals(database: Path) -> Mapping[tuple[str, str], Total]:
    """(dataset, "patients" or "records") -> the number over everyone in it, where one was published."""
    with open_catalog(database) as connection:
        rows = connection.execute(_WHOLE).fetchall()
    found: dict[tuple[str, str], Total] = {}
    for dataset, rule, *measures in rows:
        for name, cells in (("patients", measures[:4]), ("records", measures[4:])):
            if cells[1] is not None:
                value, status, low, high = cells
                found[dataset, name] = Total(value, status, low, high, rule)
    return found
