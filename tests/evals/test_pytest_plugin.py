"""A suite run as tests, in a pytest of its own."""

from __future__ import annotations

import subprocess
import sys

from evals.baseline import Baseline, Known, write_baseline
from evals.case import case_hash
from evals.suite import read_suites
from tests.conftest import ROOT, command_environment


def _pytest(place, suites, homes, *names):
    chosen = [part for name in names for part in ("--giljabi-suite", name)]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "evals.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-q",
        "-rx",
    ]
    where = ["--rootdir", str(place), "--giljabi-suites", str(suites), "--giljabi-homes", str(homes)]
    environment = command_environment()
    environment["PYTHONPATH"] = f"{ROOT}:{environment['PYTHONPATH']}"
    return subprocess.run(
        [*command, *where, *chosen], cwd=place, env=environment, capture_output=True, text=True, check=False
    )


def test_cases_are_tests_and_known_losses_are_expected(tmp_path, eye_suites, eye_homes):
    for name, old, new in (("questions", "[[4100]]", "[[4110]]"), ("declines", "patient_level", "raw_sql")):
        path = eye_suites / f"{name}.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (case, *_) = read_suites(eye_suites).suites["questions"].cases
    known = Known(suite="questions", outcome="wrong", hash=case_hash(case))
    write_baseline(Baseline(cases={case.id: known}), eye_suites)
    ran = _pytest(tmp_path, eye_suites, eye_homes, "questions", "declines")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 failed, 2 passed, 1 xfailed" in ran.stdout
    assert "declined as patient_level; expected raw_sql" in ran.stdout
    assert "as in the baseline: expected [[4110]]" in ran.stdout


def test_an_unknown_suite_is_a_usage_error(tmp_path, eye_suites, eye_homes):
    ran = _pytest(tmp_path, eye_suites, eye_homes, "questoins")
    assert ran.returncode == 4 and "There is no suite 'questoins'" in ran.stderr
