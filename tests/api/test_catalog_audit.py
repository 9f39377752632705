"""``giljabi catalog audit``: exit codes, the report's forms, and the catalog in use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import TABLES, write_catalog

Command = Callable[..., Any]


COUNTS = "dataset,cohort,year,sex,age_band,patients,records,status\n"
SLICE = COUNTS + """han_sleep,,,,,430,,released
han_sleep,,,,18-39,40,,released
han_sleep,,,,40-64,390,,released
han_sleep,,,F,,50,,released
han_sleep,,,F,18-39,10,,released
han_sleep,,,F,40-64,40,,released
han_sleep,,,M,,380,,released
han_sleep,,,M,18-39,30,,released
han_sleep,,,M,40-64,350,,released
"""
# What somebody could have made of a catalog before it was audited, by file.
LEAKS = {
    "an unrounded percentage": (
        {"variables": TABLES["variables.csv"].replace(",/h,,5", ",/h,,12.5")},
        "unrounded_percentage  han_sleep: nights.ahi: missing_pct is 12.5",
    ),
    "a hidden part whose neighbours are all shown": (
        {"counts": COUNTS + "".join(
            f"han_sleep,osa,,,{band},{n},,{'released' if n else 'suppressed'}\n"
            for band, n in (("", 40), ("18-39", 10), ("40-64", 10), ("65+", ""))
        )},
        "unsuppressed_complement  han_sleep: osa / all years / all / 65+: can only be 2 to 9",
    ),
    "a total that was counted and not rounded": (
        {"counts": COUNTS + "han_sleep,osa,,,,323,,released\n"}, "rule_broken  counts.csv:2: patients 323",
    ),
    "the day of one patient's first visit": (
        {"datasets": TABLES["datasets.csv"].replace(",2018,", ",2018-03-04,")},
        "day_precise_date  han_sleep: dataset: period_start is 2018-03-04",
    ),
}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A catalog folder of one dataset with one cohort."""
    return write_catalog(tmp_path / "published")


def test_a_folder_without_a_leak_passes(command: Command, published: Path, tmp_path: Path) -> None:
    done = command("--home", str(tmp_path / "home"), "--json", "catalog", "audit", str(published))
    assert done.code == 0 and done.json["passed"] is True
    assert [one["dataset"] for one in done.json["datasets"]] == ["han_sleep"]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_fails_and_is_named(command: Command, tmp_path: Path, leak: str) -> None:
    changed, told = LEAKS[leak]
    folder, report = write_catalog(tmp_path / "leaky", **changed), tmp_path / "audit.json"
    home = ("--home", str(tmp_path / "home"))
    shown = command(*home, "catalog", "audit", str(folder), "--report", str(report))
    assert shown.code == 1
    assert told in shown.out
    assert list(json.loads(report.read_text(encoding="utf-8"))["kinds"]) == [told.split()[0]]


def test_a_second_version_that_gives_away_a_fall_from_12_to_9(command: Command, tmp_path: Path) -> None:
    """Each version by itself is safe; together they tell that a cell fell while its margins stayed."""
    home = ("--home", str(tmp_path / "home"), "--json", "catalog", "audit")
    before = write_catalog(tmp_path / "before", counts=SLICE)
    fallen = SLICE.replace("F,18-39,10,,released", "F,18-39,,,suppressed")
    after = write_catalog(tmp_path / "after", counts=fallen)
    assert command(*home, str(before)).code == 0
    assert command(*home, str(before), "--previous", str(before)).code == 0
    together = command(*home, str(after), "--previous", str(before))
    assert together.code == 1 and together.json["versions"] == 2
    told = {one["kind"]: one for one in together.json["findings"]}
    assert told["crossed_alone"]["where"] == "everyone / all years / F / 18-39"
    assert told["crossed_alone"]["what"] == "10-19 became hidden" and "republished_too_soon" in told


def test_a_second_version_by_the_rule_passes_alone_and_with_the_first(
    command: Command, tmp_path: Path
) -> None:
    """The same fall from 12 to 9, protected: the cell stays as it was published."""
    home = ("--home", str(tmp_path / "home"), "--json", "catalog")
    names, folders = ("first", "second"), []
    for name, women, men in zip(names, (12, 9), (553, 633), strict=True):
        parts = {("F", "18-39"): women, ("F", "40-64"): 442, ("M", "18-39"): 331, ("M", "40-64"): men}
        rows = [
            f"han_sleep,{sex},{band}," + str(sum(
                n for (s, b), n in parts.items() if sex in ("", s) and band in ("", b)
            ))
            for sex in ("", "F", "M") for band in ("", "18-39", "40-64")
        ]
        raw, out = tmp_path / f"{name}.csv", tmp_path / name
        raw.write_text("\n".join(("dataset,sex,age_band,patients", *rows)), encoding="utf-8")
        previous = ("--previous", str(folders[0])) if folders else ()
        made = command(*home, "protect", str(raw), "--out", str(out), "--state", str(tmp_path / "kept"),
                       *previous)
        assert made.code == 0
        folders.append(out)
    assert "han_sleep,,,F,18-39,10,,released,1,28" in (tmp_path / "second" / "counts.csv").read_text()
    audit = (*home, "audit", str(tmp_path / "second"))
    for with_what in ((), ("--raw", str(tmp_path / "second.csv"))):
        assert command(*audit, *with_what).code == 0
        assert command(*audit, "--previous", str(tmp_path / "first"), *with_what).code == 0


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
