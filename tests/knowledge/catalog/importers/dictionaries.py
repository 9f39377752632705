"""What the tests of the importers share: rows by name, and where published dictionaries may lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from knowledge.catalog.importers.dictionary import Dictionary

Book = Callable[..., Dictionary]  # writes a file and reads it
SHARED = Path(__file__).parents[5] / "shared" / "dictionaries"


def variables(dictionary: Dictionary) -> dict[str, Mapping[str, str]]:
    """Cells of the variables by name; where a name is in several tables, by "table.name"."""
    found: dict[str, Mapping[str, str]] = {}
    for row in dictionary.rows["variables"]:
        name = row.cells["name"]
        found[f"{row.cells['table']}.{name}" if name in found else name] = row.cells
    return found


def first(dictionary: Dictionary, table: str) -> Mapping[str, str]:
    """Cells of the first row of a table."""
    return next(iter(dictionary.rows[table])).cells


def problem(dictionary: Dictionary, words: str) -> str:
    """The one problem that says these words."""
    found = [line for line in dictionary.problems if words in line]
    assert len(found) == 1, dictionary.problems
    return found[0]
