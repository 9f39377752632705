"""Whether what a question names is found again in the plan: a mention may not be used and change nothing.

The last check before a plan stands. Which names limit it is decided in many places; here is only asked that
of each name that stands for itself one thing, or a dataset or hospital it stands for, is in the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tools.query.plan import CountPlan, QueryPlan
from tools.query.plan_document import plan_document
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.scope import dataset_ids, owned_title

_KINDS = {"cohort", "dataset", "hospital"}


def unreflected(clues: Clues, plan: QueryPlan) -> list[int]:
    """The segments that name cohorts, datasets or hospitals, of which a count's plan has nothing."""
    if not isinstance(plan, CountPlan):
        return []
    held = set(_strings(plan_document(plan)))
    owners = {d.hospital for d in clues.catalog.datasets if d.dataset in held}
    again = {*clues.again, *clues.restated}
    found = []
    for i, segment in enumerate(clues.segments):
        senses = [s for s in segment.senses if s.tier < PART and s.kind in _KINDS]
        if segment.roles or not senses or len(senses) < len([s for s in segment.senses if s.tier < PART]):
            continue
        ids = {id for s in senses for id in s.ids} | {*dataset_ids(clues, i), *owned_title(clues, i)}
        if plan.measure == "records":
            ids.update(clues.parts(i, "dataset"))  # "골절은 몇 건": records of the dataset called so
        if i not in again and not ids & (held | owners):
            found.append(i)
    return found


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
