"""Results drawn for people, with rich. Each function takes a console and the document that --json prints."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from knowledge.text import Language

SNIPPET = 240
_SHOWN = 20


def answer(console: Console, document: dict[str, Any]) -> None:
    """The text, the rows as a table, the SQL, the citations, the choices."""
    console.print(Markdown(document["text"]))
    queries = [document["query"], *document["further"]] if document["query"] is not None else []
    for query in queries:
        if "\n|" not in document["text"] and len(query["rows"]) != 1:  # else the text says the rows already
            console.print(_rows(query, document["language"]))
        for note in query["notes"]:
            if note not in document["text"]:
                console.print(Text(note, style="dim"))
        console.print(Text(f"{query['catalog_version']}, {query['as_of']}, {query['review']}", style="dim"))
        console.print(Text(query["sql"], style="cyan"))
    for citation in document["citations"]:
        where = " > ".join(part for part in (citation["document"], citation["section"]) if part)
        console.print(Text(f"\n[{citation['id']}] {where} ({citation['version']})", style="bold"))
        console.print(Text(f"“{citation['quote']}”"))
    for option in document["options"]:
        console.print(Text(f"  - {option['label']}"))
    for suggestion in document["suggestions"]:
        console.print(Text(f"  ? {suggestion}", style="dim"))


def passages(console: Console, document: dict[str, Any]) -> None:
    """Passages, best first."""
    if not document["passages"]:
        console.print("Nothing was found.")
    for rank, passage in enumerate(document["passages"], start=1):
        where = " > ".join(part for part in (passage["document"], passage["section"]) if part)
        page = f", p. {passage['page']}" if passage["page"] is not None else ""
        console.print(
            Text(f"{rank}. {where}{page}", style="bold"),
            Text(f"{passage['kind']} {passage['score']}", style="dim"),
        )
        console.print(Text("   " + _snippet(passage["text"])))


def index_report(console: Console, document: dict[str, Any]) -> None:
    """How many documents were added, updated, left, removed; each failure with its reason."""
    counts = ", ".join(
        f"{len(document[outcome])} {outcome}"
        for outcome in ("added", "updated", "unchanged", "removed", "failed")
    )
    console.print(counts)
    for failure in document["failed"]:
        console.print(Text(f"  {failure['path']}: {failure['reason']}", style="red"))
    for note in document["notes"]:
        console.print(Text(f"  {note['note']}", style="yellow"))


def rebuilt(console: Console, document: dict[str, Any]) -> None:
    """How many documents have new vectors."""
    console.print(f"{document['rebuilt']} documents rebuilt.")


def import_report(console: Console, document: dict[str, Any]) -> None:
    """The version, what differs by dataset, the rows by table, the rows left out."""
    if document["preview"]:
        console.print(f"Catalog {document['version']} would replace {document['previous'] or 'nothing'}.")
    elif document["changed"]:
        console.print(f"Catalog {document['version']} is in use now.")
    else:
        console.print(f"Catalog {document['version']} was in use already.")
    for name in ("added", "changed_datasets"):
        if document[name]:
            console.print(Text(f"  {name.split('_')[0]}: {_some(document[name])}"))
    for name, held in list(document["removed_datasets"].items())[:_SHOWN]:
        goes = "would go away" if document["preview"] else "went away"
        console.print(Text(f"  {name} {goes}, with {_holding(held)}", style="yellow"))
    if len(document["removed"]) > _SHOWN:
        console.print(Text(f"  and {len(document['removed']) - _SHOWN} more datasets", style="yellow"))
    for name, held in list(document["datasets"].items())[:_SHOWN]:
        console.print(Text(f"  {name}: {_holding(held)}"))
    console.print(Text("  " + ", ".join(f"{count} {table}" for table, count in document["rows"].items())))
    _problems(console, document["problems"])


def catalog_diff(console: Console, document: dict[str, Any]) -> None:
    """How many of each were added, removed and changed, and which."""
    console.print(f"From {document['from']} to {document['to']}:")
    parts = {name: part for name, part in document.items() if isinstance(part, dict)}
    changes = ("added", "removed", "changed")
    told = [
        [name, *(part[change] for change in changes)]
        for name, part in parts.items()
        if any(part[change] for change in changes)
    ]
    if not told:
        console.print("Nothing changed.")
        return
    console.print(_table(["", *changes], told))
    for name, part in parts.items():
        for row in part["rows"][:_SHOWN]:
            key = " ".join(str(value) for value in row["key"].values())
            columns = "; ".join(f"{c}: {old} → {new}" for c, (old, new) in row.get("columns", {}).items())
            console.print(Text(f"  {name} {row['change']}: {key}" + (f" ({columns})" if columns else "")))
        more = sum(part[change] for change in changes) - len(part["rows"][:_SHOWN])
        if more > 0:
            console.print(Text(f"  and {more} more {name}", style="dim"))


def catalog_versions(console: Console, document: dict[str, Any]) -> None:
    """The stored versions; the one in use is marked."""
    columns = ["id", "as_of", "in_use", "stored", "bytes", "datasets", "variables", "counts"]
    console.print(_table(columns, [[row[name] for name in columns] for row in document["versions"]]))


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _holding(held: dict[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in held.items() if number) or "nothing"


def home(console: Console, document: dict[str, Any]) -> None:
    """Where the home is and what was loaded."""
    console.print(f"Home: {document['home']}")
    if document["index"] is not None:
        index_report(console, document["index"])
    if document["catalog"] is not None:
        import_report(console, document["catalog"])


def info(console: Console, document: dict[str, Any]) -> None:
    """The datasets and how much of each there is."""
    console.print(
        f"Catalog {document['version']}, as of {document['as_of']}, rule {document.get('rule') or 'none'}"
    )
    columns = list(document["datasets"][0]) if document["datasets"] else ["id"]
    console.print(_table(columns, [[row.get(name) for name in columns] for row in document["datasets"]]))


def verdict(console: Console, document: dict[str, Any]) -> None:
    """Accepted with the SQL as re-written, or rejected with the rule."""
    if document["verdict"] == "accepted":
        console.print(Text("accepted", style="green"))
        console.print(Text(document["sql"] or "", style="cyan"))
    else:
        console.print(Text(f"rejected ({document['rule']})", style="red"))
        console.print(Text(document["message"]))


def problem(document: dict[str, Any]) -> None:
    """What went wrong and what to do, on stderr."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(
        Text(f"{document.get('title', 'Error')}: ", style="bold red"),
        Text(str(document.get("detail", ""))),
        sep="",
    )
    if document.get("hint"):
        console.print(Text(str(document["hint"])))
    _problems(console, document.get("problems", []))


def _problems(console: Console, problems: list[str]) -> None:
    for line in problems:
        console.print(Text(f"  {line}", style="yellow"))


def _rows(query: dict[str, Any], language: Language) -> Table:
    """The rows of an answer as the pages show them: headings in words, numbers as they may be read."""
    from api.pages.language import labels
    from api.pages.table import readable_table

    subject = str(query["plan"].get("subject", ""))
    read = readable_table(query["columns"], query["rows"], language, labels(language)["table"], subject)
    table = Table(box=SIMPLE_HEAD)
    for heading in read["headings"]:
        table.add_column(Text(heading["text"]), justify="right" if heading["numeric"] else "left")
    for row in read["rows"]:
        table.add_row(*(Text(text) for text, _ in row))
    return table


def _table(columns: list[str], rows: list[list[Any]]) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for position, name in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[position], int | float | None) for row in rows)
        table.add_column(Text(str(name)), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(Text("–" if cell is None else str(cell)) for cell in row))
    return table


def _snippet(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"
