"""Names that stand for two ideas, on a catalog that holds both and on one that holds one."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from knowledge.catalog.database import build_database
from knowledge.catalog.folder import read_folder
from knowledge.catalog.read import load_catalog
from knowledge.glossary.glossary import Term, load_terms
from tools.query.plan import CountPlan
from tools.query.understand.ideas import Ideas
from tools.query.understand.outcome import Unclear, Understood
from tools.query.understand.understand import Reader

EYE = Path(__file__).parents[3] / "fixtures" / "eye_catalog"
JOINT = ["ra_joint", "Rheumatoid arthritis", "류마티스관절염", "KCD-8:M05", "Two visits. / 두 번 방문."]
AIR = ["room_air", "Room air at admission", "실내공기 호흡", "", "No oxygen. / 산소 없음."]


def _reader(folder: Path, cohorts: Iterable[list[str]]) -> Reader:
    """The eye catalog with more cohorts, each counted in its first two datasets."""
    folder.mkdir()
    for part in EYE.iterdir():
        (folder / part.name).write_bytes(part.read_bytes())
    with (folder / "datasets.csv").open(encoding="utf-8", newline="") as file:
        datasets = [row["dataset"] for row in csv.DictReader(file)][:2]
    cohorts = list(cohorts)
    with (folder / "cohorts.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(cohorts)
    with (folder / "counts.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with (folder / "counts.csv").open("a", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, header, lineterminator="\n", restval="")
        for dataset, cohort in zip(datasets, cohorts, strict=False):
            rows.writerow({"dataset": dataset, "cohort": cohort[0], "patients": 100, "status": "released"})
    read, problems = read_folder(folder)
    assert problems == ()
    build_database(read, folder / "catalog.duckdb")
    return Reader.of(load_catalog(folder / "catalog.duckdb"), load_terms())


def test_a_name_of_two_things_that_are_there_asks_which(tmp_path: Path) -> None:
    outcome = _reader(tmp_path / "both", [JOINT, AIR]).understand("How many RA patients are there?")
    assert isinstance(outcome, Unclear)
    assert outcome.note.code == "several"
    assert outcome.choices == (
        "How many Rheumatoid arthritis patients are there?",
        "How many Room air patients are there?",
    )


def test_a_name_of_which_one_meaning_is_there_takes_it_and_says_so(tmp_path: Path) -> None:
    outcome = _reader(tmp_path / "one", [JOINT]).understand("How many RA patients are there?")
    assert isinstance(outcome, Understood) and isinstance(outcome.plan, CountPlan)
    assert outcome.plan.cohorts == ("ra_joint",)
    assert [(n.code, n.values["meant"]) for n in outcome.notes] == [("homonym", "Rheumatoid arthritis")]


def test_the_dataset_named_beside_it_decides(tmp_path: Path) -> None:
    reader = _reader(tmp_path / "scope", [JOINT, AIR])
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
