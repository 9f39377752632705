"""What crosses the pipe comes out as it went in, in one type per kind of value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.catalog.place import DuckDBFile, PostgresSchema, SQLiteFile
from tools.query.engines.engine import Ask, Limits
from tools.query.worker.frames import (
    LENGTH,
    ask_document,
    frame,
    place_document,
    read_ask,
    read_body,
    read_place,
    read_rows,
)


def crossed(cell: object) -> object:
    sent = frame({"rows": [(cell,)]})
    assert LENGTH.unpack(sent[: LENGTH.size])[0] == len(sent) - LENGTH.size
    return read_rows(read_body(sent[LENGTH.size :])["rows"])[0][0]


@pytest.mark.parametrize(
    "cell",
    [
        *(None, True, 0, -(2**70), 0.1, "", "길 | \n\0 \udc80", date(2025, 4, 10)),
        *(datetime(2025, 4, 10, 9, 30, 1, 5), ["a", None, 1.5], []),
    ],
    ids=repr,
)
def test_plain_values_stay_as_they_are(cell: object) -> None:
    assert crossed(cell) == cell and type(crossed(cell)) is type(cell)


def test_numbers_are_numbers_whatever_type_an_engine_gives_them() -> None:
    assert crossed(Decimal("12")) == 12 and type(crossed(Decimal("12"))) is int
    assert crossed(Decimal("3.0")) == 3.0 and type(crossed(Decimal("3.0"))) is float
    assert repr(crossed(float("inf"))) == "inf"


def test_statements_and_places_cross() -> None:
    ask = Ask("SELECT 1", ("a", "b"), Limits(0.5, 10, 3, 100))
    assert read_ask(ask_document(ask)) == ask
    for place in (DuckDBFile(Path("/a b.duckdb")), SQLiteFile(Path("c.sqlite")), PostgresSchema("u", "s")):
        assert read_place(place_document(place)) == place


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(PostgresSchema("postgresql://r:secret@h/d", "s"))


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff"])
def test_what_is_no_document_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_body(body)
