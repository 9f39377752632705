"""Section 6: cohorts and codes are the catalog's, ages fit the published bands."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.catalog_ids import known_codes, split_system
from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.nearest import did_you_mean
from tools.drafting.plan import CodeEntry, ResearchPlan


def cohorts_exist(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None:
        return
    known = facts.catalog.cohort_by_id
    for cohort in plan.population.cohorts:
        if cohort not in known:
            near = did_you_mean(cohort, known)
            yield finding("cohort_unknown", "population", "cohorts", cohort=cohort, near=near)


def codes_valid(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    """A code stands in a cohort or concept under that system, and that edition where both name one."""
    if facts.catalog is None:
        return
    known = known_codes(facts.catalog)
    for entry in plan.population.codes:
        system, edition = split_system(entry.system, entry.edition)
        wanted = (system.upper(), entry.code.upper())
        editions = {e for s, e, c in known if (s, c) == wanted}
        if not editions or (edition and "" not in editions and edition.upper() not in editions):
            yield finding("code_unknown", "population", "codes", code=entry.code, system=_system(entry))


def editions_given(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for entry in plan.population.codes:
        if not split_system(entry.system, entry.edition)[1]:
            yield finding("edition_missing", "population", "codes", code=entry.code, system=entry.system)


def ages_in_order(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    low, high = plan.population.age_low, plan.population.age_high
    if low is not None and high is not None and low > high:
        yield finding("ages_backwards", "population", "age_low", low=low, high=high)


def ages_published(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    """Each limit is the limit of a band that the requested datasets publish."""
    if facts.catalog is None:
        return
    bands = facts.catalog.counts.age_bands_by_dataset
    published = {band for dataset in plan.datasets for band in bands.get(dataset, ())}
    if not published:
        return
    limits = (
        ("age_low", plan.population.age_low, {b.age_low for b in published}),
        ("age_high", plan.population.age_high, {b.age_high for b in published}),
    )
    for field, age, edges in limits:
        if age is not None and age not in edges:
            names = ", ".join(sorted({band.age_band for band in published}))
            yield finding("age_band_missing", "population", field, age=age, bands=names)


def _system(entry: CodeEntry) -> str:
    return f"{entry.system} {entry.edition}".strip()


RULES = (cohorts_exist, codes_valid, editions_given, ages_in_order, ages_published)
