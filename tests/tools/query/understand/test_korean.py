"""Korean ways of saying: what means the same gives the same plan, what is not held is never answered."""

from __future__ import annotations

import pytest

from tools.query.plan import CountPlan, LinkagePlan
from tools.query.understand.outcome import Understood
from tools.query.understand.schools import in_ages


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("눈이 뻑뻑해지는, 그러니까 녹내장 환자는 몇 명인가요?", "녹내장 환자는 몇 명인가요?"),
        ("녹내장 환자가 한 해 100명을 넘긴 해는?", "녹내장 환자가 100명을 넘긴 연도는?"),
        ("연 100명을 넘긴 해만 알려 주세요. 녹내장 환자로요.", "녹내장 환자가 100명을 넘긴 연도는?"),
        ("급해서요ㅠ 한 달 안에(30일 이내) 받을 수 있는 데이터셋은?", "30일 이내에 받을 수 있는 데이터셋은?"),
        ("지방에 있는 연구자라 못 가는데요.. 30일 이내에 나오는 자료", "30일 이내에 나오는 자료"),
        ("누리 데이터셋은 몇 개예요?", "누리안과병원의 데이터셋은 몇 개예요?"),
        ("누리에 데이터셋이 몇 개 있나요?", "누리안과병원의 데이터셋은 몇 개예요?"),
        ("녹내장은 어떤 기준으로 잡았나요?", "녹내장의 정의는?"),
        ("지금도 모으고 있는 데이터셋은?", "수집 중인 데이터셋은?"),
        ("녹내장 환자가 있는 데이터셋은 없을까요?", "녹내장 환자가 있는 데이터셋은?"),
        ("석 달 넘게 갱신 안 된 데이터셋은?", "3개월 넘게 갱신 안 된 데이터셋은?"),
    ],
)
def test_other_words_ask_the_same(eye, said, plain):
    outcome = eye.reader.understand(said)
    assert isinstance(outcome, Understood), outcome
    expected = eye.reader.understand(plain)
    assert isinstance(expected, Understood), expected
    assert outcome.plan == expected.plan


@pytest.mark.parametrize(
    "said",
    [
        "그 환자들 가운데 여성은 몇 명인가요?",
        "그런 사람은 몇 명인가요?",
        "2020년보다 녹내장 환자가 적었던 연도를 알려 주세요",
        "녹내장이 있는 남학생은 몇 명인가요?",
        "How many girls have glaucoma?",
        "지금도 쓸 수 있는 데이터셋은?",
        "수술 자료 말고 검사 자료만 보여 주세요",
        "안압을 제대로 재는지 적은 변수가 있나요?",
    ],
)
def test_what_limits_or_points_elsewhere_is_not_passed_over(eye, said):
    assert not isinstance(eye.reader.understand(said), Understood), eye.reader.understand(said)


def test_what_is_left_over_is_no_man(eye):
    roles = [s.roles for s in eye.reader.clues("장애가 남은 녹내장 환자는 몇 명인가요?").segments]
    assert not any("sex.M" in found for found in roles)
    outcome = eye.reader.understand("남 환자와 여 환자는 녹내장이 몇 명씩인가요?")
    assert isinstance(outcome, Understood) and "sex" in outcome.plan.group_by


def test_decades_side_by_side_are_one_range(eye):
    quantities = eye.reader.clues("50대와 60대 녹내장 환자 수").quantities
    assert [(q.kind, q.low, q.high) for q in quantities] == [("age", 50, 69)]
    (under,) = eye.reader.clues("40대 미만 녹내장 환자 수").quantities
    assert (under.whole_low, under.whole_high) == (None, 39)


def test_an_age_behind_a_year_makes_no_range_of_years(eye):
    quantities = eye.reader.clues("2023년에 온 59세 이하 녹내장 환자 수").quantities
    assert [(q.kind, q.whole_low, q.whole_high) for q in quantities][:2] == [
        ("year", 2023, 2023), ("age", None, 59)
    ]  # fmt: skip


def test_people_of_one_dataset_who_are_in_another(eye):
    titles = [d.title_ko for d in eye.catalog.datasets if d.title_ko]
    outcome = eye.reader.understand(f"{titles[0]} 환자 가운데 {titles[1]}에도 있는 사람은 몇 명인가요?")
    assert isinstance(outcome, Understood), outcome
    assert isinstance(outcome.plan, LinkagePlan)


def test_what_cannot_be_is_denied_and_a_polite_question_is_not(eye):
    def denials(text: str) -> list[str]:
        return [s.text for s in eye.reader.clues(text).segments if s.plays("not")]

    assert denials("원격으로 볼 수 없고 폐쇄망에서만 보는 데이터셋은?") == ["수 없"]
    assert denials("원격으로 볼 수 없을까요?") == []
    assert denials("녹내장 데이터셋은 없나요?") == []


def test_pupils_are_read_by_their_ages(eye):
    assert in_ages("초등학생은 몇 명", ()) == ("6~11세 사람은 몇 명", (("초등학생", "6~11세"),))
    assert in_ages("초·중학생 환자", ())[0] == "6~14세 사람 환자"
    assert in_ages("중고생 환자", ())[0] == "12~17세 사람 환자"
    assert in_ages("초등학생 검진자료", ("초등학생",)) == ("초등학생 검진자료", ())
    outcome = eye.reader.understand("중학생 녹내장 환자 수")
    assert not isinstance(outcome, Understood)
    assert outcome.note.values["asked"] == "중학생"


def test_an_age_over_an_edge_says_that_it_is_in(eye):
    outcome = eye.reader.understand("녹내장 환자 중 60세를 넘긴 분은 몇 명인가요?")
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert outcome.plan.ages is not None and outcome.plan.ages.low == 60
    assert "edge_of_age" in [note.code for note in outcome.notes]
