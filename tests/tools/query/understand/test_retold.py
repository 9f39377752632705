"""Questions in other words than the catalog's, on the eye catalog with a few more things in it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.tools.query.eye_catalog import cohort, counted, eye_with, reader_over
from tools.query.plan import CountPlan, ListPlan
from tools.query.understand.outcome import Note, Outcome, Unclear, Understood
from tools.query.understand.retold import _failing
from tools.query.understand.tiles import Segment
from tools.query.understand.understand import Reader

COHORTS = [cohort("swallow", "Dysphagia", "연하장애"), cohort("hives", "Urticaria", "두드러기")]
VARIABLES = [
    {"name": "lid_margin", "label_en": "Redness of the eyelid margin", "label_ko": "눈꺼풀 가장자리 발적"},
    {"name": "drops_left", "label_en": "Drops remaining in the bottle", "label_ko": "병에 남은 안약"},
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    place = {"dataset": "nuri_glaucoma", "table": "visit"}
    return reader_over(
        eye_with(
            tmp_path_factory.mktemp("retold") / "catalog",
            cohorts=COHORTS,
            counts=[counted("saebit_emr", one) for one in COHORTS],
            variables=[{**place, **row} for row in VARIABLES],
        )
    )


@pytest.mark.parametrize(
    ("question", "variable", "words"),
    [
        ("Which variable says how red the eyelid margin is?", "lid_margin", "red the eyelid margin"),
        (
            "Where do you record the drops that remained in the bottle?",
            "drops_left",
            "drops that remained in the bottle",
        ),
    ],
)
def test_a_label_is_met_in_other_words_of_one_root(
    reader: Reader, question: str, variable: str, words: str
) -> None:
    outcome = reader.understand(question)
    assert isinstance(outcome, Understood)
    assert isinstance(outcome.plan, ListPlan)
    assert [c.values for c in outcome.plan.conditions] == [(variable,)]
    assert [note.values["words"] for note in outcome.notes if note.code == "homonym"] == [words]


@pytest.mark.parametrize(
    ("question", "cohort", "dataset"),
    [
        ("How many people with atrial fibrillation were given a patch?", "af", "dalin_ecg"),
        ("심전도 패치를 붙인 심방세동 환자는 몇 명인가요?", "af", "dalin_ecg"),
    ],
)
def test_what_brought_people_into_a_dataset_names_it(
    reader: Reader, question: str, cohort: str, dataset: str
) -> None:
    outcome = reader.understand(question)
    assert isinstance(outcome, Understood)
    assert isinstance(outcome.plan, CountPlan)
    assert (outcome.plan.cohorts, outcome.plan.datasets) == ((cohort,), (dataset,))


@pytest.mark.parametrize(
    "question",
    [
        "How many people were given a patch?",  # nobody of whom the dataset would show is counted
        "How many people with glaucoma were given a patch?",  # who are not counted there
        "How many people wore an ECG patch?",
        "How many patients had urticaria after a bee sting?",
        "음식이 목에 걸리는 연하장애 환자는 몇 명인가요?",  # no saying of dysphagia has the throat in it
    ],
)
def test_words_that_no_one_thing_is_called_by_stay_unread(reader: Reader, question: str) -> None:
    assert not isinstance(reader.understand(question), Understood)


def test_the_words_of_a_cohort_mean_no_dataset(reader: Reader) -> None:
    outcome = reader.understand("How many people came to the cohort with atrial fibrillation glaucoma?")
    assert not (isinstance(outcome, Understood) and outcome.plan.datasets == ("dalin_af",))


def test_stretches_hold_a_word_that_was_not_understood(reader: Reader) -> None:
    question = "Where do you record the drops that remained in the bottle?"
    at = question.index("remained")
    found = reader.retelling.stretches(question, [(at, at + len("remained"))], "en")
    assert [one.tile.text for one in found] == ["drops that remained in the bottle"]
    assert reader.retelling.stretches(question, [(0, len("Where"))], "en") == []
    assert reader.retelling.stretches(question, [(at, at + len("remained"))], "en", [(at, at + 3)]) == []


@pytest.mark.parametrize(
    ("text", "word", "places"),
    [
        ("What dosage at what age?", "age", [20]),
        ("양말을 신는 환자의 말", "말", [11]),
        ("녹내장환자", "환자", [3]),  # inside of others where it nowhere stands alone
    ],
)
def test_words_are_found_where_they_stand_alone(text: str, word: str, places: list[int]) -> None:
    spans = _failing(text, Unclear(Note("unused_words", {"words": word})))
    assert spans == [(at, at + len(word)) for at in places]


@pytest.mark.parametrize("word", ["grade", "sign", "score"])
def test_what_tells_clinical_things_apart_carries_no_description(reader: Reader, word: str) -> None:
    question = f"Where do you record the drops of the {word} that remained in the bottle?"
    at = question.index("remained")
    found = reader.retelling.stretches(question, [(at, at + len("remained"))], "en")
    assert not any(word in one.tile.text for one in found)


def test_an_outcome_that_is_not_about_words_stays(reader: Reader) -> None:
    outcome = Unclear(Note("age_edges", {"asked": "over 50", "bands": "40-59"}))
    assert reader.retelling.retell("How many are over 50?", outcome, "en", _unread) is outcome


def _unread(tiles: tuple[Segment, ...]) -> tuple[Outcome, Sequence[Segment]]:
    raise AssertionError(f"The question was read again with {tiles}.")
