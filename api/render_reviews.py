"""What is printed for people of the review desk and the audit trail."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text


def reviews(console: Console, document: dict[str, Any]) -> None:
    """The id, the state and the question of each."""
    if not document["reviews"]:
        console.print("There are none.")
    for entry in document["reviews"]:
        console.print(Text(f"{entry['id']} ({_state(entry)})", style="bold"))
        console.print(Text(f"  {entry['question']}"))
        if "proposed" in entry:
            console.print(Text(f"  {_worth(entry['proposed'])}"))
        console.print(Text(f"  {entry['updated']} {entry['reviewer']}".rstrip(), style="dim"))


def _worth(proposed: dict[str, Any]) -> str:
    """Why an open query is worth a look."""
    near = f"nearest approved {proposed['nearest']!r} at {proposed['likeness']:.2f}"
    return f"asked {proposed['asked']} times; {near if proposed['nearest'] else 'nothing is approved yet'}"


def review(console: Console, document: dict[str, Any]) -> None:
    """The question, the SQL with what it was edited from, and what was done."""
    console.print(Text(f"{document['id']} ({_state(document)})", style="bold"))
    console.print(Text(document["question"]))
    console.print(Text(f"Catalog {document['catalog_version']}", style="dim"))
    if document["edited_from"] is not None:
        console.print(Text(f"Edited from:\n{document['edited_from']}", style="dim"))
    console.print(Text(document["sql"], style="cyan"))
    if document.get("explain"):
        _explained(console, document["explain"])
    for row in document["history"]:
        reason = (row["after"] or {}).get("reason", "")
        console.print(Text(f"  {row['time']} {row['act']} by {row['actor']}{': ' if reason else ''}{reason}"))


def _explained(console: Console, explain: dict[str, Any]) -> None:
    """Where the columns come from, what the statement costs, what to look at, what an edit changed."""
    for change in explain["changes"] or ():
        lines = [f"- {text}" for text in change["removed"]] + [f"+ {text}" for text in change["added"]]
        console.print(Text(f"Changed {change['clause']}:\n" + "\n".join(f"  {line}" for line in lines)))
    if explain["refused"] is not None:
        console.print(Text(f"Refused by now: {explain['refused']['message']}", style="red"))
        return
    for column in explain["columns"]:
        made_of = ", ".join(column["from"])
        console.print(Text(f"  {column['name']} ({column['kind']}): {made_of}", style="dim"))
    flags = ", ".join(flag.replace("_", " ") for flag in explain["flags"])
    console.print(Text(f"Cost {explain['cost']['class']}{'; ' if flags else ''}{flags}", style="dim"))


def audit(console: Console, document: dict[str, Any]) -> None:
    """Whether the trail is whole."""
    if document["intact"]:
        console.print(f"{document['rows']} rows, intact. Head: {document['head']}")
    else:
        console.print(Text(f"Broken: {document['problem']}. {document['rows']} rows before it are intact."))


def _state(review: dict[str, Any]) -> str:
    return f"{review['status']}, outdated" if review["outdated"] else str(review["status"])
