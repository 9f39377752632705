"""Results of the evals drawn for people, with rich."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

POINTS = {"rs_0", "rs_10", "abstain_all"}  # points per hundred cases; all other scores run from 0 to 1


def scores(console: Console, document: dict[str, Any]) -> None:
    """Each suite's scores with their intervals, what failed, what was skipped, where log and report are."""
    for name, suite in document["suites"].items():
        table = Table(
            box=SIMPLE_HEAD,
            title=f"{name} ({suite['cases']} cases)",
            title_justify="left",
            title_style="bold",
        )
        for heading in ("score", "value", "95 %"):
            table.add_column(heading, justify="left" if heading == "score" else "right")
        for score, value in suite["scores"].items():
            low, high = suite["intervals"].get(score, (None, None))
            between = "" if low is None else f"{_shown(low)} to {_shown(high)}"
            table.add_row(score, _shown(value, score), between)
        console.print(table)
    for line in document["skipped"]:
        console.print(Text(f"skipped {line}", style="dim"))
    for suite, count in document["missing"].items():
        console.print(Text(f"{count} cases of {suite} are not in the log", style="red"))
    for check in document["failed"]:
        what = f"{check['suite']} {check['score']} {_shown(check['value'], check['score'])}"
        console.print(Text(f"{what}, at least {_shown(check['least'], check['score'])}", style="red"))
    console.print(
        Text(f"gate: {document['gate']}", style="green" if document["gate"] == "pass" else "bold red")
    )
    for name in ("log", "report"):
        if document[name] is not None:
            console.print(f"{name}: {document[name]}")


def comparison(console: Console, document: dict[str, Any]) -> None:
    """What changed in each suite, and the cases that went from right to wrong."""
    for name, suite in document["suites"].items():
        table = Table(
            box=SIMPLE_HEAD,
            title=f"{name} ({suite['cases']} cases)",
            title_justify="left",
            title_style="bold",
        )
        for heading in ("score", "before", "after", "difference"):
            table.add_column(heading, justify="left" if heading == "score" else "right")
        for score, found in suite["scores"].items():
            table.add_row(score, *(_shown(found[part], score) for part in ("before", "after", "difference")))
        console.print(table)
        console.print(f"{len(suite['won'])} won, {len(suite['lost'])} lost, p = {suite['p']}")
        for case in suite["lost"]:
            console.print(Text(f"  lost {case['id']}: {case['why']}", style="red"))


def _shown(value: float | None, score: str = "") -> str:
    if value is None:
        return "none"
    return f"{value:.1f}" if score in POINTS else f"{100 * value:.1f} %"
