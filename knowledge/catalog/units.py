"""Whether a unit is written in UCUM: ``problem(text)``. Atoms and prefixes are data (units.yaml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped

_FILE = Path(__file__).with_name("units.yaml")
# A factor alone, or an atom with its exponent; annotations say what is counted.
_COMPONENT = re.compile(
    r"(?P<atom>(?:\[[^\[\]]+\]|10[*^]|[^\s\d\[\](){}./+^*-])+)?(?P<exponent>[+-]?\d+)?(?P<note>\{[^{}]*\})?"
)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Atoms:
    metric: frozenset[str]
    plain: frozenset[str]
    prefixes: tuple[str, ...]
    meant: dict[str, str]

    def has(self, atom: str) -> bool:
        return atom in self.metric or atom in self.plain or any(
            atom.startswith(prefix) and atom[len(prefix):] in self.metric for prefix in self.prefixes
        )


@cache
def problem(unit: str) -> str | None:
    """What is wrong with a unit and what to write instead; None where it is valid UCUM."""
    if len(unit) <= _LONGEST and _term(unit) == "":
        return None
    meant = _atoms().meant.get(unit.lower())
    shown = unit if len(unit) <= _LONGEST else f"{unit[:_LONGEST]}…"
    return f"{shown!r} is no UCUM unit; " + (
        f"write {meant}" if meant
        else "write it in UCUM, such as mg/dL, or in braces where something is counted ({visits})"
    )


def _term(text: str) -> str | None:
    """What is left of ``text`` after the longest term at its start; None where there is none."""
    left = text[1:] if text.startswith("/") else text
    rest = _component(left)
    while rest and rest[0] in "./":
        rest = _component(rest[1:])
    return rest


def _component(text: str) -> str | None:
    if text.startswith("("):
        rest = _term(text[1:])
        return rest[1:] if rest is not None and rest.startswith(")") else None
    match = _COMPONENT.match(text)
    if match is None or not match.group():
        return None
    atom, exponent = match["atom"], match["exponent"]
    if atom is None:
        return None if exponent is not None and exponent[0] in "+-" else text[match.end():]
    return text[match.end():] if _atoms().has(atom) else None


@cache
def _atoms() -> _Atoms:
    raw = read_shipped(_FILE)
    return _Atoms(
        metric=frozenset(raw["metric"].split()),
        plain=frozenset(raw["plain"].split()),
        prefixes=tuple(raw["prefixes"].split()),
        meant={wrong.lower(): right for wrong, right in raw["meant"].items()},
    )
