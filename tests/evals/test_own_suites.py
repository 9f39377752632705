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
LEAST = {"questions_oncology": 240, "questions_cardio": 200, "retrieval": 40, "answers": 40, "declines": 40}


def _text(document: str) -> str:
    return (DOCUMENTS / document.removeprefix("sample/")).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LEAST)
def test_each_suite_is_big_enough_and_speaks_both_languages(name):
    cases = FOLDER.suites[name].cases
    assert len(cases) >= LEAST[name]
    languages = Counter(case.language for case in cases)
    assert min(languages["ko"], languages["en"]) >= 0.45 * len(cases)


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


def test_every_reason_is_asked_for_in_both_languages():
    cases = FOLDER.suites["declines"].cases
    asked = Counter((case.reason, case.language) for case in cases if isinstance(case, DeclineCase))
    reasons = {reason for reason, _ in asked}
    assert {"patient_level", "reidentification", "differencing", "injection", "raw_sql"} < reasons
    assert {"medical_advice", "out_of_scope", None} < reasons
    assert all(asked[reason, language] >= 2 for reason in reasons for language in ("ko", "en"))
