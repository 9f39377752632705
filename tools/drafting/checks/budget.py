"""Section 13: the sum is right and within the subsidy, milestones lie behind matching."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan


def sum_agrees(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    amounts = [item.amount for item in plan.budget.items]
    total = plan.budget.total
    if total is None or not amounts or None in amounts:
        return
    added = sum(amount for amount in amounts if amount is not None)
    if added != total:
        yield finding("sum_differs", "budget", "total", sum=added, total=total)


def within_subsidy(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    most = form.rules.subsidy
    added = sum(item.amount or 0 for item in plan.budget.items)
    asked = max(plan.budget.total or 0, added)
    if most is not None and asked > most:
        yield finding(
            "subsidy_exceeded", "budget", "total", total=asked, most=most, currency=form.rules.currency
        )


def milestones_after_matching(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    matching = form.rules.matching
    for row in plan.budget.milestones:
        if matching is not None and row.due is not None and row.due < matching:
            yield finding(
                "before_matching", "budget", "milestones", name=row.name, due=row.due, matching=matching
            )


RULES = (sum_agrees, within_subsidy, milestones_after_matching)
