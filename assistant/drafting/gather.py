"""What is found for a draft: rows of the catalog for the section asked for, quotes that guide it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.drafting.request import DraftRequest
from assistant.guidance import guidance
from knowledge.catalog.read import Catalog
from knowledge.catalog.versions import CatalogFile
from knowledge.documents.index import KnowledgeIndex
from knowledge.text import Language
from tools.drafting.catalog_ids import dataset_of, variables_by_id
from tools.drafting.facts import GuidanceQuote
from tools.drafting.form import Form
from tools.query.execute import Result, execute
from tools.query.guard import GuardSchema
from tools.query.plan import Condition, CountPlan, LinkagePlan, ListPlan, QueryPlan

MOST_VARIABLES = 12
MOST_DATASETS = 2  # that variables are proposed from where the question names none
SEARCHED = 80
FROM_CATALOG = ("data", "variables", "population", "feasibility", "linkage")
_DATASETS = frozenset({"dataset"})
_VARIABLES = frozenset({"variable"})


@dataclass(frozen=True, slots=True)
class Drafting:
    """``drawn`` is the section that the rows are for; empty where the catalog gives nothing."""

    request: DraftRequest
    drawn: str = ""
    result: Result | None = None
    datasets: tuple[str, ...] = ()
    quotes: Mapping[str, tuple[GuidanceQuote, ...]] = field(default_factory=dict)


def gather_draft(
    request: DraftRequest,
    form: Form,
    language: Language,
    index: KnowledgeIndex,
    catalog: tuple[CatalogFile, Catalog] | None,
    schema: GuardSchema,
    today: date,
) -> Drafting:
    """Rows for the first section that the catalog fills, quotes for every section asked for.

    For a plan as a whole that is section 4, where data is named. Raises what ``execute`` raises.
    """
    quotes = guidance(form, language, index, today, request.sections) if request.sections else {}
    if catalog is None or request.checks or request.wording:
        return Drafting(request, quotes=quotes)
    file, read = catalog
    datasets = request.about(read)
    asked = request.sections or (("data",) if datasets else ())
    for section in asked:
        if section in FROM_CATALOG:
            plan = _plan(section, request, datasets, form, read, index, language)
            if plan is not None:
                result = execute(plan, file.place, schema)
                return Drafting(request, section, result, _datasets_in(result) or datasets, quotes)
    return Drafting(request, datasets=datasets, quotes=quotes)


def _plan(
    section: str,
    request: DraftRequest,
    datasets: tuple[str, ...],
    form: Form,
    catalog: Catalog,
    index: KnowledgeIndex,
    language: Language,
) -> QueryPlan | None:
    """The query behind a section; None where it is not clear what it would be about."""
    if section == "data":
        limit = (Condition("dataset.dataset", "eq", datasets),) if datasets else ()
        period = ("dataset.period_start", "dataset.period_end")
        show = (f"hospital.name_{language}", *period, "dataset.patients", "dataset.variables")
        return ListPlan("dataset", show=show, conditions=limit, language=language)
    if section == "population" and request.cohorts:
        limit = (Condition("cohort.cohort", "eq", request.cohorts),)
        return ListPlan(
            "cohort", show=("cohort.codes", "cohort.definition"), conditions=limit, language=language
        )
    if section == "feasibility" and (request.cohorts or request.datasets):
        return CountPlan(
            cohorts=request.cohorts,
            datasets=request.datasets,
            hospitals=() if request.datasets else request.hospitals,
            group_by=("dataset", "cohort") if request.cohorts else ("dataset",),
            language=language,
        )
    if section == "linkage" and datasets:
        return LinkagePlan(left=datasets, language=language)
    return _variables(request, datasets, form, catalog, index, language) if section == "variables" else None


def _variables(
    request: DraftRequest,
    datasets: tuple[str, ...],
    form: Form,
    catalog: Catalog,
    index: KnowledgeIndex,
    language: Language,
) -> ListPlan | None:
    """Variables named in the question, then those that its topic finds, of the datasets it is about most."""
    if not request.datasets:
        datasets = _closest(request, datasets, index)
    known = variables_by_id(catalog)
    inside = {
        id: row
        for id, row in known.items()
        if (not datasets or dataset_of(id) in datasets) and row.type not in form.rules.identifier_types
    }
    chosen = [id for id, row in inside.items() if row.name in request.variables]
    if datasets and request.topic:
        hits = index.search(request.topic, SEARCHED, kinds=_VARIABLES)
        chosen += [hit.passage.document for hit in hits if hit.passage.document in inside]
    if not chosen:
        return None
    rows = [inside[id] for id in list(dict.fromkeys(chosen))[:MOST_VARIABLES]]
    conditions = tuple(
        Condition(f"variable.{part}", "eq", tuple(dict.fromkeys(getattr(row, part) for row in rows)))
        for part in ("dataset", "table", "name")
    )
    show = ("variable.unit", "variable.missing_text")
    return ListPlan("variable", show=show, conditions=conditions, language=language)


def _closest(request: DraftRequest, datasets: tuple[str, ...], index: KnowledgeIndex) -> tuple[str, ...]:
    """The datasets of these that the topic finds first; all where it finds none."""
    hits = index.search(request.topic, SEARCHED, kinds=_DATASETS) if request.topic else []
    found = [hit.passage.document for hit in hits if hit.passage.document in datasets]
    return tuple(dict.fromkeys(found))[:MOST_DATASETS] or datasets


def _datasets_in(result: Result) -> tuple[str, ...]:
    """The datasets that the rows are about."""
    if "dataset" not in result.columns:
        return ()
    at = result.columns.index("dataset")
    return tuple(dict.fromkeys(str(row[at]) for row in result.rows))
