"""Which open queries a reviewer should look at first: those asked often, and those unlike anything approved.

Nothing is learned by itself: a query counts as known once a reviewer approves it. This only orders the work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.records import Review
from knowledge.text import normalize

OFTEN = 3  # times asked under the catalog version in use
UNLIKE = 0.7  # cosine to the nearest approved question, below which nothing approved is like it

Encode = Callable[[Sequence[str]], Any]  # one unit vector per text


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open query and why it is worth a look.

    asked: how many answers ran it. likeness: cosine of its question to ``nearest``, the approved question
    most like it; 0 and empty where none is approved.
    """

    review: Review
    asked: int
    likeness: float
    nearest: str = ""

    @property
    def often(self) -> bool:
        """Asked often enough that an approval would spare work."""
        return self.asked >= OFTEN

    @property
    def unlike(self) -> bool:
        """Of a kind that nobody has vouched for."""
        return self.likeness < UNLIKE


def propose_reviews(
    waiting: Sequence[Review], approved: Sequence[Review], times: Mapping[str, int], encode: Encode
) -> list[Proposed]:
    """What of ``waiting`` is often asked or unlike all of ``approved``, the most asked first, then the
    least alike. ``times`` are how often each query was answered, by its id."""
    if not waiting:
        return []
    near = _nearest([r.question for r in waiting], [r.question for r in approved], encode)
    found = [
        Proposed(review, times.get(review.id, 0), likeness, nearest)
        for review, (likeness, nearest) in zip(waiting, near, strict=True)
    ]
    worth = [one for one in found if one.often or one.unlike]
    return sorted(worth, key=lambda one: (-one.asked, one.likeness, one.review.number))


def times_asked(queries: Sequence[Mapping[str, Any] | None], catalog_version: str) -> Counter[str]:
    """How often each query was answered under a catalog version, by its id."""
    return Counter(
        str(query["id"]) for query in queries if query and query["catalog_version"] == catalog_version
    )


def _nearest(questions: list[str], known: list[str], encode: Encode) -> list[tuple[float, str]]:
    if not known:
        return [(0.0, "")] * len(questions)
    cosines = encode([normalize(q) for q in questions]) @ encode([normalize(k) for k in known]).T
    best = cosines.argmax(axis=1)
    return [(round(float(row[at]), 3), known[at]) for row, at in zip(cosines, best, strict=True)]
