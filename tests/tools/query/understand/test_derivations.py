"""English words of one root, and questions that say a name in another form of its word."""

from __future__ import annotations

import pytest

from tools.query.understand.derivations import is_well_made, of_one_root, roots
from tools.query.understand.outcome import Absent, Understood


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("snorers", "snoring"), ("bleed", "bleeding"), ("graded", "grade"), ("obese", "obesity"),
        ("anxious", "anxiety"), ("septic", "sepsis"), ("cirrhotic", "cirrhosis"), ("epileptic", "epilepsy"),
        ("hypertensive", "hypertension"), ("asthmatic", "asthma"), ("amputees", "amputation"),
        ("incontinent", "incontinence"), ("deaf", "deafness"), ("stuttering", "stutter"),
    ],
)  # fmt: skip
def test_words_of_one_root_share_what_they_are_made_of(said, name):
    assert roots(said) & roots(name)
    assert of_one_root(said, sorted([name, "zebra", "acne"])) == (name,)


@pytest.mark.parametrize(
    ("one", "other"),
    [("continued", "contained"), ("organised", "organ"), ("community", "communication"), ("stable", "stage")],
)
def test_words_that_only_begin_alike_do_not(one, other):
    assert not roots(one) & roots(other)


def test_a_word_is_not_its_own_relative():
    assert of_one_root("fever", ["fever", "feverish"]) == ("feverish",)
    assert is_well_made("continued") and not is_well_made("glaucom")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("How many glaucomatous women are there?", "How many women with glaucoma are there?"),
        ("Which dataset has the most glaucomatous patients?", "Dataset with the most glaucoma patients?"),
    ],
)
def test_a_name_may_be_said_in_another_form(eye, text, plain):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood), outcome
    assert outcome.plan == eye.reader.understand(plain).plan
    assert [note.code for note in outcome.notes][-1] == "spelling"


def test_a_well_made_word_is_no_slip_of_another(eye):
    outcome = eye.reader.understand("How many glaucoma patients continuated?")
    assert isinstance(outcome, Absent) and outcome.note.values["words"] == "continuated"
