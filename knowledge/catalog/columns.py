"""The tables of the catalog database and their columns, in order, with DuckDB types.

One place for the writer and the reader; the query guard keeps its own description, and a test
compares the two. Raise SCHEMA_VERSION when a column's meaning changes, so that folders which are
imported again are built anew.
"""

from __future__ import annotations

import hashlib

SCHEMA_VERSION = "2"

TEXT, INTEGER, BIGINT, DOUBLE, DATE, BOOLEAN = "VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "DATE", "BOOLEAN"


def _columns(text: str, **others: str) -> dict[str, str]:
    """Column names in order, each text unless ``others`` gives its type."""
    return {name: others.get(name, TEXT) for name in text.split()}


def _measure(name: str) -> dict[str, str]:
    return {name: BIGINT, f"{name}_status": TEXT, f"{name}_low": BIGINT, f"{name}_high": BIGINT}


# Where a row came from: the imported file (see the table sources) and the row in it. Two imports
# that differ in nothing else hold the same content.
ORIGIN: dict[str, str] = {"source_file": TEXT, "source_row": INTEGER}

_DESCRIBED: dict[str, dict[str, str]] = {
    "hospitals": _columns("hospital name_en name_ko type beds region_en region_ko contact", beds=INTEGER),
    "datasets": _columns(
        "dataset hospital title_en title_ko description_en description_ko theme period_start period_end"
        " start_year end_year update_frequency last_updated data_model access_level lead_time_days"
        " age_min age_max median_follow_up_months controller contact cost_basis update_lag supersedes"
        " population_en population_ko license keywords",
        start_year=INTEGER, end_year=INTEGER, last_updated=DATE, lead_time_days=INTEGER,
        age_min=INTEGER, age_max=INTEGER, median_follow_up_months=DOUBLE,
    ),
    "tables": _columns("dataset table title_en title_ko granularity description_en description_ko"),
    "variables": _columns(
        "dataset table name label_en label_ko aliases type unit values missing_pct missing_text"
        " missing_low missing_high granularity modifier concept description_en description_ko section"
        " sensitive missing_codes provenance",
        missing_pct=DOUBLE, missing_low=DOUBLE, missing_high=DOUBLE, sensitive=BOOLEAN,
    ),
    "variable_values": _columns("dataset table name code label"),
    "concepts": _columns("concept code_system edition code name_en name_ko synonyms"),
    "cohorts": _columns("cohort name_en name_ko codes definition"),
    "counts": {
        **_columns(
            "dataset hospital cohort year sex age_band age_low age_high",
            year=INTEGER, age_low=INTEGER, age_high=INTEGER,
        ),
        **_measure("patients"), **_measure("records"), "rule": TEXT,
    },
    "linkage": {
        **_columns("dataset_a dataset_b key_type same_controller", same_controller=BOOLEAN),
        **_measure("overlap_patients"),
    },
    "coverage": _columns(
        "dataset table period_start period_end start_year end_year population_en population_ko"
        " note_en note_ko",
        start_year=INTEGER, end_year=INTEGER,
    ),
    "access_rules": _columns(
        "dataset rule access_level purpose_en purpose_ko conditions_en conditions_ko lead_time_days"
        " cost_basis contact",
        lead_time_days=INTEGER,
    ),
    "teams": _columns("team name_en name_ko hospital lead_role interests_en interests_ko datasets"),
}

COLUMNS: dict[str, dict[str, str]] = {
    **{table: columns | ORIGIN for table, columns in _DESCRIBED.items()},
    "sources": _columns("source_file format sha256 bytes", bytes=BIGINT),
    "catalog_meta": _columns("key value"),
}


def schema_hash() -> str:
    """12 hex digits that change with the tables, the columns, their types, or SCHEMA_VERSION."""
    shape = repr((SCHEMA_VERSION, [(table, list(columns.items())) for table, columns in COLUMNS.items()]))
    return hashlib.sha256(shape.encode()).hexdigest()[:12]
