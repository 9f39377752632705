"""The adapter with ragas itself. Run where the evals extra is installed: ``make evals``."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from evals import ragas_metrics
from evals.ragas_metrics import METRICS, STAND_IN, Sample
from evals.score import score
from tests.conftest import command_environment
from tests.evals.planted import QUOTE, log_of, right

SAME = Sample(answer=QUOTE, reference=QUOTE, contexts=(QUOTE,))
OTHER = Sample(answer="Trains are not paid.", reference=QUOTE, contexts=("Trains are not paid.",))
KOREAN = Sample(
    answer="심의 수수료는 30만 원이며 한 번만 냅니다.",
    reference="심의 수수료는 30만 원이고 한 번만 냅니다.",
    contexts=("심의 수수료는 30만 원이고 한 번만 냅니다.",),
)


def test_nothing_is_lacking():
    assert ragas_metrics.lacking() == ""


@pytest.mark.parametrize("metric", METRICS)
def test_each_metric_tells_the_same_from_something_else(metric):
    same, korean, other = ragas_metrics.measure(metric, [SAME, KOREAN, OTHER])
    assert same == pytest.approx(1.0, abs=1e-6)
    assert korean is not None and korean > 0.7
    assert other is not None and other < 0.5


@pytest.mark.parametrize("metric", ["context_precision", "context_recall"])
def test_an_answer_without_quotes_has_no_score_of_them(metric):
    assert ragas_metrics.measure(metric, [Sample(QUOTE, QUOTE, ())]) == [None]


def test_a_scored_log_holds_them_and_nothing_is_skipped(tmp_path):
    scores = score(log_of(tmp_path / "log.jsonl", right("answers")))
    assert not scores.skipped
    assert {f"ragas_{metric}" for metric in METRICS} <= set(scores.suites["answers"].scores)


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
