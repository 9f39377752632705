"""Numbers in words, in both languages, and words that only look like numbers."""

from __future__ import annotations

import pytest

from tools.query.understand.numerals import as_written, in_figures


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("오천 명이 안 되는", "5,000 명이 안 되는"),
        ("만 명이 넘는", "10,000 명이 넘는"),
        ("2만 5천 명 이상", "25,000 명 이상"),
        ("만 오천 명", "15,000 명"),
        ("오백명 이상", "500명 이상"),
        ("이천에서 오천 명 사이", "2,000에서 5,000 명 사이"),
        ("이천이십이년", "2022년"),
        ("이공이삼년", "2023년"),
        ("삼 년 이상", "3 년 이상"),
        ("육 개월 미만", "6 개월 미만"),
        ("예순다섯 살 이상", "65 살 이상"),
        ("이십대 여성", "20대 여성"),
        ("3k patients", "3,000 patients"),
        ("over five thousand patients", "over 5,000 patients"),
        ("between five thousand and eight thousand patients", "between 5,000 and 8,000 patients"),
        ("between one thousand and two thousand", "between 1,000 and 2,000"),
        ("two hundred and fifty beds", "250 beds"),
        ("half a million records", "500,000 records"),
        ("under-fives with myopia", "under 5 years old with myopia"),
        ("the over-60s", "the over 60 years old"),
        ("men in their sixties", "men aged 60 to 69"),
        ("women in their 30s", "women aged 30 to 39"),
        ("a dozen datasets", "12 datasets"),
        ("aged sixty-five or older", "aged 65 or older"),
        ("since two thousand nineteen", "since 2019"),
        ("in twenty twenty-two", "in 2022"),
        ("ready within a month", "ready within 1 month"),
        ("a follow-up of more than one year", "a follow-up of more than 1 year"),
    ],
)
def test_a_number_in_words_is_put_in_figures(written: str, figures: str) -> None:
    assert in_figures(written) == figures


@pytest.mark.parametrize(
    "text",
    [
        *("천식 환자", "천명 증상", "백일해 환자", "이명 환자 수", "오십견", "십이지장", "이 병원"),
        *("이 년도", "수백 명", "몇 백 명", "일 년 동안", "하는 일이 명확", "만 18세 이상", "이천 지역 병원"),
        *("twelve-lead ECG", "twenty-four hour urine", "a few hundred patients", "one registry"),
        *("two datasets", "patients a year", "more than a year ago"),
    ],
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert in_figures(text) == text


def test_a_number_is_said_back_as_it_was_written() -> None:
    assert as_written("5,000, 2", "오천 명 이상") == "오천, 2"
