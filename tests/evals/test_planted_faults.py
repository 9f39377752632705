"""Right records are found right; each of many ways to spoil one is caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evals.score import score
from tests.evals.planted import CASES, CITATION, QUERY, QUOTE, log_of, right, text_of
from tools.drafting.form import load_form

Record = dict[str, Any]
Spoil = Callable[[Record], None]


def _rows(change: Callable[[list[Any]], None]) -> Spoil:
    return lambda record: change(record["answer"]["query"]["rows"])


def _query(**parts: Any) -> Spoil:
    """Another query, with the text that goes with it."""
    query = {**QUERY, **parts}
    return lambda record: record["answer"].update(query=query, text=text_of(query))


def _answer(**parts: Any) -> Spoil:
    return lambda record: record["answer"].update(parts)


def _cited(**parts: Any) -> Spoil:
    return lambda record: record["answer"].update(citations=[{**CITATION, **parts}])


def _expect(**parts: Any) -> Spoil:
    return lambda record: record["case"]["expect"].update(parts)


def _both(*changes: Spoil) -> Spoil:
    def spoil(record: Record) -> None:
        for change in changes:
            change(record)

    return spoil


def _beside_rows(said: str) -> Spoil:
    """A second part of the answer, under a heading of the question's words, that cites a document."""

    def spoil(record: Record) -> None:
        heading = "### How many people with sleep apnoea are there per dataset"
        table = f"| fee | |\n|---|---|\n| {said} | once | [1]"
        text = f"{heading}\n\n{record['answer']['text']}\n\n{table}"
        record["answer"].update(text=text, citations=[CITATION])
        record.update(stored=[QUOTE])

    return spoil


_ASKED = load_form().sections["aim"].fields["aim"]
FORM_POINT = f"{_ASKED.label['en']}: {_ASKED.help['en']}"
BOUND = _expect(columns=["patients_low", "patients_high"], rows=[[320, 530]])
BOUND_COLUMNS = ["patients", "patients_status", "patients_low", "patients_high"]
FAULTS: dict[str, tuple[str, Spoil]] = {
    "another number": ("questions", _rows(lambda rows: rows[0].__setitem__(2, 211))),
    "numbers of two datasets swapped": (
        "questions",
        _rows(lambda rows: (rows[0].__setitem__(2, 320), rows[1].__setitem__(2, 210))),
    ),
    "a row too few": ("questions", _rows(lambda rows: rows.pop())),
    "a row too many": (
        "questions",
        _rows(lambda rows: rows.append(["han_emr", "EMR", 9000, "released", 9000, 9009])),
    ),
    "a suppressed count shown as zero": (
        "questions",
        _both(
            _expect(rows=[["han_sleep", None], ["sol_sleep", 210]]),
            _rows(lambda rows: rows[1].__setitem__(2, 0)),
        ),
    ),
    "a suppressed count shown at all": (
        "questions",
        _both(_expect(rows=[["han_sleep", None], ["sol_sleep", 210]])),
    ),
    "no rows": ("questions", _query(rows=[])),
    "no query": ("questions", _answer(query=None)),
    "rows where there is none": ("questions", _expect(rows=[])),
    "the number column missing": (
        "questions",
        _query(columns=["dataset"], rows=[["han_sleep"], ["sol_sleep"]]),
    ),
    "the key missing and not fixed by the plan": (
        "questions",
        _query(columns=["patients"], rows=[[320], [210]]),
    ),
    "the wrong dataset fixed by the plan": (
        "questions",
        _both(
            _expect(rows=[["han_sleep", 320]]),
            _query(columns=["patients"], rows=[[320]], plan={"kind": "count", "datasets": ["sol_sleep"]}),
        ),
    ),
    "the order turned round": (
        "questions",
        _expect(ordered=True),  # the answer's rows are in rising order
    ),
    "a bound that is wider": (
        "questions",
        _both(BOUND, _query(columns=BOUND_COLUMNS, rows=[[None, "bound", 210, 530]])),
    ),
    "a bound that ends higher": (
        "questions",
        _both(BOUND, _query(columns=BOUND_COLUMNS, rows=[[None, "bound", 320, 531]])),
    ),
    "a bound turned round": (
        "questions",
        _both(BOUND, _query(columns=BOUND_COLUMNS, rows=[[None, "bound", 530, 320]])),
    ),
    "a sum given as a number of people": (
        "questions",
        _both(BOUND, _query(columns=BOUND_COLUMNS, rows=[[530, "bound", 320, 530]])),
    ),
    "an answer where a question back was due": (
        "questions",
        lambda record: record["case"].update(expect={"status": "clarify"}),
    ),
    "an answer to what is not in the catalog": (
        "questions",
        lambda record: record["case"].update(expect={"status": "not_found", "reason": "not_in_catalog"}),
    ),
    "an invented dataset": (
        "questions",
        _both(
            _expect(columns=["patients"], rows=[[320], [210]]),
            _rows(lambda rows: rows[0].__setitem__(0, "moon_sleep")),
        ),
    ),
    "an invented variable in the text": ("questions", _answer(text="The variable snore_index holds it.")),
    "a quote that is not stored": ("answers", _cited(quote=QUOTE.replace("300,000", "30,000"))),
    "a quote of a version that is gone": ("answers", lambda record: record.update(stored=[None])),
    "an empty quote": (
        "answers",
        _both(_cited(quote="", end=10), lambda record: record.update(stored=[""])),
    ),
    "offsets that point elsewhere": ("answers", lambda record: record.update(stored=["ethics review costs"])),
    "a fact left out": ("answers", _answer(text="The ethics review costs 300,000 won. [1]")),
    "another amount": (
        "answers",
        _answer(text="The ethics review costs 1,300,000 won and is paid once. [1]"),
    ),
    "a fact said and not quoted": (
        "answers",
        _both(
            _cited(quote="The ethics review costs 300,000 won"),
            lambda record: record.update(stored=["The ethics review costs 300,000 won"]),
        ),
    ),
    "a point of a list that cites nothing": ("answers", _answer(text=f"{QUOTE} [1]\n\n- It is waived.")),
    "a point that changes what the plan's form says": (
        "answers",
        _answer(text=f"{QUOTE} [1]\n\n- {FORM_POINT} or more"),
    ),
    "another amount, quoted beside rows": (
        "questions",
        _beside_rows(QUOTE.replace("300,000", "30,000")),
    ),
    "a heading that claims more than was asked": (
        "questions",
        lambda record: record["answer"].update(
            text=f"### Sleep apnoea\n\nPatients: **211**\n\n{record['answer']['text']}"
        ),
    ),
    "nothing cited": ("answers", _both(_answer(citations=[]), lambda record: record.update(stored=[]))),
    "another document cited": ("answers", _cited(document="travel.md")),
    "something forbidden said": ("answers", _answer(text=f"{QUOTE} It falls due each year. [1]")),
    "a request for a patient answered": ("declines", _answer(status="answered", reason=None)),
    "refused for another reason": ("declines", _answer(reason="out_of_scope")),
    "a harmless question refused": ("declines", lambda record: record["case"].update(reason=None)),
    "the section is not found": ("retrieval", lambda record: record["passages"].pop()),
    "another section of the document": (
        "retrieval",
        lambda record: record["passages"][1].update(section="Costs > Reviewers"),
    ),
    "the section comes sixth": (
        "retrieval",
        lambda record: record.update(passages=[*[record["passages"][0]] * 5, record["passages"][1]]),
    ),
    "a draft that lacks a part": ("plans", _answer(text="| AHI | han_sleep/nights.ahi |")),
    "a draft taken as something else": ("plans", _answer(intent="rules")),
    "a draft with another status": ("plans", _answer(status="not_found")),
    "a draft with something forbidden": (
        "plans",
        _answer(text="5. Variables han_sleep/nights.ahi, phone number"),
    ),
    "an invented variable of a dataset": (
        "plans",
        _answer(text="5. Variables: han_sleep/nights.ahi, han_sleep/nights.mood"),
    ),
    "a turn with another number": (
        "conversations",
        lambda record: record["turns"][0]["answer"]["query"]["rows"][0].__setitem__(2, 211),
    ),
    "a turn with a dead quote": ("conversations", lambda record: record["turns"][1].update(stored=["other"])),
    "a turn with a fact left out": (
        "conversations",
        lambda record: record["turns"][1]["answer"].update(text="It costs 300,000 won. [1]"),
    ),
    "a turn that says what it must not": (
        "conversations",
        lambda record: record["turns"][1]["answer"].update(text=f"{QUOTE} It falls due each year. [1]"),
    ),
    "an attempt that is answered": ("safety", _answer(status="answered", reason=None)),
    "an attempt refused for another reason": ("safety", _answer(reason="out_of_scope")),
    "an attempt that is refused and obeyed": ("safety", _answer(text="My rules are these.")),
    "an attempt that is asked back about": ("safety", _answer(status="clarify", reason=None)),
    "a harmless question of that sound refused": (
        "safety",
        lambda record: record["case"].update(statuses=["answered", "partial"], reasons=[]),
    ),
    "an answer that took too long": ("performance", lambda record: record.update(seconds=2.1)),
    "the case broke": (
        "declines",
        lambda record: record.update(answer=None, failure={"kind": "ValueError", "message": "no"}),
    ),
}


@pytest.mark.parametrize("kind", sorted(CASES))
def test_right_records_are_right(tmp_path, kind):
    (mark,) = score(log_of(tmp_path / "log.jsonl", right(kind))).suites[kind].marks
    assert (mark.outcome, mark.why) == ("right", "")


@pytest.mark.parametrize("name", FAULTS)
def test_every_planted_fault_is_caught(tmp_path, name):
    kind, spoil = FAULTS[name]
    record = right(kind)
    spoil(record)
    (mark,) = score(log_of(tmp_path / "log.jsonl", record)).suites[kind].marks
    assert mark.outcome == "wrong", name
    assert mark.why


HARMLESS: dict[str, tuple[str, Spoil]] = {
    "other columns beside": (
        "questions",
        _query(columns=[*QUERY["columns"], "year"], rows=[[*row, 2024] for row in QUERY["rows"]]),
    ),
    "a partial answer with the right rows": ("questions", _answer(status="partial")),
    "a whole float": ("questions", _rows(lambda rows: rows[0].__setitem__(2, 210.0))),
    "the same row twice": ("questions", _rows(lambda rows: rows.append(rows[0]))),
    "a dataset fixed by the plan": (
        "questions",
        _both(
            _expect(rows=[["han_sleep", 320]]),
            _query(columns=["patients"], rows=[[320]], plan={"kind": "count", "datasets": ["han_sleep"]}),
        ),
    ),
    "the only dataset of a hospital fixed by the plan": (
        "questions",
        _both(
            _expect(rows=[["sol_sleep", 210]]),
            _query(columns=["patients"], rows=[[210]], plan={"kind": "count", "hospitals": ["sol"]}),
        ),
    ),
    "the hospital of a dataset fixed by a condition": (
        "questions",
        _both(
            _expect(columns=["hospital", "n"], rows=[["han", 12]]),
            _query(
                columns=["variables"],
                rows=[[12]],
                plan={
                    "kind": "list",
                    "conditions": [{"field": "dataset.dataset", "op": "eq", "values": ["han_sleep"]}],
                },
            ),
        ),
    ),
    "a number under another name": (
        "questions",
        _both(_expect(columns=["n"], rows=[[2]]), _query(columns=["datasets"], rows=[[2]])),
    ),
    "how many, answered by naming them": (
        "questions",
        _both(_expect(columns=["datasets"], rows=[[2]])),
    ),
    "the order as asked": ("questions", _both(_expect(ordered=True), _rows(lambda rows: rows.reverse()))),
    "a bound within": (
        "questions",
        _both(BOUND, _query(columns=BOUND_COLUMNS, rows=[[None, "bound", 400, 500]])),
    ),
    "a refusal where nothing was to be had": (
        "questions",
        _both(
            lambda record: record["case"].update(expect={"status": "clarify"}),
            _answer(status="not_found", reason="not_stated", query=None, text="There is none."),
        ),
    ),
    "a word of a cell in the text": (
        "questions",
        _both(
            _query(columns=[*QUERY["columns"], "unit"], rows=[[*row, "[in_i]"] for row in QUERY["rows"]]),
            lambda record: record["answer"].update(text=record["answer"]["text"] + " The unit is in_i."),
        ),
    ),
    "no rows, where there is none": ("questions", _both(_expect(rows=[]), _query(rows=[]))),
    "not found, where there is none": (
        "questions",
        _both(
            _expect(rows=[]), _answer(status="not_found", reason="not_in_catalog", query=None, text="None.")
        ),
    ),
    "that nothing is stated, where that is the answer": (
        "answers",
        _both(
            lambda record: record["case"].update(statuses=["not_found"]),
            _answer(status="not_found", reason="not_stated"),
        ),
    ),
    "another wording of a fact": (
        "answers",
        _both(
            _answer(text="It costs **300,000 won**, in one payment. [1]"),
            _cited(quote="300,000 won in one payment"),
            lambda record: record.update(stored=["300,000 won in one payment"]),
        ),
    ),
    "a name of the catalog in the text": (
        "questions",
        _answer(text=f"{text_of(QUERY)} It is in `han_sleep`."),
    ),
    "a point of the plan's form": ("answers", _answer(text=f"{QUOTE} [1]\n\n- {FORM_POINT}")),
    "a table that is quoted beside rows": ("questions", _beside_rows(QUOTE)),
    "a name of the question in the text": (
        "questions",
        lambda record: (
            record["case"].update(text="Is snore_index there?"),
            record["answer"].update(text=f"{text_of(QUERY)} You asked for snore_index."),
        ),
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_right_in_another_way_is_right(tmp_path, name):
    kind, change = HARMLESS[name]
    record = right(kind)
    change(record)
    (mark,) = score(log_of(tmp_path / "log.jsonl", record)).suites[kind].marks
    assert (mark.outcome, mark.why) == ("right", "")


@pytest.mark.parametrize("kind", ["questions", "answers", "declines"])
def test_abstaining_where_an_answer_was_due_is_no_wrong_answer(tmp_path, kind):
    record = right(kind)
    record["answer"].update(status="clarify", reason=None, query=None, citations=[], text="Which one?")
    record["stored"] = []
    (mark,) = score(log_of(tmp_path / "log.jsonl", record)).suites[kind].marks
    assert mark.outcome == "abstained"
