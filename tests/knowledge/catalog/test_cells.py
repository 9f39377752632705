from __future__ import annotations

from datetime import date

import pytest

from knowledge.catalog import cells


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("65-69", (65, 69)),
        ("65–69", (65, 69)),
        ("65 ~ 69", (65, 69)),
        ("18-39세", (18, 39)),
        ("0-4 years", (0, 4)),
        ("80+", (80, None)),
        ("80세 이상", (80, None)),
        ("≥80", (80, None)),
        ("80 and over", (80, None)),
        (">80", (81, None)),
        ("80세 초과", (81, None)),
        ("<18", (0, 17)),
        ("18세 미만", (0, 17)),
        ("under 18", (0, 17)),
        ("<=17", (0, 17)),
        ("17세 이하", (0, 17)),
        ("60대", (60, 69)),
        ("0", (0, 0)),
        ("42세", (42, 42)),
    ],
)
def test_age_bands(text: str, ages: tuple[int, int | None]) -> None:
    assert cells.parse_age_band(text) == ages


@pytest.mark.parametrize("text", ["old", "69-65", "<0", "65-", "-5", "1e2", "65-69-70", "65대"])
def test_what_is_no_age_band(text: str) -> None:
    with pytest.raises(ValueError, match=r"age band|before it starts"):
        cells.parse_age_band(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("2015-02", date(2015, 2, 1), date(2015, 2, 28)),
        ("2015-12", date(2015, 12, 1), date(2015, 12, 31)),
        ("2015-01-31", date(2015, 1, 31), date(2015, 1, 31)),
        ("2015.1.31", date(2015, 1, 31), date(2015, 1, 31)),
    ],
)
def test_moments(text: str, first: date, last: date) -> None:
    assert cells.parse_moment(text) == cells.Moment(first, last, 2015)


@pytest.mark.parametrize(
    "text", ["2015-13", "2015-02-30", "soon", "15", "0000", "2015-00", "2015-01-00", "2015-01-31-1", "2015-"]
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        cells.parse_moment(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("12.5", (12.5, 12.5, 12.5)),
        ("5", (5, 5, 5)),
        ("12.5%", (12.5, 12.5, 12.5)),
        ("0", (0, 0, 0)),
        ("<5", (None, 0, 5)),
        ("< 5 %", (None, 0, 5)),
        (">95", (None, 95, 100)),
        ("5-10", (None, 5, 10)),
        ("5~10", (None, 5, 10)),
    ],
)
def test_missing_rates(text: str, rate: tuple[float | None, float, float]) -> None:
    assert cells.parse_missing_rate(text) == cells.MissingRate(*rate)


@pytest.mark.parametrize("text", ["few", "101", "10-5", "-1", "<101", "5-"])
def test_what_is_no_missing_rate(text: str) -> None:
    with pytest.raises(ValueError, match=r"missing rate|0 to 100"):
        cells.parse_missing_rate(text)


def test_values_keep_their_order_and_signs() -> None:
    assert cells.parse_values("2=b = c|1=a, d") == (("2", "b = c"), ("1", "a, d"))


@pytest.mark.parametrize("text", ["1=a|2", "1=a|", "=a", "1=", "1=a|1=b", "0..4"])
def test_what_are_no_values(text: str) -> None:
    with pytest.raises(ValueError, match=r"code=label|empty item|twice"):
        cells.parse_values(text)


@pytest.mark.parametrize(
    ("text", "number"), [("1,200", 1200), ("30.0", 30), ("0", 0), ("+7", 7), ("１２", 12)]
)
def test_integers(text: str, number: int) -> None:
    assert cells.parse_integer(text) == number


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("12.5", "not a whole number"),
        ("-3", "is negative"),
        ("many", "not a number"),
        ("1,20", "not a number"),
        ("1e3", "not a number"),
        ("NaN", "not a number"),
        ("3000000000", "too large"),
        ("9" * 5000, "too long"),
    ],
)
def test_what_are_no_integers(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        cells.parse_integer(text)


def test_codes() -> None:
    assert cells.parse_codes("KCD:H40.1|LOINC:56844-4") == ("KCD:H40.1", "LOINC:56844-4")
    with pytest.raises(ValueError, match="SYSTEM:CODE"):
        cells.parse_codes("KCD:H40.1|H40")


def test_booleans() -> None:
    assert [cells.parse_boolean(text) for text in ("TRUE", "no", "1", "예")] == [True, False, True, True]
    with pytest.raises(ValueError, match="neither"):
        cells.parse_boolean("maybe")
