"""What profiling asks of a database: which tables and columns there are, and aggregates of their rows.

``refuse_rows`` stands between the two: whatever a statement was built from, its result may hold
numbers over many rows and the declared labels of a cell, never a value that a row holds.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sqlglot import exp

from knowledge.errors import CatalogInvalid

Kind = Literal["text", "integer", "number", "date", "timestamp", "boolean", "other"]

# What the columns of a cell are called in a statement; all are declared values, never raw ones.
LABELS = frozenset({"year", "sex", "band"})
# Tables that say what a database is; they hold nothing about persons.
ABOUT_ITSELF = frozenset({"cdm_source"})

# The first word of type names, as DuckDB and PostgreSQL write them
_NAMES: tuple[tuple[Kind, str], ...] = (
    ("text", "varchar text character char bpchar"),
    ("integer", "tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint uhugeint"),
    ("number", "decimal numeric double float real"),
    ("date", "date"),
    ("timestamp", "timestamp timestamp_s timestamp_ms timestamp_ns"),
    ("boolean", "boolean"),
)
_KINDS: Mapping[str, Kind] = {name: kind for kind, names in _NAMES for name in names.split()}
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name as the database writes it, the kind of its type, and its comment ("" for none).

    ``says`` is the kind that every value of a text column can be read as, where that was found out.
    """

    name: str
    kind: Kind
    comment: str = ""
    says: Kind | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view with its columns by name, in order."""

    name: str
    columns: Mapping[str, Column]
    comment: str = ""

    def column(self, name: str, wanted_by: str) -> Column:
        """The column, in whatever case the database writes it; CatalogInvalid names the nearest one."""
        return _lookup(self.columns, name, f"{wanted_by}: table {self.name!r} has no column {name!r}.")


class RowsAsked(AssertionError):
    """A statement was built that is not about aggregates: a fault of this program."""


class Engine(Protocol):
    """A source's engine, opened for reading in one consistent state."""

    dialect: str

    def tables(self, schema: str) -> Mapping[str, Table]:
        """The tables of a schema ("" for the default one) by name."""
        ...

    def run(self, query: exp.Query) -> list[tuple[Any, ...]]:
        """The rows of a statement that passes ``refuse_rows``; CatalogInvalid when it cannot run."""
        ...

    def close(self) -> None:
        """Let go of the database, and of all that was put on disk meanwhile."""
        ...


def kind_of(type_name: str) -> Kind:
    """The kind of a type by its name in the database."""
    word = _FIRST_WORD.match(type_name.lower())
    return _KINDS.get(word[0], "other") if word and not type_name.endswith("]") else "other"


def table_of(engine: Engine, schema: str, name: str, wanted_by: str) -> Table:
    """The table, in whatever case the database writes it; CatalogInvalid names the nearest one."""
    where = f" in schema {schema!r}" if schema else ""
    return _lookup(engine.tables(schema), name, f"{wanted_by}: there is no table {name!r}{where}.")


def refuse_rows(query: exp.Query) -> None:
    """Raise RowsAsked for a statement that could give more than aggregates."""
    if not isinstance(query, exp.Select):
        raise RowsAsked("only a plain SELECT is run on a source")
    group = query.args.get("group")
    keys = {key.name for key in group.find_all(exp.Column)} if group else set()
    if keys - LABELS:
        raise RowsAsked(f"a source is not grouped by {sorted(keys - LABELS)}")
    about_itself = {table.name.lower() for table in query.find_all(exp.Table)} <= ABOUT_ITSELF
    for shown in query.expressions:
        value = shown.unalias()
        label = isinstance(value, exp.Column) and value.name in keys
        if not (label or _counts(value) or (about_itself and isinstance(value, exp.Max))):
            raise RowsAsked(f"{shown.sql()} is no aggregate")


def _counts(value: exp.Expr) -> bool:
    """A count, a sum of counts, the grain of a grouping, or a median."""
    if isinstance(value, exp.Filter):
        value = value.this
    if isinstance(value, exp.Sum):
        return isinstance(value.this, exp.Column) and value.this.name.startswith("records")
    if isinstance(value, exp.WithinGroup):
        value = value.this
    return isinstance(value, exp.Count | exp.Grouping | exp.PercentileDisc)


def _lookup(known: Mapping[str, Any], name: str, missing: str) -> Any:
    found = known.get(name)
    if found is None:
        found = next((known[other] for other in known if other.lower() == name.lower()), None)
    if found is None:
        near = difflib.get_close_matches(name.lower(), [other.lower() for other in known], 1)
        hint = f"Did you mean {near[0]!r}?" if near else _those(known)
        raise CatalogInvalid(missing, hint=hint)
    return found


def _those(known: Mapping[str, Any]) -> str:
    names = sorted(known)
    more = ", ..." if len(names) > 12 else "."
    return f"There are: {', '.join(names[:12])}{more}" if names else "There are none."
