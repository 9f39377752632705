"""Which turns have the form of one that goes on, and what may stand alone."""

from __future__ import annotations

import pytest

from assistant.evidence.continued import goes_on, may_stand_alone, whole


@pytest.mark.parametrize(
    "text",
    [
        "And for foreign companies?", "What about universities?", "When is it?", "How much is that?",
        "Until when?", "Can they apply twice?", "And can students apply?", "Where do I send it?",
        "그럼 외국 기업은요?", "외국 기업은요?", "그건 언제까지예요?", "얼마예요?", "설립 10년이 넘었으면요?",
        "그거 어디로 보내요?", "왜요?",
    ],
)  # fmt: skip
def test_turns_without_a_topic_go_on(text):
    assert goes_on(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the deadline for applications?", "Is it allowed to share the data with partners?", "Thanks",
        "How many patients are there with a cataract in the registry of the eye hospital since 2019?",
        "신청 마감일이 언제인가요?", "고마워요", "녹내장 환자는 몇 명인가요?",
    ],
)  # fmt: skip
def test_questions_with_a_topic_do_not(text):
    assert not goes_on(text)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("And can students apply?", True), ("그럼 대학도 되나요?", True), ("Is it refundable?", False),
        ("그건 언제까지예요?", False), ("And for foreign companies?", False),
    ],
)  # fmt: skip
def test_a_turn_that_asks_and_does_not_point_may_stand_alone(text, alone):
    assert may_stand_alone(text) is alone


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("How many controls per case are worth it?", True), ("What is its fee?", False),
        ("How much is it for two devices?", False), ("기업 한 곳이 장비 두 대를 쓰면 그건 얼마예요?", True),
        ("그건 언제까지예요?", False), ("And for foreign companies?", False),
    ],
)  # fmt: skip
def test_a_turn_that_names_enough_may_be_read_alone(text, alone):
    assert whole(text) is alone
