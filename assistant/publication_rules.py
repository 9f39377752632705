"""Which publication rules the counts of a result stand under: the catalog's, or a hospital's stricter one."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.catalog.read import Catalog
from tools.query.execute import Result
from tools.query.plan import CountPlan


def rules_of(result: Result, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Rule id -> the datasets in the result whose counts it governs, the catalog's own rule first.

    Empty where the catalog declares no rule. A result that names no dataset stands under the rules of
    all that its plan may draw on.
    """
    own = catalog.meta.rule
    found: dict[str, list[str]] = {}
    for dataset in dict.fromkeys(_datasets(result, catalog)):
        for rule in catalog.counts.rules.get(dataset, ()):
            found.setdefault(rule, []).append(dataset)
    if not found:
        return {own: ()} if own else {}
    return {rule: tuple(found[rule]) for rule in sorted(found, key=lambda rule: (rule != own, rule))}


def _datasets(result: Result, catalog: Catalog) -> Iterable[str]:
    named = _column(result, "dataset")
    if named:
        return named
    if "overlap_patients" in result.columns:  # pairs are published under the catalog's rule
        return ()
    plan = result.plan if isinstance(result.plan, CountPlan) else CountPlan()
    hospitals = frozenset(_column(result, "hospital") or plan.hospitals)
    by_cohort = catalog.datasets_by_cohort
    counted = frozenset[str]().union(*(by_cohort.get(c, frozenset()) for c in plan.cohorts or (None,)))
    return (
        row.dataset
        for row in catalog.datasets
        if (not plan.datasets or row.dataset in plan.datasets)
        and (not hospitals or row.hospital in hospitals)
        and ("cohort" in plan.group_by or row.dataset in counted)
    )


def _column(result: Result, name: str) -> tuple[str, ...]:
    if name not in result.columns:
        return ()
    at = result.columns.index(name)
    return tuple(str(row[at]) for row in result.rows if row[at] is not None)
