"""Performance: how long answers take. Times vary with the machine, so that only generous limits gate."""

from __future__ import annotations

from collections.abc import Sequence

from evals.case import PerformanceCase
from evals.log import Entry
from evals.scores.mark import Mark, Outcome, Score, given, share


def judge(entry: Entry) -> tuple[Outcome, str, dict[str, float]]:
    """Right where the answer came in time."""
    case, seconds = entry.case, entry.record.seconds
    assert isinstance(case, PerformanceCase)
    why = "" if seconds <= case.within else f"{seconds:.2f} s; expected within {case.within:g} s"
    return ("wrong" if why else "right"), why, {}


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """The rate of answers that came in time."""
    return given(within=share(marks, lambda mark: mark.outcome == "right"))


def percentiles(seconds: Sequence[float]) -> dict[str, Score]:
    """``p50_s`` and ``p95_s``: the time, in seconds, within which that share of the answers came."""
    if not seconds:
        return {}
    ranked = sorted(seconds)
    return {
        f"p{percent}_s": Score(ranked[-(-percent * len(ranked) // 100) - 1], len(ranked))
        for percent in (50, 95)
    }
