"""``giljabi catalog profile`` and ``protect``: what runs at the hospital, before there is a catalog."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

EPILOG = "--home DIR and --json work here too."


def profile(
    context: typer.Context,
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG", help="YAML: where the tables are, what they mean.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The raw folder to write.")] = Path("raw"),
) -> None:
    """Aggregate a hospital's tables where they are. The result is exact and stays there; protect it next."""
    from api.render_catalog import profiled
    from knowledge.catalog.profile_site import profile_site
    from knowledge.catalog.raw_folder import write_raw

    session = context.obj
    with session.progress("Profiling") as move:
        found = profile_site(
            config,
            session.settings.day().isoformat(),
            move,
            register=session.settings.home / "working_copies",
            tell=lambda line: print(line, file=sys.stderr),
        )
        write_raw(found.raw, out)
    raw = found.raw
    session.show(
        {
            "out": str(out),
            "version": raw.version,
            "as_of": raw.as_of,
            "datasets": [
                {
                    "id": dataset,
                    "cohorts": len(grid.cohorts) - 1,
                    "cells": sum(1 for _ in grid.cells()),
                    "variables": sum(row["dataset"] == dataset for row in raw.described.get("variables", ())),
                }
                for dataset, grid in raw.grids.items()
            ],
            "problems": list(found.problems),
        },
        profiled,
    )


def protect(
    context: typer.Context,
    raw: Annotated[Path, typer.Argument(metavar="RAW", help="A raw folder, or a CSV file of counts.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The catalog folder to write.")],
    previous: Annotated[
        Path | None,
        typer.Option("--previous", metavar="FOLDER", help="The catalog folder that is published now."),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="DIR", help="Where the numbers of the last publication stay."),
    ] = None,
) -> None:
    """Protect raw aggregates, attack and repair the result; write a catalog folder that may be given away."""
    from api.render_catalog import protected
    from knowledge.catalog.protect_folder import protect_raw
    from knowledge.catalog.read_raw import read_raw

    session = context.obj
    if previous is not None and state is None:
        raise typer.BadParameter(
            "goes with --state: whether a number may change depends on what it was.", param_hint="--previous"
        )
    with session.progress("Protecting") as move:
        found = read_raw(raw, session.settings.day().isoformat())
        report = protect_raw(found, out, previous=previous, state=state, progress=move)
    session.show(
        {
            "out": str(out),
            "version": report.version,
            "rule": report.rule,
            "datasets": [{"id": dataset, **found} for dataset, found in report.datasets.items()],
            "missing_rates": {"given": report.rates[0], "of": report.rates[1]},
            "medians": {"given": report.medians[0], "of": report.medians[1]},
            "overlaps": {"given": report.overlaps[0], "of": report.overlaps[1]},
            "notes": list(report.notes),
        },
        protected,
    )
