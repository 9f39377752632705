"""The gate: thresholds and baseline against scores; one verdict for console, exit code and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from evals.baseline import Against
from evals.case import Strict
from evals.eval_file import read_toml
from evals.score import Scores, SuiteScore
from evals.text_similarity import never_gates
from knowledge.errors import CaseInvalid

THRESHOLDS = "thresholds.toml"


class Thresholds(Strict):
    """At least so much: ``invariants`` in every suite that has the score, ``suites`` in each by itself."""

    invariants: dict[str, float] = Field(default_factory=dict)
    suites: dict[str, dict[str, float]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked. ``value`` is None where there was no such score."""

    suite: str
    score: str
    least: float
    value: float | None

    @property
    def held(self) -> bool:
        """The score is there and high enough."""
        return self.value is not None and self.value >= self.least - 1e-9


@dataclass(frozen=True, slots=True)
class Verdict:
    """Passed where every check held, no case is missing and none is lost that the baseline protects."""

    checks: tuple[Check, ...]
    missing: Mapping[str, int]
    against: Against = field(default_factory=Against)

    @property
    def passed(self) -> bool:
        """The gate is open."""
        return not self.missing and self.against.held and all(check.held for check in self.checks)

    @property
    def word(self) -> str:
        """ "pass" or "fail"."""
        return "pass" if self.passed else "fail"


def read_thresholds(path: Path) -> Thresholds:
    """Read and check the file. Raises CaseInvalid, also for a score that never gates."""
    found = read_toml(path, lambda given: Thresholds.model_validate(_floats(given)))
    named = {score for scores in (found.invariants, *found.suites.values()) for score in scores}
    loose = sorted(filter(never_gates, named))
    if loose:
        raise CaseInvalid.of([f"{path.name}: {score!r} never gates" for score in loose])
    return found


def judge(scores: Scores, thresholds: Thresholds, against: Against | None = None) -> Verdict:
    """Check the suites that were run. A threshold for a suite that was not run is not checked."""
    checks: list[Check] = []
    for name, suite in scores.suites.items():
        for score, least in thresholds.invariants.items():
            if score in suite.scores:
                checks.append(Check(name, score, least, suite.scores[score].value))
        for score, least in thresholds.suites.get(name, {}).items():
            checks.append(Check(name, score, least, _value(suite, score)))
    missing = {name: suite.missing for name, suite in scores.suites.items() if suite.missing}
    return Verdict(tuple(checks), missing, against or Against())


def _value(suite: SuiteScore, score: str) -> float | None:
    found = suite.scores.get(score)
    return found.value if found is not None else None


def _floats(value: object) -> object:
    """Whole numbers as floats, which TOML keeps apart."""
    if isinstance(value, dict):
        return {name: _floats(member) for name, member in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
