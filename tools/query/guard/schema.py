"""What the gate knows about the tables: columns, keys, measures, joins, the threshold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.data_file import read_given
from knowledge.errors import CatalogInvalid

FLAGS = {"type", "unique", "measure", "additive_over", "compiler_only", "dimension"}


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column.

    unique: a value names one row. measure: a protected count, null where suppressed.
    additive_over: the dimensions over which the measure may be summed.
    compiler_only: a bound of a measure, shown to all, aggregated by the compiler only.
    dimension: False for a column that the real dimensions determine (a label, a status).
    """

    type: str = "text"
    unique: bool = False
    measure: bool = False
    additive_over: tuple[str, ...] = ()
    compiler_only: bool = False
    dimension: bool = True

    @property
    def protected(self) -> bool:
        """True for counts and their bounds."""
        return self.measure or self.compiler_only


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: its columns in order, and the sets of columns that each name one row."""

    columns: Mapping[str, ColumnSpec]
    keys: tuple[frozenset[str], ...] = ()

    @property
    def dimensions(self) -> frozenset[str]:
        """The columns that tell one protected cell from another: what is unique does only without others."""
        plain = frozenset(
            name
            for name, column in self.columns.items()
            if column.dimension and not column.unique and not column.protected
        )
        return plain or self.unique

    @property
    def unique(self) -> frozenset[str]:
        """The columns of which each value names one row."""
        return frozenset(name for name, column in self.columns.items() if column.unique)


@dataclass(frozen=True)
class GuardSchema:
    """Tables, the pairs of columns on which they may be joined, and the disclosure threshold.

    ``hash`` is the sha256 (hex) of everything that the rules look at.
    """

    tables: Mapping[str, TableSpec]
    joins: tuple[tuple[str, str], ...]
    threshold: int
    hash: str = field(init=False, compare=False)
    _groups: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise CatalogInvalid(
                f"The guard's schema is broken: {problems[0]}",
                problems=tuple(problems),
                hint="Correct the schema file.",
            )
        object.__setattr__(self, "_groups", _join_groups(self.joins))
        object.__setattr__(self, "hash", _fingerprint(self))

    def column(self, table: str, name: str) -> ColumnSpec:
        """The column; KeyError when there is none."""
        return self.tables[table].columns[name]

    def keys(self, table: str) -> tuple[frozenset[str], ...]:
        """The sets of columns that each name one row; of a table of counts without any, its dimensions."""
        spec = self.tables[table]
        if spec.keys or not any(column.protected for column in spec.columns.values()):
            return spec.keys
        return (spec.dimensions,)

    def apart(self, table: str, measure: str) -> frozenset[str]:
        """The columns that have to be grouped or fixed where ``measure`` is summed.

        A unique column is one of them where other tables point to it, so that it names a thing, and where
        nothing is called additive, so that a sum is of one row. Else it only numbers the cells that the
        dimensions lay out.
        """
        spec = self.tables[table]
        additive = spec.columns[measure].additive_over
        names = {name for name in spec.unique if not additive or f"{table}.{name}" in self._groups}
        return (spec.dimensions - set(additive)) | names

    def joinable(self, left: str, right: str) -> bool:
        """True when ``table.column`` and ``table.column`` stand for the same thing."""
        group = self._groups.get(left)
        return group is not None and group == self._groups.get(right)


def load_schema(path: str | Path) -> GuardSchema:
    """Read a schema file in YAML. Raises CatalogInvalid with every problem.

    threshold: no published count lies below it, but for none; needed where there are counts.
    tables: columns by table, each a type or a mapping of FLAGS. joins: pairs of "table.column".
    keys: by table the columns that name a row together, or a list of such lists.
    """
    path = Path(path)
    raw = read_given(path, lambda why: CatalogInvalid(
        f"Schema file {path} cannot be read: {why}.", hint="Give a readable YAML file in UTF-8."
    ))
    if not isinstance(raw, dict) or not isinstance(raw.get("tables"), dict):
        raise CatalogInvalid(f"Schema file {path} has no 'tables'.", hint="List tables with their columns.")
    keys = raw.get("keys") or {}
    try:
        tables = {str(name): _table(columns, keys.get(name)) for name, columns in raw["tables"].items()}
        joins = tuple((str(a), str(b)) for a, b in raw.get("joins") or ())
        protects = any(column.protected for spec in tables.values() for column in spec.columns.values())
        threshold = int(raw["threshold"] if protects else raw.get("threshold", 1))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogInvalid(
            f"Schema file {path} is not in the expected form: {error!r}",
            hint="A column is a type or a mapping; joins are pairs of table.column; threshold is a number.",
        ) from error
    return GuardSchema(tables=tables, joins=joins, threshold=threshold)


def catalog_schema() -> GuardSchema:
    """The schema of Giljabi's own catalog database."""
    return load_schema(Path(__file__).with_name("catalog_schema.yaml"))


def _table(columns: Mapping[str, Any], key: Iterable[Any] | None) -> TableSpec:
    specs = {str(name): _column(raw) for name, raw in columns.items()}
    keys = [frozenset({name}) for name, spec in specs.items() if spec.unique]
    listed = list(key or ())
    for one in listed if listed and not isinstance(listed[0], str) else [listed]:
        if one:
            keys.append(frozenset(map(str, one)))
    return TableSpec(columns=specs, keys=tuple(keys))


def _column(raw: str | Mapping[str, Any]) -> ColumnSpec:
    if isinstance(raw, str):
        return ColumnSpec(type=raw)
    unknown = set(raw) - FLAGS
    if unknown:
        raise ValueError(f"unknown column flag {sorted(unknown)[0]!r}")
    flags = dict(raw)
    additive = flags.get("additive_over") or ()
    flags["additive_over"] = (additive,) if isinstance(additive, str) else tuple(map(str, additive))
    return ColumnSpec(**flags)


def _fingerprint(schema: GuardSchema) -> str:
    shape = {
        "threshold": schema.threshold,
        "joins": schema.joins,
        "tables": {
            name: [{c: asdict(spec) for c, spec in table.columns.items()}, sorted(map(sorted, table.keys))]
            for name, table in schema.tables.items()
        },
    }
    return hashlib.sha256(json.dumps(shape, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _problems(schema: GuardSchema) -> Iterable[str]:
    if schema.threshold < 1:
        yield f"threshold {schema.threshold} is below 1"
    folded = [name.lower() for name in schema.tables]
    for name in folded:
        if folded.count(name) > 1:
            yield f"two tables are called {name!r} but for upper and lower case"
    for table, spec in schema.tables.items():
        for name, column in spec.columns.items():
            for dimension in column.additive_over:
                if dimension not in spec.dimensions:
                    yield f"{table}.{name} is additive over {dimension!r}, not one of its dimensions"
        for key in spec.keys:
            for name in sorted(key - set(spec.columns)):
                yield f"the key of {table} names {name!r}, which is not a column"
    for side in (side for pair in schema.joins for side in pair):
        table, _, name = side.partition(".")
        if table not in schema.tables or name not in schema.tables[table].columns:
            yield f"join side {side!r} is not a table.column of the schema"


def _join_groups(joins: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Columns that stand for the same thing carry the same number (joins taken transitively)."""
    groups: dict[str, int] = {}
    for number, (left, right) in enumerate(joins):
        for side in (left, right):
            old = groups.get(side)
            groups[side] = number
            for other, group in list(groups.items()):
                if old is not None and group == old:
                    groups[other] = number
    return groups
