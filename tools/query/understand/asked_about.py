"""What a question is about: the dimensions that it groups by and the kind of thing that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.query.plan import Dimension
from tools.query.understand.quantity import Quantity
from tools.query.understand.segment import FILLER

if TYPE_CHECKING:
    from tools.query.understand.clues import Clues

_DIMENSIONS: dict[str, Dimension] = {
    "dimension.year": "year",
    "dimension.sex": "sex",
    "dimension.age_band": "age_band",
    "dimension.dataset": "dataset",
    "dimension.hospital": "hospital",
    "subject.hospital": "hospital",
    "subject.dataset": "dataset",
    "subject.registry": "dataset",
    "subject.cohort": "cohort",
}
_CALLED = {"subject.registry": "dataset"}


def groups_of(clues: Clues) -> tuple[list[Dimension], set[int]]:
    """Dimensions grouped by ("병원별", "by hospital and sex", "each hospital"), and the segments that
    say so."""
    found: dict[Dimension, int] = {}
    for i, segment in enumerate(clues.segments):
        if segment.plays("group.after"):
            _group_back(clues, i, found)
        elif segment.plays("group.before"):
            _group_on(clues, i, found)
    return list(dict.fromkeys(found)), set(found.values())


def _dimension(clues: Clues, i: int) -> Dimension | None:
    if i in clues.counted:
        return None
    return next((_DIMENSIONS[r] for r in clues.segments[i].roles if r in _DIMENSIONS), None)


def _group_back(clues: Clues, i: int, found: dict[Dimension, int]) -> None:
    j = i - 1
    while j >= 0 and clues.segments[j].roles == (FILLER,):
        j -= 1
    while j >= 0:
        dimension = _dimension(clues, j)
        if dimension is None and j == i - 1 and clues.segments[j].plays("subject.data"):
            dimension = "dataset"  # "자료별로"
        if dimension is None:
            break
        found.setdefault(dimension, j)
        # "병원 및 연도별": the marker closes a list.
        if j < 2 or not clues.segments[j - 1].plays("and"):
            break
        j -= 2


def _group_on(clues: Clues, i: int, found: dict[Dimension, int]) -> None:
    j = i + 1
    while j < len(clues.segments):
        dimension = _dimension(clues, j)
        if dimension is not None:
            found.setdefault(dimension, j)
        elif years := next((q for q in clues.quantities if j in q.at and _several_years(q)), None):
            found.setdefault("year", i)  # "for each of the last three years"
            j = max(years.at)
        elif not clues.segments[j].plays("and", FILLER, "group.before"):
            break
        j += 1


def subject_of(clues: Clues) -> str | None:
    """The entity asked for: the one behind "which", else the last noun in Korean, the first in English.

    "data" and "where" count only where no other noun is there.
    """
    nouns = [
        (i, _CALLED.get(role, role.split(".")[1]))
        for i, segment in enumerate(clues.segments)
        if i not in clues.grouped and i not in clues.counted
        for role in segment.roles
        if role.startswith("subject.")
    ]
    titled = [i for i, s in enumerate(clues.segments) if i and s.titled and s.names("dataset")]
    if any(clues.segments[i - 1].plays("which") for i in titled):
        return "dataset"  # "which lifelog datasets"
    if not nouns:
        return None
    for i, name in nouns:
        if name not in {"data", "where"} and any(
            clues.segments[j].plays("which", "how_many") for j in range(max(0, i - 2), i)
        ):
            return name
    chosen = [n for n in nouns if n[1] not in {"data", "where"}]
    if clues.language == "en" and nouns[0][1] == "data" and chosen and chosen[0][1] == "hospital":
        return "data"  # "data from hospitals in ..."
    if not chosen:
        return "data" if any(n[1] == "data" for n in nouns) else None
    return chosen[-1][1] if clues.language == "ko" else chosen[0][1]


def _several_years(quantity: Quantity) -> bool:
    return quantity.kind == "recent" or (quantity.kind == "year" and not quantity.exact)
