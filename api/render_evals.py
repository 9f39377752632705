"""Results of the evals drawn for people, with rich."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

LISTED = 20
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
            table.add_row(_labelled(score), _shown(value, score), between)
        console.print(table)
    for line in document["skipped"]:
        console.print(Text(f"skipped {line}", style="dim"))
    for suite, count in document["missing"].items():
        console.print(Text(f"{count} cases of {suite} are not in the log", style="red"))
    for check in document["failed"]:
        what = f"{check['suite']} {check['score']} {_shown(check['value'], check['score'])}"
        console.print(Text(f"{what}, at least {_shown(check['least'], check['score'])}", style="red"))
    _baseline(console, document["baseline"])
    console.print(
        Text(f"gate: {document['gate']}", style="green" if document["gate"] == "pass" else "bold red")
    )
    for name in ("log", "report"):
        if document[name] is not None:
            console.print(f"{name}: {document[name]}")


def _labelled(score: str) -> str:
    """A score's name, with a word where it never gates."""
    from evals.text_similarity import never_gates

    return f"{score} (never gates)" if never_gates(score) else score


def _baseline(console: Console, found: dict[str, Any]) -> None:
    """What the baseline says; nothing where all is as it was."""
    for case in found["lost"]:
        console.print(
            Text(f"lost {case['id']} ({case['suite']}: {case['slice']}): {case['why']}", style="red")
        )
    for case in found["accepted"]:
        console.print(Text(f"lost and accepted {case['id']}: {case['reason']}", style="dim"))
    for name, count in found["slices"].items():
        console.print(Text(f"{count} lost in {name}", style="red"))
    for what, said, style in (
        ("gone", "in the baseline and not among the cases", "red"),
        ("changed", "asks or expects something else than in the baseline", "red"),
        ("stale", "the log was made with another version of this suite", "red"),
        ("fresh", "not in the baseline", "dim"),
        ("idle", "accepted and not lost", "dim"),
    ):
        if found[what]:
            console.print(Text(f"{said}: {_listed(found[what])}", style=style))


def _listed(ids: list[str]) -> str:
    more = len(ids) - LISTED
    return ", ".join(ids[:LISTED]) + (f" and {more} more" if more > 0 else "")


def accepted(console: Console, document: dict[str, Any]) -> None:
    """What the new baseline holds, and what changed in it."""
    console.print(f"{document['baseline']}: {document['cases']} cases, {document['right']} right")
    for what in ("added", "removed", "lost", "won"):
        if document[what]:
            console.print(Text(f"{what}: {_listed(document[what])}"))
    for id in document["accepted"]:
        console.print(Text(f"{id} can be taken out of accepted.toml", style="dim"))


def added(console: Console, document: dict[str, Any]) -> None:
    """The drafts that were written and where, or the cases that were added."""
    for id in document["added"]:
        console.print(id)
    if document["drafts"] is None:
        console.print(f"{len(document['added'])} cases added to {document['suite']}")
    else:
        console.print(f"{len(document['added'])} drafts; fill them in: {document['drafts']}")


def planted(console: Console, document: dict[str, Any]) -> None:
    """How many planted faults were caught, and how many harmless changes were taken for faults."""
    table = Table(box=SIMPLE_HEAD)
    for heading in ("change", "made", "told apart"):
        table.add_column(heading, justify="left" if heading == "change" else "right")
    for part in ("faults", "harmless_changes"):
        for name, one in document[part].items():
            table.add_row(name, str(one["made"]), str(one["caught"]))
    console.print(table)
    console.print(
        f"{document['caught']} of {document['planted']} faults caught ({_shown(document['caught_rate'])}), "
        f"{document['false_alarms']} of {document['harmless']} harmless changes taken for one "
        f"({_shown(document['false_alarm_rate'])})"
    )


def generated(console: Console, document: dict[str, Any]) -> None:
    """How many cases were made, of which kinds, and where they are."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in document["kinds"].items())
    console.print(f"{document['cases']} cases ({kinds}): {document['out']}")
    if document["run"]:
        console.print(Text(f"giljabi eval run --suites {document['out']}", style="dim"))


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
        pair = suite["paired"]
        if pair is not None:
            between = f"{_shown(pair['low'])} to {_shown(pair['high'])}"
            console.print(
                f"{pair['won']} won, {pair['lost']} lost of {pair['cases']}: right cases "
                f"{_shown(pair['difference'])} ({between}), McNemar's p = {pair['p']}"
            )
        if suite["changed"]:
            console.print(Text(f"asked otherwise by now: {_listed(suite['changed'])}", style="dim"))
        for case in suite["lost"]:
            console.print(Text(f"  lost {case['id']}: {case['why']}", style="red"))


def _shown(value: float | None, score: str = "") -> str:
    if value is None:
        return "none"
    if score.endswith("_s"):
        return f"{value:.2f} s"
    return f"{value:.1f}" if score in POINTS else f"{100 * value:.1f} %"
