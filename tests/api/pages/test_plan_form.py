"""The form as the page draws it: every field that a person fills has a control that fits its type."""

from __future__ import annotations

import pytest

from api.pages.plan_form import plan_form
from tools.drafting.form import load_form
from tools.drafting.plan import ResearchPlan, document_of

CONTROLS = {"line", "text", "date", "number", "yes_no", "choice", "list", "rows"}


@pytest.fixture(scope="module")
def fields():
    drawn = plan_form(load_form(), "en")
    return {(s["id"], f["name"]): f for s in drawn for f in s["fields"]}


def test_controls_fit_the_types(fields):
    assert {field["control"] for field in fields.values()} <= CONTROLS
    expected = {
        ("applicant", "founded"): "date",
        ("applicant", "company"): "line",
        ("applicant", "members"): "rows",
        ("aim", "objectives"): "list",
        ("aim", "need"): "text",
        ("population", "age_low"): "number",
        ("ethics", "irb_status"): "choice",
    }
    assert {place: fields[place]["control"] for place in expected} == expected
    columns = {c["name"]: c["control"] for c in fields["linkage", "pairs"]["columns"]}
    assert columns["same_controller"] == "yes_no"


def test_a_new_row_is_a_row_of_the_plan_but_for_what_must_be_given(fields):
    for (section, name), field in fields.items():
        if field["control"] == "rows" and not field["computed"]:
            assert set(field["empty"]) >= {column["name"] for column in field["columns"]}, (section, name)


def test_every_field_that_is_drawn_is_one_of_the_plan(fields):
    document = document_of(ResearchPlan(form="research_plan", language="en"))
    assert all(name in document[section] for section, name in fields)


def test_counts_cannot_be_typed(fields):
    assert fields["feasibility", "counts"]["computed"]
