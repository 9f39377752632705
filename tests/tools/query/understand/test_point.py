"""What a question is after is what its answer shows: who, when, how often, the longest, its verb."""

from __future__ import annotations

import pytest

from tests.tools.query.eye_catalog import cohort, counted, eye_with, reader_over
from tools.query.plan import CountPlan
from tools.query.understand.outcome import Absent, NoQuery, Unclear, Understood

ASKS_FOR_ANOTHER_THING = [
    "Who paid for the Nuri glaucoma registry?",
    "When was the Nuri glaucoma registry first published?",
    "Does the Nuri glaucoma registry say which company made the device?",
    "Does the Nuri glaucoma registry record which side was hit?",
    "How often do patients with glaucoma come back?",
    "Which registry follows patients the longest by number of patients?",
    "How many eyes does HbA1c hold?",
    "How many patients with glaucoma wear a registry?",
    "Can the Nuri glaucoma registry be shared with companies?",
    "Is there a dataset older than the Nuri glaucoma registry?",
    "Which year had the largest increase of glaucoma patients?",
    "Which diagnosis is counted in every dataset of Dalin Medical Center?",
    "How often was HbA1c below range?",
    "Which patients have HbA1c?",
    "Who owns Dalin Medical Center?",
    "Does any dataset follow people for longer than five years in years covered?",
    "In what year were the most eyes recorded in the Nuri glaucoma registry?",
    "Does the Nuri glaucoma registry mention how patients feel?",
    "On what date was HbA1c stopped?",
    "Patients of the Nuri glaucoma registry who are also in the Saebit diabetic retinopathy cohort by sex?",
    "Which hospital has at most the beds of Nuri?",
    "What else is there on the Nuri glaucoma registry?",
    "누리 녹내장 등록자료는 누가 돈을 냈나요?",
    "당화혈색소는 어느 자료에서 제일 자주 재나요?",
    "당화혈색소를 끊은 날짜가 있나요?",
    "녹내장 환자가 제일 많이 늘어난 해는?",
    "녹내장이 심방세동보다 많은 병원은?",
    "녹내장 환자가 왜 늘었나요?",
]
ASKS_FOR_WHAT_IS_SHOWN = [
    "When was the Nuri glaucoma registry last updated?",
    "Since when has the Nuri glaucoma registry been running?",
    "How often is HbA1c measured?",
    "Which dataset has the longest follow-up?",
    "Who has HbA1c?",
    "Is there a Nuri glaucoma registry?",
    "Which year had the most glaucoma patients?",
    "How many percent of HbA1c is missing?",
    "Which datasets does Dalin Medical Center offer?",
    "Which datasets have a follow-up of at most three years?",
    "녹내장 환자가 제일 많았던 해는 언제인가요?",
    "당화혈색소는 얼마나 자주 재나요?",
    "신청하고 제일 빨리 받을 수 있는 데이터셋은?",
    "당화혈색소를 잰 데이터셋은?",
    "녹내장 환자 수를 연도별로 나눠 주세요. 늘었는지 보려고요",
]


@pytest.mark.parametrize("text", ASKS_FOR_ANOTHER_THING)
def test_another_thing_is_never_answered_in_its_place(eye, text):
    assert isinstance(eye.reader.understand(text), Unclear | Absent | NoQuery)


@pytest.mark.parametrize("text", ASKS_FOR_WHAT_IS_SHOWN)
def test_what_is_shown_is_answered(eye, text):
    assert isinstance(eye.reader.understand(text), Understood)


@pytest.mark.parametrize(
    ("text", "cohorts"),
    [
        ("Which dataset has the most patients with weight change?", ("thinning",)),
        ("체중 감소 환자가 가장 많은 데이터셋은?", ("thinning",)),
        ("Which dataset has the most patients with decline?", ("decline",)),
        ("Which dataset has the largest change of patients with weight change?", None),
        ("체중 감소 환자가 가장 많이 감소한 해는?", None),
    ],
)
def test_a_name_with_a_word_of_change_asks_for_no_growth(tmp_path, text, cohorts):
    thinning = cohort("thinning", "Weight change", "체중 감소")
    more = [thinning, cohort("decline", "Decline", "쇠약")]
    counts = [counted("saebit_emr", one) for one in more]
    place = eye_with(tmp_path / "catalog", cohorts=more, counts=counts)
    outcome = reader_over(place).understand(text)
    plan = outcome.plan if isinstance(outcome, Understood) else None
    assert (plan.cohorts if isinstance(plan, CountPlan) else None) == cohorts
