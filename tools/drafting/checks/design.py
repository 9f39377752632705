"""Section 8: outcomes and exposures are variables of section 5, in that role."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.plan import ResearchPlan

_ROLES = {"outcomes": "outcome", "exposures": "exposure"}


def named_in_variables(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    requested = {row.variable for row in plan.variables.requested}
    for field in _ROLES:
        for variable in getattr(plan.design, field):
            if variable not in requested:
                label = form.sections["design"].fields[field].label
                yield finding("not_in_variables", "design", field, label=label, variable=variable)


def roles_agree(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    roles = {row.variable: row.role for row in plan.variables.requested}
    for field, role in _ROLES.items():
        for variable in getattr(plan.design, field):
            said = roles.get(variable)
            if said and said != role:
                here = form.sections["design"].fields[field].label
                yield finding("role_disagrees", "design", field, variable=variable, here=here, role=said)


RULES = (named_in_variables, roles_agree)
