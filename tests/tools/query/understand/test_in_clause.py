"""Words that mean something else by their place in an English clause."""

from __future__ import annotations

import shutil

import pytest

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import load_catalog
from knowledge.glossary.glossary import load_terms
from tests.tools.query.conftest import EYE
from tools.query.plan import LinkagePlan
from tools.query.understand.outcome import Understood
from tools.query.understand.understand import Reader


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
    folder = tmp_path / "catalog"
    shutil.copytree(EYE, folder)
    with (folder / "datasets.csv").open("a", encoding="utf-8") as file:
        file.write("dalin_out,dalin,Dalin outreach scan visits,,,,outreach,2020,2024,,,,open,10,,,\n")
    with (folder / "linkage.csv").open("a", encoding="utf-8") as file:
        file.write("dalin_out,dalin_ecg,device number,true,40\n")
    tables, problems = read_folder(folder)
    assert problems == ()
    build_database(tables, tmp_path / "eye.duckdb")
    reader = Reader.of(load_catalog(tmp_path / "eye.duckdb"), load_terms())
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
