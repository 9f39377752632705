"""The checks of a research plan: one rule per function, the whole in order.

A rule takes plan, form and facts and yields findings; it says nothing where it cannot judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tools.drafting.checks import (
    aim,
    applicant,
    budget,
    data,
    design,
    ethics,
    feasibility,
    fields,
    linkage,
    outputs,
    population,
    security,
    summary,
    variables,
)
from tools.drafting.facts import Facts
from tools.drafting.finding import Finding
from tools.drafting.form import Form
from tools.drafting.plan import SECTIONS, ResearchPlan

Rule = Callable[[ResearchPlan, Form, Facts], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    *fields.RULES,
    *applicant.RULES,
    *summary.RULES,
    *aim.RULES,
    *data.RULES,
    *variables.RULES,
    *population.RULES,
    *feasibility.RULES,
    *design.RULES,
    *linkage.RULES,
    *ethics.RULES,
    *security.RULES,
    *outputs.RULES,
    *budget.RULES,
)


def check_plan(plan: ResearchPlan, form: Form, facts: Facts) -> tuple[Finding, ...]:
    """Everything that the rules find, by section and field in the form's order."""
    found = [finding for rule in RULES for finding in rule(plan, form, facts)]
    return tuple(sorted(found, key=lambda f: (SECTIONS.index(f.section), _place(form, f))))


def _place(form: Form, finding: Finding) -> int:
    names = list(form.sections[finding.section].fields)
    return names.index(finding.field) if finding.field in names else -1
