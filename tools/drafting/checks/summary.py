"""Section 2: no claims about the product."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan


def no_claims(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    said = [word for word in form.rules.claim_words if word.lower() in plan.summary.summary.lower()]
    if said:
        yield finding("product_claim", "summary", "summary", words=", ".join(said))


RULES = (no_claims,)
