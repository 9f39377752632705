"""Section 5: variables exist, belong to section 4, are each needed, and identify nobody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from knowledge.catalog.read import Variable
from tools.drafting.catalog_ids import dataset_of, variables_by_id
from tools.drafting.facts import Facts
from tools.drafting.finding import Finding, finding
from tools.drafting.form import Form
from tools.drafting.nearest import did_you_mean
from tools.drafting.plan import ResearchPlan

_AT = ("variables", "requested")


def variables_exist(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None:
        return
    known = variables_by_id(facts.catalog)
    for row in plan.variables.requested:
        if row.variable not in known:
            inside = [id for id in known if dataset_of(id) in plan.datasets]
            near = did_you_mean(row.variable, inside or known)
            yield finding("variable_unknown", *_AT, variable=row.variable, near=near)


def variables_belong(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for row in plan.variables.requested:
        dataset = dataset_of(row.variable)
        if dataset not in plan.datasets:
            yield finding("variable_elsewhere", *_AT, variable=row.variable, dataset=dataset)


def variables_once(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    for variable, times in Counter(row.variable for row in plan.variables.requested).items():
        if times > 1:
            yield finding("variable_twice", *_AT, variable=variable)


def variables_as_in_catalog(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    if facts.catalog is None:
        return
    known = variables_by_id(facts.catalog)
    labels = form.sections["variables"].fields["requested"].columns
    for row in plan.variables.requested:
        now = known.get(row.variable)
        if now is None:
            continue
        pairs = (("unit", row.unit, now.unit or ""), ("missing", row.missing, now.missing_text or ""))
        for part, said, found in pairs:
            if said != found:
                yield finding(
                    "variable_differs", *_AT, variable=row.variable, part=labels[part], said=said, now=found
                )


def reasons_differ(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    """Minimisation is judged variable by variable: one reason for three or more of them is none."""
    for reason, times in Counter(row.reason for row in plan.variables.requested if row.reason).items():
        if times > 2:
            yield finding("same_reason", *_AT, reason=reason, n=times)


def nobody_identified(plan: ResearchPlan, form: Form, facts: Facts) -> Iterator[Finding]:
    known = variables_by_id(facts.catalog) if facts.catalog is not None else {}
    for row in plan.variables.requested:
        variable = known.get(row.variable)
        name = row.variable.rpartition(".")[2]
        texts = [name.replace("_", " "), row.label]
        texts += [variable.label_en or "", variable.label_ko or ""] if variable else []
        label = row.label or name
        if _names_person(" / ".join(texts), form.rules.identifier_words):
            yield finding("direct_identifier", *_AT, variable=row.variable, label=label)
        elif variable is not None and _is_identifier(variable, form):
            yield finding("identifier", *_AT, variable=row.variable, label=label)


def _names_person(text: str, words: tuple[str, ...]) -> bool:
    """One of the words stands in the text; Latin words as whole words."""
    return any(
        re.search(rf"\b{re.escape(w)}\b", text, re.IGNORECASE) if w.isascii() else w in text for w in words
    )


def _is_identifier(variable: Variable, form: Form) -> bool:
    return (variable.type or "").lower() in form.rules.identifier_types


RULES = (
    variables_exist,
    variables_belong,
    variables_once,
    variables_as_in_catalog,
    reasons_differ,
    nobody_identified,
)
