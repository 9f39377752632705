"""What the chat page draws of an Answer: its text as HTML, its rows as a table, its quotes in context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from api.pages.language import labels
from api.pages.markdown import render
from api.pages.table import Naming, readable_table
from assistant.answer import Answer, Citation
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
    """JSON-ready: ``lead`` and ``tail`` (HTML before and after the table), ``table``, ``notes``, ``sources``.

    ``language`` is the page's; what belongs to the answer is said in the answer's own language.
    ``naming`` gives a dataset's title in it.
    ``main`` tells whether the table is the answer, or stands behind it as its working.
    """
    before, table, after = _around_table(answer)
    ids = [citation.id for citation in answer.citations]
    label = labels(language)["chat"]["open_citation"]
    shown: dict[str, Any] | None = None
    if answer.query is not None:
        words = labels(answer.language)["table"]
        query, subject = answer.query, str(answer.query.plan.get("subject", ""))
        rows = readable_table(query.columns, query.rows, answer.language, words, subject, naming)
        shown = {**rows, "main": table}
    return {
        "lead": render(before, ids, label),
        "tail": render(after, ids, label),
        "table": shown,
        "notes": _notes(answer),
        "sources": {citation.id: _source(citation, documents) for citation in answer.citations},
    }


def _around_table(answer: Answer) -> tuple[str, bool, str]:
    """(text before the table of rows, whether there is one, text after it), without the query's notes.

    The notes are drawn beneath the table, and the table from the rows themselves, all of them.
    """
    if answer.query is None:
        return answer.text, False, ""
    more = messages("catalog", answer.language)["more_rows"].format(n=len(answer.query.rows) - SHOWN_ROWS)
    elsewhere = {*answer.query.notes, more}
    blocks = [block for block in answer.text.split("\n\n") if block not in elsewhere]
    at = next((n for n, block in enumerate(blocks) if _is_table(block)), None)
    if at is None:
        return "\n\n".join(blocks), False, ""
    return "\n\n".join(blocks[:at]), True, "\n\n".join(blocks[at + 1 :])


def _is_table(block: str) -> bool:
    lines = block.split("\n")
    return len(lines) > 2 and all(line.startswith("|") and line.endswith("|") for line in lines)


def _notes(answer: Answer) -> Sequence[str]:
    """The query's notes but the one on date and version, which stand beside the answer anyway."""
    query = answer.query
    if query is None:
        return []
    return [note for note in query.notes if not _dates(note, query.as_of, query.catalog_version)]


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
