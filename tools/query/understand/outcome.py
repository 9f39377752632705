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
    """A plan in which every word of the question that matters has its place.

    ``follows``: it changes or points to what was answered before, and is nothing without it.
    """

    plan: QueryPlan
    notes: tuple[Note, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """A choice is needed. ``choices`` are questions to choose from, at most four; there may be none."""

    note: Note
    choices: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """``words`` of the question name nothing in the catalog; ``nearest`` are names that are there.

    ``plan`` is the same question without the limit that nothing lies within; a follow-up may change it.
    """

    note: Note
    nearest: tuple[str, ...] = ()
    plan: QueryPlan | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class NoQuery:
    """The question does not ask anything of the catalog."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The conversation begins anew: nothing said before counts."""


Outcome = Understood | Unclear | Absent | NoQuery | Cleared
