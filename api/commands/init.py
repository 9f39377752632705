"""``giljabi init``: make a home, and load the sample programme into it."""

from __future__ import annotations

from typing import Annotated, Any

import typer


def init(
    context: typer.Context,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample programme.")] = False,
) -> None:
    """Make the home; with --sample, load the sample programme. Doing it twice changes nothing."""
    from api import render
    from api.results import import_result, index_result
    from assistant.sample import load_sample

    session = context.obj
    home = session.home
    home.create()
    document: dict[str, Any] = {"home": str(home.root), "index": None, "catalog": None}
    if sample:
        home.hold("exclusive")
        with home, session.progress("Loading the sample") as move:
            indexed, imported = load_sample(home, move)
            document["index"], document["catalog"] = index_result(indexed), import_result(imported)
    session.show(document, render.home)
