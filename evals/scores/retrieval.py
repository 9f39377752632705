"""Retrieval: is the place that answers a question among the first passages found?"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from evals.case import Place, RetrievalCase
from evals.log import Entry
from evals.records import Found
from evals.scores.mark import Mark, Outcome, Score, given, mean, rate

RECALL_AT = 5
NDCG_AT = 10


def judge(entry: Entry) -> tuple[Outcome, str, dict[str, float]]:
    """Right where one relevant place is among the first five passages."""
    case, passages = entry.case, entry.record.passages
    assert isinstance(case, RetrievalCase) and passages is not None
    firsts = [_first(place, passages) for place in case.relevant]
    ranks = sorted(rank for rank in firsts if rank is not None)
    values = {
        "hit": float(bool(ranks) and ranks[0] <= RECALL_AT),
        "recall": sum(rank <= RECALL_AT for rank in ranks) / len(case.relevant),
        "reciprocal_rank": 1 / ranks[0] if ranks else 0.0,
        "ndcg": _gain(ranks) / _gain(range(1, len(case.relevant) + 1)),
    }
    if values["hit"]:
        return "right", "", values
    found = [f"{p.document} › {p.section}" for p in passages[:3]]
    return "wrong", f"first at {ranks[0] if ranks else 'none'}; found {found}", values


def summarize(marks: Sequence[Mark]) -> dict[str, Score]:
    """Recall@5, the rate of cases with a hit among five, mean reciprocal rank, nDCG@10."""
    return given(
        recall_at_5=mean(marks, "recall"),
        hit_at_5=rate(sum(mark.values.get("hit", 0.0) for mark in marks), len(marks)),
        mrr=mean(marks, "reciprocal_rank"),
        ndcg_at_10=mean(marks, "ndcg"),
    )


def matches(place: Place, found: Found) -> bool:
    """The passage belongs to the document and stands under the heading."""
    if place.document != found.document:
        return False
    return not place.section or place.section in found.section.split(" > ")


def _first(place: Place, passages: Sequence[Found]) -> int | None:
    """The rank, from 1, of the first passage of this place."""
    return next((rank for rank, found in enumerate(passages, 1) if matches(place, found)), None)


def _gain(ranks: Sequence[int] | range) -> float:
    return sum(1 / log2(rank + 1) for rank in ranks if rank <= NDCG_AT)
