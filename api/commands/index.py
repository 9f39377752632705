"""``giljabi index``: add, refresh or remove documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def index(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="Prefix of the documents' names.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take these documents out instead.")] = False,
) -> None:
    """Add or refresh documents; unchanged ones cost nothing."""
    from api import render

    session = context.obj
    with session.reach("exclusive") as home, session.progress("Indexing") as move:
        report = home.index(paths, source=source, remove=remove, progress=move)
    session.show(report, render.index_report)
    if report["failed"] and not any(report[done] for done in ("added", "updated", "unchanged", "removed")):
        raise typer.Exit(1)
