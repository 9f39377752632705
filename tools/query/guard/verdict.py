"""The guard's word on one statement as plain data, for the command line."""

from __future__ import annotations

from knowledge.errors import SqlRejected
from tools.query.guard.check import check
from tools.query.guard.schema import GuardSchema

OTHER_NAMES = {"postgresql": "postgres", "sqlite3": "sqlite"}


def verdict(sql: object, schema: GuardSchema, dialect: str = "duckdb") -> dict[str, str | None]:
    """``{"verdict": "accepted"|"rejected", "rule", "message", "sql"}``.

    Accepted: ``sql`` is the canonical text, ``rule`` is None, ``message`` empty. Rejected: ``rule``
    names the rule, ``message`` says what would be accepted, ``sql`` is None. What is no text is no
    statement. Dialects go by any case.
    """
    name = dialect.lower()
    try:
        query = check(sql if isinstance(sql, str) else "", schema, dialect=OTHER_NAMES.get(name, name))
    except SqlRejected as rejected:
        return {"verdict": "rejected", "rule": rejected.rule, "message": str(rejected), "sql": None}
    return {"verdict": "accepted", "rule": None, "message": "", "sql": query.sql}
