"""A protected count as a person reads it: "1,230-1,239 patients", "fewer than 10 patients"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from knowledge.text import Language

_FORMS: Mapping[Language, Mapping[str, str]] = {
    "ko": {
        "none": "공개된 값 없음",
        "fewer": "{n}명 미만(0명일 수 있음)",
        "few": "1-{high}명",
        "exact": "{high}명",
        "range": "{low}-{high}명",
        "at_most": "많아야 {high}명",
        "bound": "{low}명 이상 {high}명 이하",
    },
    "en": {
        "none": "not published",
        "fewer": "fewer than {n} patients, possibly none",
        "few": "1-{high} patients",
        "exact": "{high} patients",
        "range": "{low}-{high} patients",
        "at_most": "at most {high} patients",
        "bound": "at least {low} and at most {high} patients",
    },
}


class Released(Protocol):
    """A count as it was released."""

    @property
    def status(self) -> str: ...
    @property
    def low(self) -> int | None: ...
    @property
    def high(self) -> int | None: ...


def bin_text(count: Released | None, language: Language) -> str:
    """The bin in words; what is not published is said to be so."""
    forms = _FORMS[language]
    if count is None or count.high is None:
        return forms["none"]
    low, high = count.low or 0, count.high
    return forms[_form(count.status, low, high)].format(low=f"{low:,}", high=f"{high:,}", n=f"{high + 1:,}")


def _form(status: str, low: int, high: int) -> str:
    if status == "suppressed":
        return "few" if low else "fewer"
    if low == high:
        return "exact"
    if status == "released":
        return "range"
    return "bound" if low else "at_most"
