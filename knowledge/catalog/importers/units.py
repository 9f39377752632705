"""Units as dictionaries write them, in UCUM: "mmHg" is mm[Hg], "x10^9/L" 10*9/L, "beats/min" /min, "세" a.

The words are data, units.yaml beside this file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.data_file import read_shipped

_ANNOTATION = re.compile(r"\{[^{}\s]{1,30}\}")
_PER = re.compile(r"\s+per\s+|\s*/\s*", re.IGNORECASE)
_POWER = re.compile(r"x?10[\^*e]?(\d{1,2})\s*(.+)")
_AMOUNT = re.compile(r"(\d{1,4})\s*(\D.*)")
_IN = re.compile(r"in\s+(?=\S)", re.IGNORECASE)
_LONGEST = 40
_BRACKETED = re.compile(r"[(\[（［]\s*([^()（）［］]{1,40}?)\s*[)\]）］]")
_AFTER_COMMA = re.compile(r"[,:]\s*([^,:]{1,20})$")
_NOTED = re.compile(
    r"(?:\bunits?\s*(?:of measure(?:ment)?\s*)?(?:[:=：]|is\b|are\b)|단위\s*[:=：]?)\s*"
    r"([^\s,;()]{1,30}(?:/\s?[^\s,;()]+)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Words:
    """units.yaml: UCUM by exact spelling, by spelling in any case, and what is no unit on its own."""

    exact: Mapping[str, str]
    lower: Mapping[str, str]
    never_whole: frozenset[str]
    whole: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = read_shipped(Path(__file__).with_name("units.yaml"))
    exact = {unit: unit for unit in data["alone"].split()}
    for unit in data["metric"].split():
        prefixes = ["", *data["prefixes"].split(), *(["M"] if unit in data["mega"].split() else [])]
        exact |= {f"{p}{unit}": p.replace("µ", "u") + data["same"].get(unit, unit) for p in prefixes}
    lower = {unit.lower(): ucum for unit, ucum in reversed(exact.items()) if len(unit) > 1}
    lower |= {written: ucum for ucum, written_ in data["spelled"].items() for written in written_.split()}
    never, whole = data["never_whole"].split(), data["whole_in_this_case"].split()
    return _Words(exact, lower, frozenset(never), frozenset(whole))


@lru_cache(maxsize=4096)
def ucum(text: str) -> str | None:
    """The UCUM unit that the whole text is, or None; words such as "points" alone are none."""
    text = _IN.sub("", text.strip().removeprefix("(").removesuffix(")").strip(), count=1)
    words = _words()
    if not text or len(text) > _LONGEST or (_tight(text) in words.never_whole and text not in words.whole):
        return None
    return _expression(text)


@lru_cache(maxsize=4096)
def named_unit(text: str) -> str | None:
    """The UCUM unit in a cell meant for units, where "points" is one too; None where it is not understood."""
    return _expression(text.strip())


def declared_unit(text: str) -> str:
    """The same, and the text as it stands where it is not understood."""
    return named_unit(text) or text.strip()


def unit_in_label(label: str) -> str | None:
    """The unit that a label names in brackets or after its last comma: "Weight (kg)", "Height, cm"."""
    for match in reversed(list(_BRACKETED.finditer(label))):
        if unit := ucum(match[1].split(",")[-1]):
            return unit
    last = _AFTER_COMMA.search(label)
    return ucum(last[1]) if last else None


def unit_in_note(note: str) -> str | None:
    """The unit that a note is ("mmHg") or says ("Unit: mmHg", "단위: kg", "Weight in (kg)")."""
    if unit := ucum(note):
        return unit
    if (match := _NOTED.search(note)) and (unit := _expression(match[1].rstrip(".;,"))):
        return unit
    return unit_in_label(note)


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def _expression(text: str) -> str | None:
    """A unit, or several of them in a fraction."""
    text = unicodedata.normalize("NFC", text).replace("μ", "µ").replace("×", "x").replace("−", "-")
    if whole := _one(text):
        return whole
    parts = [part.strip() for part in _PER.split(text)]
    if not 2 <= len(parts) <= 4 or not all(parts[1:]):
        return None
    read = [_one(part) if part else "" for part in parts]
    if any(unit is None for unit in read):
        return None
    if read[0] == "K":  # thousands, as blood counts have them; kelvin is never counted per volume
        read[0] = "10*3"
    # a number in a denominator needs brackets: mg/(24.h)
    below = [f"({unit})" if "." in (unit or "") else (unit or "").removeprefix("/") for unit in read[1:]]
    return "/".join((read[0] or "", *below))


def _one(text: str) -> str | None:
    """One unit, or a fraction that is spelled as a whole."""
    text, words = text.strip(), _words()
    if note := _ANNOTATION.search(text):
        rest = _one(text.replace(note[0], "")) if text != note[0] else ""
        return None if rest is None else rest + note[0]
    tight = _tight(text).replace("µ", "u")
    if found := words.exact.get(text) or words.lower.get(tight):
        return found
    if match := _POWER.fullmatch(tight):
        rest = _one(match[2])
        return f"10*{match[1]}.{rest}" if rest else None
    if match := _AMOUNT.fullmatch(text):
        rest = _one(match[2])
        return f"{match[1]}.{rest}" if rest and not rest.startswith(("10*", "{")) else None
    return None
