"""A table of numbers, and a statement over it that no engine finishes in time."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tools.query.guard import ColumnSpec, GuardSchema, TableSpec

NUMBERS = GuardSchema(
    tables={
        "numbers": TableSpec(
            columns={"a": ColumnSpec("integer"), "b": ColumnSpec("integer"), "t": ColumnSpec()}
        )
    },
    joins=(("numbers.b", "numbers.b"),),
    threshold=10,
)
# With two million rows a trillion pairs; DuckDB looks up from its work only now and then.
PAIRS = "SELECT SUM(x.a + y.a) AS n FROM numbers AS x JOIN numbers AS y ON x.b = y.b"


def write_numbers(path: Path, rows: int = 2_000_000) -> Path:
    """The table, as a DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"CREATE TABLE numbers AS SELECT range AS a, range % 2 AS b, 'n' || range AS t FROM range({rows})"
        )
    return path
