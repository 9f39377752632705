"""Each rule fires on what it is about, and is silent on a plan that lacks nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.tools.drafting.conftest import TODAY
from tools.drafting.checks import check_plan
from tools.drafting.facts import Facts
from tools.drafting.fill.change import set_field
from tools.drafting.fill.cohorts import add_cohorts
from tools.drafting.fill.counts import fill_counts
from tools.drafting.plan import CodeEntry, ResearchPlan

MESSAGES = Path(check_plan.__code__.co_filename).parents[1] / "messages.yaml"
LONG_EN, LONG_KO = "word " * 1001, "가" * 3001

# rule: (field that it names, what is set in the complete plan)
FIRES = {
    "required": ("applicant.company", ["applicant.company="]),
    "too_few": (
        "applicant.members",
        ["applicant.members=[{name: Kim, role: 'clinical, statistics, privacy'}]"],
    ),
    "too_many": ("aim.objectives", ["aim.objectives=[a, b, c, d]"]),
    "required_part": ("variables.requested", ["variables.requested[md_index].reason="]),
    "no_such_option": ("ethics.purpose", ["ethics.purpose=curiosity"]),
    "too_long_words": ("design.", [f"design.analysis={LONG_EN}"]),
    "too_long_characters": ("summary.title_en", ["summary.title_en=" + "t" * 256]),
    "founded_too_early": ("applicant.founded", ["applicant.founded=2015-04-27"]),
    "founded_in_future": ("applicant.founded", ["applicant.founded=2025-05-01"]),
    "address_outside": ("applicant.address", ["applicant.address=부산광역시 해운대구"]),
    "role_missing": ("applicant.members", ["applicant.members[2].role=statistics"]),
    "product_claim": ("summary.summary", ["summary.summary=Our device cures glaucoma."]),
    "figure_without_source": ("aim.need", ["aim.need=About 20% lose sight."]),
    "source_not_listed": ("aim.need", ["aim.need=About 20% lose sight [2]."]),
    "dataset_unknown": ("data.datasets", ["data.datasets[nuri_oct].dataset=nuri_octt"]),
    "dataset_twice": ("data.datasets", ["data.datasets[nuri_oct].dataset=nuri_glaucoma"]),
    "catalog_changed": ("data.datasets", ["data.datasets[nuri_oct].catalog_version=2020.1-abc"]),
    "period_malformed": ("data.datasets", ["data.datasets[nuri_oct].period_start=spring"]),
    "period_backwards": (
        "data.datasets",
        ["data.datasets[nuri_oct].period_start=2020", "data.datasets[nuri_oct].period_end=2019"],
    ),
    "period_outside": ("data.datasets", ["data.datasets[nuri_oct].period_start=2016-12"]),
    "variable_unknown": ("variables.requested", ["variables.requested[rnfl].variable=nuri_oct/scan.rnfx"]),
    "variable_elsewhere": (
        "variables.requested",
        ["variables.requested[rnfl].variable=saebit_emr/person.sex"],
    ),
    "variable_twice": (
        "variables.requested",
        ["variables.requested[rnfl].variable=nuri_glaucoma/field.md_index"],
    ),
    "variable_differs": ("variables.requested", ["variables.requested[rnfl].unit=mm"]),
    "same_reason": (
        "variables.requested",
        [f"variables.requested[{name}].reason=needed" for name in ("rnfl", "md_index", "iop_od")],
    ),
    "direct_identifier": ("variables.requested", ["variables.requested[rnfl].label=Patient name"]),
    "cohort_unknown": ("population.cohorts", ["population.cohorts=[glaucomas]"]),
    "code_unknown": ("population.codes", ["population.codes[1].code=H99"]),
    "edition_missing": ("population.codes", ["population.codes[1].edition="]),
    "ages_backwards": ("population.age_low", ["population.age_low=70", "population.age_high=59"]),
    "age_band_missing": ("population.age_low", ["population.age_low=41"]),
    "dataset_not_counted": ("feasibility.counts", ["data.datasets[nuri_oct].dataset=saebit_dr"]),
    "not_in_variables": ("design.outcomes", ["design.outcomes=[nuri_glaucoma/visit.bcva]"]),
    "role_disagrees": ("design.exposures", ["design.exposures=[nuri_oct/scan.rnfl]"]),
    "linkage_unknown": ("linkage.pairs", ["linkage.pairs=[{dataset_a: nuri_oct, dataset_b: dalin_ecg}]"]),
    "linkage_not_requested": (
        "linkage.pairs",
        ["linkage.pairs=[{dataset_a: saebit_emr, dataset_b: saebit_dr, same_controller: true}]"],
    ),
    "agency_missing": ("linkage.agency", ["linkage.pairs=[{dataset_a: saebit_emr, dataset_b: dalin_af}]"]),
    "controller_unknown": ("linkage.agency", ["linkage.pairs=[{dataset_a: nuri_oct, dataset_b: dalin_ecg}]"]),
    "exemption_unconfirmed": ("ethics.irb_confirmed_by", ["ethics.irb_status=exempt"]),
    "guideline_not_in_force": ("ethics.guideline", ["ethics.guideline=2020 edition"]),
    "copy_unapproved": ("security.copy_approved_by", ["security.copy_off_site=approved"]),
    "retention_too_long": ("security.retention_end", ["security.retention_end=2026-07-01"]),
    "record_too_short": ("security.record_years", ["security.record_years=2"]),
    "not_measurable": ("outputs.outputs", ["outputs.outputs[1].metric=better care"]),
    "due_in_past": ("outputs.outputs", ["outputs.outputs[1].due=2025-04-09"]),
    "subsidy_exceeded": ("budget.total", ["budget.items[1].amount=50000001", "budget.total=65000001"]),
    "sum_differs": ("budget.total", ["budget.total=45000001"]),
    "before_matching": ("budget.milestones", ["budget.milestones[1].due=2025-04-20"]),
}
ELSEWHERE = {
    "no_catalog",
    "identifier",
    "nothing_published",
    "count_without_query",
    "query_not_reproduced",
    "count_differs",
}


def found(plan, form, facts):
    return {(f.rule, f"{f.section}.{f.field}") for f in check_plan(plan, form, facts)}


def test_a_plan_that_lacks_nothing_has_no_finding(complete, form, facts):
    assert check_plan(complete, form, facts) == ()


def test_a_dataset_without_a_published_count_is_a_warning(complete, form, catalog, count):
    rows = count("nuri_glaucoma", "nuri_oct", cohort="af")
    plan = fill_counts(add_cohorts(complete, catalog, ["af"]), catalog, [rows])
    findings = check_plan(plan, form, Facts(TODAY, catalog, {rows.id: rows}))
    unpublished = [f for f in findings if f.rule == "nothing_published"]
    assert unpublished and {f.level for f in unpublished} == {"warning"}
    assert "count_differs" not in {f.rule for f in findings}


@pytest.mark.parametrize(
    ("text", "needs_source"),
    [
        ("To predict 30-day readmission.", False),
        ("40세 이상 환자를 2024년까지 본다.", False),
        ("Patients of 40 years and over, type 2 diabetes.", False),
        ("About 20% lose sight.", True),
        ("국내 환자는 35만 명이다.", True),
        ("환자 1,200명이 있다.", True),
        ("It costs 3.5 times as much.", True),
        ("12345 were seen.", True),
        ("1초율은 다르다. 20%가 [1] 나빠진다.", False),
    ],
)
def test_figures_are_what_is_counted_or_measured(text, needs_source, complete, form, facts):
    plan = set_field(complete, form, f"aim.need={text}")
    assert ("figure_without_source" in {r for r, _ in found(plan, form, facts)}) is needs_source


@pytest.mark.parametrize("rule", FIRES)
def test_a_rule_fires_on_what_it_is_about(rule, complete, form, facts):
    where, settings = FIRES[rule]
    plan = complete
    for setting in settings:
        plan = set_field(plan, form, setting)
    assert (rule, where) in found(plan, form, facts)
    assert rule not in {name for name, _ in found(complete, form, facts)}


def test_every_rule_has_a_row():
    written = set(yaml.safe_load(MESSAGES.read_text(encoding="utf-8")))
    assert written == set(FIRES) | ELSEWHERE


def test_every_finding_is_said_in_both_languages_with_the_value(complete, form, facts):
    plan = set_field(complete, form, "budget.total=45000001")
    (finding,) = [f for f in check_plan(plan, form, facts) if f.rule == "sum_differs"]
    assert finding.level == "error"
    assert "45,000,001" in finding.message["en"] and "45,000,001원" in finding.message["ko"]
    assert "45,000,000" in finding.message["en"]


def test_an_empty_plan_is_asked_for_every_required_field_in_order(form, facts):
    findings = check_plan(ResearchPlan(form=form.id, language="ko"), form, facts)
    assert {f.rule for f in findings} == {"required"}
    sections = [f.section for f in findings]
    assert sections == sorted(sections, key=list(form.sections).index)
    assert "linkage" not in sections  # nothing has to be linked


@pytest.mark.parametrize(
    ("language", "section", "field", "fits", "over"),
    [
        ("en", "design", "analysis", "word " * 900, LONG_EN),
        ("ko", "design", "analysis", "가" * 2500, LONG_KO),
        ("en", "summary", "summary", "word " * 200, "word " * 201),
        ("ko", "summary", "summary", "가" * 600, "가" * 601),
        ("en", "summary", "title_ko", "가" * 255, "가" * 256),
        ("ko", "summary", "title_ko", "가" * 255, "가" * 256),
        ("en", "aim", "need", "word " * 200, "word " * 251),
        ("ko", "aim", "need", "가 " * 300, "가" * 751),
    ],
)
def test_caps_count_words_in_english_and_characters_in_korean(
    language, section, field, fits, over, form, facts
):
    empty = ResearchPlan(form=form.id, language=language)
    for text, expected in ((fits, False), (over, True)):
        plan = set_field(empty, form, f"{section}.{field}={text}")
        rules = {f.rule for f in check_plan(plan, form, facts)}
        assert bool(rules & {"too_long_words", "too_long_characters"}) is expected


@pytest.mark.parametrize(("founded", "fits"), [("2015-04-28", True), ("2015-04-27", False)])
def test_ten_years_are_counted_to_the_closing_date(founded, fits, complete, form, facts):
    plan = set_field(complete, form, f"applicant.founded={founded}")
    assert ("founded_too_early" not in {r for r, _ in found(plan, form, facts)}) is fits


def test_counts_that_differ_from_their_query_are_errors(complete, form, facts):
    first, *rest = complete.feasibility.counts
    for changed, rule in (
        ({"high": 9999}, "count_differs"),
        ({"query": "q-typed"}, "count_without_query"),
        ({"low": None, "high": None, "status": ""}, "count_differs"),
    ):
        counts = (first.model_copy(update=changed), *rest)
        section = complete.feasibility.model_copy(update={"counts": counts})
        plan = complete.model_copy(update={"feasibility": section})
        assert rule in {r for r, _ in found(plan, form, facts)}, changed


def test_a_query_that_cannot_be_run_again_is_an_error(complete, form, facts):
    assert "query_not_reproduced" in {r for r, _ in found(complete, form, replace(facts, results={}))}


def test_without_a_catalog_the_check_says_that_it_could_not_verify(complete, form, facts):
    rules = {r for r, _ in found(complete, form, replace(facts, catalog=None))}
    assert "no_catalog" in rules and "dataset_unknown" not in rules


def test_a_variable_of_an_identifier_type_is_a_warning(complete, form, facts):
    rules = form.rules.model_copy(update={"identifier_types": ("numeric",)})
    strict = form.model_copy(update={"rules": rules})
    levels = {f.level for f in check_plan(complete, strict, facts) if f.rule == "identifier"}
    assert levels == {"warning"}


@pytest.mark.parametrize(
    ("system", "edition", "code", "valid"),
    [
        ("KCD", "", "H40", True),
        ("kcd", "", "h40", True),
        ("LOINC", "2.77", "79892-6", True),
        ("LOINC-2.77", "", "79892-6", True),
        ("LOINC", "2.00", "79892-6", False),
        ("ICD-10", "", "H40", False),
    ],
)
def test_codes_are_held_against_system_and_edition(system, edition, code, valid, complete, form, facts):
    entry = CodeEntry(system=system, edition=edition, code=code)
    section = complete.population.model_copy(update={"codes": (entry,)})
    plan = complete.model_copy(update={"population": section})
    assert ("code_unknown" not in {r for r, _ in found(plan, form, facts)}) is valid


def test_no_rule_raises_on_odd_values(form, facts):
    plan = ResearchPlan(form=form.id, language="ko")
    for setting in (
        "data.datasets=[{dataset: '', period_start: '9999-99-99'}]",
        "variables.requested=[{variable: '///...'}]",
        "population.codes=[{system: '', code: ''}]",
        "linkage.pairs=[{dataset_a: '', dataset_b: ''}]",
        "applicant.founded=2024-02-29",
        "budget.items=[{amount: 0}]",
        "aim.need=[1][2][999] 1.5.2.3... 20%",
    ):
        plan = set_field(plan, form, setting)
    assert check_plan(plan, form, facts)
