"""Ids that a person set have to be the catalog's; those that were there before are for the check."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.catalog.read import Catalog
from knowledge.errors import NotFound
from tools.drafting.catalog_ids import variables_by_id
from tools.drafting.nearest import did_you_mean
from tools.drafting.plan import ResearchPlan


def refuse_unknown(plan: ResearchPlan, before: ResearchPlan, catalog: Catalog) -> None:
    """NotFound for a dataset, variable or cohort that is new in the plan and not in the catalog."""
    _known("dataset", plan.datasets, before.datasets, catalog.dataset_by_id)
    _known("cohort", plan.population.cohorts, before.population.cohorts, catalog.cohort_by_id)
    variables = [row.variable for row in plan.variables.requested]
    _known("variable", variables, [r.variable for r in before.variables.requested], variables_by_id(catalog))


def _known(kind: str, ids: Iterable[str], before: Iterable[str], known: Iterable[str]) -> None:
    names = set(known)
    for id in ids:
        if id not in names and id not in set(before):
            raise NotFound(
                f"There is no {kind} {id[:80]!r} in the catalog.", hint=did_you_mean(id, sorted(names))["en"]
            )
