"""Records of datasets and tables as rows of the folder format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from knowledge.catalog.importers import cell_words
from knowledge.catalog.importers.table.variables import by_language
from knowledge.catalog.rows import Problems, Row

_PLAIN = (
    "hospital",
    "theme",
    "update_frequency",
    "update_lag",
    "data_model",
    "access_level",
    "controller",
    "contact",
    "cost_basis",
    "license",
    "median_follow_up_months",
)
_LISTS = ("supersedes", "keywords")
_COUNTS = ("lead_time_days", "age_min", "age_max")
_DAYS = ("period_start", "period_end", "last_updated")


def described(cells: Mapping[str, str]) -> dict[str, str | None]:
    """Title and description in their languages, the note joined to the description of its own."""
    told = {**by_language("title", cells), **by_language("description", cells)}
    for column, note in by_language("description", {"description": cells.get("note", "")}).items():
        if note and not cell_words.is_empty(note):
            told[column] = " / ".join(filter(None, (told.get(column), note)))
    return told


def table_row(file: str, number: int, dataset: str, table: str, cells: Mapping[str, str]) -> Row:
    """The row of one table; a title that only repeats the id is none."""
    told = described(cells)
    told = {name: text for name, text in told.items() if text != table}
    granularity = cells.get("granularity")
    return _row(file, number, {"dataset": dataset, "table": table, **told, "granularity": granularity})


def dataset_row(
    file: str, number: int, dataset: str, cells: Mapping[str, str], first_day: int, problems: Problems
) -> Row:
    """The row of one dataset; what cannot be read is noted and left out of it."""

    def tried(column: str, parse: Callable[[str], str]) -> str | None:
        text = cells.get(column)
        if text is None or cell_words.is_empty(text):
            return None
        try:
            return parse(text)
        except ValueError as error:
            problems.add(file, number, f"the dataset was kept without its {column}: {error}")
            return None

    told: dict[str, str | None] = {"dataset": dataset, **described(cells), **by_language("population", cells)}
    told |= {column: tried(column, str) for column in _PLAIN}
    told |= {column: tried(column, _list) for column in _LISTS}
    told |= {column: tried(column, cell_words.count_word) for column in _COUNTS}
    if period := tried(
        "period", lambda text: "|".join(it or "" for it in cell_words.period_words(text, first_day))
    ):
        told["period_start"], told["period_end"] = period.split("|")
    for column in _DAYS:
        if not (column == "period_end" and cell_words.is_ongoing(cells.get(column, ""))):
            told[column] = tried(column, lambda text: cell_words.day_word(text, first_day)) or told.get(
                column
            )
    return _row(file, number, told)


def _list(text: str) -> str:
    items = text.replace("|", ",").replace(";", ",").replace("\n", ",").split(",")
    return "|".join(dict.fromkeys(item for it in items if (item := it.strip())))


def _row(file: str, number: int, cells: Mapping[str, str | None]) -> Row:
    return Row(file, number, {name: " ".join(text.split()) for name, text in cells.items() if text})
