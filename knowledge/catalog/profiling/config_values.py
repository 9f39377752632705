"""Values of a profile's configuration: each parser raises ValueError with what to write instead."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from knowledge.catalog.aggregates import check_bands
from knowledge.catalog.cells import parse_moment
from knowledge.catalog.profiling.expressions import check_format
from knowledge.catalog.source import OPERATORS, Condition
from knowledge.errors import CatalogInvalid


def _text(raw: Any) -> Any:
    return str(raw) if isinstance(raw, int | float | date) and not isinstance(raw, bool) else raw


def _day(raw: Any) -> Any:
    text = _text(raw)
    parse_moment(text) if isinstance(text, str) else None
    return text


def _version(raw: Any) -> Any:
    if isinstance(raw, float):
        raise ValueError("it would lose zeros as a number; write it in quotation marks")
    return _text(raw)


def _years(raw: Any) -> Any:
    """[2015, 2024] is a range; more years, or one, stand for themselves."""
    if not (isinstance(raw, list) and raw and all(type(year) is int for year in raw)):
        raise ValueError("write [first, last], or a list of years")
    if len(raw) == 2:
        if raw[0] > raw[1]:
            raise ValueError("the last year comes before the first; swap them")
        return tuple(range(raw[0], raw[1] + 1))
    return tuple(sorted(set(raw)))


def parse_condition(raw: Any) -> Condition:
    """{column: NAME, OPERATOR: VALUE or [VALUES]}"""
    if isinstance(raw, Condition):
        return raw
    if not isinstance(raw, dict) or not isinstance(raw.get("column"), str):
        raise ValueError("write {column: NAME, equals: VALUE}, or another operator")
    operators = [key for key in raw if key != "column"]
    if len(operators) != 1 or operators[0] not in OPERATORS:
        raise ValueError(f"give one operator of {', '.join(OPERATORS)}")
    value = raw[operators[0]]
    values = tuple(value) if isinstance(value, list) else (value,)
    if not all(isinstance(one, str | int | float | date) for one in values):
        raise ValueError("a condition compares with text, numbers or dates")
    try:
        return Condition(raw["column"], operators[0], tuple(map(_scalar, values)))
    except CatalogInvalid as error:
        raise ValueError(str(error)) from error


def _scalar(value: str | int | float | date) -> str | int | float:
    """true and false, and days, as engines write them as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else value


def _format(raw: Any) -> Any:
    if raw:
        check_format(raw if isinstance(raw, str) else repr(raw))
    return raw


def _bands(raw: Any) -> Any:
    try:
        return check_bands(tuple(raw)) if isinstance(raw, list) and all(type(b) is str for b in raw) else raw
    except CatalogInvalid as error:
        raise ValueError(str(error)) from error


Text = Annotated[str, BeforeValidator(_text), StringConstraints(strip_whitespace=True, min_length=1)]
Years = Annotated[tuple[int, ...], BeforeValidator(_years)]
Format = Annotated[str, BeforeValidator(_format)]
Where = list[Annotated[Condition, BeforeValidator(parse_condition)]]
Age = Annotated[int, Field(ge=0, le=150)]
Bands = Annotated[tuple[str, ...], BeforeValidator(_bands)]
Version = Annotated[str, BeforeValidator(_version)]
Day = Annotated[str, BeforeValidator(_day)]


def cell_text(cell: Any) -> str:
    """A value of the file as a cell of the folder format: lists and code lists joined with |."""
    if isinstance(cell, dict):
        return "|".join(f"{code}={label}" for code, label in cell.items())
    if isinstance(cell, list):
        return "|".join(map(str, cell))
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def near(name: str, known: set[str] | frozenset[str]) -> str:
    """What to do about an unknown key."""
    found = difflib.get_close_matches(name, known, 1)
    return f"did you mean {found[0]!r}?" if found else f"there are {', '.join(sorted(known))}"
