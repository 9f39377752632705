"""The check of an answer, by code: a quote stands in the stored version, a number in what it rests on.

A statement that fails is dropped, never mended: what is left is true, and the answer says how many
were left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from typing import Protocol

from assistant.evidence.restate import numbers_of
from assistant.say_rows import SHOWN_ROWS
from assistant.statement import Quote, Statement
from knowledge.documents.document import Document
from knowledge.errors import NotFound
from tools.query.execute import Result

_MARKER = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)  # a list's own numbering claims nothing
_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


class Documents(Protocol):
    """Where stored versions are read; the knowledge index is one."""

    def document(self, document: str, version: str | None = None) -> Document: ...


def check(
    statements: Sequence[Statement],
    documents: Documents,
    *,
    result: Result | None,
    known: Sequence[str],
    names: Sequence[str] = (),
    known_numbers: Set[str] = frozenset(),
    name_numbers: Set[str] = frozenset(),
) -> tuple[tuple[Statement, ...], int]:
    """(statements that hold, how many were dropped).

    ``known`` are texts whose numbers may be repeated: the question, the plan read back, the catalog's
    own record, the records of the documents quoted. ``names`` are labels that rows are shown with,
    and that what is said of them repeats. The numbers of both may be given instead: a large catalog has
    tens of thousands.
    """
    background = known_numbers | numbers(known)
    labels = name_numbers | numbers(names)
    held = []
    for statement in statements:
        if all(_stands(quote, documents) for quote in statement.quotes) and _supported(
            statement, documents, result, background, labels
        ):
            held.append(statement)
    return tuple(held), len(statements) - len(held)


def numbers(texts: Iterable[str]) -> set[str]:
    """The numbers in texts, without thousands separators."""
    return {n.replace(",", "") for text in texts for n in _NUMBER.findall(_MARKER.sub("", text))}


def _stands(quote: Quote, documents: Documents) -> bool:
    try:
        stored = documents.document(quote.document, quote.version)
    except NotFound:
        return False
    return bool(quote.text) and stored.text[quote.start : quote.end] == quote.text


def _supported(
    statement: Statement,
    documents: Documents,
    result: Result | None,
    background: Set[str],
    labels: Set[str],
) -> bool:
    if statement.basis == "quote":
        if not statement.quotes:
            return False
        allowed = numbers(quote.text for quote in statement.quotes)
        allowed |= _records(statement.quotes, documents)
        allowed |= {n for quote in statement.quotes for n in numbers_of(quote.text)}
        return not numbers([statement.text]) - allowed - background
    if statement.basis == "rows":
        return _in_rows(statement.text, result, background, labels)
    return not numbers([statement.text]) - background - labels - _records(statement.quotes, documents)


def _records(quotes: Iterable[Quote], documents: Documents) -> set[str]:
    """Numbers of the documents' own records: title, round, edition, dates."""
    texts: list[str] = []
    for quote in quotes:
        stored = documents.document(quote.document, quote.version)
        dates = [d for d in (stored.valid_from, stored.valid_to) if d is not None]
        texts += [stored.title, stored.round, stored.edition, stored.document]
        texts += [f"{d.isoformat()} {d.year} {d.month} {d.day}" for d in dates]
    return numbers(texts)


def _in_rows(text: str, result: Result | None, background: Set[str], labels: Set[str]) -> bool:
    """Every number belongs to the row that its table line shows; outside a table, to any row."""
    if result is None:
        return numbers([text]) <= background
    rows = [_row_numbers(result.columns, row) for row in result.rows]
    counts = {str(len(rows)), str(len(rows) - SHOWN_ROWS)}
    lines = text.split("\n")
    if len(lines) > 2 and all(line.startswith("|") for line in lines):
        body = lines[2:]
        return len(body) <= len(rows) and all(
            not numbers([line]) - own - labels for line, own in zip(body, rows, strict=False)
        )
    everywhere = set().union(*rows) if rows else set()
    return not numbers([text]) - everywhere - background - counts


def _row_numbers(columns: Sequence[str], row: Sequence[object]) -> set[str]:
    """A row's numbers, and for a suppressed count the number that it stays below."""
    found: set[str] = set()
    for name, value in zip(columns, row, strict=True):
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int):
            found |= {str(value), str(value + 1)} if name.endswith("_high") else {str(value)}
        elif isinstance(value, float):
            found |= {f"{value:.1f}".removesuffix(".0")}
        else:
            found |= numbers([str(value)])
    return found
