"""Rounds, editions and places are compared by kind and number, in both languages."""

from __future__ import annotations

import pytest

from assistant.evidence.ordinals import another_turn, numbers_it, ordinals


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("제2차 공고", "2차 접수"),
        ("2차", "the second round"),
        ("round 2", "2nd round"),
        ("제3판", "third edition"),
        ("1등 상금", "first place"),
        ("제10조", "article 10"),
        ("하반기 접수", "the second half of the year"),
        ("a first-round company", "1차 공고"),
    ],
)
def test_the_same_number_of_the_same_kind(one: str, other: str) -> None:
    (asked,) = ordinals(one)
    assert numbers_it(asked.key, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("제2차", "제1차"), ("제2차", "제2판"), ("2등", "second round"), ("first place", "second place")],
)
def test_another_number_or_kind(one: str, other: str) -> None:
    (asked,) = ordinals(one)
    assert not numbers_it(asked.key, other)


@pytest.mark.parametrize("text", ["연 6회 방문한다", "30조 원", "5기가바이트", "two rounds", "차가 두 대"])
def test_what_only_counts_is_no_ordinal(text: str) -> None:
    assert ordinals(text) == ()


@pytest.mark.parametrize(
    ("asked", "told", "another"),
    [
        ("What follows a second breach?", "A first breach leads to a warning.", True),
        ("What follows a second breach?", "A second breach ends the contract.", False),
        ("What follows a second breach?", "A breach ends the contract.", False),
        ("What follows a breach?", "A first breach leads to a warning.", False),
        ("What does a second copy cost?", "A first copy is free, each further copy costs 3 won.", False),
        ("두 번째 위반은 어떻게 되나요?", "첫 번째 위반은 경고한다.", True),
        ("두 번째 위반은 어떻게 되나요?", "두 번째 위반은 해지한다.", False),
    ],
)
def test_another_turn_of_the_same_thing(asked: str, told: str, another: bool) -> None:
    assert another_turn(asked, told) == another
