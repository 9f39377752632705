"""Section 11: no copy without approval, retention within the agreement, the record kept long enough."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan


def copy_approved(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if plan.security.copy_off_site not in {"", "none"} and not plan.security.copy_approved_by:
        yield finding("copy_unapproved", "security", "copy_approved_by")


def retention_within(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    retention, agreement = plan.security.retention_end, plan.security.agreement_end
    if retention is not None and agreement is not None and retention > agreement:
        yield finding(
            "retention_too_long", "security", "retention_end", retention=retention, agreement=agreement
        )


def retention_ahead(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for name in ("agreement_end", "retention_end"):
        due = getattr(plan.security, name)
        if due is not None and due < facts.today:
            label = form.sections["security"].fields[name].label
            yield finding("due_in_past", "security", name, name=label, due=due, today=facts.today)


def record_kept(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    given, years = plan.security.record_years, form.rules.record_years
    if given is not None and years is not None and given < years:
        yield finding("record_too_short", "security", "record_years", given=given, years=years)


RULES = (copy_approved, retention_within, retention_ahead, record_kept)
