"""The numbers of list items in DOCX, which Word works out and does not store."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNNUMBERED = {"bullet", "none"}
_KOREAN = "가나다라마바사아자차카타파하"


class Numbering:
    """The marks of list items: "-" for bullets, the number as it is shown for the rest."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # what python-docx raises where a document has no list part
            return
        abstract = {one.get(W + "abstractNumId"): one for one in root.findall(W + "abstractNum")}
        for number in root.findall(W + "num"):
            used = number.find(W + "abstractNumId")
            kept = abstract.get(used.get(W + "val")) if used is not None else None
            if kept is not None:
                self._levels[number.get(W + "numId")] = dict(_levels(kept))

    def mark(self, element: Any, style: Any) -> str | None:
        """The mark of this paragraph, None where it is no list item. Counts it."""
        place = _place(element, style)
        if place is None:
            return None
        number, depth = place
        form, shown, first = self._levels.get(number, {}).get(depth, ("bullet", "", 1))
        counts = self._counts[number]
        counts[depth] = counts.get(depth, first - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if form in _UNNUMBERED:
            return "-"
        levels = self._levels[number]

        def value(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            return _numeral(counts.get(level, 1), levels.get(level, (form, "", 1))[0])

        return re.sub(r"%(\d)", value, shown) or "-"

    def depth(self, element: Any, style: Any) -> int:
        """How deep the item lies, from 0."""
        place = _place(element, style)
        return place[1] if place else 0


def _levels(abstract: Any) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for level in abstract.findall(W + "lvl"):
        form, shown, start = (level.find(W + tag) for tag in ("numFmt", "lvlText", "start"))
        first = start.get(W + "val", "1") if start is not None else "1"
        yield (
            int(level.get(W + "ilvl", "0")),
            (
                form.get(W + "val", "decimal") if form is not None else "decimal",
                shown.get(W + "val", "") if shown is not None else "",
                int(first) if first.isdigit() else 1,
            ),
        )


def _place(element: Any, style: Any) -> tuple[str, int] | None:
    """(numId, level) of a paragraph's own list or its style's; None without one."""
    found = element.find(f"{W}pPr/{W}numPr")
    seen = 0
    while found is None and style is not None and seen < 20:
        found = style.element.find(f"{W}pPr/{W}numPr")
        style, seen = getattr(style, "base_style", None), seen + 1
    if found is None:
        return None
    number, level = found.find(W + "numId"), found.find(W + "ilvl")
    if number is None or number.get(W + "val") in (None, "0"):
        return None
    depth = level.get(W + "val", "0") if level is not None else "0"
    return number.get(W + "val"), int(depth) if depth.isdigit() else 0


def _numeral(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    if form == "ganada":
        return _KOREAN[(number - 1) % len(_KOREAN)]
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text, number = text + sign, number - value
    return text
