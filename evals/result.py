"""What a scored log comes to, as the document that commands print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.gate import THRESHOLDS, Verdict, judge, read_thresholds
from evals.log import Log, read_log
from evals.score import Scores, SuiteScore, score
from evals.scores.mark import Score


@dataclass(frozen=True, slots=True)
class Result:
    """A log, its scores and the verdict."""

    log: Log
    scores: Scores
    verdict: Verdict


def evaluate(log: Path, suites: Path) -> Result:
    """Read and score a log, and judge it by the thresholds in the folder ``suites``."""
    read = read_log(log)
    scores = score(read)
    return Result(read, scores, judge(scores, read_thresholds(suites / THRESHOLDS)))


def document(result: Result, report: Path | None) -> dict[str, Any]:
    """JSON-ready: scores, intervals, slices and wrong cases of each suite, the gate and its failed checks."""
    return {
        "suites": {name: _suite(suite) for name, suite in result.scores.suites.items()},
        "gate": result.verdict.word,
        "failed": [
            {"suite": c.suite, "score": c.score, "value": _rounded(c.value), "least": c.least}
            for c in result.verdict.checks
            if not c.held
        ],
        "missing": dict(result.verdict.missing),
        "skipped": list(result.scores.skipped),
        "log": str(result.log.path),
        "report": str(report) if report is not None else None,
    }


def _suite(suite: SuiteScore) -> dict[str, Any]:
    return {
        "cases": len(suite.marks),
        "scores": _values(suite.scores),
        "intervals": {
            name: [_rounded(s.low), _rounded(s.high)] for name, s in suite.scores.items() if s.low is not None
        },
        "slices": {f"{what}={which}": _values(found) for (what, which), found in suite.slices.items()},
        "wrong": [mark.id for mark in suite.marks if mark.outcome == "wrong"],
        "abstained": [mark.id for mark in suite.marks if mark.outcome == "abstained"],
        "seconds": round(suite.seconds, 2),
    }


def _values(scores: Mapping[str, Score]) -> dict[str, float | None]:
    return {name: _rounded(found.value) for name, found in scores.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
