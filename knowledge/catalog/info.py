"""What is inside a catalog database, in numbers: ``info(path)``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.read import open_catalog
from knowledge.catalog.versions import CatalogVersions
from knowledge.errors import NotFound

# Of the datasets in a list, or of all where it is null.
_DATASETS = """
SELECT d.dataset AS id, d.title_en, d.title_ko, d.hospital,
       coalesce(v.variables, 0) AS variables, coalesce(t.tables, 0) AS tables,
       coalesce(c.counts, 0) AS counts, coalesce(c.cohorts, 0) AS cohorts
FROM datasets d
LEFT JOIN (SELECT dataset, count(*) AS variables FROM variables GROUP BY ALL) v USING (dataset)
LEFT JOIN (SELECT dataset, count(*) AS tables FROM tables GROUP BY ALL) t USING (dataset)
LEFT JOIN (SELECT dataset, count(*) AS counts, count(DISTINCT cohort) AS cohorts
           FROM counts GROUP BY ALL) c USING (dataset)
WHERE $1::VARCHAR[] IS NULL OR d.dataset IN (SELECT unnest($1::VARCHAR[]))
ORDER BY d.rowid
"""
_TOTALS = ("hospitals", "tables", "variables", "concepts", "cohorts", "counts", "linkage", "teams")


def info(path: Path) -> dict[str, Any]:
    """Version, as-of date, rule id, and how much there is per dataset and in all; JSON-ready."""
    with open_catalog(path) as connection:
        meta = dict(connection.execute("SELECT key, value FROM catalog_meta").fetchall())
        datasets = _datasets(connection, None)
        counted = connection.execute(
            "SELECT " + ", ".join(f'(SELECT count(*) FROM "{table}")' for table in _TOTALS)
            + ", (SELECT count(DISTINCT name) FROM variables)"
        ).fetchone() or ()
    return {
        "version": meta.get("version"),
        "as_of": meta.get("as_of"),
        "rule": meta.get("rule"),
        "protection": {
            key: int(meta[key]) if meta[key].isdigit() else meta[key]
            for key in ("threshold", "base", "rounding", "zeros", "suppressed_below") if key in meta
        },
        "datasets": datasets,
        **dict(zip((*_TOTALS, "variable_names"), counted, strict=True)),
    }


def version_list(versions: CatalogVersions) -> dict[str, Any]:
    """The stored versions, the one stored last first, with their size and rows; JSON-ready."""
    current = versions.current()
    found = []
    for name in versions.versions():
        with suppress(NotFound):  # one that lost its manifest cannot be used again
            file = versions.version(name)
            stat = file.path.stat()
            found.append({
                "id": name, "as_of": file.as_of, "in_use": current is not None and current.version == name,
                "stored": datetime.fromtimestamp(stat.st_mtime, UTC).isoformat(timespec="seconds"),
                "bytes": stat.st_size,
                **{table: file.rows.get(table, 0) for table in ("datasets", "variables", "counts")},
            })
    return {
        "current": current.version if current else None,
        "versions": sorted(found, key=lambda row: (row["stored"], row["id"]), reverse=True),
    }


def holdings(path: Path, datasets: Sequence[str] | None = None) -> dict[str, dict[str, int]]:
    """How many tables, variables, counts and cohorts each dataset has: those named, or all."""
    with open_catalog(path) as connection:
        return {
            row["id"]: {name: row[name] for name in ("tables", "variables", "counts", "cohorts")}
            for row in _datasets(connection, datasets)
        }


def _datasets(connection: duckdb.DuckDBPyConnection, only: Sequence[str] | None) -> list[dict[str, Any]]:
    found = connection.execute(_DATASETS, [None if only is None else list(only)])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
