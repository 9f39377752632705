"""QueryPlan: what a question asks of the catalog, typed, frozen, and impossible to build wrongly.

    QueryPlan
    ├── CountPlan     how many patients or records, from the published counts
    ├── ListPlan      which hospitals, datasets, variables, ... there are, what is said of each, how many
    └── LinkagePlan   which datasets can be linked, and how

A plan says nothing of SQL; ``compile`` does. Patients are not additive: a plan can ask for a range
of years or ages, and the compiler then returns a bound, never a sum presented as a number of people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from knowledge.errors import PlanIncomplete
from knowledge.text import Language
from tools.query.entities import split_field

Subject = Literal["hospital", "dataset", "table", "variable", "concept", "cohort", "team"]
Measure = Literal["patients", "records"]
Dimension = Literal["hospital", "dataset", "cohort", "year", "sex", "age_band"]
Comparison = Literal["eq", "ne", "ge", "gt", "le", "lt", "missing"]
Statistic = Literal["count", "avg", "min", "max"]
Thing = Literal["variable", "concept", "cohort", "table", "dataset"]

COUNT_DIMENSIONS: tuple[Dimension, ...] = ("hospital", "dataset", "cohort", "year", "sex", "age_band")
MAX_ROWS = 1000
TOLD_APART = 10  # the smallest number of people that may be published


def _incomplete(message: str, hint: str) -> PlanIncomplete:
    return PlanIncomplete(message, hint=hint)


@dataclass(frozen=True, slots=True)
class Span:
    """A closed range of whole numbers (years or ages); an open end is None."""

    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise _incomplete("A range has neither a start nor an end.", "Give at least one of them.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise _incomplete(f"The range {self.low}-{self.high} ends before it starts.", "Swap its ends.")

    @property
    def single(self) -> bool:
        """True for a range of one value, which a published grain can answer exactly."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Condition:
    """``field`` of the subject, or of what it belongs to, compared with one value or one of several.

    ``field`` is a name such as ``dataset.access_level``; several values mean "any of" and go with
    ``eq`` (is one of) and ``ne`` (is none of) only; ``missing`` (is not given) takes none.
    ``or_missing`` also keeps rows where the field is not given, as for a period that has not ended.
    """

    field: str
    op: Comparison
    values: tuple[str | int | float | bool, ...] = ()
    or_missing: bool = False

    def __post_init__(self) -> None:
        if bool(self.values) == (self.op == "missing"):
            raise _incomplete(f"The condition on {self.field!r} has no value.", "Give one, or drop it.")
        if len(self.values) > 1 and self.op not in {"eq", "ne"}:
            raise _incomplete(
                f"{self.op!r} on {self.field!r} compares with {len(self.values)} values.", "Give exactly one."
            )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several conditions holds."""

    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        if len(self.conditions) < 2:
            raise _incomplete("A choice between conditions has fewer than two.", "Use the condition itself.")


@dataclass(frozen=True, slots=True)
class Holding:
    """The subject holds (or, negated, lacks) any one of the things named.

    ``things`` is a tuple of (thing, ids). Several Holdings in a plan are joined by "and": "both mMRC
    and CAT" is two of them, "mMRC or CAT" one. A variable's id is its name, whatever its table.
    ``words`` are the question's own, for saying the plan back.
    """

    things: tuple[tuple[Thing, tuple[str, ...]], ...]
    negated: bool = False
    words: str = ""

    def __post_init__(self) -> None:
        if not self.things or not all(ids for _, ids in self.things):
            raise _incomplete("A holding names nothing that could be held.", "Name at least one thing.")


@dataclass(frozen=True, slots=True)
class Summary:
    """A statistic over the subjects of a group: how many there are, or the average of a field."""

    statistic: Statistic = "count"
    field: str = ""

    def __post_init__(self) -> None:
        if (self.statistic == "count") != (not self.field):
            raise _incomplete(
                f"The statistic {self.statistic!r} goes with the field {self.field!r}.",
                "Count takes no field; the others take one.",
            )


@dataclass(frozen=True, slots=True)
class Ranking:
    """Order rows by a column; ``limit`` keeps the first ones, ``with_ties`` also those equal to the last.

    A statement cannot say "with ties" without comparing counts, so the runner widens the limit.
    """

    by: str
    descending: bool = True
    limit: int | None = None
    with_ties: bool = False

    def __post_init__(self) -> None:
        if self.limit is not None and not 1 <= self.limit <= MAX_ROWS:
            raise _incomplete(f"A ranking of {self.limit} rows was asked.", f"Ask for 1 to {MAX_ROWS}.")


def _check_limits(at_least: int | None, at_most: int | None) -> None:
    """Raise PlanIncomplete for a limit among the hidden numbers, and for limits that nothing lies within."""
    if at_most is not None and at_most < TOLD_APART:
        raise _incomplete(
            f"Numbers up to {at_most} are not told apart.", f"Ask for {TOLD_APART} or more."
        )
    if at_least is not None and at_most is not None:
        Span(at_least, at_most)


@dataclass(frozen=True, slots=True)
class CountPlan:
    """How many patients or records, from the published counts.

    ``also`` shows records beside patients. An empty ``cohorts`` means everyone in the dataset. ``years``
    and ``ages`` that are not a published grain give a bound. ``only_years`` keeps some of the years and
    needs them grouped by.
    ``sex`` holds codes of the catalog ("F", "M").
    ``at_least`` keeps groups whose published low end reaches it, ``at_most`` those whose high end does not
    pass it and that are not hidden; a limit among the hidden numbers would tell them from none. Of
    numbers that are published rounded half up ``rounded_to``, the published one is compared.
    """

    measure: Measure = "patients"
    also: Literal["records"] | None = None
    cohorts: tuple[str, ...] = ()
    hospitals: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    years: Span | None = None
    only_years: tuple[int, ...] = ()
    ages: Span | None = None
    sex: tuple[str, ...] = ()
    group_by: tuple[Dimension, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    rounded_to: int = 0
    ranking: Ranking | None = None
    language: Language = "en"

    def __post_init__(self) -> None:
        if len(set(self.group_by)) != len(self.group_by):
            raise _incomplete(f"A grouping is named twice in {self.group_by}.", "Name each once.")
        if self.only_years and (self.years is None or "year" not in self.group_by):
            raise _incomplete("Some years are named without the range they lie in.", "Group by year.")
        unknown = set(self.group_by) - set(COUNT_DIMENSIONS)
        if unknown:
            raise _incomplete(
                f"Counts cannot be grouped by {sorted(unknown)}.", f"Group by any of {COUNT_DIMENSIONS}."
            )
        _check_limits(self.at_least, self.at_most)
        shown = {*self.group_by, self.measure}
        if self.ranking and self.ranking.by not in shown:
            raise _incomplete(
                f"The ranking is by {self.ranking.by!r}, which is not shown.",
                f"Rank by one of {sorted(shown)}.",
            )

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is shown of each group."""
        return (self.measure, self.also) if self.also and self.also != self.measure else (self.measure,)

    @property
    def overlapping(self) -> tuple[Dimension, ...]:
        """Dimensions over which the answer would have to add up people who may be the same."""
        free: list[Dimension] = []
        if "dataset" not in self.group_by and len(self.datasets) != 1:
            free.append("dataset")
        if "cohort" not in self.group_by and len(self.cohorts) > 1:
            free.append("cohort")
        if "year" not in self.group_by and self.years is not None and not self.years.single:
            free.append("year")
        return tuple(free)

    @property
    def adding(self) -> tuple[Dimension, ...]:
        """Dimensions over which cells add up exactly, apart from rounding."""
        free: list[Dimension] = []
        if self.ages is not None and "age_band" not in self.group_by:
            free.append("age_band")
        if len(self.sex) > 1 and "sex" not in self.group_by:
            free.append("sex")
        return tuple(free)


@dataclass(frozen=True, slots=True)
class ListPlan:
    """Which subjects there are, what is said of each, or a statistic over them.

    ``show`` are fields (``dataset.period_start``); the subject's key and label are always shown.
    With ``summary`` the answer is a number per ``group_by`` entity.
    """

    subject: Subject
    show: tuple[str, ...] = ()
    conditions: tuple[Condition | AnyOf, ...] = ()
    holdings: tuple[Holding, ...] = ()
    summary: Summary | None = None
    group_by: tuple[Literal["hospital", "dataset", "table"], ...] = ()
    ranking: Ranking | None = None
    language: Language = "en"

    def __post_init__(self) -> None:
        if self.group_by and self.summary is None:
            raise _incomplete(
                "A list is grouped without being counted.", "Ask how many, or drop the grouping."
            )
        if self.holdings and self.subject not in {"hospital", "dataset"}:
            raise _incomplete(
                f"A {self.subject} cannot hold variables, concepts or cohorts.",
                "Ask for hospitals or datasets.",
            )
        for name in (*self.show, *(c.field for c in self.simple_conditions)):
            split_field(name, self.subject)

    @property
    def simple_conditions(self) -> tuple[Condition, ...]:
        """Every condition, those inside a choice too."""
        return tuple(
            inner
            for condition in self.conditions
            for inner in (condition.conditions if isinstance(condition, AnyOf) else (condition,))
        )


@dataclass(frozen=True, slots=True)
class LinkagePlan:
    """Pairs of datasets that can be linked. ``left`` and ``right`` are dataset ids, in either order.

    Empty sides mean any dataset; ``same_controller`` False keeps pairs across controllers only; ``keys`` are
    types of key as the catalog has them, any of which joins a pair. The limits are on the number of people
    that both have, as in a CountPlan; pairs may be ranked by it.
    """

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    same_controller: bool | None = None
    keys: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    rounded_to: int = 0
    ranking: Ranking | None = None
    language: Language = field(default="en")

    def __post_init__(self) -> None:
        _check_limits(self.at_least, self.at_most)
        if self.ranking is not None and self.ranking.by != "overlap_patients":
            raise _incomplete(
                f"Pairs of datasets are ranked by {self.ranking.by!r}.", "Rank them by overlap_patients."
            )
        if self.right and not self.left:
            raise _incomplete("A linkage has a right side only.", "Give the left side first.")


QueryPlan = CountPlan | ListPlan | LinkagePlan
