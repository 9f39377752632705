"""What speaks for a sentence beside its own words: heading, table head, the sentence before, the section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.cues import load_cues
from assistant.evidence.roots import Words, words
from assistant.evidence.units import Unit, units_of
from knowledge.documents.document import Document

HEADING, LEAD, HEAD, BEFORE, TITLE, SECTION = 0.9, 0.9, 0.9, 0.8, 0.75, 0.49  # how much of each counts
NEARBY = 400  # characters of a section around a sentence that speak for it


@dataclass(frozen=True, slots=True)
class View:
    """A text that speaks for a sentence, and how much of it counts."""

    words: Words
    share: float


def views(document: Document, unit: Unit) -> tuple[list[View], list[View]]:
    """What speaks for a sentence: itself with its heading, lead and table head; then what stands around
    it."""
    near = [View(unit.words, 1.0)]
    if unit.heading:
        near.append(View(words(unit.heading), HEADING))
    if unit.head:
        near.append(View(words(document.text[unit.head[0] : unit.head[1]]), HEAD))
    units = units_of(document)
    if unit.lead is not None:
        near.append(View(units[unit.lead].words, LEAD))
    around = []
    if beside(units, unit) and (leans(unit) or mentions(unit)):
        around.append(View(units[unit.number - 1].words, BEFORE))
    around.append(View(words(document.title), TITLE))
    around.append(View(words(_section(document, unit)), SECTION))
    return near, around


def measures(document: Document, unit: Unit) -> frozenset[str]:
    """The kinds of values that the bare numbers of a table row are: amounts of money where its head, title or
    lead says so, others by the names of their columns ("Weeks", "%")."""
    if unit.kind != "row":
        return frozenset()
    columns = load_cues().columns
    numbered = [n for n, c in zip(unit.span.header, unit.span.cells, strict=False) if _NUMBER.fullmatch(c)]
    found = {k for k, by in columns.items() if any(by[unit.language].search(name) for name in numbered)}
    return frozenset(found | {"money"} if _amounts(document, unit) else found)


_NUMBER = re.compile(r"\s*\d[\d,.]*\s*")


def _amounts(document: Document, unit: Unit) -> bool:
    head = document.text[unit.head[0] : unit.head[1]] if unit.head else ""
    lead = units_of(document)[unit.lead].text if unit.lead is not None else ""
    over = " | ".join((head, unit.heading, lead, "" if unit.heading else document.title))
    return bool(load_cues().amounts[unit.language].search(over))


def speaking(near: Sequence[View], around: Sequence[View]) -> list[View]:
    """Of the ``views`` of a sentence those that are compared by meaning: itself with what it stands under,
    the one that it speaks of, the title."""
    return [*near] + [view for view in around if view.share in (BEFORE, TITLE)]


def beside(units: Sequence[Unit], unit: Unit) -> bool:
    """Whether the sentence before belongs to the same section."""
    return (
        bool(unit.number)
        and units[unit.number - 1].section == unit.section
        and units[unit.number - 1].quotable
    )


def leans(unit: Unit) -> bool:
    """Whether a sentence points back at the one before it."""
    cues = load_cues()
    return bool(cues.leans[unit.language].search(unit.text) or cues.limits[unit.language].search(unit.text))


def mentions(unit: Unit) -> bool:
    """Whether a sentence may speak of what the one before it named."""
    return bool(load_cues().mentions[unit.language].search(unit.text))


def _section(document: Document, unit: Unit) -> str:
    """The text of the unit's section around it."""
    start, end = unit.span.start, unit.span.end
    section = [other.span for other in units_of(document) if other.section == unit.section]
    near = [span for span in section if span.start > start - NEARBY and span.end < end + NEARBY]
    return document.text[min(start, *(s.start for s in near)) : max(end, *(s.end for s in near))]
