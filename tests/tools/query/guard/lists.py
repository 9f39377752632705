"""The lists of statements under tests/tools/sql, one entry per statement and engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from tests.tools.query.small_catalog import SQL

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C where it is built in
ENGINES = ("duckdb", "postgres", "sqlite")


@cache
def _read(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.load((SQL / f"{name}.yaml").read_text(encoding="utf-8"), Loader=LOADER))


def entries(name: str, *, default: str = "any") -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(label, dialect, entry) of every statement in ``name``.yaml; "any" stands for all three engines."""
    for entry in _read(name):
        dialect = entry.get("dialect", default)
        for engine in ENGINES if dialect == "any" else (dialect,):
            yield f"{entry['id']}-{engine}", engine, entry
