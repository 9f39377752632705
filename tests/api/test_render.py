"""What people see: everything of the document, and nothing that a terminal would act on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from api import render
from api.session import printable

CITATION = {
    "id": "1",
    "document": "d.md",
    "version": "v1",
    "section": "A > B",
    "page": None,
    "quote": "It is held.",
    "start": 0,
    "end": 11,
    "url": "/documents/d.md",
}
QUERY = {
    "id": "q1",
    "plan": {},
    "sql": "SELECT hospital, patients FROM counts",
    "dialect": "duckdb",
    "columns": ["hospital", "patients"],
    "rows": [["han", 320], ["[bold]da", None]],
    "notes": ["Rounded."],
    "review": "unreviewed",
    "catalog_version": "1-abc",
    "as_of": "2025-01-31",
    "rule": "round-10",
}
ANSWER = {
    "id": "a1",
    "conversation": "c1",
    "question": "q",
    "language": "en",
    "intent": "catalog",
    "status": "clarify",
    "text": "Two **hospitals** hold it. [1]",
    "citations": [CITATION],
    "query": QUERY,
    "further": [{**QUERY, "id": "q2", "sql": "SELECT period FROM datasets"}],
    "options": [{"id": "o1", "label": "the first one"}],
    "reason": None,
    "suggestions": ["ask that"],
    "timings_ms": {},
}
SHOWN = (
    "hospitals",
    "320",
    "[bold]da",
    "–",
    "Rounded.",
    "1-abc",
    "2025-01-31",
    "SELECT hospital, patients",
    "SELECT period FROM datasets",
    "[1]",
    "d.md > A > B",
    "“It is held.”",
    "the first one",
    "ask that",
)


@pytest.fixture
def drawn():
    """What a render function writes for a document."""

    def draw(function, document) -> str:
        out = io.StringIO()
        function(Console(file=out, width=100, soft_wrap=True, highlight=False), printable(document))
        return out.getvalue()

    return draw


def test_an_answer_shows_its_text_rows_sql_citations_and_choices(drawn):
    seen = drawn(render.answer, ANSWER)
    for part in SHOWN:
        assert part in seen, part
    assert "**" not in seen


def test_an_answer_without_rows_shows_no_table(drawn):
    seen = drawn(render.answer, {**ANSWER, "query": None})
    assert "SELECT" not in seen and "hospitals" in seen


def test_rows_are_not_shown_twice(drawn):
    text = "They are:\n\n| hospital | patients |\n|---|---|\n| han | 320 |\n\nRounded."
    seen = drawn(render.answer, {**ANSWER, "text": text})
    assert seen.count("320") == 1 and seen.count("Rounded.") == 1 and "SELECT" in seen


def test_published_numbers_are_drawn_as_they_are_read(drawn):
    columns = ["hospital_name", "patients", "patients_status", "patients_low", "patients_high"]
    rows = [["Han", 1230, "released", 1230, 1239], ["Da", None, "suppressed", 0, 9]]
    seen = drawn(render.answer, {**ANSWER, "query": {**QUERY, "columns": columns, "rows": rows}})
    assert "1,230-1,239 patients" in seen and "fewer than 10, possibly none" in seen
    assert "released" not in seen and "suppressed" not in seen


def test_one_row_that_the_text_says_is_not_drawn_again(drawn):
    seen = drawn(render.answer, {**ANSWER, "query": {**QUERY, "rows": [["han", 320]]}, "further": []})
    assert "320" not in seen


def test_what_a_terminal_would_act_on_is_left_out(drawn):
    seen = drawn(render.answer, {**ANSWER, "text": "red \x1b[31m\x9b0m bell\x07 end", "query": None})
    assert not {"\x1b", "\x9b", "\x07"} & set(seen) and "end" in seen


def test_reports(drawn):
    report = {"added": ["a"], "updated": [], "unchanged": ["b", "c"], "removed": [],
              "failed": [{"path": "x.pdf", "reason": "broken"}], "notes": []}  # fmt: skip
    assert "1 added" in drawn(render.index_report, report) and "x.pdf: broken" in drawn(
        render.index_report, report
    )
    imported = {
        "version": "2",
        "previous": "1",
        "preview": True,
        "changed": True,
        "rows": {"tables": 3},
        "added": ["n"],
        "removed": ["gone"],
        "removed_datasets": {"gone": {"tables": 1, "variables": 2, "counts": 3}},
        "datasets": {"n": {"tables": 1, "variables": 5, "counts": 0}},
        "changed_datasets": ["m"],
        "problems": ["counts.csv:3: no"],
    }
    seen = drawn(render.import_report, imported)
    assert (
        "would replace 1" in seen and "added: n" in seen and "changed: m" in seen and "counts.csv:3" in seen
    )
    assert "gone would go away" in seen
    assert "in use now" in drawn(render.import_report, {**imported, "preview": False})
    assert "already" in drawn(render.import_report, {**imported, "preview": False, "changed": False})


def test_verdicts(drawn):
    accepted = {"id": None, "verdict": "accepted", "rule": None, "message": "", "sql": "SELECT 1"}
    assert "SELECT 1" in drawn(render.verdict, accepted)
    rejected = {"id": None, "verdict": "rejected", "rule": "one_statement", "message": "Two.", "sql": None}
    assert "one_statement" in drawn(render.verdict, rejected) and "Two." in drawn(render.verdict, rejected)
