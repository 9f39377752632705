"""Answers to a choice: by number, place, name, all of them, none of them."""

from __future__ import annotations

import pytest

from tools.query.understand.choices import chosen

ENGLISH = (
    "How many are there aged 40 or older in the registry?",
    "How many are there aged 50 or older in the registry?",
)
KOREAN = ("45세 대신 40세 이상은 몇 명인가요?", "45세 대신 50세 이상은 몇 명인가요?")


@pytest.mark.parametrize(
    "reply", ["2", "#2", "the second one", "the last one", "aged 50", "50 or older please"]
)
def test_the_second_is_picked(reply):
    assert chosen(reply, ENGLISH) == ENGLISH[1:]


@pytest.mark.parametrize("reply", ["1번", "1", "첫 번째", "첫 번째 것으로", "40세 이상"])
def test_the_first_is_picked_in_korean(reply):
    assert chosen(reply, KOREAN) == KOREAN[:1]


@pytest.mark.parametrize("reply", ["both", "both please", "all of them"])
def test_all_are_picked(reply):
    assert chosen(reply, ENGLISH) == ENGLISH


@pytest.mark.parametrize("reply", ["둘 다", "둘 다 보여줘", "전부"])
def test_all_are_picked_in_korean(reply):
    assert chosen(reply, KOREAN) == KOREAN


def test_neither_picks_none():
    assert chosen("none of these", ENGLISH) == ()


@pytest.mark.parametrize("reply", ["Which hospitals take part?", "7", "thanks", "마감일이 언제예요?"])
def test_anything_else_is_a_question_of_its_own(reply):
    assert chosen(reply, ENGLISH) is None
