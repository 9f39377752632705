"""Conversations: what a follow-up keeps, replaces and clears, turn by turn."""

from __future__ import annotations

import pytest

from knowledge.text import language_of
from tools.query.execute import execute
from tools.query.guard import catalog_schema
from tools.query.readback import readback
from tools.query.understand.follow import Previous
from tools.query.understand.outcome import Understood

CONVERSATIONS = [
    [
        ("How many glaucoma patients does each hospital have?", "Patients: Glaucoma (KCD H40), by hospital"),
        ("and atrial fibrillation?", "Patients: Atrial fibrillation (KCD I48), by hospital"),
        ("by year?", "Patients: Atrial fibrillation (KCD I48), by year"),
        ("only women", "Patients: Atrial fibrillation (KCD I48), by year, female"),
        ("at Saebit", "Patients: Atrial fibrillation (KCD I48), Saebit University Hospital, by year, female"),
    ],
    [
        ("OMOP CDM으로 구축된 데이터셋이 있나요?", "새빛 전자의무기록 OMOP CDM"),
        (
            "그 데이터셋의 변수 목록 보여줘",
            "변수 목록 (단위, 값, 측정 주기, 결측률), 새빛 전자의무기록 OMOP CDM",
        ),
        ("그 데이터셋 환자 수는?", "데이터셋 전체 환자 수, 새빛 전자의무기록 OMOP CDM"),
    ],
    [
        ("Which datasets have HbA1c?", "list of datasets"),
        (
            "What period do those datasets cover?",
            "Saebit diabetic retinopathy cohort, Saebit EMR in OMOP CDM",
        ),
        ("how many patients are in them?", "Patients: everyone in the dataset, Saebit diabetic retinopathy"),
    ],
    [
        ("당화혈색소 결측률 알려줘", "변수 목록 (결측률), 변수명 = hba1c"),
        ("안압은?", "변수 목록 (결측률), 변수명 = iop_od, iop_os"),
    ],
    [
        ("누리안과병원의 녹내장 환자 수", "녹내장 (KCD H40) 환자 수, 누리안과병원"),
        ("그럼 2021년은?", "녹내장 (KCD H40) 환자 수, 누리안과병원, 데이터셋별, 2021년"),
        (
            "그 병원에는 어떤 데이터셋이 있어?",
            "데이터셋 목록 (주제, 수집 시작, 수집 종료, 데이터 모델), 누리안과병원",
        ),
    ],
]


def _remembered(eye, plan) -> Previous:
    result = execute(plan, eye.database, catalog_schema())
    if "dataset" not in result.columns:
        return Previous(plan)
    at = result.columns.index("dataset")
    return Previous(plan, tuple(dict.fromkeys(str(row[at]) for row in result.rows)))


@pytest.mark.parametrize("turns", CONVERSATIONS, ids=lambda turns: turns[0][0][:40])
def test_each_turn_says_what_it_is_about(eye, turns):
    previous = None
    for text, says in turns:
        outcome = eye.reader.understand(text, previous)
        assert isinstance(outcome, Understood), (text, outcome)
        assert says in readback(outcome.plan, eye.catalog, language_of(text))
        previous = _remembered(eye, outcome.plan)


@pytest.mark.parametrize(
    "text", ["그 데이터 최근 거 있어요?", "how many patients are in them?", "그럼 2021년은?"]
)
def test_a_reference_to_nothing_is_asked_about(eye, text):
    outcome = eye.reader.understand(text)
    assert not isinstance(outcome, Understood)
