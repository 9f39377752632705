"""Section 1: may this company apply, and does the team cover the roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan


def founded_in_time(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    founded, years, closing = plan.applicant.founded, form.rules.founding_years, form.rules.closing
    if founded is None or years is None or closing is None:
        return
    if founded > closing:
        yield finding("founded_in_future", "applicant", "founded", founded=founded, closing=closing)
    elif founded < years_before(closing, years):
        yield finding(
            "founded_too_early", "applicant", "founded", founded=founded, closing=closing, years=years
        )


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; the last of February gives way to the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def address_inside(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    address, words = plan.applicant.address, form.rules.address_words
    if address and words and not any(word.lower() in address.lower() for word in words):
        yield finding("address_outside", "applicant", "address", address=address, place=", ".join(words))


def roles_covered(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if not plan.applicant.members:
        return
    said = " / ".join(member.role.lower() for member in plan.applicant.members)
    for role in form.rules.roles:
        if not any(word.lower() in said for word in role.words):
            yield finding("role_missing", "applicant", "members", role=role.label)


RULES = (founded_in_time, address_inside, roles_covered)
