"""Section 9: the pairs can be linked, and across controllers a combination agency is named."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.fill.linkage import linkage_of
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import LinkagePair, ResearchPlan


def pairs_known(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None:
        return
    for pair in plan.linkage.pairs:
        if linkage_of(facts.catalog, pair.dataset_a, pair.dataset_b) is None:
            yield finding("linkage_unknown", "linkage", "pairs", a=pair.dataset_a, b=pair.dataset_b)


def pairs_requested(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    named = dict.fromkeys(d for pair in plan.linkage.pairs for d in (pair.dataset_a, pair.dataset_b))
    for dataset in named:
        if dataset not in plan.datasets:
            yield finding("linkage_not_requested", "linkage", "pairs", dataset=dataset)


def agency_named(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if plan.linkage.agency:
        return
    for pair in plan.linkage.pairs:
        same = _same_controller(pair, facts)
        if same is False:
            yield finding("agency_missing", "linkage", "agency", a=pair.dataset_a, b=pair.dataset_b)
        elif same is None:
            yield finding("controller_unknown", "linkage", "agency", a=pair.dataset_a, b=pair.dataset_b)


def _same_controller(pair: LinkagePair, facts: Facts) -> bool | None:
    """As the catalog says; as the plan says only where the catalog does not know the pair."""
    row = linkage_of(facts.catalog, pair.dataset_a, pair.dataset_b) if facts.catalog is not None else None
    return pair.same_controller if row is None else row.same_controller


RULES = (pairs_known, pairs_requested, agency_named)
