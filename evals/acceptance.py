"""Accepting a log as the baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.baseline import Baseline, accept, against, read_accepted, read_baseline, write_baseline
from evals.gate import THRESHOLDS, Thresholds, judge, read_thresholds
from evals.log import read_log
from evals.score import score
from evals.suite import read_suites
from knowledge.errors import CaseInvalid


def accept_log(path: Path, suites: Path) -> dict[str, Any]:
    """Write ``baseline.json`` in the folder ``suites``; what changed in it, JSON-ready.

    Raises CaseInvalid, and writes nothing, where the log is not whole or of other suites, broke an
    invariant, or lost a case that ``accepted.toml`` does not name.
    """
    log = read_log(path)
    scores, before, reasons = score(log), read_baseline(suites), read_accepted(suites)
    found = against(scores, before, reasons, read_suites(suites))
    invariants = Thresholds(invariants=read_thresholds(suites / THRESHOLDS).invariants)
    broken = [check for check in judge(scores, invariants).checks if not check.held]
    problems = [f"{count} cases of {name} are not in the log" for name, count in log.missing.items()]
    problems += [f"the log was made with another version of the suite {name!r}" for name in found.stale]
    problems += [
        f"{check.suite}: {check.score} is {check.value}, and has to be {check.least}" for check in broken
    ]
    problems += [f"{loss.mark.id} ({loss.mark.slice}) is lost: {loss.mark.why}" for loss in found.lost]
    if problems:
        raise CaseInvalid.of(
            [f"{path.name}: {problem}" for problem in problems],
            hint="Mend it, or name a case that may be lost in accepted.toml with the reason.",
        )
    after = accept(log, scores, before)
    written = write_baseline(after, suites)
    return {"baseline": str(written), **_changes(before or Baseline(), after), "accepted": sorted(reasons)}


def _changes(before: Baseline, after: Baseline) -> dict[str, Any]:
    both = before.cases.keys() & after.cases.keys()
    was, now = ({id for id in both if b.cases[id].outcome == "right"} for b in (before, after))
    return {
        "cases": len(after.cases),
        "right": sum(case.outcome == "right" for case in after.cases.values()),
        "added": sorted(after.cases.keys() - both),
        "removed": sorted(before.cases.keys() - both),
        "lost": sorted(was - now),
        "won": sorted(now - was),
    }
