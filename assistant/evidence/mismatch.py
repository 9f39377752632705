"""Signs that a sentence tells something else of the kind that is asked for: a rule where the question is what
happened, common nouns where it is a name, an amount of money for another purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.evidence.cues import ByLanguage, compiled, read_words
from assistant.evidence.question import Part
from assistant.evidence.units import Unit
from knowledge.text import Language, morphemes

_CAPITAL = re.compile(r"(?<![\w-])[A-Z][\w-]*\w")
_OPENS = re.compile(r"(?:^|[.!?:|(]\s*)$")  # what stands before the first word of a sentence
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")


@dataclass(frozen=True)
class _Words:
    happened: ByLanguage
    told: ByLanguage
    names: ByLanguage
    amounts: Mapping[str, ByLanguage]  # purpose of an amount -> words for it


@cache
def _words() -> _Words:
    raw = read_words("mismatch.yaml")
    return _Words(
        compiled(raw["happened"]["asked"]),
        compiled(raw["happened"]["told"]),
        compiled(raw["names"]["asked"]),
        {purpose: compiled(given) for purpose, given in raw["amounts"].items()},
    )


def mismatches(part: Part, unit: Unit, head: str) -> dict[str, float]:
    """``happened``, ``nameless`` and ``other_amount``, each 1 or 0. ``head`` is the header row of the unit's
    table."""
    by = _words()
    happened = by.happened[part.language].search(part.text) and not by.told[unit.language].search(unit.text)
    nameless = by.names[part.language].search(part.text) and not _names(unit, part.text)
    return {
        "happened": float(bool(happened)),
        "nameless": float(bool(nameless)),
        "other_amount": float("how_much" in part.asks and _other_amount(part, unit, head)),
    }


def _names(unit: Unit, asked: str) -> bool:
    """Whether a sentence names anything that the question does not: by a capital, in Korean by what the
    analyser takes for a name and by Latin words."""
    text, known = unit.text, asked.lower()
    for match in _CAPITAL.finditer(text):
        if match[0].lower() not in known and not _OPENS.search(text[: match.start()]):
            return True
    if unit.language != "ko":
        return False
    if any(m.tag == "NNP" and len(m.form) > 1 and m.form not in asked for m in morphemes(text)):
        return True
    return any(word.lower() not in known for word in _LATIN.findall(text))


def _other_amount(part: Part, unit: Unit, head: str) -> bool:
    wanted = _purposes(part.text, part.language)
    told = _purposes(" ".join((unit.text, unit.heading.rsplit(" > ", 1)[-1], head)), unit.language)
    return bool(wanted and told) and wanted.isdisjoint(told)


def _purposes(text: str, language: Language) -> frozenset[str]:
    return frozenset(purpose for purpose, by in _words().amounts.items() if by[language].search(text))
