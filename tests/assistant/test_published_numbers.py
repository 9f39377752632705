"""Numbers of datasets that publish under different rules: each as a person reads it, with its rule named."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.ask import Assistant
from assistant.home import Home
from tests.assistant.conftest import FIXTURES

TODAY = date(2026, 3, 1)
OWN = "saebit-bins-50"
LIMITS = {"patients_low": "", "patients_high": "", "rule": ""}


def write_catalog(folder: Path) -> Path:
    """The eye catalog, with a dataset under a coarser rule of its own and a coarsened and a hidden total."""
    shutil.copytree(FIXTURES / "eye_catalog", folder)
    with (folder / "counts.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, **LIMITS} for row in csv.DictReader(file)]
    for row in rows:
        if row["dataset"] == "saebit_dr":
            row["rule"] = OWN
        if row["dataset"] == "saebit_dr" and row["status"] == "released":
            low = (int(row["patients"]) - 10) // 50 * 50
            row.update(patients_low=str(max(low, 5)), patients_high=str(low + 149))
        whole = not any(row[name] for name in ("cohort", "year", "sex", "age_band"))
        if whole and row["dataset"] == "dalin_ecg":
            row.update(patients="", records="", status="suppressed")
        if whole and row["dataset"] == "dalin_af":
            row.update(patients="", records="", status="bound", patients_low="600", patients_high="649")
    with (folder / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    place = tmp_path_factory.mktemp("rules")
    with Home(place / "home", "tests") as home:
        home.create()
        home.hold("exclusive")
        home.add_documents([FIXTURES / "eye_documents"])
        assert home.import_catalog(write_catalog(place / "catalog")).problems == ()
        yield home.assistant()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How many patients are in each dataset?",
            {
                "Saebit diabetic retinopathy cohort": "3,050-3,199 patients",
                "Saebit EMR": "309,998-310,002 patients",
                "Dalin ECG patch": "fewer than 5, possibly none",
                "Dalin atrial fibrillation": "at least 600, at most 649 patients",
            },
        ),
        (
            "데이터셋별 환자 수 알려줘",
            {
                "새빛 당뇨망막병증 코호트": "3,050~3,199명",
                "달인 심전도 패치": "5명 미만(없을 수도 있음)",
                "달인 심방세동": "최소 600명, 최대 649명",
            },
        ),
    ],
)
def test_each_kind_of_number_is_said(assistant, question, parts):
    answer = assistant.ask(question, today=TODAY)
    assert answer.status == "answered"
    lines = answer.text.splitlines()
    for name, number in parts.items():
        assert any(name in line and f"| {number} |" in line for line in lines), (name, answer.text)


def test_every_rule_is_named_and_the_stricter_one_with_its_datasets(assistant):
    answer = assistant.ask("How many patients are in each dataset?", today=TODAY)
    assert answer.query is not None and answer.query.rule == f"half-up-5, {OWN}"
    assert f"publication rule half-up-5, {OWN}" in answer.text
    note = next(line for line in answer.text.splitlines() if OWN in line and "stricter" in line)
    assert note.startswith("Saebit diabetic retinopathy cohort:") and "Nuri" not in note
    assert "wider range" in answer.text and "the number may be zero" in answer.text


def test_a_rule_that_governs_nothing_shown_is_not_named(assistant):
    answer = assistant.ask("How many glaucoma patients does each hospital have?", today=TODAY)
    assert answer.query is not None and answer.query.rule == "half-up-5" and OWN not in answer.text


def test_counts_of_one_dataset_stand_under_its_own_rule(assistant):
    answer = assistant.ask("새빛 당뇨망막병증 코호트의 환자 수는 몇 명인가요?", today=TODAY)
    assert answer.query is not None and answer.query.rule == OWN
    assert "3,050~3,199명" in answer.text and "반올림" not in answer.text


def test_one_hospital_or_dataset_is_not_said_to_overlap(assistant):
    answer = assistant.ask("How many glaucoma patients are in Nuri OCT by sex?", today=TODAY)
    assert "several hospitals" not in answer.text and "several datasets" not in answer.text


def test_added_records_are_not_called_the_same_people(assistant):
    answer = assistant.ask("How many records of glaucoma in 2020 in total?", today=TODAY)
    assert "at most 7,321 records" in answer.text and "The same person" not in answer.text
