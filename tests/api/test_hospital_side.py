"""The commands on a hospital's side: from its tables to an answer."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.knowledge.catalog import lung_clinic

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lung clinic's files and its configuration."""
    folder = tmp_path_factory.mktemp("clinic")
    lung_clinic.write_csv(folder / "files", "cp949")
    lung_clinic.config(folder, "folder: files")
    return folder


@pytest.fixture
def site(clinic: Path, tmp_path: Path) -> Path:
    """A copy that a test may write beside."""
    shutil.copytree(clinic, tmp_path / "site")
    return tmp_path / "site"


def test_from_tables_to_an_answer(command: Command, site: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"), "--json")
    profiled = command(*home, "catalog", "profile", str(site / "profile.yaml"), "--out", str(site / "raw"))
    assert profiled.code == 0
    assert profiled.json["datasets"] == [{"id": "lungs", "cohorts": 2, "cells": 165, "variables": 7}]
    assert len(profiled.json["problems"]) == 4

    refused = command(*home, "catalog", "import", "giljabi", str(site / "raw"))
    assert refused.code == 1 and "protect first" in str(refused.json)

    protected = command(*home, "catalog", "protect", str(site / "raw"), "--out", str(site / "published"))
    assert protected.code == 0
    [dataset] = protected.json["datasets"]
    assert dataset["released"] + dataset["suppressed"] == 165
    assert protected.json["rule"]["id"] == "aligned-bins-10"

    imported = command(*home, "catalog", "import", "giljabi", str(site / "published"))
    assert (imported.code, imported.json["problems"]) == (0, [])
    answer = command(*home, "ask", "How many patients with COPD are there?").json
    [patients] = [row[answer["query"]["columns"].index("patients")] for row in answer["query"]["rows"]]
    exact = next(
        line.split(",")[5] for line in (site / "raw" / "raw_counts.csv").read_text().splitlines()
        if line.startswith("lungs,copd,,,,")
    )
    assert patients == int(exact) // 10 * 10


def test_people_are_told_what_happened(command: Command, site: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"))
    profiled = command(*home, "catalog", "profile", str(site / "profile.yaml"), "--out", str(site / "raw"))
    assert "persons with more than one sex: 1" in profiled.out
    assert "giljabi catalog protect" in profiled.out
    protected = command(*home, "catalog", "protect", str(site / "raw"), "--out", str(site / "published"))
    assert "under rule aligned-bins-10" in protected.out


def test_a_second_publication(command: Command, site: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"), "--json")
    command(*home, "catalog", "profile", str(site / "profile.yaml"), "--out", str(site / "raw"))
    protect = (*home, "catalog", "protect", str(site / "raw"), "--out", str(site / "published"))
    kept = ("--state", str(site / "state"))
    first = command(*protect, *kept)
    assert first.json["datasets"][0]["published_anew"] is True
    assert command(*protect, *kept).code == 1  # nobody is new, and what is published is not at hand
    second = command(*protect, *kept, "--previous", str(site / "published"))
    assert second.json["datasets"][0]["published_anew"] is False
    assert second.json["notes"] == ["lungs: fewer than 50 new patients; what is published stays"]
    assert command(*protect, "--previous", str(site / "published")).code == 2


def test_a_hospitals_own_counts(command: Command, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"), "--json")
    counts = tmp_path / "ours.csv"
    counts.write_text("dataset,year,patients\neyes,,523\neyes,2020,301\neyes,2021,289\n")
    done = command(*home, "catalog", "protect", str(counts), "--out", str(tmp_path / "published"))
    assert (done.code, done.json["version"]) == (0, "2025-04-10")  # the day of the tests
    assert command(*home, "catalog", "import", "giljabi", str(tmp_path / "published")).code == 0
    counts.write_text("dataset,year,patients\neyes,2020,-3\n")
    refused = command(*home, "catalog", "protect", str(counts), "--out", str(tmp_path / "published"))
    assert refused.code == 1
    assert "ours.csv:2: patients -3 is negative" in str(refused.json)


def test_what_is_wrong_is_refused(
    command: Command, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ("--home", str(tmp_path / "home"), "--json")
    out = ("--out", str(tmp_path / "raw"))
    assert command(*home, "catalog", "profile", str(tmp_path / "nothing.yaml"), *out).code == 1
    config = lung_clinic.config(site, "folder: files", **{"birth_year: born": "birth_year: borne"})
    wrong = command(*home, "catalog", "profile", str(config), *out)
    assert wrong.code == 1 and "Did you mean 'born'?" in str(wrong.json)
    assert command(*home, "catalog", "protect", str(site / "files"), *out).code == 1
    monkeypatch.setitem(sys.modules, "psycopg", None)
    config = lung_clinic.config(site, 'postgres: "postgresql://127.0.0.1/clinic"')
    without = command(*home, "catalog", "profile", str(config), *out)
    assert without.code == 3 and "giljabi[postgres]" in str(without.json)
    assert not (tmp_path / "raw").exists()
