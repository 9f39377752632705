"""What crosses the pipe between the program and a worker: JSON behind its length, nothing that runs.

A worker has run statements that nobody vouches for, so what it sends is read as data of a bounded size.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from knowledge.catalog.place import DuckDBFile, Place, PostgresSchema, SQLiteFile
from tools.query.engines.engine import Ask, Cell, Limits

LENGTH = struct.Struct(">I")
_FILES: dict[str, type[DuckDBFile] | type[SQLiteFile]] = {"duckdb": DuckDBFile, "sqlite": SQLiteFile}


def frame(document: dict[str, Any]) -> bytes:
    """The document as it crosses. Cells that JSON has no form for become numbers, dates and text."""
    body = json.dumps(document, default=_plain, ensure_ascii=False, separators=(",", ":"))
    text = body.encode("utf-8", "surrogatepass")
    return LENGTH.pack(len(text)) + text


def read_body(body: bytes) -> dict[str, Any]:
    """The document of a frame without its length. Raises ValueError for anything that is none."""
    found = json.loads(body.decode("utf-8", "surrogatepass"), object_hook=_dated)
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} where a document was expected")
    return found


def place_document(place: Place) -> dict[str, str]:
    """A place as it crosses; a URL of PostgreSQL holds the password of the reading role."""
    if isinstance(place, PostgresSchema):
        return {"dialect": place.dialect, "url": place.url, "schema": place.schema}
    return {"dialect": place.dialect, "path": str(place.path)}


def read_place(document: dict[str, str]) -> Place:
    """What ``place_document`` wrote."""
    if document["dialect"] == PostgresSchema.dialect:
        return PostgresSchema(document["url"], document["schema"])
    return _FILES[document["dialect"]](Path(document["path"]))


def ask_document(ask: Ask) -> dict[str, Any]:
    """A statement as it crosses."""
    return asdict(ask)


def read_ask(document: dict[str, Any]) -> Ask:
    """What ``ask_document`` wrote."""
    return Ask(document["sql"], tuple(document["tables"]), Limits(**document["limits"]))


def read_rows(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows as they came out of a frame."""
    return tuple(tuple(row) for row in rows)


def _plain(cell: object) -> object:
    """Engines differ in the type they give a sum or a rounded mean; a number is a number here."""
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        return int(cell) if exponent == 0 else float(cell)
    if isinstance(cell, date):  # a datetime is one too
        return {"iso": cell.isoformat()}
    if isinstance(cell, (set, frozenset)):
        return sorted(cell, key=str)
    return str(cell)


def _dated(found: dict[str, Any]) -> Any:
    if found.keys() == {"iso"}:
        text = found["iso"]
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    return found
