"""Names that stand for two ideas, on a catalog that holds both and on one that holds one."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.glossary.glossary import Term
from tests.tools.query.eye_catalog import cohort, reader_with
from tools.query.plan import CountPlan
from tools.query.understand.ideas import Ideas
from tools.query.understand.outcome import Unclear, Understood

JOINT = cohort("ra_joint", "Rheumatoid arthritis", "류마티스관절염", "KCD-8:M05")
AIR = cohort("room_air", "Room air at admission", "실내공기 호흡")


def test_a_name_of_two_things_that_are_there_asks_which(tmp_path: Path) -> None:
    outcome = reader_with(tmp_path / "both", JOINT, AIR).understand("How many RA patients are there?")
    assert isinstance(outcome, Unclear)
    assert outcome.note.code == "several"
    assert outcome.choices == (
        "How many Rheumatoid arthritis patients are there?",
        "How many Room air patients are there?",
    )


def test_a_name_of_which_one_meaning_is_there_takes_it_and_says_so(tmp_path: Path) -> None:
    outcome = reader_with(tmp_path / "one", JOINT).understand("How many RA patients are there?")
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert outcome.plan.cohorts == ("ra_joint",)
    assert [(n.code, n.values["meant"]) for n in outcome.notes] == [("homonym", "Rheumatoid arthritis")]


def test_the_dataset_named_beside_it_decides(tmp_path: Path) -> None:
    reader = reader_with(tmp_path / "scope", JOINT, AIR)
    held = [d for d, c in reader.catalog.counts.cohorts if c == "ra_joint"]
    title = reader.catalog.dataset_by_id[held[0]].title_en
    outcome = reader.understand(f"How many RA patients are in the {title}?")
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert outcome.plan.cohorts == ("ra_joint",)


def _term(id: str, en: tuple[str, ...], ko: tuple[str, ...]) -> Term:
    return Term(id=id, domain=id, en=en, ko=ko, codes=())


@pytest.fixture
def ideas() -> Ideas:
    """Two terms that share a name, over a catalog that calls a variable by it and by one more."""
    terms = (
        _term("height", ("Body height", "stature"), ("신장", "키")),
        _term("kidney", ("Kidney", "renal organ"), ("신장", "콩팥")),
    )
    there = {"신장": [("variable", "", "height_cm")], "bodyheight": [("variable", "", "height_cm")]}
    return Ideas(terms, lambda phrase: there.get(phrase, ()), lambda text: ())


def test_a_thing_belongs_to_the_idea_that_owns_it_more_surely(ideas: Ideas) -> None:
    assert ideas.owned["height"] == (("variable", "", "height_cm"),)
    assert ideas.owned["kidney"] == ()


def test_one_meaning_is_left_where_the_catalog_holds_one(ideas: Ideas) -> None:
    assert [meaning.en for meaning in ideas.meanings("신장")] == ["Body height"]
    assert ideas.meanings("콩팥") == ()


@pytest.mark.parametrize(("words", "holds"), [("HbA1c level", True), ("HbA1c pressure", False)])
def test_a_general_word_behind_a_name_adds_nothing_and_a_strange_one_does(eye, words, holds) -> None:
    outcome = eye.reader.understand(f"Which datasets have {words}?")
    assert isinstance(outcome, Understood) is holds
