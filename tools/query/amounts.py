"""Published numbers as a person reads them: "1,230-1,239 patients", "fewer than 10, possibly none", "<5 %".

Every face says them from here: answers, the tables of pages and of the command line, research plans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge.data_file import read_shipped
from knowledge.text import Language

Kind = Literal["number", "bound", "protected", "text"]
ENDS = ("_status", "_low", "_high")
PARTS = (*ENDS, "_largest", "_sum")

_DASH = re.compile(r"\s*(?:-|–|—|~|〜|～|\bto\b)\s*")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in words. kind: "number" as released, "bound" worked out from parts or coarsened,
    "protected" hidden to protect a small group, "text" where nothing was published."""

    text: str
    kind: Kind


@cache
def _forms() -> Mapping[str, Any]:
    return read_shipped(Path(__file__).with_name("amounts.yaml"))


def amount_forms(language: Language) -> Mapping[str, Any]:
    """The forms of a language, for a page that says numbers itself."""
    forms: Mapping[str, Any] = _forms()[language]
    return forms


def say_amount(
    measure: str, status: str | None, low: int | None, high: int | None, language: Language
) -> Amount:
    """The number of a measure ("patients", "records", "overlap_patients", or of anything else) in words.

    ``low`` and ``high`` are the ends of what the true number may be, both None where nothing was published.
    """
    forms = amount_forms(language)
    if high is None and status == "suppressed":
        return Amount(forms["hidden"], "protected")
    if high is None or status is None:
        return Amount(forms["none"], "text")
    form, kind = _form(status, low or 0, high)
    said = forms.get(measure.removeprefix("overlap_"), forms["other"])
    return Amount(said[form].format(low=f"{low or 0:,}", high=f"{high:,}", n=f"{high + 1:,}"), kind)


def say_cell(measure: str, row: Mapping[str, Any], language: Language) -> Amount:
    """The measure of a row that has the columns <measure>_status, <measure>_low and <measure>_high.

    A bound tells the released numbers that it was worked out from, <measure>_largest and <measure>_sum, too.
    """
    status, low, high = (row.get(f"{measure}{part}") for part in ENDS)
    amount = say_amount(measure, status, low, high, language)
    largest, together = (row.get(f"{measure}{part}") for part in ("_largest", "_sum"))
    if status != "bound" or together is None or (low, high) in {(largest, together), (together, together)}:
        return amount
    form = amount_forms(language)["added" if largest is None else "parts"]
    said = form.format(largest=f"{largest or 0:,}", sum=f"{together:,}")
    return Amount(f"{amount.text} {said}", amount.kind)


def _form(status: str, low: int, high: int) -> tuple[str, Kind]:
    if status == "suppressed":
        return ("few" if low else "fewer"), "protected"
    if low == high:
        return "exact", "number"
    if status == "released":
        return "range", "number"
    return ("bound" if low else "at_most"), "bound"


def say_rate(published: str, language: Language) -> str:
    """A published missing rate, which reads "12.5", "<5", ">=95" or "5-10", with its percent sign."""
    text = published.replace("%", "").strip().replace("<=", "≤").replace(">=", "≥")
    text = _DASH.sub(amount_forms(language)["between"], text)
    return f"{text} %"
