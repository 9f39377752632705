"""Filling from the catalog, from queries and by hand; what is unknown is named with what is near."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.errors import NotFound, PlanIncomplete
from tools.drafting.fill.change import set_field, set_sections
from tools.drafting.fill.cohorts import add_cohorts
from tools.drafting.fill.counts import fill_counts
from tools.drafting.fill.datasets import add_datasets, refresh_datasets
from tools.drafting.fill.variables import add_variables
from tools.drafting.plan import SECTIONS, ResearchPlan, document_of, plan_of


@pytest.fixture
def empty(form) -> ResearchPlan:
    return ResearchPlan(form=form.id, language="ko")


def test_form_and_record_name_the_same_fields(form):
    assert tuple(form.sections) == SECTIONS
    assert [section.number for section in form.sections.values()] == list(range(1, 14))
    for id, section in form.sections.items():
        part = ResearchPlan.model_fields[id].annotation
        assert set(section.fields) == set(part.model_fields), id
        for name, field in section.fields.items():
            assert all(field.label[lang] and field.help[lang] for lang in ("ko", "en")), name


def test_a_plan_survives_its_document(complete):
    assert plan_of(document_of(complete)) == complete


def test_datasets_bring_title_hospital_period_and_version(empty, catalog):
    plan = add_datasets(empty, catalog, ["nuri_glaucoma", "nuri_glaucoma"])
    (row,) = plan.data.datasets
    assert (row.title, row.period_start, row.period_end) == ("누리 녹내장 레지스트리", "2014", "2023")
    assert row.hospital and row.catalog_version == catalog.version
    assert add_datasets(plan, catalog, ["nuri_glaucoma"]) == plan


def test_a_period_that_was_set_stays_when_the_rest_is_filled_anew(empty, catalog, form):
    plan = add_datasets(empty, catalog, ["nuri_glaucoma"])
    plan = set_field(plan, form, "data.datasets[nuri_glaucoma].period_start=2018")
    assert refresh_datasets(plan, catalog).data.datasets[0].period_start == "2018"


@pytest.mark.parametrize(
    ("add", "unknown", "near"),
    [
        (add_datasets, "nuri_glaucom", "nuri_glaucoma"),
        (add_cohorts, "glaucomma", "glaucoma"),
        (add_variables, "iop_odd", "iop_od"),
    ],
)
def test_an_unknown_id_is_named_with_the_nearest(add, unknown, near, empty, catalog):
    with pytest.raises(NotFound) as caught:
        add(empty, catalog, [unknown])
    assert unknown in caught.value.message and f"'{near}" in caught.value.hint


def test_variables_by_short_name_are_those_of_the_requested_datasets(empty, catalog):
    plan = add_datasets(empty, catalog, ["saebit_emr", "saebit_dr"])
    plan = add_variables(plan, catalog, ["hba1c", "screen.bcva", "saebit_emr/person.sex"])
    rows = {row.variable: row for row in plan.variables.requested}
    assert list(rows) == [
        "saebit_emr/measurement.hba1c",
        "saebit_dr/screen.hba1c",
        "saebit_dr/screen.bcva",
        "saebit_emr/person.sex",
    ]
    assert (rows["saebit_emr/measurement.hba1c"].unit, rows["saebit_emr/measurement.hba1c"].missing) == (
        "%",
        "15",
    )
    assert not any(row.reason or row.role for row in rows.values())


def test_cohorts_bring_their_codes(empty, catalog):
    plan = add_cohorts(empty, catalog, ["dr", "t2dm"])
    assert [(c.system, c.code, c.cohort) for c in plan.population.codes] == [
        ("KCD", "H36.0", "dr"),
        ("KCD", "E11", "t2dm"),
    ]


def test_counts_carry_bins_query_date_and_rule(empty, catalog, count):
    plan = add_datasets(empty, catalog, ["nuri_glaucoma", "saebit_emr", "dalin_af"])
    plan = add_cohorts(plan, catalog, ["glaucoma"])
    rows = count("nuri_glaucoma", "saebit_emr", "dalin_af", language="ko")
    section = fill_counts(plan, catalog, [rows]).feasibility
    by_dataset = {c.dataset: c for c in section.counts}
    assert list(by_dataset) == ["nuri_glaucoma", "saebit_emr", "dalin_af"]
    assert by_dataset["nuri_glaucoma"].low <= 2300 <= by_dataset["nuri_glaucoma"].high
    assert by_dataset["dalin_af"].high is None
    assert {c.query for c in section.counts} == {rows.id}
    assert (section.queries[0].as_of, section.queries[0].rule) == ("2026-02-28", "half-up-5")


@pytest.mark.parametrize(
    ("setting", "section", "field", "value"),
    [
        ("summary.title_en=2024", "summary", "title_en", "2024"),
        ("summary.title_en=no: really", "summary", "title_en", "no: really"),
        ("summary.title_en=[draft", "summary", "title_en", "[draft"),
        ("aim.objectives=[a, b]", "aim", "objectives", ("a", "b")),
        ("applicant.founded=2019-05-01", "applicant", "founded", date(2019, 5, 1)),
        ("budget.total=1000", "budget", "total", 1000),
        ("applicant.company=", "applicant", "company", ""),
        ("summary.title_ko=a=b", "summary", "title_ko", "a=b"),
    ],
)
def test_a_setting_is_read_by_what_the_field_is(setting, section, field, value, empty, form):
    assert getattr(getattr(set_field(empty, form, setting), section), field) == value


@pytest.mark.parametrize(
    ("setting", "error", "named"),
    [
        ("nonsense", PlanIncomplete, "nonsense"),
        ("aims.aim=x", NotFound, "aims"),
        ("aim.goal=x", NotFound, "goal"),
        ("budget.total=many", PlanIncomplete, "many"),
        ("applicant.founded=2019-13-01", PlanIncomplete, "2019-13-01"),
        ("aim.objectives=one", PlanIncomplete, "one"),
        ("variables.requested[nothing].reason=x", NotFound, "nothing"),
        ("data.datasets=[{dataset: a, size: 3}]", PlanIncomplete, "size"),
        ("feasibility.counts=[{dataset: a, query: q, low: 5}]", PlanIncomplete, "feasibility.counts"),
        ("feasibility.queries=[]", PlanIncomplete, "feasibility.queries"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_by_name(setting, error, named, empty, form):
    with pytest.raises(error) as caught:
        set_field(empty, form, setting)
    assert named in str(caught.value) and caught.value.hint


def test_a_document_cannot_type_counts_in(empty, form):
    with pytest.raises(PlanIncomplete, match="come from queries only"):
        set_sections(empty, form, {"feasibility": {"counts": [{"dataset": "a", "query": "q", "low": 5}]}})
    with pytest.raises(PlanIncomplete, match="no mapping"):
        set_sections(empty, form, {"aim": "to find out"})


def test_plans_are_frozen(complete):
    with pytest.raises(ValueError, match="frozen"):
        complete.aim.aim = "other"
