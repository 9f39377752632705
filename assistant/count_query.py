"""The query behind a plan's counts, run on the catalog in use, and handed to the drafting tool as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.publication_rules import rules_of
from assistant.say_rows import caveats
from knowledge.catalog.read import Catalog
from knowledge.catalog.versions import CatalogFile
from knowledge.errors import PlanIncomplete, SqlRejected
from knowledge.text import Language
from tools.drafting.facts import QueryRows
from tools.drafting.plan import QueryRecord
from tools.query.execute import execute
from tools.query.guard import catalog_schema
from tools.query.plan import CountPlan, Dimension
from tools.query.plan_document import plan_document, read_plan
from tools.query.readback import readback


def count_plan(datasets: Sequence[str], cohorts: Sequence[str], language: Language) -> CountPlan:
    """Patients of each dataset, and of each cohort where cohorts are named."""
    by: tuple[Dimension, ...] = ("dataset", "cohort") if cohorts else ("dataset",)
    return CountPlan(cohorts=tuple(cohorts), datasets=tuple(datasets), group_by=by, language=language)


def run_counts(plan: CountPlan, file: CatalogFile, catalog: Catalog) -> QueryRows:
    """The rows of a count plan, with what has to be said of them.

    Raises SqlRejected, QueryTimeout, StoreUnavailable.
    """
    result = execute(plan, file.place, catalog_schema())
    return QueryRows(
        id=result.id,
        plan=plan_document(plan),
        readback=readback(plan, catalog, plan.language),
        columns=result.columns,
        rows=result.rows,
        notes=caveats(result, catalog, plan.language),
        as_of=str(catalog.meta.as_of),
        rule=", ".join(rules_of(result, catalog)),
        catalog_version=catalog.version,
    )


def reproduced(
    records: Sequence[QueryRecord], file: CatalogFile, catalog: Catalog
) -> Mapping[str, QueryRows]:
    """The queries that a plan records, run again; one that no longer runs, or is another now, is left out."""
    found: dict[str, QueryRows] = {}
    for record in records:
        rows = _again(record.plan, file, catalog)
        if rows is not None:
            found[rows.id] = rows
    return found


def _again(document: Mapping[str, Any], file: CatalogFile, catalog: Catalog) -> QueryRows | None:
    try:
        plan = read_plan(document)
        return run_counts(plan, file, catalog) if isinstance(plan, CountPlan) else None
    except (PlanIncomplete, SqlRejected):
        return None
