"""Section 7: every count is what its query releases now, and every dataset has one."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.text import Language
from tools.drafting.facts import Facts
from tools.drafting.fill.counts import counts_of
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import Count, ResearchPlan
from tools.query.amounts import say_amount

_AT = ("feasibility", "counts")
_LANGUAGES: tuple[Language, ...] = ("ko", "en")


def counts_have_queries(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    recorded = {record.id for record in plan.feasibility.queries}
    for count in plan.feasibility.counts:
        if count.query not in recorded:
            yield finding("count_without_query", *_AT, dataset=count.dataset, query=count.query)


def queries_reproduce(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for record in plan.feasibility.queries:
        if record.id not in facts.results:
            yield finding("query_not_reproduced", *_AT, query=record.id)


def counts_as_released(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    released = {
        (id, count.dataset, count.cohort): count
        for id, rows in facts.results.items()
        for count in counts_of(rows, facts.catalog, plan.language)
    }
    for count in plan.feasibility.counts:
        if count.query not in facts.results:
            continue
        now = released.get((count.query, count.dataset, count.cohort))
        if now is None and count.high is None:
            continue  # listed as not published, and it is not
        if now is None or (now.status, now.low, now.high) != (count.status, count.low, count.high):
            yield finding(
                "count_differs",
                *_AT,
                dataset=count.dataset,
                query=count.query,
                said=_both(count),
                found=_both(now),
            )


def datasets_counted(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    """Also a dataset that the query asked about and nothing is published for."""
    if not plan.feasibility.counts:
        return
    counted = {count.dataset for count in plan.feasibility.counts}
    for dataset in plan.datasets:
        if dataset not in counted:
            yield finding("dataset_not_counted", *_AT, dataset=dataset)


def something_published(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for count in plan.feasibility.counts:
        if count.high is None:
            cohort = count.cohort_name or count.cohort
            yield finding("nothing_published", *_AT, dataset=count.dataset, cohort=cohort)


def _both(count: Count | None) -> dict[str, str]:
    status, low, high = (None, None, None) if count is None else (count.status, count.low, count.high)
    return {lang: say_amount("patients", status, low, high, lang).text for lang in _LANGUAGES}


RULES = (
    counts_have_queries,
    queries_reproduce,
    counts_as_released,
    datasets_counted,
    something_published,
)
