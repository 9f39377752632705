"""The runner: a checked statement in, rows out, by an engine that could do no harm without the check.

Statements run in worker processes, since an engine may be deep in a step when its time is up: then
the process is killed, and another one answers the next statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.catalog.place import Place, PostgresSchema, place_of
from knowledge.errors import GiljabiError, QueryTimeout, SqlRejected, StoreUnavailable
from tools.query.engines.engine import Ask, EngineFault, Limits
from tools.query.guard.safe_query import SafeQuery
from tools.query.worker.pool import Pool, PoolBusy, shared_pool


@dataclass(frozen=True, slots=True)
class Rows:
    """What came back. ``truncated``: a limit that the statement did not ask for ended the rows.

    Cells are None, bool, int, float, str, date or lists of these, whatever the engine.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool


def run(
    query: SafeQuery,
    database: Place | Path,
    *,
    timeout_s: float = 10.0,
    memory_mb: int = 512,
    max_rows: int = 1000,
    pool: Pool | None = None,
) -> Rows:
    """Run a checked statement on a catalog version; a path is that of a DuckDB file.

    Raises TypeError for anything but a SafeQuery, QueryTimeout past ``timeout_s`` seconds or
    ``memory_mb`` megabytes, StoreUnavailable when the database cannot be read, SqlRejected (rule
    "engine") when the engine cannot work the statement out, as for text cast to a number.
    """
    if type(query) is not SafeQuery:
        raise TypeError(f"run() takes a SafeQuery, not {type(query).__name__}. Pass the SQL through check().")
    place = place_of(database)
    if query.dialect != place.dialect:
        raise SqlRejected(
            f"The statement was checked for {query.dialect}, the catalog runs on {place.dialect}.",
            rule="dialect",
            hint=f"Check it again with dialect={place.dialect!r}.",
        )
    limits = Limits(seconds=timeout_s, megabytes=memory_mb, rows=max_rows)
    try:
        rows = (pool or shared_pool()).run(place, Ask(query.sql, query.tables, limits))
    except EngineFault as fault:
        raise _reported(fault, place, limits) from fault
    except PoolBusy as busy:
        raise QueryTimeout(
            f"Other queries kept the engine busy for {timeout_s:g} s.", hint="Ask again in a moment."
        ) from busy
    cut = len(rows) > max_rows or (query.capped and len(rows) >= query.limit)
    return Rows(query.columns, rows[:max_rows], cut)


def warm_up(database: Place | Path) -> None:
    """Start a worker for this catalog, so that the first question need not wait for it. Returns at once."""
    shared_pool().warm(place_of(database))


def _reported(fault: EngineFault, place: Place, limits: Limits) -> GiljabiError:
    if fault.kind == "time":
        said = f"The query ran longer than {limits.seconds:g} s and was stopped."
        return QueryTimeout(said, hint="Narrow it by conditions.")
    if fault.kind == "memory":
        said = f"The query needed more than {limits.megabytes} MB and was stopped."
        return QueryTimeout(said, hint="Narrow it by conditions.")
    if fault.kind == "statement":
        said = f"The engine cannot work the statement out: {fault.said}"
        return SqlRejected(said, rule="engine", hint="Check types and values.")
    where = "schema" if isinstance(place, PostgresSchema) else "database"
    return StoreUnavailable(
        f"The catalog {where} {place.name} cannot be read: {fault.said}.", hint="Import the catalog again."
    )
