"""Participles and agents that limit of whom or of what a question is."""

from __future__ import annotations

import pytest

from tools.query.understand.outcome import Absent, Unclear, Understood


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("How many glaucoma patients are in the treated group?", "treated"),
        ("How many surveyed patients have glaucoma?", "surveyed"),
        ("How many affected patients have glaucoma?", "affected"),
        ("How many involved patients have glaucoma?", "involved"),
        ("Which datasets are archived?", "archived"),
        ("Which of the monitored datasets have IOP?", "monitored"),
        ("Which datasets are kept by a company?", "company"),
    ],
)
def test_what_says_of_which_is_named(eye, text, word):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Unclear | Absent), outcome
    assert word in str(outcome.note.values["words"])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("How many registered patients have glaucoma?", "How many patients have glaucoma?"),
        ("Which of the listed datasets have IOP?", "Which datasets have IOP?"),
        ("Glaucoma patients treated in the Nuri registry?", "How many glaucoma patients in Nuri registry?"),
        ("Which hospital treated patients with glaucoma?", "Which hospital has patients with glaucoma?"),
    ],
)
def test_what_every_dataset_does_limits_nothing(eye, text, plain):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood), outcome
    assert outcome.plan == eye.reader.understand(plain).plan
