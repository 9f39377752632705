"""The value that the runner accepts: SQL that passed every rule of the gate."""

from __future__ import annotations

from dataclasses import InitVar, dataclass

_SEAL = object()


@dataclass(frozen=True, slots=True)
class SafeQuery:
    """A checked statement. Only the gate makes one; ``dataclasses.replace`` does not work on it.

    sql: canonical text, written from the syntax tree, without comments.
    columns: output names in order. tables: real tables read, sorted.
    hash: sha256 (hex) of the canonical text and the schema's fingerprint.
    limit: the LIMIT of the canonical text. capped: it is the gate's, lower than any that was written.
    """

    sql: str
    dialect: str
    columns: tuple[str, ...]
    tables: tuple[str, ...]
    hash: str
    limit: int
    capped: bool
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError(
                "A SafeQuery is made by tools.query.guard.check only. Pass the SQL through check()."
            )


def sealed(
    sql: str,
    *,
    dialect: str,
    columns: tuple[str, ...],
    tables: tuple[str, ...],
    digest: str,
    limit: int,
    capped: bool,
) -> SafeQuery:
    """Make the value. For the last step of the gate; a test keeps other callers out."""
    return SafeQuery(sql, dialect, columns, tables, digest, limit, capped, _SEAL)
