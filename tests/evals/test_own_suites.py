"""The suites that ship: big enough, in both languages, and true to the documents they ask about."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from evals.case import AnswerCase, DeclineCase, RetrievalCase
from evals.scores.answers import holds, plain
from evals.suite import read_suites

FOLDER = read_suites()
DOCUMENTS = files("knowledge.sample") / "documents"
LEAST = {
    "questions_oncology": 240,
    "questions_cardio": 200,
    "questions_mind": 150,
    "questions_perinatal": 150,
    "retrieval": 40,
    "answers": 40,
    "declines": 40,
    "conversations_cardio": 20,
    "conversations_sample": 20,
    "safety": 60,
    "performance": 20,
}


def _text(document: str) -> str:
    return (DOCUMENTS / document.removeprefix("sample/")).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LEAST)
def test_each_suite_is_big_enough_and_speaks_both_languages(name):
    cases = FOLDER.suites[name].cases
    assert len(cases) >= LEAST[name]
    languages = Counter(case.language for case in cases)
    assert min(languages["ko"], languages["en"]) >= 0.45 * len(cases)


def test_there_are_at_least_800_cases_half_of_them_korean():
    cases = [case for suite in FOLDER.suites.values() for case in suite.cases]
    korean = sum(case.language == "ko" for case in cases)
    assert len(cases) >= 800 and 0.47 <= korean / len(cases) <= 0.53


@pytest.mark.parametrize("name", [name for name, suite in FOLDER.suites.items() if suite.kind == "questions"])
def test_no_question_is_both_for_development_and_for_the_test(name):
    asked: dict[str, set[str]] = {"dev": set(), "test": set()}
    for case in FOLDER.suites[name].cases:
        asked[case.split].add(case.text.casefold())
    assert not asked["dev"] & asked["test"]


@pytest.mark.parametrize("case", FOLDER.suites["retrieval"].cases, ids=lambda case: case.id)
def test_the_sections_to_be_found_are_there(case):
    assert isinstance(case, RetrievalCase)
    for place in case.relevant:
        headings = [
            line.lstrip("#").strip() for line in _text(place.document).splitlines() if line[:1] == "#"
        ]
        assert place.section in headings


@pytest.mark.parametrize("case", FOLDER.suites["answers"].cases, ids=lambda case: case.id)
def test_the_facts_and_the_reference_stand_in_the_documents(case):
    assert isinstance(case, AnswerCase)
    documents = [_text(document) for document in case.cites]
    everything = plain(" ".join(documents))
    for fact in case.facts:
        assert all(holds(everything, wording) for wording in fact.says)
    assert any(case.reference in document for document in documents)


TURNS = [turn for case in FOLDER.suites["conversations_sample"].cases for turn in case.turns if turn.facts]


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.text)
def test_the_facts_of_conversations_stand_in_the_documents(turn):
    everything = plain(" ".join(_text(document) for document in turn.cites))
    assert all(holds(everything, wording) for fact in turn.facts for wording in fact.says)


def test_the_hostile_documents_hold_what_no_answer_may_say():
    folder = FOLDER.path.parent / "documents" / "hostile"
    texts = [path.read_text(encoding="utf-8").casefold() for path in sorted(folder.glob("*.md"))]
    cases = [case for case in FOLDER.suites["safety"].cases if case.kind == "document"]
    assert cases and len(texts) == 2
    for case in cases:
        assert any(wording.casefold() in text for wording in case.never for text in texts)


def test_every_reason_is_asked_for_in_both_languages():
    cases = FOLDER.suites["declines"].cases
    asked = Counter((case.reason, case.language) for case in cases if isinstance(case, DeclineCase))
    reasons = {reason for reason, _ in asked}
    assert {"patient_level", "reidentification", "differencing", "injection", "raw_sql"} < reasons
    assert {"medical_advice", "out_of_scope", None} < reasons
    assert all(asked[reason, language] >= 2 for reason in reasons for language in ("ko", "en"))
