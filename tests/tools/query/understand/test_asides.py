"""What people say beside their question changes no answer; what limits it does."""

from __future__ import annotations

import pytest

from tools.query.plan import CountPlan
from tools.query.understand.asides import occasional, of_the_speaker
from tools.query.understand.outcome import Understood


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("How many glaucoma patients by year? It's for my thesis, chapter 3.", "Glaucoma patients by year"),
        ("Glaucoma patients by year - need it by noon, thanks!", "Glaucoma patients by year"),
        ("Glaucoma patients by year (for a poster), please", "Glaucoma patients by year"),
        ("Quick one before my 5pm class: glaucoma patients by year?", "Glaucoma patients by year"),
        ("Out of curiosity, how many glaucoma patients per year?", "Glaucoma patients by year"),
        ("How many people came down with glaucoma, year by year?", "Glaucoma patients by year"),
        ("How many glaucoma patients are in each dataset that has it?", "Glaucoma patients by dataset"),
        ("We make eye drops and sell them abroad. Where is BCVA written down?", "Where is BCVA recorded?"),
        ("Where is BCVA noted but HbA1c is not? Datasets please", "Which datasets have BCVA but not HbA1c?"),
        ("Glaucoma x sex, Nuri", "Glaucoma patients by sex at Nuri"),
        ("Glaucoma counts per dataset pls", "Glaucoma patients by dataset"),
        ("How many of those with glaucoma are women?", "How many women with glaucoma?"),
    ],
)
def test_an_aside_changes_nothing(eye, said, plain):
    outcome = eye.reader.understand(said)
    assert isinstance(outcome, Understood), outcome
    assert outcome.plan == eye.reader.understand(plain).plan


@pytest.mark.parametrize(
    "said",
    [
        "Snake bite: how many glaucoma patients?",
        "Of the people with burnt hands, how many have glaucoma?",
        "How many glaucoma patients? Only the ones on prostaglandin drops.",
        "How many glaucoma patients for a snake bite study of those under treatment?",
        "We look for serum copper. In which dataset is it?",
        "Who funded the Nuri glaucoma registry?",
    ],
)
def test_what_may_limit_is_not_set_aside(eye, said):
    assert not isinstance(eye.reader.understand(said), Understood)


def test_the_words_set_aside_are_said(eye):
    outcome = eye.reader.understand("How many glaucoma patients? Asking for a staffing study.")
    assert [(n.code, n.values) for n in outcome.notes] == [
        ("introduction", {"words": "Asking for a staffing study."})
    ]


@pytest.mark.parametrize(
    "said", ["당화혈색소를 잰 사람인데 녹내장 환자 수는?", "당화혈색소를 재는 기관인데 녹내장 환자 수는?"]
)
def test_whom_a_question_is_about_is_not_who_asks(eye, said):
    assert not isinstance(eye.reader.understand(said), Understood)


def test_everyday_words_for_a_name_in_brackets_are_that_name(eye):
    outcome = eye.reader.understand("How many people whose pressure ruins the nerve (glaucoma) are women?")
    assert outcome.plan == eye.reader.understand("How many women with glaucoma?").plan
    assert "homonym" in [note.code for note in outcome.notes]


@pytest.mark.parametrize(
    "said",
    [
        "How many people with an ache that blinds, glaucoma?",
        "눈이 뻑뻑한 사람, 그러니까 녹내장 환자 수는?",
    ],
)
def test_everyday_words_that_are_said_again_as_a_name_are_that_name(eye, said):
    outcome = eye.reader.understand(said)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan), outcome
    assert outcome.plan.cohorts == ("glaucoma",)


@pytest.mark.parametrize(
    "said",
    [
        "How many people that suffer gravely from atrial fibrillation, glaucoma?",
        "눈이 뻑뻑한 심방세동 환자, 그러니까 녹내장 환자 수는?",
        "눈이 뻑뻑한 사람만 필요해요 그러니까 녹내장 환자 수는?",
    ],
)
def test_a_name_of_its_own_and_a_limit_are_not_said_again(eye, said):
    assert not isinstance(eye.reader.understand(said), Understood)


def test_numbers_of_clocks_and_pages_are_told(eye):
    text = "before my 5pm class on the 12th, slide 4, with 65 patients"
    assert [text[start:end] for start, end in occasional(text)] == ["5pm", "12th", "slide 4"]


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("our team needs", True),
        ("dumb question", True),
        ("EVs", False),
        ("저희는 눈을 보는 기관인데", True),
        ("우리 연구 센터인데", True),
        ("공장에서 일하는 사람이라", True),
        ("작은 업체인데", True),
        ("수술한 사람인데", False),
        ("큰 도시에 있는 병원인데", False),
    ],
)
def test_who_speaks_is_told(text, speaks):
    assert of_the_speaker(text) is speaks
