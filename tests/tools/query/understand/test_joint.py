"""Two cohorts of one group of people, numbers compared by "보다", weeks, and a hospital with a noun."""

from __future__ import annotations

import pytest

from tools.query.plan import Condition, CountPlan, ListPlan
from tools.query.understand.outcome import Absent, Understood


@pytest.mark.parametrize(
    "text",
    [
        "How many glaucoma patients developed atrial fibrillation?",
        "How many patients with type 2 diabetes got diabetic retinopathy in 2019?",
        "How many women with glaucoma suffered atrial fibrillation?",
        "How many atrial fibrillation patients have type 2 diabetes?",
        "녹내장 환자 중 심방세동이 생긴 사람은 몇 명인가요?",
        "제2형 당뇨병 환자 가운데 작년에 당뇨망막병증이 온 분은 몇 명이나 되나요?",
        "심방세동이 있는 환자 중에서 녹내장 환자는 몇 명인가요?",
    ],
)
def test_a_cohort_told_of_the_people_of_another_is_not_held(eye, text):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Absent) and outcome.note.code == "joint_cohorts"


@pytest.mark.parametrize(
    "text",
    [
        "How many glaucoma patients are there, and how many atrial fibrillation patients?",
        "How many glaucoma and atrial fibrillation patients do you have?",
        "녹내장 환자와 심방세동 환자는 각각 몇 명인가요?",
    ],
)
def test_cohorts_side_by_side_are_counted_apart(eye, text):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert set(outcome.plan.cohorts) == {"glaucoma", "af"} and "cohort" in outcome.plan.group_by


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("전체 환자가 1,500명보다 적은 데이터셋은 어디인가요?", None, 1499),
        ("환자가 900명보다 많은 데이터셋은?", 901, None),
    ],
)
def test_a_number_is_compared_with_by_than(eye, text, least, most):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert (outcome.plan.at_least, outcome.plan.at_most) == (least, most)
    assert outcome.plan.group_by == ("dataset",) and outcome.plan.ranking is None


@pytest.mark.parametrize(
    "text",
    ["녹내장 환자가 연 120명을 넘긴 해는 언제인가요?", "녹내장 환자가 연 120명보다 많았던 해는 언제인가요?"],
)
def test_so_many_per_year_is_a_limit_of_the_years(eye, text):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert outcome.plan.at_least == 121 and "year" in outcome.plan.group_by


@pytest.mark.parametrize(
    ("text", "op", "days"),
    [
        ("3주 안에 받을 수 있는 데이터셋이 있나요?", "le", 21),
        ("Which datasets can I get within three weeks?", "le", 21),
        ("Which datasets can I get in under 5 weeks?", "lt", 35),
    ],
)
def test_weeks_are_days(eye, text, op, days):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, ListPlan)
    assert outcome.plan.conditions == (Condition("dataset.lead_time_days", op, (days,)),)


@pytest.mark.parametrize(
    "text",
    [
        "Which datasets can I get within 3 months?",
        "Which data of glaucoma patients can I get within 3 months?",
        "3개월 이내에 제공받을 수 있는 데이터셋은?",
        "3개월 이내에 받을 수 있는 녹내장 환자 데이터셋은?",
    ],
)
def test_data_are_got_within_months(eye, text):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, ListPlan)
    assert Condition("dataset.lead_time_days", "le", (90,)) in outcome.plan.conditions


@pytest.mark.parametrize(
    "text",
    [
        "Which datasets have people who receive glaucoma within 3 months?",
        "3개월 이내에 녹내장 진단받은 환자가 있는 데이터셋은?",
        "3개월 이내에 진단받은 녹내장 데이터셋은?",
    ],
)
def test_what_people_get_within_months_is_no_lead_time(eye, text):
    assert not isinstance(eye.reader.understand(text), Understood)


def test_weeks_are_no_months_of_follow_up(eye):
    assert not isinstance(eye.reader.understand("추적관찰이 30주 이상인 데이터셋은?"), Understood)


def test_a_hospital_and_a_noun_is_the_title_that_has_both(eye):
    outcome = eye.reader.understand("새빛 코호트의 변수를 보여 주세요")
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, ListPlan)
    assert outcome.plan.conditions == (Condition("dataset.dataset", "eq", ("saebit_dr",)),)
