"""The latest run of the evals, over HTTP and as a page."""

from __future__ import annotations

import shutil

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.eval_runs import keep_result, latest, results
from api.settings import load_settings
from assistant.home import Home
from evals.result import Result, document
from evals.score import score
from knowledge.errors import NotFound
from tests.evals.planted import log_of, right


@pytest.fixture
def run_document(tmp_path):
    """The document of a run that lost a case, as ``eval run`` prints it."""
    from evals.gate import Thresholds, judge

    spoilt = right("questions")
    spoilt["case"]["id"] = "q9"
    spoilt["answer"]["query"]["rows"].pop()
    log = log_of(tmp_path / "log.jsonl", spoilt)
    scores = score(log)
    verdict = judge(scores, Thresholds(suites={"questions": {"execution_accuracy": 1.0}}))
    return document(Result(log, scores, verdict), None)


@pytest.fixture
def http(sample_home, tmp_path):
    """The application over a copy of the sample home."""
    shutil.copytree(sample_home, tmp_path / "home")
    home = Home(tmp_path / "home", "tests")
    with TestClient(create_app(home, load_settings(home=home.root), "token")) as client:
        yield client


def test_nothing_was_run_yet(http):
    found = http.get("/api/evals/latest")
    assert found.status_code == 404 and "giljabi eval run" in found.json()["hint"]
    assert "No evals were run" in http.get("/evals?lang=en").text


def test_the_latest_run_is_told_in_both_languages(http, tmp_path, run_document):
    keep_result(tmp_path / "home", "20250101-000000", {**run_document, "gate": "pass"})
    keep_result(tmp_path / "home", "20250301-000000", run_document)
    told = http.get("/api/evals/latest").json()
    assert told["gate"] == "fail" and told["suites"]["questions"]["wrong"] == ["q9"]
    korean, english = (http.get(f"/evals?lang={code}").text for code in ("ko", "en"))
    assert "통과하지 못함" in korean and "이전 실행" in korean
    assert "execution_accuracy: 0.0 %, at least 100.0 %" in english and "Earlier runs" in english


def test_results_that_cannot_be_read_are_passed_over(tmp_path, run_document):
    with pytest.raises(NotFound):
        latest(tmp_path)
    keep_result(tmp_path, "20250101-000000", run_document)
    for name, text in (("20250102-000000", "{"), ("20250103-000000", '{"run": 1}')):
        (tmp_path / "evals" / name).mkdir()
        (tmp_path / "evals" / name / "result.json").write_text(text, encoding="utf-8")
    assert [one["gate"] for one in results(tmp_path)] == ["fail"]
