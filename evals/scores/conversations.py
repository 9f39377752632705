"""Conversations: each turn judged as a question by itself; what was said before has to carry over."""

from __future__ import annotations

from collections.abc import Sequence

from evals.case import ConversationCase
from evals.log import Entry
from evals.records import HomeRecord
from evals.scores.answers import judge_facts
from evals.scores.mark import Mark, Outcome, Score, given, mean, rate
from evals.scores.questions import judge_answer


def judge(entry: Entry, home: HomeRecord) -> tuple[Outcome, str, dict[str, float]]:
    """Right where every turn is right, wrong where any is wrong; why names the turns, from 1."""
    case = entry.case
    assert isinstance(case, ConversationCase)
    found: list[tuple[Outcome, str]] = []
    for turn, answered in zip(case.turns, entry.turns, strict=True):
        if turn.expect is not None:
            outcome, why, _ = judge_answer(turn.expect, answered.answer, home)
        else:
            outcome, why, _ = judge_facts(turn, answered.answer)
        found.append((outcome, why))
    right = [outcome == "right" for outcome, _ in found]
    values = {
        "turns": sum(right) / len(right),
        "opening": float(right[0]),
        "follow_ups": sum(right[1:]) / len(right[1:]),
    }
    parts = [f"turn {n}: {outcome}, {why}" for n, (outcome, why) in enumerate(found, 1) if outcome != "right"]
    outcomes = {outcome for outcome, _ in found}
    whole: Outcome = "wrong" if "wrong" in outcomes else "abstained" if "abstained" in outcomes else "right"
    return whole, "; ".join(parts), values


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """The rate of whole conversations, the mean share of right turns, of openings and of follow-ups."""
    return given(
        complete=rate(sum(mark.outcome == "right" for mark in marks), len(marks)),
        not_wrong=rate(sum(mark.outcome != "wrong" for mark in marks), len(marks)),
        turns_right=mean(marks, "turns"),
        openings_right=mean(marks, "opening"),
        follow_ups_right=mean(marks, "follow_ups"),
    )
