"""Faults planted into statements are caught; right statements pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.check import check
from assistant.statement import Quote, Statement
from tools.query.execute import Result
from tools.query.guard import catalog_schema
from tools.query.guard import check as check_sql
from tools.query.plan import CountPlan

COLUMNS = ("hospital", "hospital_name", "patients", "patients_status", "patients_low", "patients_high")
ROWS = (("a", "Alpha", 120, "released", 120, 129), ("b", "Beta", None, "suppressed", 0, 9))
QUERY = check_sql(
    "SELECT counts.hospital FROM counts WHERE counts.year IS NULL", catalog_schema(), dialect="duckdb"
)
RESULT = Result(CountPlan(group_by=("hospital",)), QUERY, COLUMNS, ROWS, False)
TABLE = (
    "| hospital | patients |\n| --- | --- |\n| Alpha | 120-129 patients |\n| Beta | fewer than 10 patients |"
)


@pytest.fixture
def quote(eye_home) -> Quote:
    document = eye_home.index.document("en/voucher.md")
    text = "The voucher pays up to KRW 12 million for each company."
    start = document.text.index(text)
    return Quote(document.document, document.version, "", None, start, start + len(text), text, "en")


def _passes(
    statement: Statement, eye_home, result: Result | None = None, known: tuple[str, ...] = ()
) -> bool:
    held, dropped = check([statement], eye_home.index, result=result, known=known)
    assert len(held) + dropped == 1
    return bool(held)


def test_a_true_quote_passes(quote, eye_home):
    assert _passes(Statement(quote.text, (quote,)), eye_home)


@pytest.mark.parametrize(
    "fault",
    [
        lambda q: replace(q, text=q.text.replace("12", "15")),
        lambda q: replace(q, start=q.start + 1),
        lambda q: replace(q, version="0" * 12),
        lambda q: replace(q, document="en/nothing.md"),
        lambda q: replace(q, text="", start=0, end=0),
    ],
)
def test_a_quote_that_does_not_stand_in_the_document_is_dropped(quote, eye_home, fault):
    assert not _passes(Statement(quote.text, (fault(quote),)), eye_home)


def test_a_number_that_no_quote_holds_is_dropped(quote, eye_home):
    assert not _passes(Statement("The voucher pays up to KRW 15 million.", (quote,)), eye_home)


def test_a_claim_without_a_quote_is_dropped(eye_home):
    assert not _passes(Statement("The voucher is generous."), eye_home)


def test_a_true_table_passes(eye_home):
    assert _passes(Statement(TABLE, basis="rows"), eye_home, RESULT)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("120-129", "130-139"), ("| Alpha | 120-129 |", "| Alpha | 10 |"), ("fewer than 10", "fewer than 7")],
)
def test_a_number_of_another_row_or_of_none_is_dropped(eye_home, right, wrong):
    planted = TABLE.replace(" patients |", " |").replace(right, wrong)
    assert not _passes(Statement(planted, basis="rows"), eye_home, RESULT)


def test_rows_in_another_order_are_dropped(eye_home):
    head, rule, first, second = TABLE.split("\n")
    assert not _passes(Statement("\n".join((head, rule, second, first)), basis="rows"), eye_home, RESULT)


def test_a_record_may_repeat_known_numbers_only(eye_home):
    statement = Statement("As of 2026-02-28.", basis="record")
    assert _passes(statement, eye_home, known=("as_of 2026-02-28",))
    assert not _passes(statement, eye_home, known=("as_of 2025-02-28",))
