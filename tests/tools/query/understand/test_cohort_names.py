"""A cohort named by a part of its name, by a wider disease, or by a word that another name begins with."""

from __future__ import annotations

import pytest

from tests.tools.query.eye_catalog import cohort, reader_with
from tools.query.plan import CountPlan
from tools.query.understand.outcome import Absent, Unclear, Understood
from tools.query.understand.understand import Reader

HCC = cohort("hcc", "Hepatocellular carcinoma", "간세포암", "KCD-8:C22.0")
NEPHRITIS = cohort("lupus_neph", "Lupus nephritis", "루푸스 신염", "KCD-8:M32.1")
STONES = (
    cohort("kidney_stone", "Kidney stone", "신장결석", "KCD-8:N20.0"),
    cohort("ureter_stone", "Ureter stone", "요관결석", "KCD-8:N20.1"),
)


@pytest.fixture(scope="module")
def liver(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return reader_with(tmp_path_factory.mktemp("cohorts") / "liver", HCC, NEPHRITIS)


@pytest.fixture(scope="module")
def stones(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return reader_with(tmp_path_factory.mktemp("cohorts") / "stones", *STONES)


def _cohorts(reader: Reader, question: str) -> tuple[str, ...] | None:
    outcome = reader.understand(question)
    if not isinstance(outcome, Understood):
        return None
    assert isinstance(outcome.plan, CountPlan)
    return outcome.plan.cohorts


@pytest.mark.parametrize("question", ["간암 환자 수는?", "How many liver cancer patients are there?"])
def test_a_tumour_with_a_wider_code_is_the_kind_that_is_counted(liver: Reader, question: str) -> None:
    assert _cohorts(liver, question) == ("hcc",)


@pytest.mark.parametrize("question", ["루푸스 환자 수는?", "How many lupus patients are there?"])
def test_a_word_that_begins_a_name_is_another_disease(liver: Reader, question: str) -> None:
    assert _cohorts(liver, question) is None
    assert _cohorts(liver, "How many nephritis patients are there?") == ("lupus_neph",)


def test_of_two_kinds_none_is_meant(stones: Reader) -> None:
    outcome = stones.understand("결석 환자는 몇 명?")
    assert isinstance(outcome, Unclear)
    assert _cohorts(stones, "신장결석 환자는 몇 명?") == ("kidney_stone",)


def test_one_korean_word_of_two_unrelated_names_is_no_name(stones: Reader) -> None:
    outcome = stones.understand("안압결석 환자는 몇 명?")
    assert isinstance(outcome, Absent) and outcome.note.values["words"] == "안압결석"
