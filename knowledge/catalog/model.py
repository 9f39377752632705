"""What a catalog describes, as read from its database: one frozen class per table.

Fields carry the column names of the catalog. A cell that was not given is None, a list that was
not given an empty tuple. Counts themselves are not here: they stay in the database, and
``CountDimensions`` says which cells exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Meta:
    """The version and the protection rule that the counts were published under.

    ``version`` names the version file (declared version, dash, content hash); ``declared_version``
    and ``as_of`` are catalog.yaml's. rounding: "half_up", "bins", "none"; zeros: "published", "hidden".
    Every suppressed number is below ``suppressed_below``, which is the threshold unless declared.
    The rule's parts are None where catalog.yaml declares no protection.
    """

    version: str
    declared_version: str
    as_of: str
    rule: str | None
    threshold: int | None
    base: int | None
    rounding: str | None
    zeros: str | None
    suppressed_below: int | None
    schema_version: str

    @property
    def half_up_to(self) -> int:
        """What published numbers are rounded half up to; 0 where they are ranges or exact."""
        return (self.base or 0) if self.rounding == "half_up" else 0


@dataclass(frozen=True, slots=True)
class Hospital:
    """One hospital; ``beds`` is a number of beds."""

    hospital: str
    name_en: str | None
    name_ko: str | None
    type: str | None
    beds: int | None
    region_en: str | None
    region_ko: str | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset. ``period_start`` and ``period_end`` are as published ("2015", "2015-01", "2015-01-31");
    the years are derived, and ``end_year`` None with a start means ongoing. Ages in years.
    ``supersedes`` are ids of former datasets, in the catalog or not."""

    dataset: str
    hospital: str | None
    title_en: str | None
    title_ko: str | None
    description_en: str | None
    description_ko: str | None
    theme: str | None
    period_start: str | None
    period_end: str | None
    start_year: int | None
    end_year: int | None
    update_frequency: str | None
    last_updated: date | None
    data_model: str | None
    access_level: str | None
    lead_time_days: int | None
    age_min: int | None
    age_max: int | None
    median_follow_up_months: float | None
    controller: str | None
    contact: str | None
    cost_basis: str | None
    update_lag: str | None
    supersedes: tuple[str, ...]
    population_en: str | None
    population_ko: str | None
    license: str | None
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a dataset; ``granularity`` is what one row stands for."""

    dataset: str
    table: str
    title_en: str | None
    title_ko: str | None
    granularity: str | None
    description_en: str | None
    description_ko: str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a table.

    ``values`` are (code, label) in published order. ``missing_pct`` is a percentage where a plain
    number was published; ``missing_text`` is what was published ("12.5", "<5"), and
    ``missing_low`` to ``missing_high`` its range. ``missing_codes`` are (code, label) of values that
    stand for a missing one. ``concept`` is a Concept's id.
    """

    dataset: str
    table: str
    name: str
    label_en: str | None
    label_ko: str | None
    aliases: tuple[str, ...]
    type: str | None
    unit: str | None
    values: tuple[tuple[str, str], ...]
    missing_pct: float | None
    missing_text: str | None
    missing_low: float | None
    missing_high: float | None
    granularity: str | None
    modifier: str | None
    concept: str | None
    description_en: str | None
    description_ko: str | None
    section: str | None
    sensitive: bool | None
    missing_codes: tuple[tuple[str, str], ...]
    provenance: str | None


@dataclass(frozen=True, slots=True)
class Concept:
    """One coded idea that variables of several datasets share."""

    concept: str
    code_system: str | None
    edition: str | None
    code: str | None
    name_en: str | None
    name_ko: str | None
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A named group of patients; ``codes`` are SYSTEM:CODE, ``definition`` is shown with its counts."""

    cohort: str
    name_en: str | None
    name_ko: str | None
    codes: tuple[str, ...]
    definition: str | None


@dataclass(frozen=True, slots=True)
class Linkage:
    """A pair of datasets that can be linked. A suppressed overlap is None with a range."""

    dataset_a: str
    dataset_b: str
    key_type: str | None
    same_controller: bool | None
    overlap_patients: int | None
    overlap_patients_status: str | None
    overlap_patients_low: int | None
    overlap_patients_high: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a dataset, or one table of it, covers. Periods are as published, the years derived."""

    dataset: str
    table: str | None
    period_start: str | None
    period_end: str | None
    start_year: int | None
    end_year: int | None
    population_en: str | None
    population_ko: str | None
    note_en: str | None
    note_ko: str | None


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One way to be given a dataset: for which purpose, on which conditions, how soon, at what cost."""

    dataset: str
    rule: str
    access_level: str | None
    purpose_en: str | None
    purpose_ko: str | None
    conditions_en: str | None
    conditions_ko: str | None
    lead_time_days: int | None
    cost_basis: str | None
    contact: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that rows were imported from; ``sha256`` in hex. Rows name it and their row in it."""

    source_file: str
    format: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Team:
    """A research team; ``datasets`` are the ids of the datasets that it works with."""

    team: str
    name_en: str | None
    name_ko: str | None
    hospital: str | None
    lead_role: str | None
    interests_en: tuple[str, ...]
    interests_ko: tuple[str, ...]
    datasets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """An age band as published, and its ages in whole years, both included; no upper end is None."""

    age_band: str
    age_low: int | None
    age_high: int | None


@dataclass(frozen=True, slots=True)
class CountDimensions:
    """Which cells the counts hold.

    years: per dataset, ascending. sexes: codes as published, ascending. age_bands: by age.
    cohorts: (dataset, cohort) pairs with a count; cohort None is everyone in the dataset.
    years_by_cohort, sexes_by_dataset and age_bands_by_dataset are the same, finer.
    rules: per dataset, the publication rules that its cells name, ascending.
    """

    years: Mapping[str, tuple[int, ...]]
    sexes: tuple[str, ...]
    age_bands: tuple[AgeBand, ...]
    cohorts: frozenset[tuple[str, str | None]]
    years_by_cohort: Mapping[tuple[str, str | None], tuple[int, ...]]
    sexes_by_dataset: Mapping[str, tuple[str, ...]]
    age_bands_by_dataset: Mapping[str, tuple[AgeBand, ...]]
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
