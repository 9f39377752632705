"""Research plans drawn for people, with rich."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text


def plan_new(console: Console, document: dict[str, Any]) -> None:
    """The id that other commands take."""
    console.print(Text(document["id"], style="bold"), Text(f"{document['title']} ({document['language']})"))


def plan_list(console: Console, document: dict[str, Any]) -> None:
    """Plans, one on a line."""
    if not document["plans"]:
        console.print("There are no plans. Make one with `giljabi plan new`.")
    for plan in document["plans"]:
        console.print(
            Text(plan["id"], style="bold"),
            Text(f"v{plan['version']} {plan['title']}"),
            Text(plan["updated"][:10], style="dim"),
        )


def plan_show(console: Console, document: dict[str, Any]) -> None:
    """The plan as it is written in Markdown."""
    console.print(Text(document["markdown"]))


def plan_fill(console: Console, document: dict[str, Any]) -> None:
    """The version that now holds, and which sections changed."""
    changed = ", ".join(document["changed"]) or "nothing"
    console.print(Text(f"{document['id']} v{document['version']}", style="bold"), f"changed: {changed}")


def plan_check(console: Console, document: dict[str, Any]) -> None:
    """Findings in the plan's language, errors in red."""
    for finding in document["findings"]:
        style = "red" if finding["level"] == "error" else "yellow"
        where = ".".join(part for part in (finding["section"], finding["field"]) if part)
        console.print(Text(f"{where}: ", style=style), Text(finding["message"][document["language"]]), sep="")
    console.print(f"{document['errors']} errors, {document['warnings']} warnings")


def plan_versions(console: Console, document: dict[str, Any]) -> None:
    """Versions, the first one first."""
    for version in document["versions"]:
        console.print(f"v{version['version']} {version['created'][:19]} {version['title']}")


def exported(console: Console, document: dict[str, Any]) -> None:
    """Where the file is."""
    console.print(f"{document['out']} ({document['bytes']:,} bytes)")
