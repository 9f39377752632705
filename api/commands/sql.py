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
    from api.batch import run_batch, text_of
    from tools.query.guard import catalog_schema, load_schema
    from tools.query.guard.verdict import verdict

    rules = load_schema(schema) if schema is not None else catalog_schema()

    def judged(line: dict[str, Any]) -> dict[str, Any]:
        if "sql" not in line:
            text_of(line, "sql")  # says so
        return {"id": None, **verdict(line.get("sql"), rules, str(line.get("dialect") or dialect))}

    if batch is not None:
        run_batch(batch, judged)
        return
    found = judged({"sql": sys.stdin.buffer.read().decode("utf-8", "replace")})
    context.obj.show(found, render.verdict)
    if found["verdict"] == "rejected":
        raise typer.Exit(1)
