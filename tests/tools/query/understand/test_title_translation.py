"""Datasets with an English title that are named in Korean."""

from __future__ import annotations

import csv
import shutil

import pytest

from tests.tools.query.eye_catalog import EYE, reader_over
from tools.query.understand.outcome import Understood
from tools.query.understand.understand import Reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The eye catalog, of which one dataset has no Korean title."""
    folder = tmp_path_factory.mktemp("titles") / "catalog"
    shutil.copytree(EYE, folder)
    file = folder / "datasets.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row["dataset"] == "dalin_ecg":
            row["title_en"], row["title_ko"] = "Dalin Home Sensor Night Logs", ""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return reader_over(folder)


@pytest.mark.parametrize("called", ["달인 가정 센서 야간 로그", "가정 센서 로그 자료", "센서 야간 로그"])
def test_each_word_is_found_in_the_title(reader: Reader, called: str) -> None:
    outcome = reader.understand(f"{called} 업데이트 주기는?")
    assert isinstance(outcome, Understood), outcome
    assert [c.values for c in outcome.plan.conditions] == [("dalin_ecg",)]


@pytest.mark.parametrize("called", ["달인 학교 센서 로그", "가정 센서 레지스트리 환자", "체중(로그)"])
def test_a_word_that_is_not_in_it_names_no_dataset(reader: Reader, called: str) -> None:
    words = called.removesuffix(" 환자")
    assert all("dalin_ecg" not in s.ids for s in _senses(reader, words, whole=len(words)))


def _senses(reader: Reader, text: str, whole: int):
    segments = reader.clues(f"{text} 업데이트 주기는?").segments
    return [sense for s in segments if s.end - s.start >= whole for sense in s.senses]
