"""Content words of two ways to say one thing come to the same forms."""

from __future__ import annotations

import pytest

from knowledge.lemmas import forms, lemmas, without_people


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trouble swallowing", "difficulties to swallow"),
        ("the heart stopped", "hearts that stop"),
        ("renal stones", "a stone in the kidney"),
        ("could not sleep", "unable to sleep"),
        ("didn't sleep", "never slept"),
        ("음식을 삼키지 못하는", "음식을 못 삼키는"),
        ("삼키기 어려운", "삼키기가 힘들어서"),
        ("콩팥에 돌이", "신장의 결석"),
        ("약을 먹였는지", "약을 드셨는지"),
    ],
)
def test_what_says_the_same_has_the_same_forms(one: str, other: str) -> None:
    if "먹였" in one:
        assert forms(lemmas(one)) != forms(lemmas(other))  # to feed is not to eat
    else:
        assert forms(lemmas(one)) == forms(lemmas(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("can swallow", "cannot swallow"),
        ("smoke", "never smoke"),
        ("blood pressure too high", "blood pressure too low"),
        ("삼키는", "삼키지 못하는"),
        ("임신한", "임신했는지"),
        ("혈압이 높은", "혈압이 낮은"),
    ],
)
def test_denials_and_opposites_differ(one: str, other: str) -> None:
    assert forms(lemmas(one)) != forms(lemmas(other))


def test_offsets_are_those_of_the_text_given() -> None:
    text = "배에 물이 찬, the swollen belly 2"
    found = {one.form: text[one.start : one.end] for one in lemmas(text)}
    assert found["swell"] == "swollen" and found["belly"] == "belly" and found["2"] == "2"
    assert [one.start for one in lemmas(text)] == sorted(one.start for one in lemmas(text))


def test_a_compound_is_whole_or_cut() -> None:
    text = "2023년에 대동맥 벽이"
    assert "대동맥" in {one.form for one in lemmas(text, compounds=True)}


def test_whom_it_is_said_of_is_no_part_of_a_description() -> None:
    assert forms(without_people(lemmas("people who smoke"))) == forms(lemmas("who smoke"))
    assert without_people(lemmas("patients")) == ()


@pytest.mark.parametrize("text", ["", " ", "?", "the of", "ㅋㅋ", "'", "😀", "가"])
def test_odd_text(text: str) -> None:
    assert isinstance(lemmas(text), tuple) and isinstance(lemmas(text, compounds=True), tuple)
