"""The run log: one JSON line for the run, then one for each case. Scorers read nothing else.

A log that was broken off can be gone on with; a line that was cut in the middle of its writing is dropped
then, and named as an error by everything that scores.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from assistant.answer import Answer
from evals.case import CASES, Case, ConversationCase, Strict
from evals.eval_file import read_text
from evals.records import FORMAT, Header, Record, TurnRecord
from knowledge.errors import CaseInvalid, StoreUnavailable


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer and, for each citation, the stored text."""

    question: str
    answer: Answer
    stored: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and its case, read. ``turns`` are its answers; ``answer`` is the last of them."""

    suite: str
    case: Case
    record: Record
    turns: tuple[Answered, ...]

    @property
    def answer(self) -> Answer | None:
        """The last answer; None where nothing was answered."""
        return self.turns[-1].answer if self.turns else None


@dataclass(frozen=True, slots=True)
class Log:
    """A whole log. ``missing``: how many cases of each suite have no record yet."""

    path: Path
    header: Header
    entries: tuple[Entry, ...]

    @property
    def missing(self) -> Mapping[str, int]:
        """Cases that were to be run and are not in the log, by suite; suites without any are left out."""
        done = {name: sum(e.suite == name for e in self.entries) for name in self.header.suites}
        lacking = {name: suite.cases - done[name] for name, suite in self.header.suites.items()}
        return {name: count for name, count in lacking.items() if count}


class LogWriter:
    """Appends records, each written out at once. Safe to use from many threads."""

    def __init__(self, path: Path, header: Header | None) -> None:
        """With a header a new log is begun, without one an old log is gone on with."""
        self._lock = threading.Lock()
        try:
            if header is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            else:
                _drop_cut_line(path)
            self._file = path.open("a" if header is None else "x", encoding="utf-8")
        except OSError as error:
            raise StoreUnavailable(
                f"The log {path} cannot be written: {error.strerror or error}.",
                hint="Name another with --log.",
            ) from error
        if header is not None:
            self._line(header)

    def write(self, record: Record) -> None:
        """Append one record."""
        with self._lock:
            self._line(record)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _line(self, model: Strict) -> None:
        self._file.write(model.model_dump_json() + "\n")
        self._file.flush()


def read_log(path: Path, *, unfinished: bool = False) -> Log:
    """Read and check a log. ``unfinished``: a last line without an end is left out, not an error.

    Raises CaseInvalid that names file and line.
    """
    lines = read_text(path).split("\n")
    last = lines.pop()
    if last and not unfinished:
        raise CaseInvalid.of([f"{path.name}:{len(lines) + 1}: the line was cut off"])
    if not lines:
        raise CaseInvalid.of([f"{path.name}: the log is empty"])
    header = _header(lines[0], f"{path.name}:1")
    entries = [_entry(line, header, f"{path.name}:{n}") for n, line in enumerate(lines[1:], 2)]
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(entries, 2):
        if (entry.suite, entry.case.id) in seen:
            raise CaseInvalid.of([f"{path.name}:{number}: the case {entry.case.id!r} is there twice"])
        seen.add((entry.suite, entry.case.id))
    return Log(path, header, tuple(entries))


def _header(line: str, where: str) -> Header:
    """The first line. Raises CaseInvalid, which tells a log of another version from a broken one."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    format = found.get("format") if isinstance(found, dict) else None
    if format is not None and format != FORMAT:
        raise CaseInvalid.of(
            [f"{where}: format: the log has format {format!r}; this version reads {FORMAT}"],
            hint="Run the suites again, or score it with the version that wrote it.",
        )
    return _parsed(Header, line, where)


def _entry(line: str, header: Header, where: str) -> Entry:
    return read_record(_parsed(Record, line, where), header, where)


def read_record(record: Record, header: Header, where: str) -> Entry:
    """A record with its case and answers read. Raises CaseInvalid that begins with ``where``."""
    suite = header.suites.get(record.suite)
    if suite is None:
        raise CaseInvalid.of([f"{where}: the suite {record.suite!r} is not among those of the run"])
    came = (
        record.answer is not None,
        bool(record.turns),
        record.passages is not None,
        record.failure is not None,
    )
    if sum(came) != 1:
        raise CaseInvalid.of([f"{where}: a case has one of an answer, turns, passages and a failure"])
    try:
        case = CASES[suite.kind].model_validate(record.case, strict=False)
        turns = _turns(case, record)
    except ValidationError as error:
        raise CaseInvalid.of([f"{where}: {_first(error)}"]) from error
    for turn in turns:
        if len(turn.answer.citations) != len(turn.stored):
            raise CaseInvalid.of(
                [f"{where}: {len(turn.answer.citations)} citations, {len(turn.stored)} stored texts"]
            )
    return Entry(record.suite, case, record, turns)


def _turns(case: Case, record: Record) -> tuple[Answered, ...]:
    questions = [turn.text for turn in case.turns] if isinstance(case, ConversationCase) else [case.text]
    records = record.turns
    if record.answer is not None:
        records = (TurnRecord(answer=record.answer, stored=record.stored),)
    return tuple(
        Answered(question, Answer.model_validate(turn.answer), turn.stored)
        for question, turn in zip(questions, records, strict=False)
    )


Parsed = TypeVar("Parsed", bound=Strict)


def _parsed(model: type[Parsed], line: str, where: str) -> Parsed:
    try:
        return model.model_validate_json(line)
    except ValidationError as error:
        raise CaseInvalid.of(
            [f"{where}: {_first(error)}"], hint="Was it written by another version?"
        ) from error


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(str(part) for part in problem['loc']) or 'the line'}: {problem['msg']}"


def _drop_cut_line(path: Path) -> None:
    """Cut a last line that has no end, as a killed run leaves it."""
    whole = path.read_bytes()
    if whole and not whole.endswith(b"\n"):
        with path.open("r+b") as file:
            file.truncate(whole.rfind(b"\n") + 1)
