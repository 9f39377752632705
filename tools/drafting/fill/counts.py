"""Section 7 from query results; there is no other way to put a count into a plan."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalog.read import Catalog
from knowledge.text import Language
from tools.drafting.facts import QueryRows
from tools.drafting.fill.datasets import in_language
from tools.drafting.plan import Count, Feasibility, QueryRecord, ResearchPlan

_EVERYONE: dict[Language, str] = {"ko": "전체 환자", "en": "all patients"}


def fill_counts(plan: ResearchPlan, catalog: Catalog, results: Sequence[QueryRows]) -> ResearchPlan:
    """Section 7 as these results give it, in place of what it held.

    A requested dataset and cohort that no row is about is listed as not published.
    """
    counts = [count for rows in results for count in counts_of(rows, catalog, plan.language)]
    have = {(count.dataset, count.cohort) for count in counts}
    for rows in results[:1]:
        for dataset in plan.datasets:
            for cohort in plan.population.cohorts or ("",):
                if (dataset, cohort) not in have:
                    counts.append(_count(rows.id, dataset, cohort, catalog, plan.language))
    place = {dataset: at for at, dataset in enumerate(plan.datasets)}
    counts.sort(key=lambda count: place.get(count.dataset, len(place)))
    records = tuple(record_of(rows) for rows in results)
    return plan.model_copy(update={"feasibility": Feasibility(counts=tuple(counts), queries=records)})


def counts_of(rows: QueryRows, catalog: Catalog | None, language: Language) -> list[Count]:
    """The counts in a result, with labels where the catalog has them."""
    found = []
    for cell in rows.cells():
        dataset = cell.get("dataset") or _only(rows, "datasets")
        cohort = cell.get("cohort") or _only(rows, "cohorts")
        count = _count(rows.id, dataset, cohort, catalog, language)
        update = {
            "status": cell.get("patients_status") or "",
            "low": cell.get("patients_low"),
            "high": cell.get("patients_high"),
        }
        found.append(count.model_copy(update=update))
    return found


def record_of(rows: QueryRows) -> QueryRecord:
    """The query behind counts, as a plan keeps it."""
    return QueryRecord(
        id=rows.id,
        plan=dict(rows.plan),
        readback=rows.readback,
        notes=rows.notes,
        as_of=rows.as_of,
        rule=rows.rule,
        catalog_version=rows.catalog_version,
    )


def _only(rows: QueryRows, part: str) -> str:
    """What a result that is not grouped by it is about: the one thing that its plan names."""
    named = list(rows.plan.get(part) or ())
    return str(named[0]) if len(named) == 1 else ""


def _count(id: str, dataset: str, cohort: str, catalog: Catalog | None, language: Language) -> Count:
    title, name = dataset, cohort or _EVERYONE[language]
    if catalog is not None:
        row = catalog.dataset_by_id.get(dataset)
        group = catalog.cohort_by_id.get(cohort)
        title = (in_language(row.title_en, row.title_ko, language) if row else "") or dataset
        name = (in_language(group.name_en, group.name_ko, language) if group else "") or name
    return Count(dataset=dataset, title=title, cohort=cohort, cohort_name=name, query=id)
