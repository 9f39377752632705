"""What the cells of a variable tell beside their own column: its unit, and what is to be entered."""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.catalog.importers import cell_words
from knowledge.catalog.importers.units import declared_unit, ucum, unit_in_label, unit_in_note

NOTES = ("description", "description_ko", "description_en", "note")
_KEYS = (
    (r"\bpk\b|primary|기본\s*키", ("Primary key.", "기본 키이다.")),
    (r"\bfk\b|foreign|외래\s*키", ("Foreign key.", "외래 키이다.")),
)


def given_cell(cells: Mapping[str, str], column: str) -> str | None:
    """The cell of a column, None where it says that there is nothing."""
    text = cells.get(column)
    return None if text is None or cell_words.is_empty(text) else text


def unit_of(given: Mapping[str, str], type_: str | None) -> str | None:
    """The unit of its own column; else of a number the one that its label or description tells."""
    unit = given_cell(given, "unit")
    if unit is not None:
        return None if cell_words.is_date_format(unit) else declared_unit(" ".join(unit.split()))
    if type_ not in (None, "decimal", "integer"):
        return None
    told = next((found for label in labels_of(given) if (found := unit_in_label(label))), None)
    if found := told or ucum(given.get("values", "")):
        return found
    notes = (given[column] for column in NOTES if column in given)
    say = unit_in_note if type_ else unit_in_label
    return next((found for note in notes if (found := say(note))), None)


def labels_of(given: Mapping[str, str]) -> list[str]:
    """Its labels, in whatever column and language."""
    return [given[column] for column in ("label", "label_ko", "label_en") if column in given]


def facts_of(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is to be entered, in English and Korean."""
    facts = []
    unit = given.get("unit", "")
    if cell_words.is_date_format(unit):
        facts.append((f"Format: {unit}.", f"형식: {unit}."))
    if _is(given.get("required"), "true") or _is(given.get("nullable"), "false"):
        facts.append(("Required.", "필수 항목이다."))
    facts += [fact for sign, fact in _KEYS if re.search(sign, given.get("key", ""), re.IGNORECASE)]
    if _is(given.get("several"), "true") or given.get("several", "").casefold() in ("multiple", "many", "*"):
        facts.append(("Several answers may be chosen.", "여러 개를 고를 수 있다."))
    return facts


def _is(text: str | None, word: str) -> bool:
    try:
        return text is not None and cell_words.boolean_word(text) == word
    except ValueError:
        return False  # "if pregnant"
