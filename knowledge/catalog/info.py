"""What is inside a catalog database, in numbers: ``info(path)``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge.catalog.read import open_catalog

_DATASETS = """
SELECT d.dataset AS id, d.title_en, d.title_ko, d.hospital,
       coalesce(v.variables, 0) AS variables, coalesce(t.tables, 0) AS tables,
       coalesce(c.counts, 0) AS counts, coalesce(c.cohorts, 0) AS cohorts
FROM datasets d
LEFT JOIN (SELECT dataset, count(*) AS variables FROM variables GROUP BY ALL) v USING (dataset)
LEFT JOIN (SELECT dataset, count(*) AS tables FROM tables GROUP BY ALL) t USING (dataset)
LEFT JOIN (SELECT dataset, count(*) AS counts, count(DISTINCT cohort) AS cohorts
           FROM counts GROUP BY ALL) c USING (dataset)
ORDER BY d.rowid
"""
_TOTALS = ("hospitals", "tables", "variables", "concepts", "cohorts", "counts", "linkage", "teams")


def info(path: Path) -> dict[str, Any]:
    """Version, as-of date, rule id, and how much there is per dataset and in all; JSON-ready."""
    with open_catalog(path) as connection:
        meta = dict(connection.execute("SELECT key, value FROM catalog_meta").fetchall())
        found = connection.execute(_DATASETS)
        names = [column[0] for column in found.description]
        datasets = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
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
