"""Requests for several things at once."""

from __future__ import annotations

import pytest

from assistant.evidence.lists import listed


@pytest.mark.parametrize(
    ("sentence", "language", "things"),
    [
        (
            "신청 자격과 지원 금액, 마감일을 알려 주세요",
            "ko",
            ["신청 자격을 알려 주세요", "지원 금액을 알려 주세요", "마감일을 알려 주세요"],
        ),
        ("수수료와 마감일이 궁금합니다", "ko", ["수수료가 궁금합니다", "마감일이 궁금합니다"]),
        (
            "Tell me the eligibility, the subsidy and the deadline",
            "en",
            ["Tell me the eligibility", "Tell me the subsidy", "Tell me the deadline"],
        ),
        ("What are the deadline and the fee?", "en", ["What are the deadline?", "What are the fee?"]),
    ],
)
def test_each_thing_is_asked_for(sentence, language, things):
    assert listed(sentence, language) == things


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("IRB와 DRB의 차이를 알려 주세요", "ko"),
        ("마감일을 알려 주세요", "ko"),
        ("대조군은 어떻게 잡아야 좋을까요?", "ko"),
        ("What is the difference between the fee and the deposit?", "en"),
        ("Tell me how to apply and when it closes", "en"),
        ("The fee and the deposit are due in May", "en"),
        ("", "en"),
        ("😀", "ko"),
    ],
)
def test_one_question_stays_one(sentence, language):
    assert listed(sentence, language) == [sentence]
