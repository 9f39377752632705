"""Words that mean something else by their place in an English clause."""

from __future__ import annotations

import pytest

from tests.tools.query.eye_catalog import eye_with, reader_over
from tools.query.plan import CountPlan, LinkagePlan
from tools.query.understand.outcome import Understood


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Does the Saebit EMR note whether persons had LDL cholesterol?", "LDL variable of the Saebit EMR"),
        ("Which variable tells how visits measure BCVA?", "Which variable is BCVA?"),
        ("Rank the diseases at Saebit by number of patients", "Rank the cohorts at Saebit by patients"),
        ("Which condition has the most patients?", "Which cohort has the most patients?"),
        ("Which diagnosis has the fewest patients?", "Which cohort has the fewest patients?"),
        ("Which dataset has the longest lead time, and how many days is it?", "The longest lead time?"),
        ("Which datasets were built in OMOP CDM?", "Which datasets are in OMOP CDM?"),
        ("Hospitals w/ 400+ beds", "Hospitals with 400 or more beds"),
        ("Datasets w/o HbA1c", "Datasets without HbA1c"),
        ("Where do you count glaucoma but not AF?", "Which datasets count glaucoma but not AF?"),
        ("Where is glaucoma counted but not AF?", "Which datasets count glaucoma but not AF?"),
        ("Glaucoma patients: how many, dataset by dataset?", "Glaucoma patients by dataset"),
        ("How many glaucoma patients in the year 2020?", "How many glaucoma patients in 2020?"),
        ("How many glaucoma patients, regardless of sex and age?", "How many glaucoma patients?"),
        ("Glaucoma patients at each of the hospitals", "Glaucoma patients by hospital"),
        ("Glaucoma patients in each of the past two years?", "Glaucoma patients per year, last 2 years"),
        ("How did the number of glaucoma patients change?", "Glaucoma patients by year"),
        ("What share of glaucoma patients are women?", "Glaucoma patients by sex"),
        ("What does glaucoma mean?", "How is glaucoma defined?"),
        ("Which dataset counts the most glaucoma?", "Which dataset has the most glaucoma patients?"),
        ("What is the quickest dataset to get hold of?", "Which dataset has the shortest lead time?"),
        ("Where is glaucoma counted but not people with AF?", "Datasets that count glaucoma but not AF"),
    ],
)
def test_a_word_means_what_its_place_in_the_clause_allows(eye, said, plain):
    outcome = eye.reader.understand(said)
    assert isinstance(outcome, Understood), outcome
    assert outcome.plan == eye.reader.understand(plain).plan


def test_sex_beside_a_variable_is_one_too(eye):
    plan = eye.reader.understand("Which datasets have both HbA1c and sex?").plan
    assert [h.words for h in plan.holdings] == ["HbA1c", "sex"]
    counted = eye.reader.understand("How many glaucoma patients by year and sex?").plan
    assert counted.group_by == ("year", "sex")


def test_what_is_counted_is_a_cohort_and_no_theme(eye):
    plan = eye.reader.understand("Where do you count glaucoma but not AF?").plan
    assert not plan.conditions
    assert [(h.words, h.negated) for h in plan.holdings] == [("glaucoma", False), ("AF", True)]


def test_two_words_of_one_title_are_that_dataset_and_no_tables(tmp_path):
    visits = {"dataset": "dalin_out", "hospital": "dalin", "title_en": "Dalin outreach scan visits"}
    pair = {"dataset_a": "dalin_out", "dataset_b": "dalin_ecg", "key_type": "device number"}
    reader = reader_over(
        eye_with(
            tmp_path / "catalog",
            datasets=[{**visits, "theme": "outreach", "access_level": "open"}],
            linkage=[{**pair, "same_controller": "true", "overlap_patients": 40}],
        )
    )
    outcome = reader.understand("How can the ECG patch lifelog be joined to the scan visits?")
    assert isinstance(outcome, Understood), outcome
    plan = outcome.plan
    assert isinstance(plan, LinkagePlan)
    assert (plan.left, plan.right) == (("dalin_ecg",), ("dalin_out",))


@pytest.mark.parametrize(
    "said",
    [
        "Does anyone record whether scans had HbA1c?",
        "Rank the eye diseases in the Saebit EMR by number of patients",
        "Which datasets were built in 2016?",
        "Which dataset has the longest follow-up, and how many patients is it?",
        "Which dataset has the longest median follow-up, and how many days is it?",
        "Which datasets have glaucoma, age and sex?",
    ],
)
def test_elsewhere_the_words_are_not_passed_over(eye, said):
    assert not isinstance(eye.reader.understand(said), Understood)


@pytest.mark.parametrize(
    "text",
    [
        "How many people of the Nuri glaucoma registry also took part in the Saebit EMR?",
        "How many Nuri glaucoma registry patients are also in the Saebit EMR?",
    ],
)
def test_people_of_one_dataset_who_are_also_in_another_are_shared(eye, text):
    outcome = eye.reader.understand(text)
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, LinkagePlan), outcome
    assert (outcome.plan.left, outcome.plan.right) == (("nuri_glaucoma",), ("saebit_emr",))


def test_what_neither_of_two_words_leaves_in(eye):
    plan = eye.reader.understand("Which datasets hold neither HbA1c nor IOP?").plan
    assert [(h.words, h.negated) for h in plan.holdings] == [("HbA1c", True), ("IOP", True)]
    plan = eye.reader.understand("Which hospitals other than Saebit have HbA1c?").plan
    assert [(c.field, c.op) for c in plan.conditions] == [("hospital.hospital", "ne")]


def test_more_of_a_cohort_in_one_place_than_in_another_counts_both(eye):
    plan = eye.reader.understand("Is there more glaucoma at Nuri than at Saebit?").plan
    assert isinstance(plan, CountPlan) and plan.cohorts == ("glaucoma",) and len(plan.hospitals) == 2


def test_a_limit_that_changed_nothing_is_named(eye):
    outcome = eye.reader.understand("Which years does the Nuri glaucoma registry cover, 80+?")
    assert not isinstance(outcome, Understood)
