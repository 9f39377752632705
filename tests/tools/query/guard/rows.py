"""Rows for any schema: the same for every seed, but for the protected columns."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tools.query.guard import ColumnSpec, GuardSchema

TEXTS = ["d1", "d2", "h1", "h2", "F", "M", "60+", "copd", "released", "suppressed", None]
COUNTS = [None, 5, 10, 20, 30, 120, 2020]


def fill(schema: GuardSchema, seed: int, execute: Callable[..., Any]) -> None:
    """Make and fill every table of ``schema``; ``seed`` decides the counts only."""
    rows, counts = random.Random(7), random.Random(seed)
    for table, spec in schema.tables.items():
        columns = ", ".join(f'"{name}" {column.type}' for name, column in spec.columns.items())
        execute(f'CREATE TABLE "{table}" ({columns})')
        seen = set()
        for number in range(14):
            row = [_value(column, number, rows, counts) for column in spec.columns.values()]
            cell = tuple(v for v, name in zip(row, spec.columns, strict=True) if name in spec.dimensions)
            if cell not in seen or not any(column.protected for column in spec.columns.values()):
                seen.add(cell)
                marks = ", ".join("?" for _ in row)
                execute(f'INSERT INTO "{table}" VALUES ({marks})', row)


def _value(column: ColumnSpec, number: int, rows: random.Random, counts: random.Random) -> object:
    if column.protected:
        return counts.choice(COUNTS)
    if column.unique:
        return number if column.type == "integer" else [*TEXTS[:4], *(f"u{n}" for n in range(20))][number]
    kinds = {
        "double": [1.5, 20.0, None],
        "boolean": [True, False],
        "date": ["2024-01-01", "2025-05-05", None],
    }
    numbers = [1, 2, 3, 12, 2020, 2021, None]
    return rows.choice(numbers if column.type in {"integer", "bigint"} else kinds.get(column.type, TEXTS))
