"""What changed from one catalog to another: ``diff(a, b)``.

Only datasets whose hashes differ are compared row by row, so that a change in one of ten thousand
is found without reading the others. Where rows came from does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.columns import COLUMNS, ORIGIN
from knowledge.catalog.read import CONFIG
from knowledge.errors import StoreUnavailable

SHOWN = 200  # rows of each table
# Name in the result: the table, and what tells its rows apart.
_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "hospitals": ("hospitals", ("hospital",)),
    "datasets": ("datasets", ("dataset",)),
    "tables": ("tables", ("dataset", "table")),
    "variables": ("variables", ("dataset", "table", "name")),
    "concepts": ("concepts", ("concept",)),
    "cohorts": ("cohorts", ("cohort",)),
    "cells": ("counts", ("dataset", "cohort", "year", "sex", "age_low", "age_high")),
    "linkage": ("linkage", ("dataset_a", "dataset_b")),
    "coverage": ("coverage", ("dataset", "table", "period_start", "period_end", "population_en")),
    "access_rules": ("access_rules", ("dataset", "rule")),
    "teams": ("teams", ("team",)),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: how it is called, its database, and a hash per dataset."""

    name: str
    path: Path
    datasets: Mapping[str, str]


def diff(a: Side, b: Side, *, shown: int = SHOWN) -> dict[str, Any]:
    """What ``b`` has more, less and otherwise than ``a``; JSON-ready.

    ``{"from","to","same", PART: {"added","removed","changed","rows"}}`` with the parts hospitals, datasets,
    tables, variables, concepts, cohorts, cells (of the counts), linkage, coverage, access_rules, teams.
    ``rows`` holds at most ``shown`` of them: ``{"change","key","columns"?}``, columns old and new by name.
    """
    differ = sorted(
        name for name in a.datasets.keys() | b.datasets.keys() if a.datasets.get(name) != b.datasets.get(name)
    )
    connection = duckdb.connect(":memory:", config=CONFIG)
    try:
        for alias, side in (("a", a), ("b", b)):
            quoted = str(side.path).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS {alias} (READ_ONLY, TYPE duckdb)")
        connection.execute("CREATE TABLE differ AS SELECT unnest($1::VARCHAR[]) AS dataset", [differ])
        parts = {name: _part(connection, *part, shown) for name, part in _PARTS.items()}
    except duckdb.Error as error:
        raise StoreUnavailable(
            f"The catalogs {a.name!r} and {b.name!r} cannot be compared: {error}", hint="Import them again."
        ) from error
    finally:
        connection.close()
    same = not any(part[change] for part in parts.values() for change in ("added", "removed", "changed"))
    return {"from": a.name, "to": b.name, "same": same, **parts}


def _part(
    connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...], shown: int
) -> dict[str, Any]:
    columns = _shared(connection, table)
    if columns is None:
        return {"added": 0, "removed": 0, "changed": 0, "rows": []}
    rest = [name for name in columns if name not in key]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {_joined(table, key, rest)}")
    counted = dict(connection.execute("SELECT change, count(*) FROM found GROUP BY ALL").fetchall())
    rows = connection.execute("SELECT * FROM found ORDER BY ALL LIMIT $1", [shown]).fetchall()
    return {
        **{change: counted.get(change, 0) for change in ("added", "removed", "changed")},
        "rows": [_row(row, key, rest) for row in rows],
    }


def _shared(connection: duckdb.DuckDBPyConnection, table: str) -> list[str] | None:
    """The columns that both have; None where one lacks the table, having been made by a former program."""
    found = connection.execute(
        "SELECT database_name, list(column_name) FROM duckdb_columns()"
        " WHERE database_name IN ('a', 'b') AND table_name = $1 GROUP BY ALL", [table],
    ).fetchall()
    if len(found) < 2:
        return None
    return [name for name in COLUMNS[table] if name not in ORIGIN and all(name in has for _, has in found)]


def _joined(table: str, key: tuple[str, ...], rest: Iterable[str]) -> str:
    """Rows that only one side has, or that differ: what changed, the key, then old and new of each column."""
    owners = [name for name in key if name.startswith("dataset")]
    only = f"WHERE {' OR '.join(f'{name} IN (FROM differ)' for name in owners)}" if owners else ""
    on = " AND ".join(f'a."{name}" IS NOT DISTINCT FROM b."{name}"' for name in key)
    differs = " OR ".join(f'a."{name}" IS DISTINCT FROM b."{name}"' for name in rest) or "false"
    keys = ", ".join(f'coalesce(a."{name}", b."{name}")::VARCHAR AS "key_{name}"' for name in key)
    both = "".join(f', a."{name}" AS "old_{name}", b."{name}" AS "new_{name}"' for name in rest)
    return (
        f"SELECT CASE WHEN a.here IS NULL THEN 'added' WHEN b.here IS NULL THEN 'removed' ELSE 'changed' END"
        f' AS change, {keys}{both} FROM (SELECT *, true AS here FROM a."{table}" {only}) a'
        f' FULL JOIN (SELECT *, true AS here FROM b."{table}" {only}) b ON {on}'
        f" WHERE a.here IS NULL OR b.here IS NULL OR {differs}"
    )


def _row(row: tuple[Any, ...], key: tuple[str, ...], rest: list[str]) -> dict[str, Any]:
    change, cells = row[0], [str(cell) if hasattr(cell, "isoformat") else cell for cell in row[1:]]
    named = dict(zip(key, cells, strict=False))
    result: dict[str, Any] = {"change": change, "key": {k: v for k, v in named.items() if v is not None}}
    if change == "changed":
        pairs = zip(rest, cells[len(key)::2], cells[len(key) + 1::2], strict=True)
        result["columns"] = {name: [old, new] for name, old, new in pairs if old != new}
    return result
