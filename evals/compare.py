"""Two runs of the same cases, case by case: what went from right to wrong, and whether it may be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.log import Log
from evals.score import SuiteScore, score
from evals.scores.mark import Mark, Outcome
from evals.statistics import mcnemar, paired_interval


def compare(before: Log, after: Log) -> dict[str, Any]:
    """For each suite of both: scores and their difference, cases that changed, and ``paired`` figures.

    Only cases that both logs hold and that ask the same are compared; ``unpaired`` stand in one of them
    alone, ``changed`` ask or expect something else by now.
    """
    old, new = score(before).suites, score(after).suites
    suites = {name: _suite(old[name], new[name]) for name in old if name in new}
    return {"suites": suites, "suites_in_one_log": sorted(old.keys() ^ new.keys())}


def _suite(old: SuiteScore, new: SuiteScore) -> dict[str, Any]:
    marks, others = ({mark.id: mark for mark in suite.marks} for suite in (old, new))
    both = [id for id in marks if id in others]
    pairs = [(marks[id], others[id]) for id in both if marks[id].hash == others[id].hash]
    lost = [after for before, after in pairs if before.outcome == "right" and after.outcome != "right"]
    won = [after for before, after in pairs if before.outcome != "right" and after.outcome == "right"]
    return {
        "cases": len(pairs),
        "unpaired": len(marks.keys() ^ others.keys()),
        "changed": [id for id in both if marks[id].hash != others[id].hash],
        "scores": {
            key: {
                "before": round(found.value, 4),
                "after": round(new.scores[key].value, 4),
                "difference": round(new.scores[key].value - found.value, 4),
            }
            for key, found in old.scores.items()
            if key in new.scores
        },
        "lost": [{"id": mark.id, "slice": mark.slice, "why": mark.why} for mark in lost],
        "won": [mark.id for mark in won],
        "paired": paired([(before.outcome, after) for before, after in pairs]),
    }


def paired(pairs: Sequence[tuple[Outcome, Mark]]) -> Mapping[str, float] | None:
    """Of what was and what is: the difference of the rates of right cases with its 95 % interval
    (bootstrap, clustered by template), how many were lost and won, and McNemar's exact p."""
    if not pairs:
        return None
    before = [float(outcome == "right") for outcome, _ in pairs]
    after = [float(mark.outcome == "right") for _, mark in pairs]
    lost = sum(a > b for a, b in zip(before, after, strict=True))
    won = sum(a < b for a, b in zip(before, after, strict=True))
    difference, low, high = paired_interval(before, after, [mark.cluster or mark.id for _, mark in pairs])
    return {
        "cases": len(pairs),
        "lost": lost,
        "won": won,
        "difference": round(difference, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "p": round(mcnemar(lost, won), 4),
    }
