"""``giljabi sql``: the guard alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="SQL: what the guard says of it.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """SQL: what the guard says of it."""


@app.command("check", epilog="--home DIR and --json work here too.")
def check(
    context: typer.Context,
    schema: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Schema (YAML) to check against; else the catalog's.")
    ] = None,
    dialect: Annotated[str, typer.Option(metavar="D", help="Dialect of the SQL.")] = "duckdb",
    batch: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help='Lines {"id", "sql", "dialect"?}; - reads stdin.'),
    ] = None,
) -> None:
    """Judge the statement on stdin: accepted and re-written, or rejected with the rule it breaks."""
    from api import render
    from api.batch import run_batch
    from tools.query.guard import catalog_schema, load_schema

    rules = load_schema(schema) if schema is not None else catalog_schema()
    if batch is not None:
        run_batch(batch, lambda line: _check_line(line, rules, dialect))
        return
    sql = sys.stdin.buffer.read().decode("utf-8", "replace")
    verdict = _verdict(sql, rules, dialect)
    context.obj.show(verdict, render.verdict)
    if verdict["verdict"] == "rejected":
        raise typer.Exit(1)


def _check_line(line: dict[str, Any], rules: Any, dialect: str) -> dict[str, Any]:
    from api.batch import text_of
    from api.well_formed import well_formed

    return _verdict(well_formed(text_of(line, "sql")), rules, str(line.get("dialect") or dialect))


def _verdict(sql: str, rules: Any, dialect: str) -> dict[str, Any]:
    from knowledge.errors import SqlRejected
    from tools.query.guard import check as guard

    try:
        safe = guard(sql, rules, dialect=dialect)
    except SqlRejected as error:
        message = f"{error.message} {error.hint}".strip()
        return {"id": None, "verdict": "rejected", "rule": error.rule, "message": message, "sql": None}
    return {"id": None, "verdict": "accepted", "rule": None, "message": "", "sql": safe.sql}
