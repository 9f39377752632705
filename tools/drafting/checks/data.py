"""Section 4: the datasets exist, and their periods lie within what the catalog covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.nearest import did_you_mean
from tools.drafting.period import first_day, last_day
from tools.drafting.plan import ResearchPlan

_AT = ("data", "datasets")


def catalog_known(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None and plan.data.datasets:
        yield finding("no_catalog", *_AT)


def datasets_exist(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None:
        return
    known = facts.catalog.dataset_by_id
    for row in plan.data.datasets:
        if row.dataset not in known:
            near = did_you_mean(row.dataset, known)
            yield finding("dataset_unknown", *_AT, dataset=row.dataset, near=near)


def datasets_once(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for dataset, times in Counter(plan.datasets).items():
        if times > 1:
            yield finding("dataset_twice", *_AT, dataset=dataset)


def catalog_unchanged(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None:
        return
    now = facts.catalog.version
    for row in plan.data.datasets:
        if row.catalog_version and row.catalog_version != now:
            yield finding("catalog_changed", *_AT, dataset=row.dataset, was=row.catalog_version, now=now)


def periods_readable(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for row in plan.data.datasets:
        start, end = first_day(row.period_start), last_day(row.period_end)
        for text, day in ((row.period_start, start), (row.period_end, end)):
            if text and day is None:
                yield finding("period_malformed", *_AT, dataset=row.dataset, period=text)
        if start and end and start > end:
            yield finding(
                "period_backwards", *_AT, dataset=row.dataset, start=row.period_start, end=row.period_end
            )


def periods_covered(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    """An end that is not given is the end of the coverage; coverage without an end is ongoing."""
    if facts.catalog is None:
        return
    for row in plan.data.datasets:
        dataset = facts.catalog.dataset_by_id.get(row.dataset)
        start, end = first_day(row.period_start), last_day(row.period_end)
        if dataset is None or not dataset.period_start:
            continue
        opens = first_day(dataset.period_start)
        closes = last_day(dataset.period_end or "")
        early = start is not None and opens is not None and start < opens
        late = closes is not None and any(day is not None and day > closes for day in (start, end))
        if early or late:
            said = f"{row.period_start}~{row.period_end}"
            coverage = f"{dataset.period_start}~{dataset.period_end or ''}"
            yield finding("period_outside", *_AT, dataset=row.dataset, period=said, coverage=coverage)


RULES = (
    catalog_known,
    datasets_exist,
    datasets_once,
    catalog_unchanged,
    periods_readable,
    periods_covered,
)
