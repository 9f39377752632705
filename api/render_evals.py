"""Results of the evals drawn for people, with rich."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.scores.mark import say_score

LISTED = 20


def scores(console: Console, document: dict[str, Any]) -> None:
    """Each suite's scores with their intervals, what failed, what was skipped, where log and report are."""
    for name, suite in document["suites"].items():
        table = _table(("score", "value", "95 %"), _of_suite(name, suite))
        for score, value in suite["scores"].items():
            low, high = suite["intervals"].get(score, (None, None))
            between = "" if low is None else f"{say_score(low)} to {say_score(high)}"
            table.add_row(_labelled(score), say_score(value, score), between)
        console.print(table)
    for line in document["skipped"]:
        console.print(Text(f"skipped {line}", style="dim"))
    for suite, count in document["missing"].items():
        console.print(Text(f"{count} cases of {suite} are not in the log", style="red"))
    for check in document["failed"]:
        what = f"{check['suite']} {check['score']} {say_score(check['value'], check['score'])}"
        console.print(Text(f"{what}, at least {say_score(check['least'], check['score'])}", style="red"))
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
    table = _table(("change", "made", "told apart"))
    for part in ("faults", "harmless_changes"):
        for name, one in document[part].items():
            table.add_row(name, str(one["made"]), str(one["caught"]))
    console.print(table)
    console.print(
        f"{document['caught']} of {document['planted']} faults caught"
        f" ({say_score(document['caught_rate'])}), {document['false_alarms']} of {document['harmless']}"
        f" harmless changes taken for one ({say_score(document['false_alarm_rate'])})"
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
        table = _table(("score", "before", "after", "difference"), _of_suite(name, suite))
        for score, found in suite["scores"].items():
            sides = (found[part] for part in ("before", "after", "difference"))
            table.add_row(score, *(say_score(value, score) for value in sides))
        console.print(table)
        pair = suite["paired"]
        if pair is not None:
            between = f"{say_score(pair['low'])} to {say_score(pair['high'])}"
            console.print(
                f"{pair['won']} won, {pair['lost']} lost of {pair['cases']}: right cases "
                f"{say_score(pair['difference'])} ({between}), McNemar's p = {pair['p']}"
            )
        if suite["changed"]:
            console.print(Text(f"asked otherwise by now: {_listed(suite['changed'])}", style="dim"))
        for case in suite["lost"]:
            console.print(Text(f"  lost {case['id']}: {case['why']}", style="red"))


def _table(headings: tuple[str, ...], title: str | None = None) -> Table:
    """An empty table whose first column holds names, the others numbers."""
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == headings[0] else "right")
    return table


def _of_suite(name: str, suite: dict[str, Any]) -> str:
    return f"{name} ({suite['cases']} cases)"
