"""The gate: passes, fails, and fails where something is missing."""

from __future__ import annotations

from evals.gate import Thresholds, judge
from evals.report import render
from evals.result import Result, document
from evals.score import score
from tests.evals.planted import log_of, right


def _verdict(log, **thresholds):
    return judge(score(log), Thresholds(**thresholds))


def test_it_passes_at_the_threshold_and_fails_above(tmp_path):
    log = log_of(tmp_path / "log.jsonl", right("questions"))
    assert _verdict(log, suites={"questions": {"execution_accuracy": 1.0}}).passed
    verdict = _verdict(log, suites={"questions": {"rs_10": 100.1}})
    assert verdict.word == "fail"
    assert [check.score for check in verdict.checks if not check.held] == ["rs_10"]


def test_a_score_that_is_not_there_fails(tmp_path):
    log = log_of(tmp_path / "log.jsonl", right("questions"))
    assert not _verdict(log, suites={"questions": {"elegance": 0.0}}).passed


def test_a_suite_that_was_not_run_is_not_asked_for(tmp_path):
    log = log_of(tmp_path / "log.jsonl", right("questions"))
    assert _verdict(log, suites={"answers": {"complete": 1.0}}).passed


def test_an_invariant_holds_in_every_suite(tmp_path):
    spoilt = right("answers")
    spoilt["stored"] = ["something else"]
    log = log_of(tmp_path / "log.jsonl", right("questions"), spoilt)
    verdict = _verdict(log, invariants={"citation_validity": 1.0})
    assert [(check.suite, check.held) for check in verdict.checks] == [("answers", False)]


def test_missing_cases_fail_and_are_counted(tmp_path):
    path = tmp_path / "log.jsonl"
    log = log_of(
        path, right("questions"), {**right("questions"), "case": {**right("questions")["case"], "id": "q2"}}
    )
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    from evals.log import read_log

    log = read_log(path)
    verdict = _verdict(log)
    assert verdict.word == "fail" and verdict.missing == {"questions": 1}


def test_console_and_reports_tell_the_same_verdict_and_name_what_is_wrong(tmp_path):
    spoilt = right("questions")
    spoilt["case"]["text"] = "How many <b>people</b> | per dataset?"
    spoilt["answer"]["query"]["rows"].pop()
    log = log_of(tmp_path / "log.jsonl", spoilt)
    scores = score(log)
    verdict = judge(scores, Thresholds(suites={"questions": {"execution_accuracy": 1.0}}))
    result = Result(log, scores, verdict)
    said = document(result, None)
    assert said["gate"] == "fail" and said["suites"]["questions"]["wrong"] == ["q1"]
    assert said["failed"] == [
        {"suite": "questions", "score": "execution_accuracy", "value": 0.0, "least": 1.0}
    ]
    html, markdown = render(result, "report.html.j2"), render(result, "report.md.j2")
    assert "<title>Evals: fail</title>" in html and markdown.startswith("# Evals: fail")
    assert "&lt;b&gt;people&lt;/b&gt;" in html and "<b>people</b>" not in html
    assert "\\| per dataset?" in markdown
    assert "http" not in html  # one file, nothing fetched
