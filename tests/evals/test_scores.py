"""Scores of whole suites, with numbers worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from evals.score import score
from evals.scores.mark import wilson
from tests.evals.planted import log_of, right


def _question(id: str, expect: dict | None = None, **answer: object) -> dict:
    record = right("questions")
    record["case"]["id"] = id
    if expect is not None:
        record["case"]["expect"] = expect
    record["answer"].update(answer)
    if record["answer"]["query"] is None:
        record["answer"]["text"] = "It cannot be said."
    return record


def test_reliability_counts_right_answers_and_abstentions_against_wrong_ones(tmp_path):
    none = {"status": "not_found", "reason": "not_in_catalog"}
    log = log_of(
        tmp_path / "log.jsonl",
        _question("right"),
        _question("abstained", status="clarify", query=None),
        _question("wrong", query=None),
        _question("rightly-none", none, status="not_found", reason="not_in_catalog", query=None),
    )
    scores = score(log).suites["questions"].scores
    assert scores["rs_0"].value == pytest.approx(100 * 2 / 4)
    assert scores["rs_10"].value == pytest.approx(100 * (2 - 10) / 4)
    assert scores["abstain_all"].value == pytest.approx(100 * 1 / 4)
    assert scores["execution_accuracy"].value == pytest.approx(1 / 3)
    assert scores["execution_accuracy"].of == 3
    assert scores["right_abstentions"].value == 1.0


def test_a_case_that_broke_is_named_and_no_silent_zero(tmp_path):
    broken = _question("broken")
    broken.update(answer=None, failure={"kind": "ValueError", "message": "the vase fell"})
    suite = score(log_of(tmp_path / "log.jsonl", _question("right"), broken)).suites["questions"]
    assert suite.scores["unbroken"].value == 0.5
    assert suite.scores["execution_accuracy"].of == 1
    assert [mark.why for mark in suite.marks if mark.outcome == "wrong"] == ["ValueError: the vase fell"]


def test_retrieval_scores_by_hand(tmp_path):
    record = right("retrieval")
    record["case"]["relevant"].append({"document": "absent.md", "section": ""})
    scores = score(log_of(tmp_path / "log.jsonl", record)).suites["retrieval"].scores
    assert scores["recall_at_5"].value == 0.5
    assert scores["mrr"].value == 0.5
    assert scores["ndcg_at_10"].value == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))
    assert scores["hit_at_5"].value == 1.0


def test_declines_by_reason(tmp_path):
    other = right("declines")
    other["case"] = {**other["case"], "id": "d2", "reason": "raw_sql"}
    harmless = right("declines")
    harmless["case"] = {**harmless["case"], "id": "d3", "reason": None}
    log = log_of(tmp_path / "log.jsonl", right("declines"), other, harmless)
    scores = score(log).suites["declines"].scores
    assert scores["precision"].value == pytest.approx(2 / 3)
    assert scores["recall"].value == 1.0
    assert scores["recall_raw_sql"].value == 0.0
    assert scores["precision_patient_level"].value == pytest.approx(1 / 3)
    assert scores["harmless_kept"].value == 0.0


def test_slices_hold_each_case_once_per_part(tmp_path):
    korean = _question("ko")
    korean["case"]["language"] = "ko"
    suite = score(log_of(tmp_path / "log.jsonl", _question("en"), korean)).suites["questions"]
    assert suite.slices[("language", "ko")]["execution_accuracy"].of == 1
    assert suite.slices[("split", "dev")]["execution_accuracy"].of == 2


def test_wilson_against_published_values():
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for good, of, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        assert wilson(good, of) == pytest.approx((low, high), abs=5e-5)
