"""What a check or a rendering may rely on, passed in as values: catalog, query results, editions, quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.catalog.read import Catalog


@dataclass(frozen=True, slots=True)
class QueryRows:
    """What one query released. ``plan`` is JSON-ready, ``readback`` says it, ``notes`` go with the rows.

    Counts are read from the columns dataset, cohort (where it was grouped by), patients_status,
    patients_low and patients_high.
    """

    id: str
    plan: Mapping[str, Any]
    readback: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...]
    as_of: str
    rule: str
    catalog_version: str

    def cells(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class GuidanceQuote:
    """Words of a stored document that guide one section, exactly as they stand there."""

    text: str
    document: str
    version: str
    title: str
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """``results`` are queries run now, by id. ``editions`` are names of the guideline editions in force;
    empty where none is known. ``today`` is the day that due dates are held against."""

    today: date
    catalog: Catalog | None = None
    results: Mapping[str, QueryRows] = field(default_factory=dict)
    editions: Sequence[str] = ()
