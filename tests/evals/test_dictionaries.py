"""The questions over public dictionaries: half of them Korean, their counts as the catalog publishes them.

Running them takes the dictionaries, which are no part of the project: `eval run --suites`, as in the README.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from evals.case import QuestionCase
from evals.gate import read_thresholds
from evals.suite import read_suites

FOLDER = Path(__file__).parent / "dictionaries"


def test_there_are_sixty_questions_half_of_them_korean():
    cases = read_suites(FOLDER).suites["dictionaries"].cases
    assert Counter(case.language for case in cases) == {"ko": 30, "en": 30}
    asked = Counter(case.expect.status for case in cases if isinstance(case, QuestionCase))
    assert asked["answered"] >= 45 and {"not_found", "declined", "clarify"} <= set(asked)
    assert read_thresholds(FOLDER / "thresholds.toml").invariants["nothing_leaked"] == 1.0


def test_the_counts_that_are_expected_are_published():
    with (FOLDER / "catalog" / "counts.csv").open(encoding="utf-8") as file:
        published = {(row["dataset"], row["patients"], row["status"]) for row in csv.DictReader(file)}
    checked = 0
    for case in read_suites(FOLDER).suites["dictionaries"].cases:
        assert isinstance(case, QuestionCase)
        columns, rows = case.expect.columns or (), case.expect.rows or ()
        if "patients" in columns:
            for row in rows:
                number = row[columns.index("patients")]
                told = ("", "suppressed") if number is None else (str(number), "released")
                assert (row[columns.index("dataset")], *told) in published, case.id
                checked += 1
    assert checked > 40
