"""What the chat page draws of an Answer: its text as HTML, its rows as tables, its quotes in context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from api.pages.language import labels
from api.pages.markdown import render
from api.pages.table import Naming, ReadableTable, readable_table
from assistant.answer import Answer, Citation, QueryResult
from assistant.messages import messages
from assistant.say_rows import SHOWN_ROWS
from knowledge.documents.document import Document
from knowledge.errors import NotFound
from knowledge.text import Language

CONTEXT = 600  # characters shown before and after a quote at the most


class Documents(Protocol):
    """Where stored versions are read; the knowledge index is one."""

    def document(self, document: str, version: str | None = None) -> Document: ...


def view(answer: Answer, documents: Documents, language: Language, naming: Naming = str) -> dict[str, Any]:
    """JSON-ready: ``blocks``, ``tables``, ``notes``, ``sources``.

    ``tables`` are the rows of each of the answer's queries. A block is ``{"html"}`` or ``{"query": n}``, the
    place of the nth table; one without a place stands behind the answer as its working.
    ``language`` is the page's; what belongs to the answer is said in the answer's own language.
    ``naming`` gives a dataset's title in it.
    """
    ids = [citation.id for citation in answer.citations]
    label = labels(language)["chat"]["open_citation"]
    return {
        "blocks": [
            {"query": block} if isinstance(block, int) else {"html": render(block, ids, label)}
            for block in _blocks(answer)
        ],
        "tables": [_rows(query, answer.language, naming) for query in answer.queries],
        "notes": _notes(answer),
        "sources": {citation.id: _source(citation, documents) for citation in answer.citations},
    }


def _rows(query: QueryResult, language: Language, naming: Naming) -> ReadableTable:
    words, subject = labels(language)["table"], str(query.plan.get("subject", ""))
    return readable_table(query.columns, query.rows, language, words, subject, naming)


def _blocks(answer: Answer) -> list[str | int]:
    """The text, and in the place of each table of rows the number of its query, without the queries' notes.

    The notes are drawn beneath, and the tables from the rows themselves, all of them.
    """
    more = messages("catalog", answer.language)["more_rows"]
    elsewhere = {note for query in answer.queries for note in query.notes}
    elsewhere |= {more.format(n=len(query.rows) - SHOWN_ROWS) for query in answer.queries}
    waiting = list(range(len(answer.queries)))
    found: list[str | int] = []
    for block in answer.text.split("\n\n"):
        place = _query_of(block, waiting, answer.queries) if _is_table(block) else None
        if place is not None:
            waiting.remove(place)
            found.append(place)
        elif block in elsewhere:
            continue
        elif found and isinstance(found[-1], str):
            found[-1] = f"{found[-1]}\n\n{block}"
        else:
            found.append(block)
    return found


def _query_of(table: str, waiting: Sequence[int], queries: Sequence[QueryResult]) -> int | None:
    """Which query's rows a table of the text shows; of several the first one waiting with as many rows."""
    if len(queries) == 1:
        return next(iter(waiting), None)
    rows = table.count("\n") - 1
    return next((n for n in waiting if min(len(queries[n].rows), SHOWN_ROWS) == rows), None)


def _is_table(block: str) -> bool:
    lines = block.split("\n")
    return len(lines) > 2 and all(line.startswith("|") and line.endswith("|") for line in lines)


def _notes(answer: Answer) -> list[str]:
    """The queries' notes but the one on date and version, which stand beside the answer anyway."""
    notes = (
        note for query in answer.queries for note in query.notes
        if not _dates(note, query.as_of, query.catalog_version)
    )
    return list(dict.fromkeys(notes))


def _dates(note: str, as_of: str, version: str) -> bool:
    return as_of in note and version.rpartition("-")[0] in note


def _source(citation: Citation, documents: Documents) -> Mapping[str, Any]:
    """The cited passage with the text around it. Without context where the version is gone."""
    source: dict[str, Any] = {
        "title": citation.document,
        "language": "",
        "edition": "",
        "round": "",
        "before": "",
        "after": "",
    }
    try:
        stored = documents.document(citation.document, citation.version)
    except NotFound:
        return source
    return {
        "title": stored.title or citation.document,
        "language": stored.language,
        "edition": stored.edition,
        "round": stored.round,
        "before": _before(stored.text[: citation.start]),
        "after": _after(stored.text[citation.end :]),
    }


def _before(text: str) -> str:
    """The end of the text before a quote: two paragraphs at most, from the beginning of a word."""
    near = text if len(text) <= CONTEXT else text[-CONTEXT:].partition(" ")[2]
    return "\n\n".join(near.split("\n\n")[-2:]).lstrip()


def _after(text: str) -> str:
    """The beginning of the text after a quote: two paragraphs at most, to the end of a word."""
    near = text if len(text) <= CONTEXT else text[:CONTEXT].rpartition(" ")[0]
    return "\n\n".join(near.split("\n\n")[:2]).rstrip()
