"""Two logs of the same cases, case by case: what went from right to wrong, and whether it may be chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Any

from evals.log import Log
from evals.score import score
from evals.scores.mark import Mark


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose outcome is not what it was."""

    id: str
    before: Mark
    after: Mark


def compare(before: Log, after: Log) -> dict[str, Any]:
    """For each suite of both: scores and their difference, cases that changed, McNemar's exact p.

    Only cases that both logs hold are compared; how many stand in one of them alone is said.
    """
    old, new = score(before).suites, score(after).suites
    suites: dict[str, Any] = {}
    for name in old:
        if name not in new:
            continue
        marks, others = ({mark.id: mark for mark in suite.marks} for suite in (old[name], new[name]))
        changes = [
            Change(id, marks[id], others[id])
            for id in marks
            if id in others and (marks[id].outcome == "right") != (others[id].outcome == "right")
        ]
        lost = [change for change in changes if change.before.outcome == "right"]
        won = [change for change in changes if change.after.outcome == "right"]
        suites[name] = {
            "cases": len(marks.keys() & others.keys()),
            "unpaired": len(marks.keys() ^ others.keys()),
            "scores": {
                key: {
                    "before": round(found.value, 4),
                    "after": round(new[name].scores[key].value, 4),
                    "difference": round(new[name].scores[key].value - found.value, 4),
                }
                for key, found in old[name].scores.items()
                if key in new[name].scores
            },
            "lost": [{"id": change.id, "why": change.after.why} for change in lost],
            "won": [change.id for change in won],
            "p": round(mcnemar(len(lost), len(won)), 4),
        }
    alone = sorted(old.keys() ^ new.keys())
    return {"suites": suites, "suites_in_one_log": alone}


def mcnemar(lost: int, won: int) -> float:
    """Two-sided exact p of so unequal a split, were losing and winning equally likely."""
    of = lost + won
    if of == 0:
        return 1.0
    tail = sum(comb(of, k) for k in range(min(lost, won) + 1)) / 2**of
    return min(1.0, 2 * tail)
