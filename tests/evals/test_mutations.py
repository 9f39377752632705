"""Faults planted by the hundred: nearly all are caught, and what is harmless is not taken for one."""

from __future__ import annotations

import random

from evals.planting import plant
from tests.evals.planted import CITATION, HOME, QUERY, log_of, right, text_of

DATASETS = {"han_sleep": "Sleep study", "sol_sleep": "Sol sleep", "han_emr": "EMR"}


def _counted(number: int, drawn: random.Random) -> dict:
    """A question to the catalog, with rows of its own; every fourth has a hidden count."""
    record = right("questions")
    chosen = drawn.sample(sorted(DATASETS), 2 + number % 2)
    rows = []
    for place, dataset in enumerate(chosen):
        low = 10 * drawn.randrange(4, 900)
        hidden = number % 4 == 0 and place == 0
        told = [None, "suppressed", 0, 9] if hidden else [low, "released", low, low + 9]
        rows.append([dataset, DATASETS[dataset], *told])
    query = {**QUERY, "rows": rows}
    record["case"] = {
        **record["case"],
        "id": f"q{number}",
        "expect": {
            "status": "answered",
            "columns": ["dataset", "patients"],
            "rows": [[row[0], row[2]] for row in rows],
        },
    }
    record["answer"].update(query=query, text=text_of(query))
    return record


def _quoted(number: int, drawn: random.Random) -> dict:
    """A question about rules, answered by two sentences that are cited."""
    record = right("answers")
    won, days = f"{drawn.randrange(100, 990)},000 won", f"{drawn.randrange(11, 90)} days"
    quotes = [f"The review costs {won}.", f"It takes {days} at most."]
    record["case"] = {
        **record["case"],
        "id": f"a{number}",
        "facts": [{"says": [won]}, {"says": [days]}],
        "reference": quotes[0],
    }
    record["answer"].update(
        text="\n".join(f"- {quote} [{n}]" for n, quote in enumerate(quotes, 1)),
        citations=[
            {**CITATION, "id": str(n), "quote": quote, "end": 10 + len(quote)}
            for n, quote in enumerate(quotes, 1)
        ],
    )
    record["stored"] = quotes
    return record


def _refused(number: int) -> dict:
    record = right("declines")
    record["case"] = {**record["case"], "id": f"d{number}"}
    return record


def test_at_least_98_of_100_planted_faults_are_caught_and_no_harmless_change_is(tmp_path):
    drawn = random.Random(3)
    records = [_counted(n, drawn) for n in range(60)] + [_quoted(n, drawn) for n in range(40)]
    records += [_refused(n) for n in range(20)]
    found = plant(log_of(tmp_path / "log.jsonl", *records)).document()
    assert found["planted"] >= 500 and all(one["made"] >= 10 for one in found["faults"].values()), found
    assert found["caught_rate"] >= 0.98, found["faults"]
    assert found["harmless"] >= 300 and found["false_alarm_rate"] < 0.01, found["harmless_changes"]


def test_the_labels_that_subjects_are_told_by_are_those_of_the_home():
    assert {id for ids in HOME.labels.values() for id in ids} >= set(DATASETS)
