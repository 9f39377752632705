"""What understanding a question comes to: a plan, a choice to be made, something absent, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.query.plan import QueryPlan


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the answer has to say; ``code`` names a message, ``values`` fill it in."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """A plan in which every word of the question that matters has its place."""

    plan: QueryPlan
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A choice is needed. ``choices`` are questions to choose from, at most four; there may be none."""

    note: Note
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """``words`` of the question name nothing in the catalog; ``nearest`` are names that are there."""

    note: Note
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoQuery:
    """The question does not ask anything of the catalog."""


Outcome = Understood | Unclear | Absent | NoQuery
