"""Questions to the catalog: execution accuracy, and what wrong answers and abstentions cost (RS).

RS(N) counts +1 for a right answer or a right abstention, 0 for abstaining where an answer was to be had
and -N for a wrong answer, per hundred cases. Abstaining from everything is the score to beat.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Answer
from evals.case import ANSWERED, Expected, QuestionCase
from evals.log import Entry
from evals.records import HomeRecord
from evals.scores.mark import Mark, Outcome, Score, given, rate, share
from evals.scores.rows import difference

PENALTIES = (0, 10)


def judge(entry: Entry, home: HomeRecord) -> tuple[Outcome, str, dict[str, float]]:
    """Outcome, what is wrong, and measures. "status" is 1 where status and reason are the expected ones."""
    case, answer = entry.case, entry.answer
    assert isinstance(case, QuestionCase) and answer is not None
    return judge_answer(case.expect, answer, home)


def judge_answer(wanted: Expected, answer: Answer, home: HomeRecord) -> tuple[Outcome, str, dict[str, float]]:
    """The same of one answer to a catalog question, wherever it was asked."""
    values = {"answerable": float(wanted.status == "answered"), "status": float(_same_status(wanted, answer))}
    if wanted.status == "clarify":  # a question back helps where it offers something to choose from
        values["clarified"] = float(answer.status == "clarify" and len(answer.options) > 1)
    if answer.status not in ANSWERED:
        if wanted.rows == () and answer.status == "not_found":
            return "right", "", values  # that there is none may be said in either way
        if wanted.status == "answered":
            return "abstained", f"{answer.status} ({answer.reason or 'no reason'})", values
        return "right", "", values
    if wanted.status != "answered":
        if wanted.status == "not_found" and answer.query is not None and not answer.query.rows:
            return "right", "", values  # no rows is another way of saying that there is nothing
        return "wrong", f"answered; expected {wanted.status}", values
    if answer.query is None:
        return "wrong", "answered without rows", values
    why = difference(wanted, answer.query, home.datasets)
    return ("wrong" if why else "right"), why, values


def _same_status(wanted: Expected, answer: Answer) -> bool:
    if wanted.status == "answered":
        return answer.status in ANSWERED
    return answer.status == wanted.status and answer.reason == wanted.reason


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """The scores of a set of judged questions. RS and abstain_all are points per hundred cases."""
    answerable = [mark for mark in marks if mark.values.get("answerable") == 1.0]
    others = [mark for mark in marks if mark.values.get("answerable") == 0.0]
    unclear = [mark for mark in marks if "clarified" in mark.values]
    scores = given(
        execution_accuracy=share(answerable, lambda mark: mark.outcome == "right"),
        right_abstentions=share(others, lambda mark: mark.outcome == "right"),
        wrong=share(marks, lambda mark: mark.outcome == "wrong"),
        clarified=share(unclear, lambda mark: mark.values.get("clarified") == 1.0),
        status_accuracy=rate(sum(mark.values.get("status", 0.0) for mark in marks), len(marks)),
    )
    for penalty in PENALTIES:
        scores[f"rs_{penalty}"] = Score(reliability(marks, penalty), len(marks))
    scores["abstain_all"] = Score(100 * len(others) / len(marks), len(marks))
    return scores


def reliability(marks: Sequence[Mark], penalty: int) -> float:
    """RS(``penalty``) in points per hundred cases."""
    points = {"right": 1, "abstained": 0, "wrong": -penalty}
    return 100 * sum(points[mark.outcome] for mark in marks) / len(marks)
