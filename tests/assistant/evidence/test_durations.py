"""A duration that is none of what is asked does not answer."""

from __future__ import annotations

import pytest

from assistant.evidence.durations import beside_the_point
from knowledge.documents.values import values

HOW_LONG = frozenset({"how_long"})


@pytest.mark.parametrize(
    ("question", "text", "beside"),
    [
        ("How long does the test take?", "The test takes two weeks.", False),
        ("How long does the test take?", "It is free if tested in the last five years.", True),
        ("검사는 얼마나 걸리나요?", "최근 5년 동안 검사한 것은 무료이다.", True),
        ("How long is the visit?", "Apply three days before the visit.", True),
        ("How long before the visit must I apply?", "Apply three days before the visit.", False),
        ("상담은 얼마나 하나요?", "마감 5일 전까지 신청한다.", True),
        ("며칠 전까지 신청하나요?", "마감 5일 전까지 신청한다.", False),
        ("한 번에 몇 분이 걸리나요?", "기록은 10년간 보존한다.", True),
        ("한 번에 몇 분이 걸리나요?", "한 번에 2시간이 걸린다.", False),
        ("How many weeks is the course?", "The course lasts 6 months.", False),
        ("How many days may I keep it?", "It is kept for two years.", False),
    ],
)
def test_beside_the_point(question: str, text: str, beside: bool) -> None:
    (value,) = [v for v in values(text) if v.kind == "duration"]
    assert beside_the_point(question, HOW_LONG, text, value) == beside
