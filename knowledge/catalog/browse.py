"""Looking through a catalog version: hospitals, datasets, tables, variables, values, page by page.

Read from the file of the version with SQL, so that a page costs the same in a catalog of any size.
Everything comes as JSON-ready objects with the column names of the catalog; lists are lists, coded
values are ``{"code", "label"}``. A published number is ``{"status", "low", "high"}``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from knowledge.catalog.cells import parse_list, parse_values
from knowledge.catalog.read import open_catalog
from knowledge.errors import NotFound

Thing = dict[str, Any]

_LISTS = ("aliases", "keywords", "supersedes", "codes", "synonyms")
_CODED = ("values", "missing_codes")
_TITLES = "coalesce(d.title_en, '') || ' ' || coalesce(d.title_ko, '')"
_DATASET_TEXT = f"d.dataset || ' ' || {_TITLES} || ' ' || coalesce(d.theme, '')"
_TABLE_TEXT = "t.\"table\" || ' ' || coalesce(t.title_en, '') || ' ' || coalesce(t.title_ko, '')"
_VARIABLE_TEXT = (
    "v.name || ' ' || coalesce(v.label_en, '') || ' ' || coalesce(v.label_ko, '') || ' '"
    " || coalesce(v.aliases, '')"
)
_WHOLE = "cohort IS NULL AND year IS NULL AND sex IS NULL AND age_band IS NULL"


def hospitals(database: Path) -> list[Thing]:
    """Every hospital with its number of datasets; datasets without one stand under a hospital of id None."""
    with open_catalog(database) as connection:
        found = _rows(
            connection,
            "SELECT h.*, (SELECT count(*) FROM datasets d WHERE d.hospital = h.hospital) AS datasets"
            " FROM hospitals h ORDER BY h.rowid",
        )
        homeless = connection.execute("SELECT count(*) FROM datasets WHERE hospital IS NULL").fetchone()
    if homeless and homeless[0]:
        found.append({"hospital": None, "datasets": homeless[0]})
    return found


def datasets(
    database: Path, *, hospital: str | None = None, words: str = "", limit: int = 100, offset: int = 0
) -> Thing:
    """``{"total", "datasets"}``: a page of those that hold all of ``words`` in id, title or theme.

    ``hospital`` "" asks for those without one.
    """
    test, values = _holding(_DATASET_TEXT, words)
    if hospital == "":
        test = f"{test} AND d.hospital IS NULL"
    elif hospital is not None:
        test, values = f"{test} AND d.hospital = ?", [*values, hospital]
    with open_catalog(database) as connection:
        found = _rows(
            connection,
            "SELECT d.dataset, d.hospital, d.title_en, d.title_ko, d.theme, d.period_start, d.period_end,"
            " (SELECT count(*) FROM tables t WHERE t.dataset = d.dataset) AS tables,"
            " (SELECT count(*) FROM variables v WHERE v.dataset = d.dataset) AS variables"
            f" FROM datasets d WHERE {test} ORDER BY d.rowid LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        total = _number(connection, f"SELECT count(*) FROM datasets d WHERE {test}", values)
    return {"total": total, "limit": limit, "offset": offset, "datasets": found}


def dataset(
    database: Path,
    id: str,
    *,
    table: str | None = None,
    words: str = "",
    limit: int = 100,
    offset: int = 0,
) -> Thing:
    """One dataset with its hospital, totals, tables, and a page of its variables (of one table, where named).

    Raises NotFound.
    """
    with open_catalog(database) as connection:
        own = _rows(connection, "SELECT * FROM datasets WHERE dataset = ?", [id])
        if not own:
            raise NotFound(f"There is no dataset {id!r} in this catalog version.", hint="Look at the list.")
        hospital = _rows(connection, "SELECT * FROM hospitals WHERE hospital = ?", [own[0]["hospital"]])
        tables = _rows(
            connection,
            "SELECT t.*, (SELECT count(*) FROM variables v WHERE v.dataset = t.dataset"
            ' AND v."table" = t."table") AS variables FROM tables t WHERE t.dataset = ? ORDER BY t.rowid',
            [id],
        )
        return {
            **own[0],
            "hospital": hospital[0] if hospital else None,
            "totals": _totals(connection, id),
            "cohorts": _number(
                connection, "SELECT count(DISTINCT cohort) FROM counts WHERE dataset = ?", [id]
            ),
            "coverage": _beside(connection, "coverage", id),
            "access_rules": _beside(connection, "access_rules", id),
            "tables": tables,
            "variables": _variables(connection, id, table, words, limit, offset),
        }


def variable(database: Path, dataset: str, table: str, name: str) -> Thing:
    """One variable with its values and its concept. Raises NotFound."""
    with open_catalog(database) as connection:
        found = _rows(
            connection,
            'SELECT * FROM variables WHERE dataset = ? AND "table" = ? AND name = ?',
            [dataset, table, name],
        )
        if not found:
            raise NotFound(
                f"There is no variable {name!r} in table {table!r} of dataset {dataset!r}.",
                hint="Look at the dataset.",
            )
        concept = _rows(connection, "SELECT * FROM concepts WHERE concept = ?", [found[0]["concept"]])
    return {**found[0], "concept": concept[0] if concept else None}


def search(database: Path, words: str, *, limit: int = 50, offset: int = 0) -> Thing:
    """``{"total", "found"}``: datasets, tables and variables that hold all of ``words``, in this order.

    Each has kind, dataset, table, name, and its titles as title_en and title_ko.
    """
    parts, values = [], []
    for rank, (kind, source, text, columns) in enumerate(_SEARCHED):
        test, given = _holding(text, words)
        parts.append(
            f"SELECT {rank} AS rank, '{kind}' AS kind, {columns}, {source[-1]}.rowid AS place"
            f" FROM {source} WHERE {test}"
        )
        values += given
    every = " UNION ALL ".join(parts)
    with open_catalog(database) as connection:
        found = _rows(
            connection,
            "SELECT kind, dataset, \"table\", name, title_en, title_ko"
            f" FROM ({every}) ORDER BY rank, place LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        total = _number(connection, f"SELECT count(*) FROM ({every})", values)
    return {"total": total, "limit": limit, "offset": offset, "found": found}


_SEARCHED = (
    (
        "dataset",
        "datasets d",
        _DATASET_TEXT,
        'd.dataset, NULL AS "table", NULL AS name, d.title_en, d.title_ko',
    ),
    ("table", "tables t", _TABLE_TEXT, 't.dataset, t."table", NULL AS name, t.title_en, t.title_ko'),
    (
        "variable",
        "variables v",
        _VARIABLE_TEXT,
        'v.dataset, v."table", v.name, v.label_en AS title_en, v.label_ko AS title_ko',
    ),
)


def _variables(
    connection: duckdb.DuckDBPyConnection, id: str, table: str | None, words: str, limit: int, offset: int
) -> Thing:
    test, values = _holding(_VARIABLE_TEXT, words)
    test, values = f"v.dataset = ? AND {test}", [id, *values]
    if table is not None:
        test, values = f'{test} AND v."table" = ?', [*values, table]
    found = _rows(
        connection,
        f"SELECT v.* FROM variables v WHERE {test} ORDER BY v.rowid LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    total = _number(connection, f"SELECT count(*) FROM variables v WHERE {test}", values)
    return {"total": total, "limit": limit, "offset": offset, "rows": found}


def _holding(text: str, words: str) -> tuple[str, list[Any]]:
    """The test that a text holds every word, in any case, and its values."""
    asked = unicodedata.normalize("NFC", words).lower().split()
    return " AND ".join([f"contains(lower({text}), ?)" for _ in asked]) or "true", [*asked]


def _totals(connection: duckdb.DuckDBPyConnection, id: str) -> Thing:
    """The published numbers over everyone in the dataset, with the rule that they stand under."""
    found = _rows(connection, f"SELECT * FROM counts WHERE dataset = ? AND {_WHOLE}", [id])
    if not found:
        return {"rule": None, "patients": None, "records": None}
    row = found[0]
    return {
        "rule": row["rule"],
        **{
            name: {part: row[f"{name}_{part}"] for part in ("status", "low", "high")}
            if row[f"{name}_status"]
            else None
            for name in ("patients", "records")
        },
    }


def _beside(connection: duckdb.DuckDBPyConnection, table: str, id: str) -> list[Thing]:
    """Rows of a table that versions of an earlier shape do not have."""
    known = _number(
        connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = ? AND NOT internal", [table]
    )
    if not known:
        return []
    return _rows(connection, f'SELECT * FROM "{table}" WHERE dataset = ? ORDER BY rowid', [id])


def _number(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> int:
    found = connection.execute(sql, list(values)).fetchone()
    return int(found[0]) if found else 0


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[Thing]:
    result = connection.execute(sql, list(values))
    names = [column[0] for column in result.description]
    return [
        {name: _readable(name, cell) for name, cell in zip(names, row, strict=True)}
        for row in result.fetchall()
    ]


def _readable(name: str, cell: Any) -> Any:
    if name in _LISTS:
        return list(parse_list(cell)) if cell else []
    if name in _CODED:
        return [{"code": code, "label": label} for code, label in parse_values(cell)] if cell else []
    return cell.isoformat() if isinstance(cell, date) else cell
