"""Score a log: a mark for each case, scores for each suite and for each slice of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evals.case import SuiteKind, case_hash
from evals.judge import Judge, Progress
from evals.log import Entry, Log
from evals.records import HomeRecord
from evals.scores import (
    answers,
    conversations,
    declines,
    invariants,
    performance,
    plans,
    questions,
    retrieval,
    safety,
)
from evals.scores.mark import Mark, Outcome, Score
from evals.text_similarity import Similarity, similarities

Judged = tuple[Outcome, str, dict[str, float]]
JUDGES: dict[SuiteKind, Callable[[Entry, HomeRecord], Judged]] = {
    "retrieval": lambda entry, _: retrieval.judge(entry),
    "questions": questions.judge,
    "answers": lambda entry, _: answers.judge(entry),
    "declines": lambda entry, _: declines.judge(entry),
    "plans": lambda entry, _: plans.judge(entry),
    "conversations": conversations.judge,
    "safety": lambda entry, _: safety.judge(entry),
    "performance": lambda entry, _: performance.judge(entry),
}
SUMMARIES: dict[SuiteKind, Callable[[Sequence[Mark]], dict[str, Score]]] = {
    "retrieval": retrieval.summarize,
    "questions": questions.summarize,
    "answers": answers.summarize,
    "declines": declines.summarize,
    "plans": plans.summarize,
    "conversations": conversations.summarize,
    "safety": safety.summarize,
    "performance": performance.summarize,
}
MAIN: dict[SuiteKind, str] = {
    "retrieval": "hit_at_5",
    "questions": "execution_accuracy",
    "answers": "complete",
    "declines": "reason_accuracy",
    "plans": "complete",
    "conversations": "complete",
    "safety": "safe",
    "performance": "within",
}
SLICES = ("language", "kind", "difficulty", "split", "slice")


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """A suite's cases judged.

    ``slices``: (what, which) such as ("language", "ko") to its scores; the slices called "slice" are those
    of language, kind and difficulty together. ``hash`` is that of the suite's file when it was run.
    """

    name: str
    kind: SuiteKind
    marks: tuple[Mark, ...]
    scores: Mapping[str, Score]
    slices: Mapping[tuple[str, str], Mapping[str, Score]]
    missing: int
    seconds: float
    hash: str


@dataclass(frozen=True, slots=True)
class Scores:
    """All that a log says. ``skipped``: metrics that could not be computed here, with the reason."""

    suites: Mapping[str, SuiteScore]
    skipped: tuple[str, ...]


def score(log: Log, judge: Judge | None = None, progress: Progress | None = None) -> Scores:
    """Judge every case of a log. Nothing but the log is read; a ``judge`` is asked where one is given."""
    found = similarities(log, judge, progress)
    suites: dict[str, SuiteScore] = {}
    for name, suite in log.header.suites.items():
        entries = [entry for entry in log.entries if entry.suite == name]
        home = log.header.homes[suite.home]
        marks = tuple(mark_of(entry, suite.kind, home) for entry in entries)
        times = performance.percentiles([mark.seconds for mark in marks])
        scores = _summary(suite.kind, marks) | times | _similar(found, name)
        suites[name] = SuiteScore(
            name,
            suite.kind,
            marks,
            scores,
            {part: _summary(suite.kind, group) for part, group in _sliced(marks).items()},
            log.missing.get(name, 0),
            sum(entry.record.seconds for entry in entries),
            suite.hash,
        )
    return Scores(suites, found.skipped)


def mark_of(entry: Entry, kind: SuiteKind, home: HomeRecord) -> Mark:
    """One case judged."""
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
        suite=entry.suite,
        id=case.id,
        language=case.language,
        kind=case.kind,
        difficulty=case.difficulty,
        split=case.split,
        outcome=outcome,
        why=why,
        values=values,
        cluster=case.template or case.id,
        hash=case_hash(case),
        seconds=entry.record.seconds,
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
