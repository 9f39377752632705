"""How a hospital's raw tables are described for profiling: people, records, cohorts, variables.

A description names tables and columns and states conditions as values; it never holds SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from knowledge.catalog.aggregates import EVERYONE, CohortGrid, Grid, bands_within
from knowledge.errors import CatalogInvalid

Operator = Literal["equals", "one_of", "starts_with", "below", "at_most", "above", "at_least"]
Scalar = str | int | float
OPERATORS: tuple[Operator, ...] = ("equals", "one_of", "starts_with", "below", "at_most", "above", "at_least")
SEVERAL: frozenset[str] = frozenset({"one_of", "starts_with"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One column compared with a value. one_of and starts_with take several values, the rest one."""

    column: str
    operator: Operator
    values: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise CatalogInvalid(
                f"Condition on {self.column!r}: unknown operator {self.operator!r}.",
                hint=f"Use one of: {', '.join(OPERATORS)}.",
            )
        if not self.values or (len(self.values) > 1 and self.operator not in SEVERAL):
            raise CatalogInvalid(
                f"Condition on {self.column!r}: {self.operator} with {len(self.values)} values.",
                hint="Give one value, or several to one_of and starts_with.",
            )


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a table that meet all conditions, and the column that names the person."""

    table: str
    patient: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """Dated rows: the records that a count counts. ``date`` is a column of type date or timestamp."""

    rows: Selection
    date: str


@dataclass(frozen=True, slots=True)
class Persons:
    """The table with sex and year of birth. ``sexes`` maps raw values to declared ones."""

    table: str
    patient: str
    sex: str
    birth_year: str
    sexes: Mapping[Scalar, str]


@dataclass(frozen=True, slots=True)
class CohortSource:
    """A cohort: its records, and selections that a person must appear in as well (all of them).

    Only records in ``years`` and at age ``age_min`` or over qualify; the first of them is the
    person's index, which fixes the age band. ``cohort`` EVERYONE ("") is the whole dataset.
    """

    cohort: str
    events: Events
    members: tuple[Selection, ...] = ()
    years: tuple[int, ...] = ()
    age_min: int | None = None


@dataclass(frozen=True, slots=True)
class VariableSource:
    """One variable: a column among the rows that meet the conditions (all rows without any)."""

    name: str
    column: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSource:
    """The variables of one table."""

    table: str
    patient: str
    variables: tuple[VariableSource, ...]


@dataclass(frozen=True, slots=True)
class DatasetSource:
    """One dataset on the hospital's side. ``schema`` is the database schema of its tables ("" for none)."""

    dataset: str
    schema: str
    persons: Persons
    cohorts: tuple[CohortSource, ...]
    tables: tuple[TableSource, ...]
    sexes: tuple[str, ...]
    age_bands: tuple[str, ...]
    age_max: int | None = None
    everyone: CohortSource = field(init=False)

    def __post_init__(self) -> None:
        found = [cohort for cohort in self.cohorts if cohort.cohort == EVERYONE]
        if len(found) != 1:
            raise CatalogInvalid(
                f"Dataset {self.dataset!r} describes everyone {len(found)} times.",
                hint="Give one cohort with an empty name: everyone in the dataset.",
            )
        object.__setattr__(self, "everyone", found[0])

    @property
    def grid(self) -> Grid:
        """The cells that this description declares."""
        def declared(cohort: CohortSource) -> CohortGrid:
            bands = bands_within(self.age_bands, cohort.age_min, self.age_max)
            return CohortGrid(cohort.cohort, cohort.years, bands)

        return Grid(self.dataset, self.sexes, tuple(map(declared, self.cohorts)))
