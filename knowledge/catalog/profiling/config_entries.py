"""What a profile's configuration may hold: a YAML file that says where the tables are and what they mean.

README.md shows one. Keys that only describe (titles, labels, units ...) are those of the folder
format; the keys here are the ones that profiling acts on. An error names key and value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.catalog.columns import COLUMNS
from knowledge.catalog.profiling.config_values import (
    Age,
    Bands,
    Day,
    Format,
    Text,
    Version,
    Where,
    Years,
    cell_text,
    near,
)
from knowledge.catalog.profiling.csv_text import ENCODINGS
from knowledge.catalog.protection_rule import Rule
from knowledge.catalog.source import Scalar
from knowledge.errors import CatalogInvalid

DECADES = ("0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")
SOURCES = ("folder", "files", "duckdb", "postgres", "omop")
# What a profile finds out, or an import works out, and nobody writes
_FOUND = frozenset({
    "start_year", "end_year", "missing_pct", "missing_text", "missing_low", "missing_high",
    "median_follow_up_months", "source_file", "source_row",
})


class Entry(BaseModel):
    """A mapping of the file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class Described(Entry):
    """A mapping that may hold the folder format's columns of ``_table`` as well."""

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    @classmethod
    def columns(cls) -> frozenset[str]:
        """The descriptive columns."""
        return frozenset()

    @model_validator(mode="after")
    def _known(self) -> Described:
        for name in self.model_extra or {}:
            if name not in self.columns():
                known = self.columns() | set(type(self).model_fields)
                raise ValueError(f"unknown key {name!r}; {near(name, known)}")
        return self

    def described(self) -> dict[str, str]:
        """The descriptive columns that are given, as text of the folder format."""
        return {name: cell_text(cell) for name, cell in (self.model_extra or {}).items() if cell is not None}


class RowsEntry(Entry):
    table: Text
    patient: Text | None = None
    where: Where = []


class EventsEntry(RowsEntry):
    date: Text
    date_format: Format = ""


class PersonsEntry(Entry):
    table: Text
    patient: Text
    sex: Text
    birth_year: Text
    birth_format: Format = ""
    sexes: dict[Scalar, Text] = Field(min_length=1)


class CohortEntry(Described):
    cohort: Text
    records: EventsEntry | None = None
    members: list[RowsEntry] = []
    years: Years | None = None
    age_min: Age | None = None

    @classmethod
    def columns(cls) -> frozenset[str]:
        return frozenset(COLUMNS["cohorts"]) - _FOUND


class OmopCohortEntry(Described):
    cohort: Text
    concepts: list[int] = []
    condition_codes: list[Text] = []
    years: Years | None = None
    age_min: Age | None = None

    @classmethod
    def columns(cls) -> frozenset[str]:
        return frozenset(COLUMNS["cohorts"]) - _FOUND

    @model_validator(mode="after")
    def _one(self) -> OmopCohortEntry:
        if bool(self.concepts) == bool(self.condition_codes):
            raise ValueError("give either concepts or condition_codes")
        return self


class VariableEntry(Described):
    name: Text
    column: Text | None = None
    where: Where = []
    missing_codes: list[Text] | dict[Scalar, Text] = []

    @classmethod
    def columns(cls) -> frozenset[str]:
        return frozenset(COLUMNS["variables"]) - _FOUND - {"dataset", "table"}


class TableEntry(Described):
    table: Text
    patient: Text | None = None
    date: Text | None = None
    date_format: Format = ""
    variables: list[VariableEntry] | None = None

    @classmethod
    def columns(cls) -> frozenset[str]:
        return frozenset(COLUMNS["tables"]) - _FOUND - {"dataset"}


class GroupEntry(Described):
    """What any dataset has: its description, who is in it, how counts are broken down."""

    dataset: Text | None = None
    years: Years | None = None
    age_min: Age | None = None
    age_max: Age | None = None
    age_bands: Bands = DECADES

    @classmethod
    def columns(cls) -> frozenset[str]:
        return frozenset(COLUMNS["datasets"]) - _FOUND - {"period_start", "period_end"}


class DatasetEntry(GroupEntry):
    dataset: Text
    db_schema: str = Field("", alias="schema")
    years: Years
    sexes: list[Text] | None = None
    persons: PersonsEntry
    records: EventsEntry
    cohorts: list[CohortEntry] = []
    tables: list[TableEntry] | None = None


class OmopEntry(GroupEntry):
    cohorts: list[OmopCohortEntry] = []


class SourceEntry(Entry):
    folder: Text | None = None
    files: dict[Text, Text | list[Text]] | None = None
    duckdb: Text | None = None
    postgres: Text | None = None
    omop: Text | None = None
    db_schema: str = Field("", alias="schema")
    vocabulary_schema: str = ""
    encoding: str = ""

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        if encoding and encoding.lower() not in ENCODINGS:
            raise ValueError(f"write one of {', '.join(ENCODINGS)}")
        return encoding.lower()

    @model_validator(mode="after")
    def _one(self) -> SourceEntry:
        if sum(getattr(self, name) is not None for name in SOURCES) != 1:
            raise ValueError(f"give exactly one of {', '.join(SOURCES)}")
        return self


class LinkEntry(Entry):
    """``key_type`` is what the pseudonym is; without the entry no overlaps are counted."""

    key_type: Text


class Config(Entry):
    """The whole file. ``base`` is its folder: paths in it are relative to that."""

    base: Path
    version: Version | None = None
    as_of: Day | None = None
    title_en: str = ""
    title_ko: str = ""
    protection: dict[str, int] = {}
    source: SourceEntry
    datasets: list[DatasetEntry] = []
    omop: OmopEntry = OmopEntry()
    linkage: LinkEntry | None = None
    hospitals: list[dict[str, Any]] = []
    concepts: list[dict[str, Any]] = []
    teams: list[dict[str, Any]] = []
    access_rules: list[dict[str, Any]] = []

    @field_validator("protection")
    @classmethod
    def _stricter(cls, numbers: dict[str, int]) -> dict[str, int]:
        known = set(Rule.__dataclass_fields__)
        for name in numbers:
            if name not in known:
                raise ValueError(f"unknown key {name!r}; {near(name, known)}")
        try:
            Rule(**numbers)
        except CatalogInvalid as error:
            raise ValueError(str(error)) from error
        return numbers

    @model_validator(mode="after")
    def _fitting(self) -> Config:
        if self.source.omop is None and not self.datasets:
            raise ValueError("datasets: describe at least one")
        if self.source.omop is not None and self.datasets:
            raise ValueError("datasets: an OMOP CDM is described by itself; use the key omop")
        names = [dataset.dataset for dataset in self.datasets]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"datasets: {twice!r} stands twice; keep one")
        for kind in ("hospitals", "concepts", "teams", "access_rules"):
            for row in getattr(self, kind):
                unknown = next((key for key in row if key not in COLUMNS[kind]), None)
                if unknown is not None:
                    what = near(str(unknown), set(COLUMNS[kind]))
                    raise ValueError(f"{kind}: unknown key {unknown!r}; {what}")
        return self

    @property
    def rule(self) -> Rule:
        """The protection that the hospital chose."""
        return Rule(**self.protection)
