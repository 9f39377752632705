"""What a row of a plan is called in a sentence about it."""

from __future__ import annotations

from pydantic import BaseModel

_NAMING = ("variable", "dataset", "name", "output", "description", "category", "code", "dataset_a", "id")


def row_name(row: BaseModel, number: int) -> str:
    """Its id or name in quotes, else its number in the list, from 1: "#2"."""
    values = dict(row)
    named = next((values[part] for part in _NAMING if values.get(part)), None)
    return f"'{named}'" if named else f"#{number}"
