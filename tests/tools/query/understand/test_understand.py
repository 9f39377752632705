"""Questions in both languages on a catalog that no code or data file of the product names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.text import language_of
from tools.query.execute import execute
from tools.query.guard import catalog_schema
from tools.query.plan import CountPlan
from tools.query.plan_document import plan_document, read_plan
from tools.query.readback import readback
from tools.query.understand.follow import Previous
from tools.query.understand.outcome import Absent, NoQuery, Outcome, Unclear, Understood

CASES = yaml.safe_load(Path(__file__).with_name("eye_questions.yaml").read_text(encoding="utf-8"))


def _ask(eye: Any, texts: list[str]) -> Outcome:
    previous = None
    outcome: Outcome = NoQuery()
    for text in texts:
        outcome = eye.reader.understand(text, previous)
        previous = Previous(outcome.plan) if isinstance(outcome, Understood) else None
    return outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_a_question_gets_the_plan_it_asks_for(eye, case):
    outcome = _ask(eye, [*case.get("after", []), case["text"]])
    if "says" in case:
        assert isinstance(outcome, Understood), outcome
        assert readback(outcome.plan, eye.catalog, language_of(case["text"])) == case["says"]
        assert [note.code for note in outcome.notes] == case.get("notes", [])
        assert len(execute(outcome.plan, eye.database, catalog_schema()).rows) == case["rows"]
    elif "unclear" in case:
        assert isinstance(outcome, Unclear), outcome
        assert (outcome.note.code, list(outcome.choices)) == (case["unclear"], case.get("choices", []))
    elif "absent" in case:
        assert isinstance(outcome, Absent), outcome
        assert outcome.note.code == case["absent"]
    else:
        assert isinstance(outcome, NoQuery), outcome


def test_every_choice_offered_is_understood(eye):
    offered = [choice for case in CASES for choice in case.get("choices", [])]
    assert offered
    for choice in offered:
        assert isinstance(eye.reader.understand(choice), Understood), choice


@pytest.mark.parametrize("case", [c for c in CASES if "says" in c], ids=lambda case: case["text"][:50])
def test_a_plan_survives_being_written_down(eye, case):
    outcome = _ask(eye, [*case.get("after", []), case["text"]])
    assert isinstance(outcome, Understood)
    assert read_plan(plan_document(outcome.plan)) == outcome.plan


@pytest.mark.parametrize(
    "text",
    [
        "월경 주기가 불규칙한 녹내장 환자 수",
        "How many left-handed glaucoma patients are there?",
        "흡연하는 심방세동 환자는 몇 명인가요?",
        "Which datasets have IOP measured with a robot?",
        "임신한 당뇨망막병증 환자 수를 병원별로",
    ],
)
def test_a_condition_that_is_not_understood_is_never_dropped(eye, text):
    assert not isinstance(eye.reader.understand(text), Understood)


def test_people_are_never_summed_over_years_or_datasets(eye):
    outcome = eye.reader.understand("2018년부터 2020년까지 녹내장 환자 수")
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    result = execute(outcome.plan, eye.database, catalog_schema())
    row = dict(zip(result.columns, result.rows[0], strict=True))
    assert row["patients"] is None and row["patients_status"] == "bound"
    assert 0 < row["patients_low"] < row["patients_high"]


@pytest.mark.parametrize(
    "text", ["", " ", "?", "😀😀", "\x00", "녹" * 4000, "a" * 4000, "1 2 3 " * 500, "\ud800"]
)
def test_odd_input_is_read_without_an_error(eye, text):
    assert isinstance(eye.reader.understand(text), NoQuery | Absent | Unclear)
