"""What is printed for people of the catalog's entries, and by the commands on a hospital's side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

SHOWN = 50


def datasets(console: Console, document: dict[str, Any]) -> None:
    """A page of the catalog's datasets."""
    _listed(console, ("dataset", "title_ko", "title_en", "tables", "variables"), document["datasets"])
    _page(console, document, len(document["datasets"]))


def dataset(console: Console, document: dict[str, Any]) -> None:
    """One dataset: its tables, and a page of its variables."""
    titles = (document[name] for name in ("title_ko", "title_en") if document[name])
    console.print(f"{document['dataset']}: {', '.join(titles)}", markup=False)
    _listed(console, ("table", "title_ko", "title_en", "granularity", "variables"), document["tables"])
    page = document["variables"]
    _listed(console, ("table", "name", "label_ko", "label_en", "type", "unit"), page["rows"])
    _page(console, page, len(page["rows"]))


def _listed(console: Console, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text("" if row[name] is None else str(row[name])) for name in columns))
    console.print(table)


def _page(console: Console, page: Mapping[str, Any], shown: int) -> None:
    if shown < page["total"]:
        first, last = page["offset"] + 1, page["offset"] + shown
        console.print(f"{first} to {last} of {page['total']}; --offset {last} goes on")


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
        table.add_row(
            dataset["id"],
            *(
                f"{dataset.get(name, 0):,}"
                for name in ("released", "bound", "suppressed", "narrowed_before_repair", "coarsened")
            ),
        )
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

    table = Table(box=SIMPLE_HEAD, padding=(0, 0))
    table.add_column("dataset", no_wrap=True)
    for name in ("cells", "released", "bound", "hidden", "small", "told", "programmes"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in document["datasets"][:SHOWN]:
        table.add_row(
            one["dataset"],
            *(
                f"{one[name]:,}"
                for name in ("cells", "released", "bound", "suppressed", "watched", "narrowed")
            ),
            "-" if one["programmes"] is None else f"{one['programmes']:,}",
            style="red" if one["narrowed"] else None,
        )
    console.print(table)
    if document["datasets"]:
        console.print("small: numbers that are or may be small; told: those told too closely.")
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
