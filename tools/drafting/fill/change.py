"""What a person sets: one field as "section.field=value", or whole sections as a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from knowledge.errors import NotFound, PlanIncomplete
from tools.drafting.form import Form
from tools.drafting.nearest import nearest
from tools.drafting.plan import ResearchPlan, document_of, plan_of

_SETTING = re.compile(
    r"\s*(?P<section>\w+)\.(?P<field>\w+)(?:\[(?P<row>[^\]]+)\])?(?:\.(?P<part>\w+))?\s*=(?P<value>.*)",
    re.DOTALL,
)


def set_field(plan: ResearchPlan, form: Form, setting: str) -> ResearchPlan:
    """The plan with one field set: "aim.aim=To predict ...", "data.datasets[ID].period_start=2018".

    The value is read as YAML (lists, days, numbers) and, where the field is text, as it stands. Raises
    PlanIncomplete for a malformed setting or value, NotFound for an unknown section, field, row or part.
    """
    found = _SETTING.fullmatch(setting)
    if found is None:
        raise PlanIncomplete(
            f"The setting {setting[:80]!r} cannot be read.", hint="Write section.field=value."
        )
    section, field, row, part = found["section"], found["field"], found["row"], found["part"]
    check_settable(form, section, field)
    document = document_of(plan)
    text = found["value"].strip()
    holder, key = document[section], field
    if row is not None:
        holder, key = _row(document, section, field, row), part or ""
        if key not in holder:
            raise NotFound(
                f"A row of {section}.{field} has no part {key!r}.",
                hint=f"Its parts are {', '.join(holder)}.",
            )
    try:
        return plan_of(_with(document, holder, key, _read(text)))
    except PlanIncomplete:
        # A title of digits, a "no", a colon: YAML's idea of the text does not fit, the text itself does.
        return plan_of(_with(document, holder, key, text))


def set_sections(plan: ResearchPlan, form: Form, changes: Mapping[str, Any]) -> ResearchPlan:
    """The plan with the fields of a document {section: {field: value}} in place of its own."""
    document = document_of(plan)
    for section, fields in changes.items():
        if not isinstance(fields, Mapping):
            raise PlanIncomplete(
                f"The section {str(section)[:80]!r} is no mapping of fields.",
                hint="Write section, then its fields indented below.",
            )
        for field, value in fields.items():
            check_settable(form, str(section), str(field))
            document[str(section)][str(field)] = value
    return plan_of(document)


def check_settable(form: Form, section: str, field: str) -> None:
    """NotFound for an unknown section or field; PlanIncomplete for one that only queries fill."""
    if section not in form.sections:
        raise NotFound(f"There is no section {section[:80]!r}.", hint=_known(section, form.sections))
    fields = form.sections[section].fields
    if field not in fields:
        raise NotFound(f"The section {section!r} has no field {field[:80]!r}.", hint=_known(field, fields))
    if fields[field].computed:
        raise PlanIncomplete(
            f"{section}.{field} cannot be typed in: its counts come from queries only.",
            hint="Use `giljabi plan fill ID --dataset ID --cohort ID`.",
        )


def _known(word: str, names: Mapping[str, Any]) -> str:
    near = nearest(word, names)
    return f"Did you mean {', '.join(near)}?" if near else f"Use one of {', '.join(names)}."


def _row(document: dict[str, Any], section: str, field: str, wanted: str) -> Any:
    """The row named by its number, from 1, or by its id or the end of it."""
    rows = document[section][field]
    if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
        raise PlanIncomplete(f"{section}.{field} has no rows with parts.", hint="Set the field as a whole.")
    if wanted.isdigit() and 1 <= int(wanted) <= len(rows):
        return rows[int(wanted) - 1]
    names = [str(next(iter(row.values()), "")) for row in rows]
    fits = [
        at for at, name in enumerate(names) if name == wanted or name.endswith(("/" + wanted, "." + wanted))
    ]
    if len(fits) != 1:
        raise NotFound(
            f"{section}.{field} has {'no' if not fits else 'more than one'} row {wanted[:80]!r}.",
            hint=f"Its rows are {', '.join(names[:8])}." if names else "It has none yet.",
        )
    return rows[fits[0]]


def _with(document: dict[str, Any], holder: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    holder[key] = value
    return document


def _read(text: str) -> Any:
    try:
        return yaml.safe_load(text) if text else ""
    except (yaml.YAMLError, ValueError):  # ValueError: a day that there is not, such as 2019-13-01
        return text
