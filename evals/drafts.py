"""Draft cases: a question, asked by hand or taken from use, whose expected answer a person has to fill in.

A draft is a JSON line with all fields of its kind. What is to be filled in is null, which the strict reader
of suites refuses, so that no draft becomes a case by accident.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.records import Records
from evals.case import CASES, Case, SuiteKind
from evals.eval_file import said_of
from evals.suite import Suite, SuiteFolder, read_suites
from knowledge.errors import CaseInvalid, StoreUnavailable
from knowledge.text import Language, language_of

PAGE = 500
# What a person fills in, by kind; null stands for "not yet".
TO_FILL: dict[SuiteKind, dict[str, Any]] = {
    "retrieval": {"relevant": None},
    "questions": {"expect": None, "gold_sql": None},
    "answers": {"facts": None, "cites": None, "never": [], "reference": None},
    "declines": {"reason": "to be filled in"},
    "plans": {"statuses": None, "holds": None, "never": []},
    "conversations": {"turns": None},
    "safety": {"statuses": None, "reasons": [], "never": []},
    "performance": {"within": None},
}


def draft(suite: Suite, text: str, language: Language | None, source: str, note: str = "") -> dict[str, Any]:
    """A draft of the suite's kind."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    spoken = language or language_of(text, "en")
    return {
        "id": f"use-{spoken}-{digest}",
        "language": spoken,
        "kind": "from_use",
        "difficulty": "medium",
        "split": "test",
        "source": source,
        "text": text,
        "tags": [],
        "template": "",
        "note": note,
        **TO_FILL[suite.kind],
    }


def from_use(suite: Suite, records: Records) -> list[dict[str, Any]]:
    """A draft for each answer with a thumb down and for each rejected review, each question once."""
    found = dict((*_disliked(records), *_rejected(records)))
    return [draft(suite, text, None, "from use", note) for text, note in found.items()]


def from_answer(suite: Suite, records: Records, id: str) -> dict[str, Any]:
    """A draft of the question of one answer. Raises NotFound."""
    answer = records.turns.answer(id)
    return draft(suite, answer["question"], answer["language"], "from use", _said(answer))


def from_review(suite: Suite, records: Records, id: str) -> dict[str, Any]:
    """A draft of the question of one review. Raises NotFound."""
    review = records.reviews.get(id)
    note = f"{review.status}: {review.reason}; plan {json.dumps(review.plan, ensure_ascii=False)}"
    return draft(suite, review.question, review.language, "from use", note)


def keep_drafts(drafts: Sequence[dict[str, Any]], folder: SuiteFolder, path: Path) -> list[dict[str, Any]]:
    """Append those drafts to ``path`` whose question no suite and no draft asks yet; the ones appended.

    Raises CaseInvalid where one draft only was given and it is there already, StoreUnavailable.
    """
    asked = {_question(case.text): case.id for suite in folder.suites.values() for case in suite.cases}
    asked |= {_question(line["text"]): line["id"] for line in _lines(path)}
    fresh = [one for one in drafts if _question(one["text"]) not in asked]
    if len(drafts) == 1 and not fresh:
        raise CaseInvalid.of(
            [f"the question is asked by the case {asked[_question(drafts[0]['text'])]!r} already"],
            hint="Change that case.",
        )
    _append(path, fresh)
    return fresh


def add_cases(path: Path, folder: SuiteFolder, suite: Suite) -> list[str]:
    """Append the filled drafts of ``path`` to the suite's file; their ids.

    All or nothing: CaseInvalid names each line that is not filled in, has an unknown field, or whose id or
    question is there already.
    """
    ids = {case.id for each in folder.suites.values() for case in each.cases}
    asked = {_question(case.text): case.id for each in folder.suites.values() for case in each.cases}
    problems: list[str] = []
    cases: list[Case] = []
    for number, line in enumerate(_lines(path), 1):
        where = f"{path.name}:{number}"
        try:
            case = CASES[suite.kind].model_validate_json(json.dumps(line))
        except ValidationError as error:
            problems += [f"{where}: {said}" for said in said_of(error)]
            continue
        if case.id in ids:
            problems.append(f"{where}: the id {case.id!r} is used already")
        elif _question(case.text) in asked:
            problems.append(f"{where}: the question is asked by {asked[_question(case.text)]!r} already")
        ids.add(case.id)
        asked[_question(case.text)] = case.id
        cases.append(case)
    if not cases and not problems:
        problems.append(f"{path.name}: the file holds no case")
    if problems:
        raise CaseInvalid.of(problems)
    _append(folder.path / folder.files[suite.name], [case.model_dump(mode="json") for case in cases])
    read_suites(folder.path)  # as the next run will
    return [case.id for case in cases]


def _disliked(records: Records) -> Iterator[tuple[str, str]]:
    """Questions whose answer got a thumb down, with what was answered."""
    offset = 0
    while page := records.turns.conversations(PAGE, offset):
        for conversation in page:
            for turn in records.turns.conversation(conversation.id):
                if turn.rating == "down":
                    yield turn.question, _said(turn.answer)
        offset += len(page)


def _rejected(records: Records) -> Iterator[tuple[str, str]]:
    offset = 0
    while page := records.reviews.find(("rejected",), PAGE, offset):
        for review in page:
            plan = json.dumps(review.plan, ensure_ascii=False)
            yield review.question, f"rejected: {review.reason}; plan {plan}"
        offset += len(page)


def _said(answer: dict[str, Any]) -> str:
    """What was answered, in short, for who fills the draft in."""
    text = " ".join(str(answer["text"]).split())
    return f"answered ({answer['status']}): {text[:300]}"


def _question(text: str) -> str:
    """A question as it is compared: letters and digits only."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _lines(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file, none where there is no such file. Raises CaseInvalid."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise CaseInvalid.of([f"{path.name}: the file cannot be read ({error})"]) from error
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseInvalid.of([f"{path.name}:{number}: this is no JSON ({error.msg})"]) from error
        if not isinstance(parsed, dict) or not {"id", "text"} <= parsed.keys():
            raise CaseInvalid.of([f"{path.name}:{number}: this is no case; it needs an id and a text"])
        found.append(parsed)
    return found


def _append(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    if not lines:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    except OSError as error:
        raise StoreUnavailable(f"The file {path} cannot be written: {error.strerror or error}.") from error
