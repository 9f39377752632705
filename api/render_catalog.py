"""What the commands on a hospital's side print for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

SHOWN = 50


def profiled(console: Console, document: dict[str, Any]) -> None:
    """What was aggregated, and what was wrong with rows."""
    table = Table("dataset", "cohorts", "cells", "variables")
    for dataset in document["datasets"]:
        table.add_row(dataset["id"], *(f"{dataset[name]:,}" for name in ("cohorts", "cells", "variables")))
    console.print(table)
    _lines(console, document["problems"])
    console.print(
        f"Exact aggregates in {document['out']}. They stay here; next:"
        f" giljabi catalog protect {document['out']} --out FOLDER"
    )


def protected(console: Console, document: dict[str, Any]) -> None:
    """What is released of each dataset."""
    table = Table("dataset", "released", "bound", "suppressed", "narrowed before repair", "coarsened")
    for dataset in document["datasets"]:
        table.add_row(dataset["id"], *(
            f"{dataset.get(name, 0):,}"
            for name in ("released", "bound", "suppressed", "narrowed_before_repair", "coarsened")
        ))
    console.print(table)
    for name in ("missing_rates", "medians", "overlaps"):
        given = document[name]
        if given["of"]:
            console.print(f"{name.replace('_', ' ')}: {given['given']:,} of {given['of']:,} given")
    _lines(console, document["notes"])
    console.print(f"Catalog folder in {document['out']}, under rule {document['rule']['id']}.")


def audited(console: Console, document: dict[str, Any]) -> None:
    """Figures per dataset, what was found, and the verdict."""
    from rich.box import SIMPLE_HEAD

    table = Table(
        "dataset", "cells", "released", "bound", "suppressed", "small numbers", "told too closely",
        "certificate", box=SIMPLE_HEAD,
    )
    for one in document["datasets"][:SHOWN]:
        programmes = "intervals" if one["programmes"] is None else f"{one['programmes']:,} programmes"
        table.add_row(one["dataset"], *(
            f"{one[name]:,}" for name in ("cells", "released", "bound", "suppressed", "watched", "narrowed")
        ), programmes, style="red" if one["narrowed"] else None)
    console.print(table)
    if len(document["datasets"]) > SHOWN:
        console.print(f"  and {len(document['datasets']) - SHOWN:,} more datasets")
    for finding in document["findings"][:SHOWN]:
        where = ": ".join(part for part in (finding["dataset"], finding["where"]) if part)
        style = "red" if finding["fails"] else "yellow"
        console.print(Text(f"  {finding['kind']}  {where}: {finding['what']}", style=style))
    if len(document["findings"]) > SHOWN:
        console.print(f"  and {len(document['findings']) - SHOWN:,} more findings")
    if document["unchanged"]:
        console.print(f"{len(document['unchanged']):,} datasets were audited before and have not changed.")
    verdict = "Passed" if document["passed"] else "Failed"
    console.print(f"{verdict}: rule {document['rule']}, {document['promise']} stay possible.")
    if document["report"]:
        console.print(f"Report in {document['report']}.")


def _lines(console: Console, lines: list[str]) -> None:
    for line in lines:
        console.print(Text(f"  {line}", style="yellow"))
