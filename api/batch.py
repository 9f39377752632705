"""Batches: JSON Lines in, JSON Lines out, in order; a broken line gives a line that says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from api.problems import ProblemReported, problem_of
from api.session import write_json
from knowledge.errors import NotFound, QueryTimeout, UserError

Work = Callable[[dict[str, Any]], dict[str, Any]]


def run_batch(file: Path, work: Work) -> None:
    """Do ``work`` on each line's object and print what it gives, with the line's ``id`` where it has one.

    A line that cannot be read, and work that is refused, give ``{"id", "line", "error"}``, the error as
    problem details. Set-up and service errors end the batch, since every later line would meet them too.
    """
    for number, raw in _lines(file):
        record: dict[str, Any] | None = None
        try:
            record = _record(raw)
            result = work(record)
        except (UserError, QueryTimeout) as error:
            result = _failed(number, problem_of(error).document())
        except ProblemReported as report:
            if not report.concerns_one_request:
                raise
            result = _failed(number, report.document)
        if record is not None and "id" in record:
            result = {"id": record["id"], **{name: value for name, value in result.items() if name != "id"}}
        write_json(result)


def text_of(record: dict[str, Any], *names: str) -> str:
    """The first of the members ``names`` that is a string; UserError where none is."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str):
            return value
    raise UserError(
        f"The line has no text in {names[0]!r}.", hint=f'Give {{"id": ..., "{names[0]}": "..."}}.'
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers, from 1. A dash reads stdin."""
    if str(file) == "-":
        stream = sys.stdin.buffer
    else:
        try:
            stream = file.open("rb")
        except OSError as error:
            raise NotFound(f"The batch file {file} cannot be read: {error.strerror}.") from error
    with stream:
        for number, raw in enumerate(stream, start=1):
            if raw.strip():
                yield number, raw


def _record(raw: bytes) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UserError(
            f"The line is not JSON: {error}.", hint="Write one JSON object on each line."
        ) from error
    if not isinstance(record, dict):
        raise UserError("The line is not a JSON object.", hint="Write one JSON object on each line.")
    return record


def _failed(number: int, problem: dict[str, Any]) -> dict[str, Any]:
    return {"id": None, "line": number, "error": problem}
