"""Codes of code systems: whether one has the form of its system, and is listed in its edition.

Forms are data (code_systems.yaml). Of an edition, the codes are known that the catalog's concepts list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped

_FILE = Path(__file__).with_name("code_systems.yaml")
_RANGE = re.compile(r"\s*(?:[–~]|-(?=[A-Za-z]))\s*(?=\w)")  # "J12-J18", but not "4548-4"
_BELOW = re.compile(r"[.]?[-*%+†]+$")


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """Names (as ``_plain`` writes them) that a system goes by, the form of its codes, and an example."""

    names: re.Pattern[str]
    form: re.Pattern[str]
    example: str
    check_digit: bool


class Codes:
    """The codes that the concepts of one catalog list, by system and edition."""

    def __init__(self) -> None:
        self._listed: dict[str, dict[str, None]] = defaultdict(dict)

    def declare(self, system: str, edition: str | None, code: str) -> None:
        """Note that an edition has a code. "KCD-8" and "KCD", "8th revision" are the same."""
        number = re.search(r"\d+", edition or "")
        names = {_plain(system)} | ({_plain(system) + number.group()} if number else set())
        for name in names:
            self._listed[name][code] = None

    def malformed(self, system: str, code: str) -> str | None:
        """What is wrong with the form of a code; None where nothing is, or the system is not known.
        The ends of a range have the form."""
        known = _of(system)
        if known is None:
            return None
        for part in _RANGE.split(code):
            if not known.form.fullmatch(part):
                return f"code {code!r} has not the form of {system} codes ({known.example}); correct it"
            if known.check_digit and not _check_digit_holds(part):
                return f"code {code!r} of {system} has a wrong check digit; correct it"
        return None

    def not_in_edition(self, system: str, code: str) -> str | None:
        """What is wrong where the concepts list codes of a system, and neither this one nor one above it."""
        listed = self._listed.get(_plain(system))
        if not listed or all(any(_above(other, part) for other in listed) for part in _RANGE.split(code)):
            return None
        return (
            f"code {code!r} is not among the codes that the concepts list for {system};"
            " add it there or correct it"
        )


def _above(listed: str, code: str) -> bool:
    """True when a listed code, or range of codes, has ``code`` below it or is it."""
    first, *rest = (_BELOW.sub("", part) for part in _RANGE.split(listed))
    last, code = rest[0] if rest else first, _BELOW.sub("", code)
    return code.startswith(first) or (first <= code and code[: len(last)] <= last and len(code) >= len(first))


def _plain(system: str) -> str:
    return re.sub(r"[^0-9a-z가-힣]+", "", system.lower())


@cache
def _systems() -> tuple[CodeSystem, ...]:
    raw = read_shipped(_FILE)
    return tuple(
        CodeSystem(
            re.compile(entry["names"]), re.compile(entry["form"]), entry["example"],
            entry.get("check_digit", False),
        ) for entry in raw
    )


@cache
def _of(system: str) -> CodeSystem | None:
    plain = _plain(system)
    return next((known for known in _systems() if known.names.fullmatch(plain)), None)


def _check_digit_holds(code: str) -> bool:
    """The last digit by the Luhn rule over the others, as LOINC has it."""
    digits = [int(c) for c in code if c.isdigit()]
    doubled = [d * 2 if i % 2 == 0 else d for i, d in enumerate(reversed(digits[:-1]))]
    return (sum(d - 9 if d > 9 else d for d in doubled) + digits[-1]) % 10 == 0
