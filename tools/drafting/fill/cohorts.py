"""Section 6 from the catalog: cohorts and their codes."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalog.read import Catalog
from knowledge.errors import NotFound
from tools.drafting.catalog_ids import split_code
from tools.drafting.nearest import did_you_mean
from tools.drafting.plan import CodeEntry, ResearchPlan


def add_cohorts(plan: ResearchPlan, catalog: Catalog, ids: Sequence[str]) -> ResearchPlan:
    """Count by cohorts of the catalog and take over their codes. Raises NotFound for an unknown one."""
    for id in ids:
        if id not in catalog.cohort_by_id:
            raise NotFound(
                f"There is no cohort {id[:80]!r} in the catalog.",
                hint=did_you_mean(id, catalog.cohort_by_id)["en"],
            )
    have = plan.population.cohorts
    fresh = [id for id in dict.fromkeys(ids) if id not in have]
    codes = [
        CodeEntry(system=system, edition=edition, code=code, cohort=id)
        for id in fresh
        for system, edition, code in map(split_code, catalog.cohort_by_id[id].codes)
    ]
    changed = plan.population.model_copy(
        update={"cohorts": (*have, *fresh), "codes": (*plan.population.codes, *codes)}
    )
    return plan.model_copy(update={"population": changed})
