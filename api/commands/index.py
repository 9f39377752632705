"""``giljabi index``: add, refresh or remove documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def index(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help="Files and folders.")] = None,
    source: Annotated[str, typer.Option(metavar="NAME", help="Prefix of the documents' names.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take these documents out instead.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make every vector anew, for other models or another Chroma.")
    ] = False,
) -> None:
    """Add or refresh documents; unchanged ones cost nothing."""
    from api import render

    session = context.obj
    if bool(paths) == rebuild:
        raise typer.BadParameter("Give files and folders, or --rebuild alone.", param_hint="PATH...")
    if rebuild:
        with session.reach("exclusive") as home, session.progress("Rebuilding") as move:
            rebuilt = home.rebuild_index(progress=move)
        session.show(rebuilt, render.rebuilt)
        return
    assert paths is not None
    with session.reach("exclusive") as home, session.progress("Indexing") as move:
        report = home.index(paths, source=source, remove=remove, progress=move)
    session.show(report, render.index_report)
    if report["failed"] and not any(report[done] for done in ("added", "updated", "unchanged", "removed")):
        raise typer.Exit(1)
