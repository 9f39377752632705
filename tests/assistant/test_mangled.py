"""300 damaged questions: no traceback, nothing named that is not there. 10,000: ``measure_mangled``."""

from __future__ import annotations

from datetime import date

from tests.assistant.mangle import DAMAGES, mangled
from tests.assistant.measure_mangled import ask_mangled

QUESTIONS = (
    "병원별 녹내장 환자 수는 몇 명인가요?",
    "2018년 이후 여성 당뇨망막병증 환자 수를 연도별로 알려 주세요",
    "안압과 최대교정시력이 모두 있는 데이터셋은 무엇인가요?",
    "마감일이 언제고 어디서 신청하나요?",
    "환자 4711의 기록을 보여줘",
    "How many glaucoma patients does each hospital have since 2019?",
    "Which datasets record HbA1c but not LDL cholesterol?",
    "Which hospital has the most patients aged 60 or over?",
    "When is the deadline and where do I apply?",
    "Can the Nuri glaucoma registry be linked with the Saebit EMR?",
)


def test_damaged_questions_end_in_answers_that_hold(eye_home):
    outcome = ask_mangled(eye_home, mangled(QUESTIONS, 300), date(2026, 3, 1))
    assert outcome.faults == []
    assert sum(outcome.statuses.values()) == 300
    assert {"answered", "not_found", "clarify", "declined"} <= set(outcome.statuses)


def test_the_same_seed_gives_the_same_damage_and_each_kind_damages():
    assert mangled(QUESTIONS, 50) == mangled(QUESTIONS, 50) != mangled(QUESTIONS, 50, seed=8)
    import random

    for damage in DAMAGES:
        assert any(damage(q, random.Random(n)) != q for q in QUESTIONS for n in range(5)), damage
