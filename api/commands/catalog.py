"""``giljabi catalog``: import a catalog, and say what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FORMATS = ("giljabi",)

app = typer.Typer(help="The catalog: import it, look into it.", no_args_is_help=True)


@app.command("import", epilog="--home DIR and --json work here too.")
def import_(
    context: typer.Context,
    format: Annotated[str, typer.Argument(metavar="FORMAT", help="giljabi: a whole catalog folder.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder.")],
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would change; change nothing.")
    ] = False,
) -> None:
    """Make a catalog folder the current version. Its entries can be searched at once."""
    from api import render

    if format not in FORMATS:
        raise typer.BadParameter(
            f"there is no importer for {format!r} yet; there is one for {', '.join(FORMATS)}.",
            param_hint="FORMAT",
        )
    session = context.obj
    if preview:
        from api.results import import_result

        session.show(import_result(session.home.preview_catalog(path)), render.import_report)
        return
    with session.reach("exclusive") as home, session.progress("Importing") as move:
        report = home.import_catalog(path, progress=move)
    session.show(report, render.import_report)


@app.command("info", epilog="--home DIR and --json work here too.")
def info(context: typer.Context) -> None:
    """Say what the current catalog holds: datasets, tables, variables, counts."""
    from api import render

    session = context.obj
    session.show(session.home.catalog_info(), render.info)
