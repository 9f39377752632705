"""What a scored log comes to, as the document that commands print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.baseline import Against, Loss, accept, against, read_accepted, read_baseline
from evals.compare import paired
from evals.gate import THRESHOLDS, Verdict, judge, read_thresholds
from evals.judge import Judge, Progress
from evals.log import Log, read_log
from evals.score import MAIN, Scores, SuiteScore, score
from evals.scores.mark import Score
from evals.suite import read_suites


@dataclass(frozen=True, slots=True)
class Result:
    """A log, its scores and the verdict."""

    log: Log
    scores: Scores
    verdict: Verdict


def evaluate(
    log: Path,
    suites: Path,
    *,
    before: Path | None = None,
    asked: Judge | None = None,
    progress: Progress | None = None,
) -> Result:
    """Read and score a log, and judge it by the thresholds and the baseline in the folder ``suites``.

    ``before`` is a log that takes the baseline's place; ``asked`` a judge whose scores stand beside.
    """
    read = read_log(log)
    scores = score(read, asked, progress)
    baseline = read_baseline(suites)
    if before is not None:
        earlier = read_log(before)
        baseline = accept(earlier, score(earlier), None)
    found = against(scores, baseline, read_accepted(suites), read_suites(suites))
    return Result(read, scores, judge(scores, read_thresholds(suites / THRESHOLDS), found))


def document(result: Result, report: Path | None) -> dict[str, Any]:
    """JSON-ready: scores, intervals, slices and wrong cases of each suite, the gate and why it failed."""
    header = result.log.header
    return {
        "run": {"started": header.started, "code": header.code, "release": header.release},
        "suites": {name: _suite(suite) for name, suite in result.scores.suites.items()},
        "gate": result.verdict.word,
        "failed": [
            {"suite": c.suite, "score": c.score, "value": _rounded(c.value), "least": c.least}
            for c in result.verdict.checks
            if not c.held
        ],
        "missing": dict(result.verdict.missing),
        "baseline": _baseline(result.verdict.against),
        "skipped": list(result.scores.skipped),
        "log": str(result.log.path),
        "report": str(report) if report is not None else None,
    }


def _baseline(found: Against) -> dict[str, Any]:
    """What the baseline says: losses by name and by slice, and what it and the log do not share."""
    return {
        "lost": [_loss(loss) for loss in found.lost],
        "accepted": [{**_loss(loss), "reason": loss.reason} for loss in found.losses if loss.reason],
        "slices": losses_by_slice(found),
        "won": list(found.won),
        "gone": list(found.gone),
        "changed": list(found.changed),
        "fresh": list(found.fresh),
        "idle": list(found.idle),
        "stale": list(found.stale),
        "paired": {
            name: paired([(known.outcome, mark) for known, mark in pairs])
            for name, pairs in found.pairs.items()
        },
    }


def losses_by_slice(found: Against) -> dict[str, int]:
    """How many cases were lost, by suite and slice, the largest first: "answers: ko × rules × easy"."""
    count: dict[str, int] = {}
    for loss in found.lost:
        name = f"{loss.mark.suite}: {loss.mark.slice}"
        count[name] = count.get(name, 0) + 1
    return dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))


def _loss(loss: Loss) -> dict[str, str]:
    return {"suite": loss.mark.suite, "id": loss.mark.id, "slice": loss.mark.slice, "why": loss.mark.why}


def _suite(suite: SuiteScore) -> dict[str, Any]:
    return {
        "cases": len(suite.marks),
        "main": MAIN[suite.kind],
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
