"""The face of an engine, and what goes in and out of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Cell = object
FaultKind = Literal["time", "memory", "statement", "store"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one statement may take: seconds, megabytes, rows, and bytes of rows as they cross the pipe."""

    seconds: float = 10.0
    megabytes: int = 512
    rows: int = 1000
    bytes: int = 16_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """A statement for an engine. ``tables``: the only tables of the catalog that it may read."""

    sql: str
    tables: tuple[str, ...]
    limits: Limits


class EngineFault(Exception):
    """What an engine says of a statement that gave no rows, in words of its own.

    kind: ``time`` and ``memory``, a limit was reached; ``statement``, it cannot be worked out or is
    not allowed; ``store``, the database cannot be read.
    """

    def __init__(self, kind: FaultKind, said: str) -> None:
        super().__init__(said)
        self.kind: FaultKind = kind
        self.said = said


class Engine(Protocol):
    """One catalog version, opened for reading. Used by one thread at a time."""

    def fetch(self, ask: Ask) -> Sequence[tuple[Cell, ...]]:
        """At most ``limits.rows`` + 1 rows. Raises EngineFault."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


def first_line(error: BaseException) -> str:
    """What a library says, without the statement that it repeats."""
    return str(error).strip().split("\n")[0]
