"""Published numbers in words: never a hidden one, the same everywhere, in both languages."""

from __future__ import annotations

import pytest

from tools.query.amounts import amount_forms, say_amount, say_cell, say_rate


@pytest.mark.parametrize(
    ("measure", "status", "low", "high", "english", "korean", "kind"),
    [
        ("patients", "released", 1230, 1239, "1,230-1,239 patients", "1,230~1,239명", "number"),
        ("patients", "released", 4098, 4102, "4,098-4,102 patients", "4,098~4,102명", "number"),
        ("patients", "released", 0, 0, "0 patients", "0명", "number"),
        ("records", "released", 20, 29, "20-29 records", "20~29건", "number"),
        ("overlap_patients", "released", 10, 19, "10-19 patients", "10~19명", "number"),
        ("devices", "released", 10, 19, "10-19", "10~19", "number"),
        (
            "patients", "suppressed", 0, 9,
            "fewer than 10, possibly none", "10명 미만(없을 수도 있음)", "protected",
        ),
        (
            "records", "suppressed", 0, 29,
            "fewer than 30, possibly none", "30건 미만(없을 수도 있음)", "protected",
        ),
        ("patients", "suppressed", 1, 4, "1-4 patients (not published)", "1~4명(비공개)", "protected"),
        ("patients", "suppressed", None, None, "not published", "비공개", "protected"),
        (
            "patients", "bound", 1200, 2400,
            "at least 1,200, at most 2,400 patients", "최소 1,200명, 최대 2,400명", "bound",
        ),
        ("records", "bound", 0, 9, "at most 9 records", "최대 9건", "bound"),
        ("patients", None, None, None, "no published value", "공개된 값 없음", "text"),
    ],
)  # fmt: skip
def test_each_status_has_its_words(measure, status, low, high, english, korean, kind):
    in_english, in_korean = (say_amount(measure, status, low, high, language) for language in ("en", "ko"))
    assert (in_english.text, in_korean.text) == (english, korean)
    assert in_english.kind == in_korean.kind == kind


def test_a_row_says_its_measure():
    row = {"records": None, "records_status": "suppressed", "records_low": 0, "records_high": 9}
    assert say_cell("records", row, "en").text == "fewer than 10, possibly none"
    assert say_cell("patients", row, "en").kind == "text"


@pytest.mark.parametrize(
    ("published", "english", "korean"),
    [
        ("<5", "<5 %", "<5 %"),
        ("12.5%", "12.5 %", "12.5 %"),
        (">= 95", "≥ 95 %", "≥ 95 %"),
        ("5 – 10", "5-10 %", "5~10 %"),
    ],
)
def test_a_rate_has_one_percent_sign(published, english, korean):
    assert (say_rate(published, "en"), say_rate(published, "ko")) == (english, korean)


def test_both_languages_have_the_same_forms():
    korean, english = amount_forms("ko"), amount_forms("en")
    assert korean.keys() == english.keys()
    assert all(korean[name].keys() == english[name].keys() for name in ("patients", "records", "other"))


def test_a_bound_tells_the_released_numbers_that_it_comes_from():
    row = {"patients": None, "patients_status": "bound", "patients_low": 95, "patients_high": 312}
    parts = {"patients_largest": 100, "patients_sum": 300}
    assert say_cell("patients", row | parts, "en").text == (
        "at least 95, at most 312 patients (largest released number 100, sum of the released numbers 300)"
    )
    assert say_cell("patients", row | parts, "ko").text == (
        "최소 95명, 최대 312명 (공개된 값 중 가장 큰 값 100, 공개된 값의 합 300)"
    )
    assert say_cell("patients", row | {"patients_sum": 300}, "en").text.endswith(
        "(sum of the released numbers 300)"
    )
    hidden = {"patients_largest": None, "patients_sum": None}
    assert say_cell("patients", row | hidden, "en").text == "at least 95, at most 312 patients"
