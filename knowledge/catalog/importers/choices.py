"""The choices of a REDCap field ("1, Yes | 2, No"), its calculation or slider labels, and missing codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.catalog.importers.field_types import FieldType
from knowledge.catalog.importers.wording import plain

# Old versions separated choices by line ends, some exports keep them as the two characters "\n".
_LINES = re.compile(r"\r?\n|\\n")
_CODED = re.compile(r"\s*[\w.+-]{1,100}\s*,")
_SPACED = re.compile(r"\s*[+-]?\d+\s+[^,;=:\s][^,;=:]*")
_MISSING = re.compile(
    r"@MISSING(?:[-_]?(?:DATA|VALUES?))?[-_]?(?:CODES?)?\s*[=:(]\s*(\"[^\"]*\"|'[^']*'|[^@()\n]+)",
    re.IGNORECASE,
)
# A code, with a label unless what follows the comma is the next code.
_CODE = re.compile(
    r"\s*([+-]?[A-Za-z0-9_.]+)\s*(?:[,:=]\s*(?![+-]?\d+\s*(?:[,|;]|$))([^|;]+))?\s*(?:[|;,]|$)"
)
_ALWAYS = {
    "yesno": (("1", "Yes", "예"), ("0", "No", "아니요")),
    "truefalse": (("1", "True", "참"), ("0", "False", "거짓")),
}
_ONTOLOGY = re.compile(r"(?:BIOPORTAL|FHIR|ONTOLOGY)\s*:\s*(\w[\w:.-]*)", re.IGNORECASE)
_LONGEST_LOGIC = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """(code, label) pairs in order, facts (English, Korean), and what is wrong, "what; what to do"."""

    values: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()


def read_choices(kind: FieldType, text: str, *, korean: bool = False) -> Choices:
    """What the choices column says for a field of this kind."""
    if kind.kind in _ALWAYS:
        return Choices(tuple((code, ko if korean else en) for code, en, ko in _ALWAYS[kind.kind]))
    if kind.kind == "calc":
        formula = _short(plain(text))
        faults = () if formula else ("the calculation is empty; give its formula",)
        facts = ((f"Calculated: {formula}.", f"계산식: {formula}."),) if formula else ()
        return Choices((), facts, faults)
    if kind.kind == "slider":
        ends = [plain(label) for label in text.split("|") if plain(label)]
        told = " – ".join(ends)
        return Choices((), ((f"Slider: {told}.", f"슬라이더: {told}."),) if told else ())
    if kind.kind == "sql":
        return Choices((), (("The choices come from a query.", "선택지는 질의로 정해진다."),))
    if ontology := _ONTOLOGY.fullmatch(text.strip()):
        told = ontology[1].replace(":", " ")
        return Choices((), ((f"Answers come from the ontology {told}.", f"{told} 용어에서 고른다."),))
    if kind.type != "code":
        return Choices()
    if not text.strip():
        return Choices(faults=("it has no choices; give them as 1, Yes | 2, No",))
    return _pairs(text)


def _pairs(text: str) -> Choices:
    values: dict[str, str] = {}
    faults: list[str] = []
    items = text.split("|") if "|" in text else _LINES.split(text)
    items = [part for item in items for part in _apart(item)]
    items = [item for item in items if item.strip()]
    if spaced := all(map(_SPACED.fullmatch, items)):
        faults.append("its choices have no comma after the code; they were read, write code, label")
    for item in items:
        sign = " " if spaced else "," if "," in item else next((sign for sign in ";=:" if sign in item), ",")
        item = item.strip()
        code, found, label = item.partition(sign)
        code, label = plain(code), plain(label)
        if not found or not code:
            faults.append(f"the choice {_short(item, 60)!r} has no code; write code, label")
        elif "=" in code:
            faults.append(f"the code of the choice {_short(item, 60)!r} cannot hold '='; change it")
        elif code in values:
            faults.append(f"the code {code!r} of its choices stands twice; the first was kept, remove this")
        else:
            if not label:
                faults.append(f"the choice {code!r} has no label; its code stands for it, give it one")
            values[code] = label or code
    return Choices(tuple(values.items()), (), tuple(faults))


def _apart(item: str) -> list[str]:
    """The choices of an item that line ends separate, where each line begins with a code."""
    lines = [line for line in _LINES.split(item) if line.strip()]
    coded = len(lines) > 1 and all(_CODED.match(line) for line in lines)
    return lines if coded else [item.replace("\\n", " ")]


def missing_codes(annotation: str) -> tuple[list[tuple[str, str]], str]:
    """(code, label) of an annotation such as @MISSING='-99, Refused | -98, Unknown', and what is wrong."""
    match = _MISSING.search(annotation)
    if match is None:
        return [], ""
    text = match[1].strip("\"' ")
    pairs = [(code, plain(label or "") or "missing") for code, label in _CODE.findall(text) if code]
    if not pairs:
        return [], (f"the missing codes {_short(text, 60)!r} cannot be read;"
                    " write @MISSING='-99, Refused | -98, Unknown'")
    return pairs, ""


def _short(text: str, most: int = _LONGEST_LOGIC) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
