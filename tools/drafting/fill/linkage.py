"""Section 9 from the catalog: which of the requested datasets can be linked."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.catalog.read import Catalog, Linkage
from tools.drafting.plan import LinkagePair, ResearchPlan


def linkage_of(catalog: Catalog, a: str, b: str) -> Linkage | None:
    """What the catalog says of a pair, in either order."""
    return next((row for row in catalog.linkage if {row.dataset_a, row.dataset_b} == {a, b}), None)


def add_pairs(plan: ResearchPlan, catalog: Catalog, fresh: Sequence[str]) -> ResearchPlan:
    """Pairs of the catalog between the datasets just requested and all requested ones."""
    have = [{pair.dataset_a, pair.dataset_b} for pair in plan.linkage.pairs]
    rows = []
    for row in catalog.linkage:
        pair = {row.dataset_a, row.dataset_b}
        if pair <= set(plan.datasets) and pair & set(fresh) and pair not in have:
            rows.append(
                LinkagePair(
                    dataset_a=row.dataset_a,
                    dataset_b=row.dataset_b,
                    key=row.key_type or "",
                    same_controller=row.same_controller,
                )
            )
    changed = plan.linkage.model_copy(update={"pairs": (*plan.linkage.pairs, *rows)})
    return plan.model_copy(update={"linkage": changed})
