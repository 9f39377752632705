"""Changes that can be made to the record of a right case: faults, and what does no harm.

Each takes the record, changes one thing in it and says whether it could. Where it could not, the record
is as it was.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from evals.case import ANSWERED
from evals.records import HomeRecord
from evals.scores.invariants import ID_COLUMNS
from evals.scores.statements import MEASURES, numbers

Spoil = Callable[[dict[str, Any], HomeRecord, random.Random], bool]
_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d+")
_MARK = re.compile(r"\s*\[\d+\]")
OF_TEXT = {"questions", "answers", "safety", "performance", "declines", "plans"}


def _other_amount(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """An amount in a table or in bold that is that of no row."""
    answer = record["answer"]
    query = answer["query"]
    if query is None or not _counts(query):
        return False
    known = {number for row in query["rows"] for cell in row for number in numbers(str(cell))}
    shown = [str(row[place]) for place in _counts(query) for row in query["rows"] if row[place]]
    places = [
        found for found in _NUMBER.finditer(answer["text"]) if found[0].replace(",", "") in shown
    ]  # fmt: skip
    places = [found for found in places if _is_amount(answer["text"], found.start())]
    if not places:
        return False
    found = drawn.choice(places)
    value = int(found[0].replace(",", "")) * 2 + 13
    while str(value) in known:
        value += 7
    answer["text"] = f"{answer['text'][: found.start()]}{value:,}{answer['text'][found.end() :]}"
    return True


def _is_amount(text: str, place: int) -> bool:
    line = text[text.rfind("\n", 0, place) + 1 :].split("\n", 1)[0]
    return line.startswith("|") or "**" in text[:place].rsplit("\n", 1)[-1]


def _other_row_value(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A count in the rows that the case expects otherwise."""
    query, expect = record["answer"]["query"], record["case"].get("expect") or {}
    asked = set(expect.get("columns") or ()) & set(MEASURES)
    places = [] if query is None else [p for p in _counts(query) if query["columns"][p] in asked]
    rows = [] if query is None else [row for row in query["rows"] if any(row[p] is not None for p in places)]
    if not rows:
        return False
    row = drawn.choice(rows)
    place = next(p for p in places if row[p] is not None)
    row[place] = row[place] * 2 + 10
    return True


def _lost_row(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A row of several is gone from the answer."""
    query = record["answer"]["query"]
    wanted = (record["case"].get("expect") or {}).get("rows") or []
    if query is None or len(query["rows"]) != len(wanted) or len(wanted) < 2:
        return False
    query["rows"].pop(drawn.randrange(len(wanted)))
    return True


def _other_subject(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A count said of another dataset, hospital or cohort: its name in the lines that say it is replaced."""
    answer = record["answer"]
    query = answer["query"]
    if query is None or not _counts(query):
        return False
    for label, ids in drawn.sample(list(home.labels.items()), len(home.labels)):
        others = [other for other, theirs in home.labels.items() if not set(ids) & set(theirs)]
        others = [other for other in others if other not in answer["text"]]
        counted = set(ids) & _subjects(query)
        if not counted or label not in answer["text"] or not others:
            continue
        answer["text"] = answer["text"].replace(label, drawn.choice(others))
        return True
    return False


def _subjects(query: Mapping[str, Any]) -> set[str]:
    """Ids of what is counted: those that the plan names, and those in the rows."""
    plan = query["plan"]
    named = {id for part in ("cohorts", "datasets", "hospitals") for id in plan.get(part) or ()}
    places = [place for place, column in enumerate(query["columns"]) if column in ID_COLUMNS]
    return named | {row[place] for row in query["rows"] for place in places}


def _dead_quote(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A quote that the stored version does not hold in these words."""
    citations = record["answer"]["citations"]
    if not citations:
        return False
    citation = drawn.choice(citations)
    citation["quote"] = citation["quote"][:-1] + "~"
    return True


def _no_version(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A quote of a version that is gone."""
    if not record["stored"]:
        return False
    record["stored"][drawn.randrange(len(record["stored"]))] = None
    return True


def _other_figure(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A sentence with a number that its quote does not hold."""
    answer = record["answer"]
    lines = answer["text"].split("\n")
    where = [n for n, line in enumerate(lines) if "[" in line and _NUMBER.search(_MARK.sub("", line))]
    if answer["query"] is not None or not answer["citations"] or not where:
        return False
    place = drawn.choice(where)
    start = 2 if lines[place].startswith("- ") else 0
    found = _NUMBER.search(lines[place], start)
    if found is None or lines[place][found.start() - 1] == "[":
        return False
    lines[place] = f"{lines[place][: found.start()]}98765{lines[place][found.end() :]}"
    answer["text"] = "\n".join(lines)
    return True


def _uncited(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A sentence of a list without its mark."""
    answer = record["answer"]
    lines = answer["text"].split("\n")
    where = [n for n, line in enumerate(lines) if line.startswith("- ") and _MARK.search(line)]
    if answer["query"] is not None or not where:
        return False
    place = drawn.choice(where)
    lines[place] = _MARK.sub("", lines[place])
    answer["text"] = "\n".join(lines)
    return True


def _no_caveat(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A note of the query, or its day and rule, left out of the text."""
    answer = record["answer"]
    query = answer["query"]
    if query is None or not _counts(query) or not query["rows"]:
        return False
    said = [part for part in (*query["notes"], query["as_of"], query["rule"]) if part in answer["text"]]
    if not said:
        return False
    answer["text"] = answer["text"].replace(drawn.choice(said), "")
    return True


def _leak(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A number beside a status that says that none was published."""
    query = record["answer"]["query"]
    if query is None:
        return False
    for place in _counts(query):
        status = f"{query['columns'][place]}_status"
        if status not in query["columns"]:
            continue
        at = query["columns"].index(status)
        hidden = [row for row in query["rows"] if row[at] in {"suppressed", "bound"}]
        if hidden:
            drawn.choice(hidden)[place] = 4
            return True
    return False


def _invented(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """The name of a variable that the catalog does not hold."""
    record["answer"]["text"] += " It is in the variable zz_made_up."
    return True


def _missing_decline(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """An answer where a refusal was due."""
    if record["answer"]["status"] != "declined":
        return False
    record["answer"].update(status="answered", reason=None, text="Here is what you asked for.")
    return True


def _wrong_decline(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A refusal where an answer was due."""
    if record["answer"]["status"] not in ANSWERED:
        return False
    refused = {"status": "declined", "reason": "out_of_scope", "text": "I cannot."}
    record["answer"].update(refused, query=None, citations=[])
    record["stored"] = []
    return True


def _rows_turned(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """The rows in another order, where none was asked for."""
    query, expect = record["answer"]["query"], record["case"].get("expect") or {}
    if query is None or len(query["rows"]) < 2 or expect.get("ordered"):
        return False
    query["rows"].reverse()
    return True


def _column_beside(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """A column that nobody asked for."""
    query = record["answer"]["query"]
    if query is None or "remark" in query["columns"]:
        return False
    query["columns"].append("remark")
    for row in query["rows"]:
        row.append(None)
    return True


def _white_space(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """Blank lines and blanks at the ends of lines."""
    text = record["answer"]["text"]
    record["answer"]["text"] = "\n" + text.replace("\n\n", "  \n\n") + "\n\n"
    return True


def _other_ids(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """Ids and times of another run."""
    record["answer"].update(id="a-other", conversation="c-other", timings_ms={"understand": 1.5})
    record["seconds"] = record["seconds"] / 2
    return True


def _suggestion(record: dict[str, Any], home: HomeRecord, drawn: random.Random) -> bool:
    """Another question that is offered."""
    record["answer"]["suggestions"] = ["How many datasets are there?"]
    return True


def _counts(query: Mapping[str, Any]) -> list[int]:
    """Where the columns of counts stand."""
    return [place for place, name in enumerate(query["columns"]) if name in MEASURES]


# Which kinds of suites can tell that each is wrong.
FAULTS: dict[str, tuple[set[str], Spoil]] = {
    "another amount in the text": (OF_TEXT, _other_amount),
    "another count in the rows": ({"questions"}, _other_row_value),
    "a row lost": ({"questions"}, _lost_row),
    "another subject": (OF_TEXT, _other_subject),
    "a dead quote": (OF_TEXT, _dead_quote),
    "a quote of no version": (OF_TEXT, _no_version),
    "another number in a sentence": (OF_TEXT, _other_figure),
    "a sentence uncited": (OF_TEXT, _uncited),
    "a caveat dropped": (OF_TEXT, _no_caveat),
    "a hidden count shown": (OF_TEXT, _leak),
    "an invented name": (OF_TEXT, _invented),
    "a missing decline": ({"declines"}, _missing_decline),
    "a wrong decline": ({"questions", "answers", "declines"}, _wrong_decline),
}
HARMLESS: dict[str, tuple[set[str], Spoil]] = {
    "rows in another order": ({"questions"}, _rows_turned),
    "a column beside": (OF_TEXT, _column_beside),
    "white space": (OF_TEXT, _white_space),
    "ids and times": (OF_TEXT, _other_ids),
    "a suggestion": (OF_TEXT, _suggestion),
}
