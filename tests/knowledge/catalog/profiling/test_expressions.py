"""What a cell says as a date, a year or a number, asked of both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import psycopg
import pytest
from sqlglot import exp

from knowledge.catalog.profiling.config_values import parse_condition
from knowledge.catalog.profiling.engine import Column, Table
from knowledge.catalog.profiling.expressions import (
    check_format,
    date_of,
    is_empty,
    meets,
    number_of,
    year_of,
)
from knowledge.catalog.source import Condition

TEXT = Column("cell", "text")
Ask = Callable[[exp.Expr, Any], Any]


@pytest.fixture(params=["duckdb", "postgres"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """The value of an expression over one row with one cell of text."""
    if request.param == "duckdb":
        connection: Any = duckdb.connect()
        mark = "?"
    else:
        connection = psycopg.connect(request.getfixturevalue("postgres"), autocommit=True)
        mark = "%s"
    request.addfinalizer(connection.close)

    def run(expression: exp.Expr, cell: Any, kind: str = "TEXT") -> Any:
        connection.execute("DROP TABLE IF EXISTS one")
        connection.execute(f"CREATE TABLE one (cell {kind})")
        connection.execute(f"INSERT INTO one VALUES ({mark})", [cell])
        query = exp.select(expression).from_("one")
        return connection.execute(query.sql(dialect=request.param)).fetchone()[0]

    return run


@pytest.mark.parametrize(("cell", "date_format", "said"), [
    ("2024-01-31", "", date(2024, 1, 31)),
    ("2024.1.5", "", date(2024, 1, 5)),
    ("2024/01/31 13:05:00", "", date(2024, 1, 31)),
    ("2024-01-31T13:05:00Z", "", date(2024, 1, 31)),
    ("2024년 1월 31일", "", date(2024, 1, 31)),
    ("20240131", "", date(2024, 1, 31)),
    ("20240131130500", "", date(2024, 1, 31)),
    (" 2024-01-31 ", "", date(2024, 1, 31)),
    ("31.01.2024", "", None),
    ("2024-13-01", "", None),
    ("2024-00-10", "", None),
    ("20241399", "", None),
    ("unknown", "", None),
    ("", "", None),
    (None, "", None),
    ("31.01.2024", "%d.%m.%Y", date(2024, 1, 31)),
    ("1/31/2024 10:00", "%m/%d/%Y %H:%M", date(2024, 1, 31)),
    ("31012024", "%d%m%Y", date(2024, 1, 31)),
    ("2024-06", "%Y-%m", date(2024, 6, 1)),
    ("2024", "%Y", date(2024, 1, 1)),
    ("2024-01-31", "%d.%m.%Y", None),
    ("2023-02-30", "", date(2023, 3, 2)),  # counts on past the end of the month, and never into a year
])
def test_dates(ask: Ask, cell: str | None, date_format: str, said: date | None) -> None:
    assert ask(date_of(TEXT, date_format), cell) == said


@pytest.mark.parametrize(("cell", "said"), [
    ("1950", 1950), (" 1950 ", 1950), ("1950.0", 1950), ("1950-03-01", 1950), ("19500301", 1950),
    ("50", None), ("born", None), (None, None),
])
def test_years(ask: Ask, cell: str | None, said: int | None) -> None:
    assert ask(year_of(TEXT), cell) == said


@pytest.mark.parametrize(("cell", "said"), [
    ("70", 70), (" -1.5 ", -1.5), ("1e3", 1000), (".5", 0.5), ("<0.1", None), ("1,200", None), ("", None),
])
def test_numbers(ask: Ask, cell: str, said: float | None) -> None:
    assert ask(number_of(TEXT), cell) == said


@pytest.mark.parametrize(("cell", "codes", "empty"), [
    (None, (), True), ("  ", (), True), ("0", (), False), ("9", ("9", "99"), True), (" 9 ", ("9",), True),
])
def test_emptiness(ask: Ask, cell: str | None, codes: tuple[str, ...], empty: bool) -> None:
    assert ask(is_empty(TEXT, codes), cell) is empty


@pytest.mark.parametrize(("cell", "condition", "met"), [
    ("J44.1", Condition("cell", "coded", ("J44",)), True),
    ("j441", Condition("cell", "coded", ("J44.1",)), True),
    ("J45", Condition("cell", "coded", ("J43", "J44")), False),
    ("J44.1", Condition("cell", "starts_with", ("J44.",)), True),
    ("J441", Condition("cell", "starts_with", ("J44.",)), False),
    ("07", Condition("cell", "equals", (7,)), True),
    ("07", Condition("cell", "equals", ("7",)), False),
    ("b", Condition("cell", "one_of", ("a", "b")), True),
    ("69.9", Condition("cell", "below", (70,)), True),
    ("about 69", Condition("cell", "below", (70,)), None),
    ("2024-05-01", Condition("cell", "at_least", ("2024-01-01",)), True),
    ("it's", Condition("cell", "equals", ("it's",)), True),
    ("x", Condition("cell", "equals", ("' OR 1=1 --",)), False),
    ("\\", Condition("cell", "equals", ("\\",)), True),
])
def test_conditions(ask: Ask, cell: str, condition: Condition, met: bool | None) -> None:
    table = Table("one", {"cell": TEXT})
    assert ask(meets(table, condition, "Dataset", None), cell) is met


@pytest.mark.parametrize(("kind", "type_name", "cell", "said"), [
    ("integer", "INTEGER", 20240131, date(2024, 1, 31)),
    ("date", "DATE", date(2024, 1, 31), date(2024, 1, 31)),
    ("timestamp", "TIMESTAMP", "2024-01-31 10:00", date(2024, 1, 31)),
])
def test_dates_of_typed_columns(ask: Any, kind: Any, type_name: str, cell: Any, said: date) -> None:
    assert ask(date_of(Column("cell", kind)), cell, type_name) == said


def test_a_text_value_is_compared_with_a_number_column_as_text(ask: Any) -> None:
    table = Table("one", {"cell": Column("cell", "integer")})
    assert ask(meets(table, Condition("cell", "equals", ("7",)), "Dataset", None), 7, "INTEGER") is True


def test_true_and_days_in_a_configuration_are_text(ask: Any) -> None:
    condition = parse_condition({"column": "cell", "equals": True})
    flag = Table("one", {"cell": Column("cell", "boolean")})
    assert ask(meets(flag, condition, "Dataset", None), True, "BOOLEAN") is True
    condition = parse_condition({"column": "cell", "at_least": date(2024, 1, 1)})
    day = Table("one", {"cell": Column("cell", "date")})
    assert ask(meets(day, condition, "Dataset", None), date(2023, 12, 31), "DATE") is False


@pytest.mark.parametrize("wrong", [
    "%d.%m.%y", "%Y-%m-%d %Z", "%m-%d", "yyyy-mm-dd", "", "Day %d %m %Y", "%Y[%m",
])
def test_wrong_formats(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a date format"):
        check_format(wrong)
