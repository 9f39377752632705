"""The gate between a SQL statement and the engine: checks it, re-writes it, vouches for it."""

from tools.query.guard.check import check
from tools.query.guard.safe_query import SafeQuery
from tools.query.guard.schema import ColumnSpec, GuardSchema, TableSpec, catalog_schema, load_schema

__all__ = ["ColumnSpec", "GuardSchema", "SafeQuery", "TableSpec", "catalog_schema", "check", "load_schema"]
