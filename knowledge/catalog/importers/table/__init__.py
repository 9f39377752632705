"""Tables of variables as hospitals keep them: XLSX and CSV, with a mapping file or recognised."""

from __future__ import annotations

from knowledge.catalog.importers.table.read_table import read_table

__all__ = ["read_table"]
