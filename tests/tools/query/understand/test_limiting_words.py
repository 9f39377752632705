"""What limits a question is in the plan or is named: it is never dropped without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.tools.query.understand.measure_restrictions import planted_in
from tools.query.understand.outcome import Absent, Unclear, Understood

CASES = yaml.safe_load(Path(__file__).with_name("eye_questions.yaml").read_text(encoding="utf-8"))
SAID = [case["text"] for case in CASES if "says" in case and "after" not in case]
MOST = 0.01  # of all that is planted; of names and of what a catalog can tell, none
NEVER = ("expressible.", "renamed.", "denied.name")


def test_what_is_planted_into_questions_is_told_or_refused(eye):
    planted = list(planted_in(eye.reader, SAID[::2], seed=7))
    dropped = [(one.kind, one.text) for one, bad in planted if bad]
    assert len({one.kind for one, _ in planted}) > 15 and len(planted) > 800
    assert not [one for one in dropped if one[0].startswith(NEVER)]
    assert len(dropped) <= MOST * len(planted), dropped


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How many glaucoma patients were seen twice?", "twice"),
        ("녹내장 두 번 이상 온 환자 수", "번"),
        ("Which paper-based datasets have HbA1c?", "paper, based"),
        ("HbA1c가 있는 상을 받은 데이터셋은?", "상"),
        ("How many glaucoma patients are there at night?", "night"),
        ("녹내장 환자는 주말에 몇 명인가요?", "주말"),
        ("In what unit is HbA1c measured before visual acuity?", "before"),
    ],
)
def test_words_that_limit_are_named(eye, text, words):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Unclear | Absent), outcome
    assert words in str(outcome.note.values["words"])


@pytest.mark.parametrize(
    "text",
    [
        "한 번 알려주세요. 녹내장 환자는 몇 명인가요?",
        "녹내장 환자 수를 한번 더 알려 주세요",
        "당화혈색소를 볼 수 있는 데이터셋은?",
        "당화혈색소를 모은 데이터셋은?",
        "Once again, how many glaucoma patients are there?",
        "How many glaucoma patients are there in the Nuri glaucoma registry? Thanks a lot, good night",
    ],
)
def test_courtesy_limits_nothing(eye, text):
    assert isinstance(eye.reader.understand(text), Understood)


def test_what_is_denied_stands_beside_it(eye):
    outcome = eye.reader.understand("HbA1c가 있는 아무도 안 쓰는 데이터셋은?")
    assert not isinstance(outcome, Understood)
    assert isinstance(eye.reader.understand("HbA1c가 들어 있지 않은 데이터셋은?"), Understood)


@pytest.mark.parametrize(
    "text",
    [
        "How many patients have glaucoma and nothing else?",
        "How many patients have glaucoma and nothing more?",
        "나머지 환자는 몇 명인가요?",
        "나머지 녹내장 환자는 몇 명인가요?",
    ],
)
def test_all_but_what_is_named_is_never_counted_as_all(eye, text):
    assert not isinstance(eye.reader.understand(text), Understood)
