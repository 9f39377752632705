"""Times that are counted from today: years and months, and the same words inside names."""

from __future__ import annotations

from datetime import date

import pytest

from tools.query.plan import Condition, CountPlan, ListPlan, Span
from tools.query.understand.outcome import Absent, Understood

TODAY = date(2025, 1, 20)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("작년 녹내장 환자 수", 2024),
        ("지난해 한 해 동안 녹내장 환자는 몇 명?", 2024),
        ("재작년 녹내장 환자 수", 2023),
        ("How many glaucoma patients were there last year?", 2024),
        ("Glaucoma patients the year before last", 2023),
    ],
)
def test_a_year_is_counted_from_today(eye, text, year):
    outcome = eye.reader.understand(text, today=TODAY)
    assert isinstance(outcome, Understood), outcome
    assert isinstance(outcome.plan, CountPlan)
    assert outcome.plan.years == Span(year, year)


@pytest.mark.parametrize("text", ["지난달에 업데이트된 데이터셋", "Which datasets were updated last month?"])
def test_a_month_is_counted_over_the_turn_of_the_year(eye, text):
    outcome = eye.reader.understand(text, today=TODAY)
    assert isinstance(outcome, Understood), outcome
    assert isinstance(outcome.plan, ListPlan)
    assert outcome.plan.conditions == (
        Condition("dataset.last_updated", "ge", ("2024-12-01",)),
        Condition("dataset.last_updated", "le", ("2024-12-31",)),
    )


def test_without_a_day_the_catalogs_own_is_today(eye):
    outcome = eye.reader.understand("재작년 녹내장 환자 수")
    assert isinstance(outcome, Understood), outcome
    assert outcome.plan.years == Span(2024, 2024)


def test_a_year_without_numbers_is_said_to_lie_outside(eye):
    outcome = eye.reader.understand("올해 녹내장 환자 수")
    assert isinstance(outcome, Absent), outcome
    assert outcome.note.code == "years_outside"


def test_an_unknown_time_is_said_back_in_the_askers_words(eye):
    outcome = eye.reader.understand("작년 대비 올해 환자 수", today=TODAY)
    assert not isinstance(outcome, Understood)
    assert "2025" not in str(outcome.note.values)
