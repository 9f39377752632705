"""The plan desk: what a person may do with research plans, over records, catalog and documents."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.count_query import count_plan, reproduced, run_counts
from assistant.guidance import editions_in_force, guidance
from assistant.records import PlanSummary, PlanVersion
from assistant.records.plans import Plans
from knowledge.catalog.read import Catalog, load_catalog
from knowledge.catalog.versions import CatalogFile, CatalogVersions
from knowledge.documents.index import KnowledgeIndex
from knowledge.errors import IndexMissing, UserError
from knowledge.text import Language
from tools.drafting.checks import check_plan
from tools.drafting.export import FORMATS, export_plan
from tools.drafting.facts import Facts, GuidanceQuote
from tools.drafting.fill.change import set_field, set_sections
from tools.drafting.fill.cohorts import add_cohorts
from tools.drafting.fill.counts import fill_counts
from tools.drafting.fill.datasets import add_datasets, refresh_datasets
from tools.drafting.fill.known import refuse_unknown
from tools.drafting.fill.linkage import add_pairs
from tools.drafting.fill.variables import add_variables, refresh_variables
from tools.drafting.finding import Finding
from tools.drafting.form import load_form
from tools.drafting.plan import ResearchPlan, document_of, plan_of
from tools.drafting.render import render_plan

LONGEST_TITLE = 300
UNTITLED: Mapping[Language, str] = {"ko": "제목 없음", "en": "Untitled"}


@dataclass(frozen=True, slots=True)
class Filling:
    """What to fill a plan with. ``settings`` are "section.field=value", ``sections`` whole fields at once."""

    datasets: Sequence[str] = ()
    variables: Sequence[str] = ()
    cohorts: Sequence[str] = ()
    settings: Sequence[str] = ()
    sections: Mapping[str, Any] = field(default_factory=dict)
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A version of a plan with what the checks found."""

    version: PlanVersion
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(finding.level == "error" for finding in self.findings)


class PlanDesk:
    """Every act on a plan raises NotFound for an unknown id. Safe to use from many threads."""

    def __init__(self, plans: Plans, versions: CatalogVersions, index: Callable[[], KnowledgeIndex]) -> None:
        """``index`` opens the documents when they are first needed."""
        self._plans = plans
        self._versions = versions
        self._index = index
        self._lock = threading.Lock()
        self._read: tuple[str, Catalog] | None = None

    def new(self, *, title: str = "", language: Language = "ko") -> PlanVersion:
        """A plan with nothing but its title, as version 1."""
        form = load_form()
        plan = ResearchPlan(form=form.id, language=language)
        if title.strip():
            plan = set_sections(plan, form, {"summary": {f"title_{language}": title}})
        return self._plans.create(document_of(plan), title=_named(plan), language=language)

    def find(self, limit: int = 100, offset: int = 0) -> list[PlanSummary]:
        """Plans, the one changed last first."""
        return self._plans.list(limit, offset)

    def show(self, id: str, version: int | None = None) -> PlanVersion:
        """A version, the newest where none is named."""
        return self._plans.read(id, version)

    def versions(self, id: str) -> list[PlanVersion]:
        """Every version, the first one first."""
        return self._plans.versions(id)

    def fill(self, id: str, filling: Filling) -> PlanVersion:
        """The plan filled, as its next version; nothing is stored where nothing changed.

        Raises NotFound for an unknown dataset, variable, cohort, section or field, with the nearest
        names, PlanIncomplete for a value that does not fit, ReviewConflict where another version was
        saved since ``filling.base``, CatalogMissing where something of the catalog is asked for.
        """
        stored = self._plans.read(id)
        plan = plan_of(stored.document)
        catalog = self._catalog(needed=bool(filling.datasets or filling.variables or filling.cohorts))
        filled = _filled(plan, filling, catalog[1] if catalog else None)
        if catalog is not None and filled.data.datasets:
            filled = _counted(filled, *catalog)
        if filled == plan:
            return stored
        base = filling.base if filling.base is not None else stored.version
        return self._plans.save_version(id, document_of(filled), title=_named(filled), base=base)

    def check(self, id: str, today: date, version: int | None = None) -> Checked:
        """What the plan lacks, held against the catalog in use and its own queries, run again."""
        stored = self._plans.read(id, version)
        plan = plan_of(stored.document)
        form = load_form(plan.form)
        catalog = self._catalog()
        results = reproduced(plan.feasibility.queries, *catalog) if catalog else {}
        index = self._documents()
        editions = editions_in_force(form, index, today) if index is not None else ()
        facts = Facts(today, catalog[1] if catalog else None, results, editions)
        return Checked(stored, check_plan(plan, form, facts))

    def markdown(self, stored: PlanVersion, today: date) -> str:
        """A version as Markdown, with guidance where something is still to be written."""
        plan = plan_of(stored.document)
        form = load_form(plan.form)
        index = self._documents()
        quotes: Mapping[str, tuple[GuidanceQuote, ...]] = {}
        if index is not None:
            quotes = guidance(form, plan.language, index, today)
        return render_plan(plan, form, quotes=quotes, mark=f"{stored.id} v{stored.version}")

    def export(self, id: str, format: str, today: date, version: int | None = None) -> bytes:
        """The file's bytes. Raises NotFound for an unknown format."""
        if format not in FORMATS:
            raise UserError(
                f"A plan cannot be exported as {format[:20]!r}.", hint=f"Use one of {', '.join(FORMATS)}."
            )
        stored = self._plans.read(id, version)
        return export_plan(self.markdown(stored, today), format, title=stored.title, language=stored.language)

    def _documents(self) -> KnowledgeIndex | None:
        """The documents; None in a home that holds none, where plans are written without quotes."""
        try:
            return self._index()
        except IndexMissing:
            return None

    def _catalog(self, *, needed: bool = False) -> tuple[CatalogFile, Catalog] | None:
        """The catalog in use, read once per version. CatalogMissing where it is needed and is not there."""
        file = self._versions.require() if needed else self._versions.current()
        if file is None:
            return None
        with self._lock:
            if self._read is None or self._read[0] != file.version:
                self._read = (file.version, load_catalog(file.path))
            return file, self._read[1]


def _filled(plan: ResearchPlan, filling: Filling, catalog: Catalog | None) -> ResearchPlan:
    """Documents first, so that rows are there when a setting names one."""
    form = load_form(plan.form)
    filled = set_sections(plan, form, filling.sections)
    if catalog is not None:
        filled = add_datasets(filled, catalog, filling.datasets)
        filled = add_cohorts(filled, catalog, filling.cohorts)
        filled = add_variables(filled, catalog, filling.variables)
    for setting in filling.settings:
        filled = set_field(filled, form, setting)
    if catalog is not None:
        refuse_unknown(filled, plan, catalog)
        filled = refresh_variables(refresh_datasets(filled, catalog), catalog)
        fresh = [id for id in filled.datasets if id not in plan.datasets]
        filled = add_pairs(filled, catalog, fresh)
    return filled


def _counted(plan: ResearchPlan, file: CatalogFile, catalog: Catalog) -> ResearchPlan:
    """Section 7 for the datasets and cohorts of the plan that the catalog knows."""
    datasets = [id for id in plan.datasets if id in catalog.dataset_by_id]
    cohorts = [id for id in plan.population.cohorts if id in catalog.cohort_by_id]
    if not datasets:
        return plan
    rows = run_counts(count_plan(datasets, cohorts, plan.language), file, catalog)
    return fill_counts(plan, catalog, [rows])


def _named(plan: ResearchPlan) -> str:
    return (plan.title or UNTITLED[plan.language])[:LONGEST_TITLE]
