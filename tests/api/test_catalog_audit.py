"""``giljabi catalog audit``: exit codes, the report's forms, and the catalog in use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import TABLES

Command = Callable[..., Any]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A catalog folder of one dataset with one cohort."""
    folder = tmp_path / "published"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_without_a_leak_passes(command: Command, published: Path, tmp_path: Path) -> None:
    done = command("--home", str(tmp_path / "home"), "--json", "catalog", "audit", str(published))
    assert done.code == 0 and done.json["passed"] is True
    assert [one["dataset"] for one in done.json["datasets"]] == ["han_sleep"]
    assert not (tmp_path / "home").exists()


def test_a_leak_fails_and_is_named(command: Command, published: Path, tmp_path: Path) -> None:
    variables = (published / "variables.csv").read_text(encoding="utf-8").replace(",/h,,5", ",/h,,12.5")
    (published / "variables.csv").write_text(variables, encoding="utf-8")
    report = tmp_path / "audit.json"
    home = ("--home", str(tmp_path / "home"))
    shown = command(*home, "catalog", "audit", str(published), "--report", str(report))
    assert shown.code == 1
    assert "unrounded_percentage  han_sleep: nights.ahi: missing_pct is 12.5" in shown.out
    assert json.loads(report.read_text(encoding="utf-8"))["kinds"] == {"unrounded_percentage": 1}


@pytest.mark.parametrize(
    ("name", "begins"), [("a.md", "# Audit"), ("a.html", "<!doctype"), ("a.svg", "<svg")]
)
def test_reports(command: Command, published: Path, tmp_path: Path, name: str, begins: str) -> None:
    report = tmp_path / name
    home = ("--home", str(tmp_path / "home"), "--json")
    done = command(*home, "catalog", "audit", str(published), "--report", str(report))
    assert done.code == 0 and done.json["report"] == str(report)
    assert report.read_text(encoding="utf-8").startswith(begins)


def test_an_unknown_form_of_report_is_wrong_usage(command: Command, published: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"), "--json")
    done = command(*home, "catalog", "audit", str(published), "--report", "audit.pdf")
    assert done.code == 2 and "ends in '.pdf'" in str(done.json)


def test_the_catalog_in_use_is_audited_once(command: Command, published: Path, tmp_path: Path) -> None:
    home = ("--home", str(tmp_path / "home"), "--json")
    assert command(*home, "catalog", "audit").code == 3
    assert command(*home, "catalog", "import", "giljabi", str(published)).code == 0
    first, second = (command(*home, "catalog", "audit").json for _ in range(2))
    assert first["unchanged"] == [] and second["unchanged"] == ["han_sleep"]
    assert first["datasets"] == second["datasets"]
