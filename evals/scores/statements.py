"""Statements: does each number stand with its subject, each sentence with its quote, each caveat in the text?

Written apart from the assistant's own check, on the finished text, so that a fault in the one is seen by
the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.answer import Answer, QueryResult
from assistant.evidence.restate import numbers_of
from evals.log import Answered
from evals.records import HomeRecord
from knowledge.text import normalize
from tools.drafting.form import load_form

MEASURES = ("patients", "records", "overlap_patients")
_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_MARK = re.compile(r"\[(\d+)\]")
_SAID = re.compile(r"^(?P<subject>[^|*]*?)(?::\s*)?\*\*(?P<amount>[^*]*\d[^*]*)\*\*", re.MULTILINE)
_NUMBERING = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the answer lets the text say: its numbers and its names."""

    numbers: set[str]
    names: set[str]


def misplaced(answered: Answered, home: HomeRecord) -> list[str]:
    """What is said of the wrong subject, or in a number that neither a row nor a quote holds.

    In an answer of rows and quotes, each line rests on what it cites, and else on the rows. A heading that
    repeats words of the question claims nothing.
    """
    answer = answered.answer
    quotes = {c.id: f"{c.quote} {home.titles.get(c.document, '')}" for c in answer.citations}
    asked = numbers(answer.question)
    lines = [line for line in answer.text.split("\n") if not _repeats(line, answer.question)]
    cited = [problem for line in lines for problem in _of_quotes(line, quotes, asked)] if quotes else []
    if answer.query is not None:
        own = "\n".join(line for line in lines if not _MARK.search(line) or set(line) <= set("|-: "))
        return cited + _of_rows(own, answer.query, home)
    return cited + [f"cites nothing: {line[2:60]!r}" for line in lines if quotes and _rests_on_nothing(line)]


def caveats_dropped(answer: Answer) -> list[str]:
    """Notes of the query, its day and its rule that the text does not hold though it gives counts."""
    query = answer.query
    if query is None or not any(measure in query.columns for measure in MEASURES) or not query.rows:
        return []
    needed = (*query.notes, query.as_of, query.rule)
    return [note for note in needed if note and note not in answer.text]


def leaked(query: QueryResult) -> list[str]:
    """Counts given as numbers beside a status that says that they were not published as such."""
    found = []
    for measure in MEASURES:
        status = f"{measure}_status"
        if measure not in query.columns or status not in query.columns:
            continue
        value, said = query.columns.index(measure), query.columns.index(status)
        found += [
            f"{measure} {row[value]} beside {row[said]!r}"
            for row in query.rows
            if row[value] is not None and row[said] not in {"released", None}
        ]
    return found


def numbers(text: str) -> set[str]:
    """The numbers of a text, without thousands separators."""
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _of_rows(text: str, query: QueryResult, home: HomeRecord) -> list[str]:
    """Table lines and amounts in bold, each held against the rows; what the plan counts, against the text."""
    rows = [_Row(_numbers(query.columns, row), _texts(row, home)) for row in query.rows]
    known = set(home.labels).union(*(row.names for row in rows))
    problems = [
        f"no row says {line.strip()!r}"
        for line in _table_lines(text)
        if not any(_is_row(line, row, known) for row in rows)
    ]
    for found in _SAID.finditer(text):
        subject, amount = _NUMBERING.sub("", found["subject"]).strip(), found["amount"]
        fits = [row for row in rows if numbers(amount) <= row.numbers]
        if not fits:
            problems.append(f"no row holds {amount!r}")
        elif subject in known and not any(subject in row.names for row in fits):
            problems.append(f"{amount!r} is not that of {subject!r}")
    return problems + _unnamed(text, query, home)


def _unnamed(text: str, query: QueryResult, home: HomeRecord) -> list[str]:
    """Cohorts, datasets and hospitals whose people were counted and that the text does not name."""
    if query.plan.get("kind") != "count":
        return []
    counted = [id for part in ("cohorts", "datasets", "hospitals") for id in query.plan.get(part) or ()]
    said = {id for label, ids in home.labels.items() if label in text for id in ids}
    return [f"{id!r} is counted and not named" for id in counted if id not in said]


def _is_row(line: str, row: _Row, known: set[str]) -> bool:
    """The line's numbers are the row's, and it names nothing that the row does not."""
    shown = {cell.strip() for cell in line.strip().strip("|").split("|")}
    return not (shown & known) - row.names and all(
        numbers(cell) <= row.numbers for cell in shown if cell not in row.names
    )


def _table_lines(text: str) -> Iterable[str]:
    """The lines of tables below their headings."""
    body = False
    for line in text.split("\n"):
        if not line.startswith("|"):
            body = False
        elif set(line) <= set("|-: "):
            body = True
        elif body:
            yield line


def _numbers(columns: Sequence[str], row: Sequence[object]) -> set[str]:
    """A row's numbers; of the end of a range also the number that a value stays below."""
    found: set[str] = set()
    for name, value in zip(columns, row, strict=True):
        if isinstance(value, bool) or value is None:
            continue
        found |= numbers(f"{value:g}" if isinstance(value, float) else str(value))
        if name.endswith("_high") and isinstance(value, int):
            found.add(str(value + 1))
    return found


def _texts(row: Sequence[object], home: HomeRecord) -> set[str]:
    """A row's texts, and what the things are called whose ids it holds."""
    cells = {str(value).strip() for value in row if isinstance(value, str)}
    return cells | {label for label, ids in home.labels.items() if cells.intersection(ids)}


def _of_quotes(line: str, quotes: Mapping[str, str], asked: set[str]) -> list[str]:
    """What is wrong with a line that cites: each mark has to be there, each number to stand in what is
    cited, as it is or as the value in digits ("5천만 원", 50,000,000), or in its document's title."""
    marks = _MARK.findall(line)
    missing = [mark for mark in marks if mark not in quotes]
    if missing:
        return [f"cites {missing}, which is not there"]
    if not marks:
        return []
    said = _NUMBERING.sub("", _MARK.sub("", line))
    cited = " ".join(quotes[mark] for mark in marks)
    loose = numbers(said) - numbers(cited) - numbers_of(cited) - asked
    return [f"{sorted(loose)} stands in no quote that is cited"] if loose else []


def _repeats(line: str, question: str) -> bool:
    """A heading of words of the question, over the part of the answer that they ask for."""
    return line.startswith("### ") and normalize(line[4:]) in normalize(question)


def _rests_on_nothing(line: str) -> bool:
    """A point of a list that cites nothing and is none of the plan's form, word for word."""
    point = line.removeprefix("- ").strip()
    return line.startswith("- ") and not _MARK.search(line) and point not in _points_of_the_form()


@cache
def _points_of_the_form() -> frozenset[str]:
    """What the plan's form asks for, field by field, in both languages."""
    fields = [field for section in load_form().sections.values() for field in section.fields.values()]
    return frozenset(f"{f.label[language]}: {f.help[language]}" for f in fields for language in f.label)
