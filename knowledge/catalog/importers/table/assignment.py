"""Which position of a header is which column, where several may be: ``assign_columns``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowledge.catalog.importers.sheets.sheet import Line
from knowledge.catalog.importers.table.vocabulary import headers
from knowledge.catalog.importers.wording import is_korean

# Columns that several header texts may fill together.
JOINED = frozenset({"note", "section", "aliases", "description"})
_CODED = re.compile(r"\s*[\w~∼～-]{1,8}\s*[.:=)]\s*\S")
_DEMOTED = 20  # levels


class Claim(NamedTuple):
    """That a position may be a column: the lowest level, then the lowest rank, gets it."""

    level: int
    rank: int
    at: int
    column: str


def assign_columns(
    kind: str, known: Sequence[Sequence[tuple[str, int]]], texts: Sequence[str], below: Sequence[Line]
) -> tuple[dict[str, list[int]], list[str]]:
    """The positions of each column, and what stays in doubt.

    ``known`` are per position the columns that its header may mean, with their levels; ``below`` are
    lines under the header, whose content decides what the header leaves open.
    """
    order = headers().order[kind]
    claims = [Claim(level, order[column], at, column)
              for at, meanings in enumerate(known) for column, level in meanings]
    work = _Assignment(_names_judged(claims, below) if kind == "variables" else claims)
    work.settle_name()
    if kind == "variables":
        work.settle_codes(below)
    return work.columns, work.doubts(texts)


def _names_judged(claims: Sequence[Claim], below: Sequence[Line]) -> list[Claim]:
    """A column of Korean words is not the one with the variables' names while there is another."""
    positions = {claim.at for claim in claims if claim.column == "name"}
    korean = {at for at in positions if _share(below, at, is_korean) >= 0.5}
    if not positions - korean:
        return list(claims)
    judged = []
    for claim in claims:
        demoted = claim.column == "name" and claim.at in korean
        judged.append(claim._replace(level=claim.level + _DEMOTED) if demoted else claim)
    return judged


def _share(lines: Sequence[Line], at: int, test: Callable[[str], object]) -> float:
    given = [cell for line in lines if (cell := line.at(at))]
    return sum(bool(test(cell)) for cell in given) / len(given) if given else 0.0


class _Assignment:
    """Columns as they are given out: ``columns`` to positions, ``taken`` the other way."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = claims
        self.columns: dict[str, list[int]] = {}
        self.taken: dict[int, str] = {}
        for claim in sorted(claims):
            if claim.at not in self.taken and (claim.column not in self.columns or claim.column in JOINED):
                self.columns.setdefault(claim.column, []).append(claim.at)
                self.taken[claim.at] = claim.column
        for column in JOINED & self.columns.keys():
            self.columns[column].sort()

    def _may(self, column: str) -> set[int]:
        return {claim.at for claim in self._claims if claim.column == column}

    def _move(self, at: int, column: str) -> None:
        before = self.taken[at]
        self.columns[before].remove(at)
        if not self.columns[before]:
            del self.columns[before]
        self.columns[column], self.taken[at] = [at], column

    def settle_name(self) -> None:
        """Without a surer one, what might be a label is the name."""
        if "name" not in self.columns and self._may("name"):
            self._move(min(claim for claim in self._claims if claim.column == "name").at, "name")

    def settle_codes(self, below: Sequence[Line]) -> None:
        """A code needs a label beside it, else it is a list; and a description may be a list of codes."""
        has = self.columns
        for one, other in (("code", "code_label"), ("code_label", "code")):
            values = has.get("values", [])
            if one in has and other not in has and self._may(other) & set(values):
                self._move(values[0], other)
        if "code" in has and "code_label" not in has and "values" not in has:
            self._move(has["code"][0], "values")
        elif "code_label" in has and "code" not in has and "values" not in has:
            self._move(has["code_label"][0], "values")
        if not {"code", "values"} & has.keys():
            listing = [at for at in has.get("description", []) if at in self._may("values")]
            coded = [at for at in listing if _share(below, at, _CODED.match) >= 0.5]
            if coded:
                self._move(coded[0], "values")

    def doubts(self, texts: Sequence[str]) -> list[str]:
        """Two positions with an equal claim to one column, of which one went empty-handed."""
        found = [f"{text!r} stands twice, and is not the same thing twice" for text in self._repeated(texts)]
        for level, _, at, column in self._claims:
            holder = self.columns.get(column, [at])[0]
            equal = any(c.at == holder and (c.level, c.column) == (level, column) for c in self._claims)
            if at not in self.taken and holder != at and column not in JOINED and equal:
                one, other, what = texts[holder], texts[at], column.replace("_", " ")
                found.append(f"{one!r} stands twice, and either may be the {what}" if one == other
                             else f"{one!r} and {other!r} may both be the {what}")
        return found

    def _repeated(self, texts: Sequence[str]) -> list[str]:
        """Headers that stand at several positions and were given to different columns."""
        given: dict[str, set[str]] = {}
        for at, column in self.taken.items():
            given.setdefault(texts[at], set()).add(column)
        return [text for text, columns in given.items() if len(columns) > 1]
