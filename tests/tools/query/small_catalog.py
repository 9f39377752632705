"""A small real catalog database in DuckDB, for the guard's and the runner's tests."""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

from tools.query.guard import GuardSchema

SQL = Path(__file__).parents[1] / "sql"


def write_catalog(path: Path, schema: GuardSchema) -> Path:
    """Every table of ``schema``, filled from catalog_rows.yaml; columns at the end may be left out there."""
    rows = yaml.safe_load((SQL / "catalog_rows.yaml").read_text(encoding="utf-8"))
    with duckdb.connect(str(path)) as connection:
        for table, spec in schema.tables.items():
            columns = ", ".join(f'"{name}" {column.type}' for name, column in spec.columns.items())
            connection.execute(f'CREATE TABLE "{table}" ({columns})')
            marks = ", ".join("?" for _ in spec.columns)
            for row in rows.get(table, ()):
                values = [None if value == "-" else value for value in row]
                values += [None] * (len(spec.columns) - len(row))
                connection.execute(f'INSERT INTO "{table}" VALUES ({marks})', values)
    return path
