"""Research plans drafted in a conversation: is it taken as a draft, and does it hold what it has to?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.case import PlanCase
from evals.log import Entry
from evals.scores.answers import holds, plain
from evals.scores.mark import Mark, Outcome, Score, given, mean, rate


def judge(entry: Entry) -> tuple[Outcome, str, dict[str, float]]:
    """Right where the intent is to draft, the status is one of the case's and every text stands in it."""
    case, answer = entry.case, entry.answer
    assert isinstance(case, PlanCase) and answer is not None
    text = plain(answer.text)
    said = [any(holds(text, wording) for wording in fact.says) for fact in case.holds]
    forbidden = [wording for wording in case.never if holds(text, wording)]
    values = {"held": sum(said) / len(said), "intent": float(answer.intent == "draft")}
    lacking = [fact.says[0] for fact, there in zip(case.holds, said, strict=True) if not there]
    parts = [] if answer.intent == "draft" else [f"taken as {answer.intent}"]
    parts += [] if answer.status in case.statuses else [f"{answer.status}; expected {list(case.statuses)}"]
    parts += [f"not said: {lacking}"] if lacking else []
    parts += [f"said, and must not be: {forbidden}"] if forbidden else []
    return ("wrong" if parts else "right"), "; ".join(parts), values


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """Rate of whole drafts, mean share of what they have to hold, rate taken as a draft."""
    return given(
        complete=rate(sum(mark.outcome == "right" for mark in marks), len(marks)),
        held=mean(marks, "held"),
        taken_as_draft=rate(sum(mark.values.get("intent", 0.0) for mark in marks), len(marks)),
    )
