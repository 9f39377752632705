"""Section 10: an exemption names who confirmed it, and the guideline is the one in force."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan


def exemptions_confirmed(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for board in ("irb", "drb"):
        status = getattr(plan.ethics, f"{board}_status")
        if status == "exempt" and not getattr(plan.ethics, f"{board}_confirmed_by"):
            yield finding("exemption_unconfirmed", "ethics", f"{board}_confirmed_by", board=board.upper())


def guideline_in_force(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    given = plan.ethics.guideline
    if not given or not facts.editions:
        return
    if not any(_same(given, edition) for edition in facts.editions):
        yield finding(
            "guideline_not_in_force",
            "ethics",
            "guideline",
            given=given,
            today=facts.today,
            editions=", ".join(facts.editions),
        )


def _same(given: str, edition: str) -> bool:
    """The edition's name stands in what was written, whatever the spacing and case."""
    return "".join(edition.lower().split()) in "".join(given.lower().split())


RULES = (exemptions_confirmed, guideline_in_force)
