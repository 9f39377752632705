"""Which sex a catalog's code stands for: catalogs write F and M, Female and Male, 여 and 남."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Sex = Literal["F", "M"]
_FIRST: dict[str, Sex] = {"F": "F", "W": "F", "여": "F", "M": "M", "남": "M"}


def sex_of(code: str) -> Sex | None:
    """F or M for a published code; None for any other ("U", "9")."""
    return _FIRST.get(code.strip().upper()[:1])


def codes_for(sexes: Iterable[str], published: Iterable[str]) -> tuple[str, ...]:
    """The published codes that stand for the sexes asked for."""
    wanted = set(sexes)
    return tuple(code for code in published if sex_of(code) in wanted)
