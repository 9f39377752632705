"""The research plan: thirteen sections, typed and frozen. A change makes a new plan.

What a section asks for, how long it may be and what its choices are stands in the form's data
(``forms/``). Here is only what each field is. Every field may be empty: a plan grows, and
``checks`` says what it still lacks. Dates are calendar days, amounts whole units of the form's currency.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import PlanIncomplete
from knowledge.text import Language

LONGEST = 20_000
MOST_ROWS = 500

Text = Annotated[str, Field(max_length=LONGEST)]


class Part(BaseModel):
    """Common ground of all parts: frozen, no unknown members, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class Member(Part):
    """One person of the team, in the role that the person plays in the study."""

    name: Text = ""
    role: Text = ""
    affiliation: Text = ""


class Applicant(Part):
    company: Text = ""
    founded: date | None = None
    address: Text = ""
    principal_investigator: Text = ""
    members: tuple[Member, ...] = Field(default=(), max_length=MOST_ROWS)


class Summary(Part):
    title_ko: Text = ""
    title_en: Text = ""
    summary: Text = ""


class Aim(Part):
    """``sources`` are numbered from 1; a figure in the text is followed by its source's number, "[1]"."""

    aim: Text = ""
    objectives: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)
    need: Text = ""
    sources: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)


class DataRequest(Part):
    """One dataset. The period is written as in the catalog: "2015", "2015-01" or "2015-01-31"."""

    dataset: Text
    title: Text = ""
    hospital: Text = ""
    period_start: Text = ""
    period_end: Text = ""
    catalog_version: Text = ""


class Data(Part):
    datasets: tuple[DataRequest, ...] = Field(default=(), max_length=MOST_ROWS)


class VariableRequest(Part):
    """``variable`` is dataset/table.variable; ``missing`` the published percentage ("12.5", "<5")."""

    variable: Text
    label: Text = ""
    role: Text = ""
    unit: Text = ""
    missing: Text = ""
    reason: Text = ""


class Variables(Part):
    requested: tuple[VariableRequest, ...] = Field(default=(), max_length=MOST_ROWS)


class CodeEntry(Part):
    """One code of the list; ``cohort`` is the catalog's cohort that it came from, if it did."""

    system: Text
    edition: Text = ""
    code: Text
    cohort: Text = ""


class Population(Part):
    """``cohorts`` are the catalog's ids. Ages in whole years, both ends included."""

    inclusion: Text = ""
    exclusion: Text = ""
    cohorts: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)
    codes: tuple[CodeEntry, ...] = Field(default=(), max_length=MOST_ROWS)
    age_low: int | None = Field(default=None, ge=0, le=150)
    age_high: int | None = Field(default=None, ge=0, le=150)
    index_date: Text = ""


class Count(Part):
    """One protected count, as the query ``query`` released it: between ``low`` and ``high`` patients."""

    dataset: Text
    title: Text = ""
    cohort: Text = ""
    cohort_name: Text = ""
    status: Text = ""
    low: int | None = None
    high: int | None = None
    query: Text


class QueryRecord(Part):
    """The query behind counts: its plan, said back, with the notes and the rule that go with its rows."""

    id: Text
    plan: dict[str, Any]
    readback: Text = ""
    notes: tuple[Text, ...] = ()
    as_of: Text = ""
    rule: Text = ""
    catalog_version: Text = ""


class Feasibility(Part):
    """Filled from queries only; nothing here is ever typed in."""

    counts: tuple[Count, ...] = Field(default=(), max_length=MOST_ROWS)
    queries: tuple[QueryRecord, ...] = Field(default=(), max_length=MOST_ROWS)


class Design(Part):
    """``outcomes`` and ``exposures`` are ids of variables that section 5 requests."""

    design: Text = ""
    outcomes: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)
    exposures: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)
    comparator: Text = ""
    analysis: Text = ""
    missing_data: Text = ""
    bias: Text = ""
    validation: Text = ""
    sample_size: Text = ""


class LinkagePair(Part):
    dataset_a: Text
    dataset_b: Text
    key: Text = ""
    same_controller: bool | None = None


class Linkage(Part):
    pairs: tuple[LinkagePair, ...] = Field(default=(), max_length=MOST_ROWS)
    agency: Text = ""
    legal_basis: Text = ""


class Ethics(Part):
    """Purposes and statuses are ids of the form's options."""

    purpose: Text = ""
    irb_status: Text = ""
    irb_confirmed_by: Text = ""
    drb_status: Text = ""
    drb_confirmed_by: Text = ""
    guideline: Text = ""


class Security(Part):
    environment: Text = ""
    access: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)
    export_items: tuple[Text, ...] = Field(default=(), max_length=MOST_ROWS)
    copy_off_site: Text = ""
    copy_approved_by: Text = ""
    agreement_end: date | None = None
    retention_end: date | None = None
    destruction: Text = ""
    record_years: int | None = Field(default=None, ge=0, le=100)


class Output(Part):
    output: Text = ""
    beneficiary: Text = ""
    metric: Text = ""
    measured_by: Text = ""
    due: date | None = None


class Outputs(Part):
    use: Text = ""
    outputs: tuple[Output, ...] = Field(default=(), max_length=MOST_ROWS)
    commercialisation: Text = ""


class BudgetItem(Part):
    category: Text = ""
    description: Text = ""
    amount: int | None = Field(default=None, ge=0)


class Milestone(Part):
    name: Text = ""
    due: date | None = None


class Budget(Part):
    items: tuple[BudgetItem, ...] = Field(default=(), max_length=MOST_ROWS)
    total: int | None = Field(default=None, ge=0)
    milestones: tuple[Milestone, ...] = Field(default=(), max_length=MOST_ROWS)


class ResearchPlan(Part):
    """One plan on one form. ``language`` is that of its text and decides which caps hold."""

    form: str
    language: Language
    applicant: Applicant = Applicant()
    summary: Summary = Summary()
    aim: Aim = Aim()
    data: Data = Data()
    variables: Variables = Variables()
    population: Population = Population()
    feasibility: Feasibility = Feasibility()
    design: Design = Design()
    linkage: Linkage = Linkage()
    ethics: Ethics = Ethics()
    security: Security = Security()
    outputs: Outputs = Outputs()
    budget: Budget = Budget()

    @property
    def title(self) -> str:
        """The title in the plan's language, else in the other; empty where there is none yet."""
        own, other = self.summary.title_ko, self.summary.title_en
        return (own or other) if self.language == "ko" else (other or own)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The ids of the datasets that section 4 requests."""
        return tuple(row.dataset for row in self.data.datasets)


SECTIONS: tuple[str, ...] = tuple(n for n in ResearchPlan.model_fields if n not in {"form", "language"})


def plan_of(document: Mapping[str, Any]) -> ResearchPlan:
    """The plan in a JSON-ready document, as ``document_of`` gives it.

    Raises PlanIncomplete that names the first part that does not fit, with its value.
    """
    try:
        return ResearchPlan.model_validate_json(json.dumps(document, default=_plain))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "plan"
        given = str(first.get("input"))[:80]
        raise PlanIncomplete(
            f"The plan's {where} cannot be {given!r}: {first['msg']}.",
            hint="Correct it; `giljabi plan show ID` shows how a plan is written.",
        ) from error


def document_of(plan: ResearchPlan) -> dict[str, Any]:
    """The plan as JSON-ready data."""
    return plan.model_dump(mode="json")


def _plain(value: object) -> str:
    """Days as YAML reads them; anything else that JSON does not know is refused by its own text."""
    return value.isoformat() if isinstance(value, date) else str(value)
