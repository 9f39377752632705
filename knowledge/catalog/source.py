"""How a hospital's raw tables are described for profiling: people, records, cohorts, variables.

A description names tables and columns and states conditions as values; it never holds SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from knowledge.catalog.aggregates import EVERYONE, CohortGrid, Grid, bands_within
from knowledge.errors import CatalogInvalid

Operator = Literal[
    "equals", "one_of", "starts_with", "coded", "descends_from", "below", "at_most", "above", "at_least"
]
Scalar = str | int | float
OPERATORS: tuple[Operator, ...] = get_args(Operator)
SEVERAL: frozenset[str] = frozenset({"one_of", "starts_with", "coded", "descends_from"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One column compared with a value.

    one_of, starts_with, coded and descends_from take several values, the rest one. coded takes codes
    of a classification and all below them, whatever the case and with or without dots: J44 is met by
    j44.1 and J441. descends_from takes concepts, and what concept_ancestor has below them.
    """

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
                hint=f"Give one value, or several to {', '.join(sorted(SEVERAL))}.",
            )


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a table that meet all conditions, and the column that names the person."""

    table: str
    patient: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """Dated rows: the records that a count counts.

    ``date`` is a column of dates, timestamps, or text and numbers that say a date. ``date_format``
    tells how, in %Y, %m and %d; without one, year, month and day are expected in this order.
    """

    rows: Selection
    date: str
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class Persons:
    """The table with sex and year of birth (a year, or a date like those of events).

    ``sexes`` maps raw values to declared ones. A person may stand there more than once: whose rows
    contradict each other in sex or year of birth has none, and counts in totals only.
    """

    table: str
    patient: str
    sex: str
    birth_year: str
    sexes: Mapping[Scalar, str]
    birth_format: str = ""


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

    def lies_in(self, other: CohortSource) -> bool:
        """True where the two descriptions say that everyone here is in ``other`` too, in the same year."""
        mine, theirs = self.events, other.events
        return (
            (mine.date, mine.date_format) == (theirs.date, theirs.date_format)
            and _selects_within(mine.rows, theirs.rows)
            and all(any(_selects_within(one, wanted) for one in self.members) for wanted in other.members)
            and (not other.years or (bool(self.years) and set(self.years) <= set(other.years)))
            and (other.age_min is None or (self.age_min is not None and self.age_min >= other.age_min))
        )


@dataclass(frozen=True, slots=True)
class VariableSource:
    """One variable: a column among the rows that meet the conditions (all rows without any).

    Empty is a null, blank text, or one of ``missing_codes``.
    """

    name: str
    column: str
    where: tuple[Condition, ...] = ()
    missing_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSource:
    """The variables of one table. ``date`` is the column that its coverage is told from ("" for none)."""

    table: str
    patient: str
    variables: tuple[VariableSource, ...]
    date: str = ""
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class DatasetSource:
    """One dataset on the hospital's side. ``schema`` is the database schema of its tables ("" for none),
    ``vocabulary`` that of concept_ancestor, where it is another one."""

    dataset: str
    schema: str
    persons: Persons
    cohorts: tuple[CohortSource, ...]
    tables: tuple[TableSource, ...]
    sexes: tuple[str, ...]
    age_bands: tuple[str, ...]
    age_max: int | None = None
    vocabulary: str = ""
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
        """The cells that this description declares, every cohort within everyone."""
        return self.grid_where(frozenset())

    def grid_where(self, outside: frozenset[str]) -> Grid:
        """The declared cells. ``outside``: cohorts with people, or years of people, that everyone lacks."""
        def declared(cohort: CohortSource) -> CohortGrid:
            bands = bands_within(self.age_bands, cohort.age_min, self.age_max)
            wider = [other.cohort for other in self.cohorts if other is not cohort and cohort.lies_in(other)]
            if EVERYONE not in wider and cohort.cohort not in (EVERYONE, *outside):
                wider.insert(0, EVERYONE)
            return CohortGrid(cohort.cohort, cohort.years, bands, tuple(wider))

        return Grid(self.dataset, self.sexes, tuple(map(declared, self.cohorts)))


def _implies(given: Condition, wanted: Condition) -> bool:
    """True where every row that meets ``given`` meets ``wanted``, whatever the rows hold."""
    if given == wanted:
        return True
    if given.column != wanted.column or given.operator != wanted.operator:
        return False
    if given.operator in ("one_of", "descends_from"):
        return set(given.values) <= set(wanted.values)
    if given.operator in ("starts_with", "coded"):
        bare = "." if given.operator == "coded" else ""
        wide = tuple(str(value).replace(bare, "") for value in wanted.values)
        return all(str(value).replace(bare, "").startswith(wide) for value in given.values)
    if isinstance(given.values[0], str) or isinstance(wanted.values[0], str):
        return False
    if given.operator in ("below", "at_most"):
        return given.values[0] <= wanted.values[0]
    return given.operator in ("above", "at_least") and given.values[0] >= wanted.values[0]


def _selects_within(given: Selection, wanted: Selection) -> bool:
    same = (given.table, given.patient) == (wanted.table, wanted.patient)
    return same and all(any(_implies(one, other) for one in given.where) for other in wanted.where)
