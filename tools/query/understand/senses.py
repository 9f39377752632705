"""What a stretch of words may name in a catalog, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["hospital", "dataset", "table", "variable", "concept", "cohort", "team", "value"]

# How a name was met, best first.
FULL, ALIAS, SHORT, GLOSSARY, PART = range(5)
INITIALS = "initials"  # the field of senses by the first letters of a name, which are written in capitals


@dataclass(frozen=True, slots=True)
class Sense:
    """One kind of thing that a stretch of words may name. ``field`` is given for values ("dataset.theme")."""

    kind: Kind
    ids: tuple[str, ...]
    tier: int
    field: str = ""
