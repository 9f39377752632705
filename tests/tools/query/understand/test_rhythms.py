"""How often something happens, in whatever words."""

from __future__ import annotations

from typing import Any

import pytest

from tools.query.understand.rhythms import as_called, rhythm


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("every 4 hours", "4시간마다"),
        ("every four hours", "4시간 간격으로"),
        ("once a month", "monthly"),
        ("한 달에 한 번씩", "per month"),
        ("every 3 months", "quarterly"),
        ("1년에 한 번", "yearly"),
        ("every other week", "격주"),
        ("25 per second", "초당 25번"),
        ("40 Hz", "1초에 40번"),
        ("twice a day", "하루에 두 번"),
        ("일주일마다", "weekly"),
    ],
)
def test_two_ways_of_saying_the_same_have_one_rhythm(one: str, other: str) -> None:
    assert rhythm(one) == rhythm(other) is not None


@pytest.mark.parametrize(
    "text", ["per visit", "초당 몇 번", "2023년에 3번", "half-yearly", "every patient", "월요일"]
)
def test_what_tells_no_rhythm_tells_none(text: str) -> None:
    assert rhythm(text) is None


def test_what_is_asked_stands_in_the_words_of_the_catalog(eye: Any) -> None:
    catalog = eye.catalog
    assert as_called("한 달에 한 번 갱신되는 데이터셋은?", catalog) == "monthly 갱신되는 데이터셋은?"
    assert as_called("Which datasets are updated once a month?", catalog) == (
        "Which datasets are updated monthly?"
    )
    assert as_called("5년마다 갱신되는 데이터셋은?", catalog) == "5년마다 갱신되는 데이터셋은?"
    for told, meant in (
        ("updated more than once a month", "updated weekly"),
        ("updated more often than monthly", "updated weekly"),
        ("refreshed at least monthly", "refreshed weekly or monthly"),
        ("updated less often than monthly", "updated quarterly or yearly"),
        ("refreshed monthly or more often", "refreshed weekly or monthly"),
        ("한 달에 한 번 이상 갱신되는", "weekly 또는 monthly 갱신되는"),
        ("매월보다 자주 갱신되는", "weekly 갱신되는"),
        ("updated more often than weekly", "updated more often than weekly"),  # which no dataset is
    ):
        assert as_called(told, catalog) == meant
    assert as_called("한 달에 한 번 오는 환자는 몇 명?", catalog) == "한 달에 한 번 오는 환자는 몇 명?"
