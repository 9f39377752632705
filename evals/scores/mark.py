"""What scoring says of one case, and of a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Literal

from evals.statistics import mean_interval

Outcome = Literal["right", "wrong", "abstained"]
POINTS = {"rs_0", "rs_10", "abstain_all"}  # points per hundred cases; all other scores run from 0 to 1
Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Mark:
    """One case judged.

    ``outcome``: "abstained" only where an answer was to be had and none was given; a right abstention is
    "right". ``why`` says what is wrong. ``values`` are this case's own measures, mostly 0 to 1. Marks of
    one ``cluster`` are variants of one wording. ``hash`` is that of question and expectation.
    """

    suite: str
    id: str
    language: str
    kind: str
    difficulty: str
    split: str
    outcome: Outcome
    why: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    cluster: str = ""
    hash: str = ""
    seconds: float = 0.0

    @property
    def slice(self) -> str:
        """Language, kind and difficulty, as in "ko × count × easy"."""
        return f"{self.language} × {self.kind} × {self.difficulty}"


@dataclass(frozen=True, slots=True)
class Score:
    """A score over ``of`` cases with its 95 % interval: Wilson's of a rate, bootstrapped of a mean."""

    value: float
    of: int
    low: float | None = None
    high: float | None = None


def say_score(value: float | None, name: str = "") -> str:
    """A score as people read it: seconds and points as they are, everything else in percent."""
    if value is None:
        return "none"
    if name.endswith("_s"):
        return f"{value:.2f} s"
    return f"{value:.1f}" if name in POINTS else f"{100 * value:.1f} %"


def wilson(good: float, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate of ``good`` in ``of`` trials."""
    if of == 0:
        return 0.0, 1.0
    rate, square = good / of, Z * Z
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = Z * sqrt(rate * (1 - rate) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(good: float, of: int) -> Score | None:
    """A rate with its interval; None where there were no trials, which is no rate of zero."""
    return None if of == 0 else Score(good / of, of, *wilson(good, of))


def share(marks: Sequence[Mark], holds: Callable[[Mark], bool]) -> Score | None:
    """The rate of marks of which something holds."""
    return rate(sum(map(holds, marks)), len(marks))


def mean(marks: Iterable[Mark], name: str) -> Score | None:
    """The mean of one measure over the marks that have it, with its bootstrapped interval."""
    having = [mark for mark in marks if name in mark.values]
    if not having:
        return None
    found = [mark.values[name] for mark in having]
    low, high = mean_interval(found, [mark.cluster or mark.id for mark in having])
    return Score(sum(found) / len(found), len(found), low, high)


def given(**scores: Score | None) -> dict[str, Score]:
    """The scores that there are."""
    return {name: score for name, score in scores.items() if score is not None}
