from __future__ import annotations

import pytest

from knowledge.catalog.importers import cell_words as words
from knowledge.catalog.importers.codes import Code


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("문자", "text"),
        ("VARCHAR2(10)", "text"),
        ("varchar(10 BYTE)", "text"),
        ("NUMBER(5)", "integer"),
        ("NUMBER(5,0)", "integer"),
        ("NUMBER(5,2)", "decimal"),
        ("NUMBER", "decimal"),
        ("숫자", "decimal"),
        ("숫자(정수)", "integer"),
        ("연속형 변수", "decimal"),
        ("범주형(명목)", "code"),
        ("코드", "code"),
        ("DATE", "date"),
        ("날짜(YYYY-MM-DD)", "date"),
        ("TIMESTAMP(6)", "datetime"),
        ("Int64", "integer"),
        ("FLOAT8", "decimal"),
        ("Y/N", "boolean"),
        ("예/아니오", "boolean"),
        ("Double Precision", "decimal"),
        ("괴상한형", "괴상한형"),
        ("CHAR(1)", "text"),
        ("객관식/단일선택", "code"),
    ],
)
def test_types(text: str, type: str) -> None:
    assert words.type_word(text) == type


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015", "2015"),
        ("2015-01", "2015-01"),
        ("2015.1.31", "2015-01-31"),
        ("2015. 1. 31.", "2015-01-31"),
        ("2015/01/31", "2015-01-31"),
        ("20150131", "2015-01-31"),
        ("201501", "2015-01"),
        ("2015년", "2015"),
        ("2015년 1월", "2015-01"),
        ("2015년 1월 31일", "2015-01-31"),
        ("42035", "2015-01-31"),
        ("2015-01-31 00:00:00", "2015-01-31"),
        ("2015-01-31T09:30:00", "2015-01-31"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert words.day_word(text) == day


def test_a_serial_day_of_a_workbook_that_counts_from_1904() -> None:
    assert words.day_word("40573", 1904) == "2015-01-31"


@pytest.mark.parametrize("text", ["2015-13-01", "작년", "31.01.2015", "12"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        words.day_word(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2015.01 ~ 2020.12", ("2015-01", "2020-12")),
        ("2015-2020", ("2015", "2020")),
        ("2015년~2020년", ("2015", "2020")),
        ("2015.01.01.~2020.12.31.", ("2015-01-01", "2020-12-31")),
        ("2015 ~ 현재", ("2015", None)),
        ("2015년부터", ("2015", None)),
        ("20150101-20201231", ("2015-01-01", "2020-12-31")),
        ("2015 to present", ("2015", None)),
        ("2018", ("2018", "2018")),
        ("2015–2020", ("2015", "2020")),
        ("2015년 3월부터 2020년 12월까지", ("2015-03", "2020-12")),
    ],
)
def test_periods(text: str, period: tuple[str, str | None]) -> None:
    assert words.period_words(text) == period


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("12.5%", "12.5%"),
        ("5% 미만", "<5"),
        ("10 이하", "<10"),
        ("95% 초과", ">95"),
        ("약 3%", "3%"),
        ("3 percent", "3 %"),
        ("5-10", "5-10"),
        ("< 5", "< 5"),
        ("12.5％", "12.5%"),
    ],
)
def test_missing_rates(text: str, rate: str) -> None:
    assert words.missing_rate(text) == rate


def test_a_missing_rate_that_is_none() -> None:
    with pytest.raises(ValueError, match="'많음' is not a missing rate"):
        words.missing_rate("많음")


def test_booleans() -> None:
    assert {words.boolean_word(text) for text in ("Y", "○", "해당", "개인정보", "True", "1")} == {"true"}
    assert {words.boolean_word(text) for text in ("N", "X", "비해당", "-", "아니오", "0")} == {"false"}
    with pytest.raises(ValueError, match="neither yes nor no"):
        words.boolean_word("검토 중")


def test_concepts() -> None:
    assert words.concept_of("8480-6", "LOINC") == Code("LOINC", "8480-6")
    assert words.concept_of("LOINC: 8480-6", None) == Code("LOINC", "8480-6")
    assert words.concept_of("8480-6, 8479-8", "LOINC") == Code("LOINC", "8480-6")
    assert words.concept_of("LOCAL:AB1", None) == Code("LOCAL", "AB1")
    assert words.concept_of("systolic", None) == "systolic"


def test_counts_with_their_unit() -> None:
    assert [words.count_word(text) for text in ("18세", "14일", "1,200", "18세 이상")] == [
        "18",
        "14",
        "1200",
        "18",
    ]
