"""Section 12: benefits are measurable and dated."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan

_AT = ("outputs", "outputs")


def metrics_measurable(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for row in plan.outputs.outputs:
        if row.metric and not any(char.isdigit() for char in row.metric):
            yield finding("not_measurable", *_AT, output=row.output, metric=row.metric)


def outputs_ahead(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for row in plan.outputs.outputs:
        if row.due is not None and row.due < facts.today:
            yield finding("due_in_past", *_AT, name=row.output, due=row.due, today=facts.today)


RULES = (metrics_measurable, outputs_ahead)
