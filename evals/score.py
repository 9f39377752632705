"""Score a log: a mark for each case, scores for each suite and for each slice of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evals.case import SuiteKind
from evals.log import Entry, HomeRecord, Log
from evals.scores import answers, declines, invariants, plans, questions, retrieval
from evals.scores.mark import Mark, Outcome, Score
from evals.text_similarity import Similarity, similarities

Judged = tuple[Outcome, str, dict[str, float]]
JUDGES: dict[SuiteKind, Callable[[Entry, HomeRecord], Judged]] = {
    "retrieval": lambda entry, _: retrieval.judge(entry),
    "questions": questions.judge,
    "answers": lambda entry, _: answers.judge(entry),
    "declines": lambda entry, _: declines.judge(entry),
    "plans": lambda entry, _: plans.judge(entry),
}
SUMMARIES: dict[SuiteKind, Callable[[Sequence[Mark]], dict[str, Score]]] = {
    "retrieval": retrieval.summarize,
    "questions": questions.summarize,
    "answers": answers.summarize,
    "declines": declines.summarize,
    "plans": plans.summarize,
}
MAIN: dict[SuiteKind, str] = {
    "retrieval": "hit_at_5",
    "questions": "execution_accuracy",
    "answers": "complete",
    "declines": "reason_accuracy",
    "plans": "complete",
}
SLICES = ("language", "kind", "difficulty", "split")


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """A suite's cases judged. ``slices``: (what, which) such as ("language", "ko") to its scores."""

    name: str
    kind: SuiteKind
    marks: tuple[Mark, ...]
    scores: Mapping[str, Score]
    slices: Mapping[tuple[str, str], Mapping[str, Score]]
    missing: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All that a log says. ``skipped``: metrics that could not be computed here, with the reason."""

    suites: Mapping[str, SuiteScore]
    skipped: tuple[str, ...]


def score(log: Log) -> Scores:
    """Judge every case of a log. Nothing but the log is read."""
    found = similarities(log)
    suites: dict[str, SuiteScore] = {}
    for name, suite in log.header.suites.items():
        entries = [entry for entry in log.entries if entry.suite == name]
        home = log.header.homes[suite.home]
        marks = tuple(_mark(entry, suite.kind, home) for entry in entries)
        scores = _summary(suite.kind, marks) | _similar(found, name)
        suites[name] = SuiteScore(
            name,
            suite.kind,
            marks,
            scores,
            {part: _summary(suite.kind, group) for part, group in _sliced(marks).items()},
            log.missing.get(name, 0),
            sum(entry.record.seconds for entry in entries),
        )
    return Scores(suites, found.skipped)


def _mark(entry: Entry, kind: SuiteKind, home: HomeRecord) -> Mark:
    case = entry.case
    if entry.record.failure is not None:
        failure = entry.record.failure
        outcome, why, values = _broken(f"{failure.kind}: {failure.message}")
    else:
        outcome, why, values = JUDGES[kind](entry, home)
        more, broken = invariants.measures(entry, home)
        values = values | more
        if broken:
            outcome, why = "wrong", f"{why}; {broken}" if why else broken
    return Mark(
        entry.suite, case.id, case.language, case.kind, case.difficulty, case.split, outcome, why, values
    )


def _broken(why: str) -> Judged:
    return "wrong", why, {"broken": 1.0}


def _summary(kind: SuiteKind, marks: Sequence[Mark]) -> dict[str, Score]:
    if not marks:
        return {}
    return SUMMARIES[kind](marks) | invariants.summarize(marks)


def _sliced(marks: Sequence[Mark]) -> dict[tuple[str, str], list[Mark]]:
    groups: dict[tuple[str, str], list[Mark]] = {}
    for part in SLICES:
        for mark in marks:
            groups.setdefault((part, getattr(mark, part)), []).append(mark)
    return groups


def _similar(found: Similarity, suite: str) -> dict[str, Score]:
    return {name: Score(value, of) for name, (value, of) in found.scores.get(suite, {}).items()}
