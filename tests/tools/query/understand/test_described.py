"""Ideas described instead of named, on the eye catalog with a few more cohorts."""

from __future__ import annotations

import pytest

from tests.tools.query.eye_catalog import cohort, counted, eye_with, reader_over
from tools.query.plan import CountPlan, ListPlan
from tools.query.understand.ideas import is_kind_of
from tools.query.understand.outcome import Understood
from tools.query.understand.understand import Reader

COHORTS = [
    cohort("swallow", "Dysphagia", "연하장애"),
    cohort("hives", "Urticaria", "두드러기"),
    cohort("stones", "Cholelithiasis", "담석"),
]
VARIABLES = [
    {"name": "sedated", "label_en": "Sedation grade", "label_ko": "수면진정 등급"},
    {"name": "walk_speed", "label_en": "Gait speed", "label_ko": "보행속도", "unit": "m/s"},
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    place = {"dataset": "nuri_glaucoma", "table": "visit"}
    return reader_over(
        eye_with(
            tmp_path_factory.mktemp("described") / "catalog",
            cohorts=COHORTS,
            counts=[counted("nuri_glaucoma", one) for one in COHORTS],
            variables=[{**place, **row} for row in VARIABLES],
        )
    )


@pytest.mark.parametrize(
    ("question", "cohort", "named"),
    [
        ("How many patients have trouble swallowing?", "swallow", "Dysphagia"),
        ("How many patients could hardly swallow their food?", "swallow", "Dysphagia"),
        ("음식을 못 삼키는 환자는 몇 명인가요?", "swallow", "연하장애"),
        ("음식 삼키기가 힘든 환자 수를 알려 주세요", "swallow", "연하장애"),
        ("How many people have stones in the gallbladder?", "stones", "Cholelithiasis"),
        ("쓸개(담낭)에 돌이 생긴 환자는 몇 명이에요?", "stones", "담석"),
    ],
)
def test_what_is_described_is_counted_and_named(
    reader: Reader, question: str, cohort: str, named: str
) -> None:
    outcome = reader.understand(question)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert outcome.plan.cohorts == (cohort,)
    assert [note.values["meant"] for note in outcome.notes if note.code == "homonym"] == [named]


@pytest.mark.parametrize(
    ("question", "variable"),
    [
        ("Which variable tells how fast they walk?", "walk_speed"),
        ("얼마나 빨리 걷는지 기록한 변수가 있나요?", "walk_speed"),
        ("약으로 재운 것을 적은 변수가 있나요?", "sedated"),
    ],
)
def test_a_variable_that_is_called_a_kind_of_the_idea_is_found(
    reader: Reader, question: str, variable: str
) -> None:
    outcome = reader.understand(question)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, ListPlan)
    assert any(variable in condition.values for condition in outcome.plan.conditions)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "question",
    [
        "How many patients can swallow their food?",  # the denial has to agree
        "음식을 잘 삼키는 환자는 몇 명인가요?",
        "How many patients have trouble, swallowing aside?",  # not one stretch
        "How many patients had trouble breathing?",  # an idea that the catalog does not hold
    ],
)
def test_what_is_not_described_is_not_answered(reader: Reader, question: str) -> None:
    assert not isinstance(reader.understand(question), Understood)


def test_a_word_before_a_description_narrows_it(reader: Reader) -> None:
    told = reader.clues("불린 음식을 삼키지 못하는 환자").segments
    assert [s.strong for s in told if not s.known] and all(s.strong for s in told if not s.known)


def test_a_steering_phrase_is_no_description(reader: Reader) -> None:
    assert not any(s.described for s in reader.clues("몇 살부터 몇 살까지 포함하나요?").segments)


def test_an_odd_question_is_read(reader: Reader) -> None:
    for question in ("", "()", "how", "how how how", "못 " * 200, "trouble " * 200, "(" * 50):
        reader.clues(question)


@pytest.mark.parametrize(
    ("longer", "name", "is_kind"),
    [
        ("Sedation grade", "sedation", True),
        ("Dysphagia score at discharge", "dysphagia", True),
        ("Time to sedation", "sedation", False),
        ("Medication adherence", "medication", False),
        ("장정결 점수", "장정결", True),
        ("약물 순응도", "약물", False),
    ],
)
def test_kinds_of_an_idea_by_their_names(longer: str, name: str, is_kind: bool) -> None:
    assert is_kind_of(longer, name) is is_kind
