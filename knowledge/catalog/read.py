"""Typed read access to a catalog database: ``load_catalog(path)`` gives a ``Catalog``.

Everything but the counts is read at once (20,000 variables take well under a second); of the
counts, only which cells exist. Nothing here keeps the file open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from knowledge.catalog.cells import parse_list, parse_values
from knowledge.catalog.model import (
    AccessRule,
    AgeBand,
    Cohort,
    Concept,
    CountDimensions,
    Coverage,
    Dataset,
    Hospital,
    Linkage,
    Meta,
    Source,
    Table,
    Team,
    Variable,
)
from knowledge.errors import NotFound, StoreUnavailable

__all__ = [
    "AccessRule", "AgeBand", "Catalog", "Cohort", "Concept", "CountDimensions", "Coverage", "Dataset",
    "Hospital", "Linkage", "Meta", "Source", "Table", "Team", "Variable", "load_catalog", "open_catalog",
]

Row = TypeVar("Row")

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

_CHUNK = 10_000
_LISTS: dict[str, dict[str, Callable[[str], tuple[Any, ...]]]] = {
    "datasets": {"supersedes": parse_list, "keywords": parse_list},
    "variables": {"aliases": parse_list, "values": parse_values, "missing_codes": parse_values},
    "concepts": {"synonyms": parse_list},
    "cohorts": {"codes": parse_list},
    "teams": {"interests_en": parse_list, "interests_ko": parse_list, "datasets": parse_list},
}


@dataclass(frozen=True)
class Catalog:
    """One version of the catalog. Rows stand in the order in which the catalog's files gave them."""

    meta: Meta
    hospitals: tuple[Hospital, ...]
    datasets: tuple[Dataset, ...]
    tables: tuple[Table, ...]
    variables: tuple[Variable, ...]
    concepts: tuple[Concept, ...]
    cohorts: tuple[Cohort, ...]
    teams: tuple[Team, ...]
    linkage: tuple[Linkage, ...]
    coverage: tuple[Coverage, ...]
    access_rules: tuple[AccessRule, ...]
    sources: tuple[Source, ...]
    counts: CountDimensions

    @property
    def version(self) -> str:
        """The id of this version."""
        return self.meta.version

    def build_indexes(self) -> None:
        """Make all that is looked up by id, name or cohort now: of a million variables it takes seconds."""
        for name, member in vars(type(self)).items():
            if isinstance(member, cached_property):
                getattr(self, name)

    @cached_property
    def hospital_by_id(self) -> dict[str, Hospital]:
        """Hospitals by id."""
        return {row.hospital: row for row in self.hospitals}

    @cached_property
    def dataset_by_id(self) -> dict[str, Dataset]:
        """Datasets by id."""
        return {row.dataset: row for row in self.datasets}

    @cached_property
    def concept_by_id(self) -> dict[str, Concept]:
        """Concepts by id."""
        return {row.concept: row for row in self.concepts}

    @cached_property
    def cohort_by_id(self) -> dict[str, Cohort]:
        """Cohorts by id."""
        return {row.cohort: row for row in self.cohorts}

    @cached_property
    def datasets_by_cohort(self) -> dict[str | None, frozenset[str]]:
        """The datasets that publish counts of a cohort; under None those that count everyone."""
        found: dict[str | None, set[str]] = defaultdict(set)
        for dataset, cohort in self.counts.cohorts:
            found[cohort].add(dataset)
        return {cohort: frozenset(datasets) for cohort, datasets in found.items()}

    @cached_property
    def counted_cohorts(self) -> tuple[str, ...]:
        """Cohorts with a count, by the dataset that comes first in the alphabet."""
        return tuple(dict.fromkeys(c for _, c in sorted(self.counts.cohorts, key=str) if c))

    @cached_property
    def table_by_id(self) -> dict[tuple[str, str], Table]:
        """Tables by (dataset, table)."""
        return {(row.dataset, row.table): row for row in self.tables}

    @cached_property
    def variables_by_dataset(self) -> dict[str, tuple[Variable, ...]]:
        """A dataset's variables; a dataset without any is not a key."""
        return _grouped(self.variables, lambda row: row.dataset)

    @cached_property
    def variables_by_name(self) -> dict[str, tuple[Variable, ...]]:
        """Variables of one name, over all datasets and tables."""
        return _grouped(self.variables, lambda row: row.name)

    @cached_property
    def variables_by_table(self) -> dict[str, tuple[Variable, ...]]:
        """Variables of the tables of one name, over all datasets."""
        return _grouped(self.variables, lambda row: row.table)

    @cached_property
    def variables_by_concept(self) -> dict[str, tuple[Variable, ...]]:
        """Variables that carry a concept, by concept id."""
        return _grouped((row for row in self.variables if row.concept), lambda row: row.concept or "")


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, tuple[Row, ...]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {name: tuple(members) for name, members in groups.items()}


@contextmanager
def open_catalog(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection whose default database is the catalog file.

    The file is attached rather than opened: one process may open a file under one configuration
    only, and the query runner opens the same file under a stricter one. Its type is named, and
    extensions are off, because DuckDB would otherwise fetch an extension for a file of another kind.
    """
    if not path.is_file():
        raise NotFound(f"There is no catalog file {path.name!r}.", hint="Import a catalog first.")
    connection = duckdb.connect(":memory:", config=CONFIG)
    try:
        quoted = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS catalog_file (READ_ONLY, TYPE duckdb)")
        connection.execute("USE catalog_file")
        yield connection
    except duckdb.Error as error:
        raise StoreUnavailable(
            f"The catalog file {path.name!r} cannot be read: {error}", hint="Import the catalog again."
        ) from error
    finally:
        connection.close()


def load_catalog(path: Path) -> Catalog:
    """The catalog in the DuckDB file ``path``. Raises NotFound, StoreUnavailable."""
    with open_catalog(path) as connection:
        return Catalog(
            meta=_meta(connection),
            hospitals=_rows(connection, "hospitals", Hospital),
            datasets=_rows(connection, "datasets", Dataset),
            tables=_rows(connection, "tables", Table),
            variables=_rows(connection, "variables", Variable),
            concepts=_rows(connection, "concepts", Concept),
            cohorts=_rows(connection, "cohorts", Cohort),
            teams=_rows(connection, "teams", Team),
            linkage=_rows(connection, "linkage", Linkage),
            coverage=_rows(connection, "coverage", Coverage),
            access_rules=_rows(connection, "access_rules", AccessRule),
            sources=_rows(connection, "sources", Source),
            counts=_count_dimensions(connection),
        )


def stored_meta(path: Path) -> dict[str, str]:
    """The key-value pairs of catalog_meta. Raises NotFound, StoreUnavailable."""
    with open_catalog(path) as connection:
        return dict(connection.execute("SELECT key, value FROM catalog_meta").fetchall())


def _meta(connection: duckdb.DuckDBPyConnection) -> Meta:
    found = connection.execute("SELECT key, value FROM catalog_meta").fetchall()
    values: dict[str, Any] = dict(found)
    for name in ("threshold", "base", "suppressed_below"):
        values[name] = int(values[name]) if values.get(name) else None
    given: dict[str, Any] = {field.name: values.get(field.name) for field in fields(Meta)}
    return Meta(**given)


def _rows(connection: duckdb.DuckDBPyConnection, table: str, row: Callable[..., Row]) -> tuple[Row, ...]:
    """Equal texts and lists are one object: of a million variables, few texts are said once only."""
    names = [field.name for field in fields(row)]  # type: ignore[arg-type]
    parsers = [(names.index(name), parse) for name, parse in _LISTS.get(table, {}).items()]
    chosen = ", ".join(f'"{name}"' for name in names)
    found = connection.execute(f'SELECT {chosen} FROM "{table}" ORDER BY rowid')
    lists: list[dict[str | None, tuple[Any, ...]]] = [{None: ()} for _ in parsers]
    one: dict[Any, Any] = {}
    rows: list[Row] = []
    while chunk := found.fetchmany(_CHUNK):
        for given in chunk:
            cells = [one.setdefault(cell, cell) if type(cell) is str else cell for cell in given]
            for (place, parse), known in zip(parsers, lists, strict=True):
                text = given[place]
                parsed = known.get(text)
                if parsed is None:
                    parsed = known[text] = parse(text)
                cells[place] = parsed
            rows.append(row(*cells))
    return tuple(rows)


def _count_dimensions(connection: duckdb.DuckDBPyConnection) -> CountDimensions:
    years: dict[tuple[str, str | None], list[int]] = {}
    for dataset, cohort, year in connection.execute(
        "SELECT DISTINCT dataset, cohort, year FROM counts ORDER BY ALL"
    ).fetchall():
        of_pair = years.setdefault((dataset, cohort), [])
        if year is not None:
            of_pair.append(year)
    sexes: dict[str, list[str]] = defaultdict(list)
    for dataset, sex in connection.execute(
        "SELECT DISTINCT dataset, sex FROM counts WHERE sex IS NOT NULL ORDER BY ALL"
    ).fetchall():
        sexes[dataset].append(sex)
    bands: dict[str, list[AgeBand]] = defaultdict(list)
    for dataset, *band in connection.execute(
        "SELECT DISTINCT dataset, age_band, age_low, age_high FROM counts WHERE age_band IS NOT NULL"
        " ORDER BY dataset, age_low, age_high NULLS LAST, age_band"
    ).fetchall():
        bands[dataset].append(AgeBand(*band))
    rules: dict[str, list[str]] = defaultdict(list)
    for dataset, rule in connection.execute(
        "SELECT DISTINCT dataset, rule FROM counts WHERE rule IS NOT NULL ORDER BY ALL"
    ).fetchall():
        rules[dataset].append(rule)
    years_by_dataset: dict[str, set[int]] = defaultdict(set)
    for (dataset, _), of_pair in years.items():
        years_by_dataset[dataset].update(of_pair)
    return CountDimensions(
        years={dataset: tuple(sorted(found)) for dataset, found in years_by_dataset.items()},
        sexes=tuple(sorted({sex for found in sexes.values() for sex in found})),
        age_bands=tuple(sorted({band for found in bands.values() for band in found}, key=_by_age)),
        cohorts=frozenset(years),
        years_by_cohort={pair: tuple(found) for pair, found in years.items()},
        sexes_by_dataset={dataset: tuple(found) for dataset, found in sexes.items()},
        age_bands_by_dataset={dataset: tuple(found) for dataset, found in bands.items()},
        rules={dataset: tuple(found) for dataset, found in rules.items()},
    )


def _by_age(band: AgeBand) -> tuple[float, float, str]:
    low = float("inf") if band.age_low is None else band.age_low
    high = float("inf") if band.age_high is None else band.age_high
    return low, high, band.age_band
