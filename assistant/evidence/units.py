"""What can be quoted of a document: its sentences, list items and table rows, each with what it stands
under."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.evidence.cues import load_cues
from assistant.evidence.roots import Words, words
from assistant.statement import Quote
from knowledge.documents.blocks import Block, blocks
from knowledge.documents.document import Document
from knowledge.documents.instructions import steers
from knowledge.documents.sentences import Span, sentences
from knowledge.documents.split import split
from knowledge.text import Language

LONGEST_CAPTION = 30  # characters
_TELLS = re.compile(r"[:：]\s*\w")  # a line that heads others and says something itself


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing to quote, ``text[start:end]`` of its document. ``number`` counts units of the document;
    ``block`` is the same for sentences of one paragraph or item. ``lead`` is the number of the unit
    that introduces the list it stands in. ``heading`` holds the section and, below a question in the
    text, that question. ``head`` is the range of the header row of its table."""

    number: int
    section: str
    page: int | None
    span: Span
    text: str
    block: int
    level: int
    language: Language
    heading: str
    lead: int | None = None
    head: tuple[int, int] | None = None
    asks: bool = False
    steered: bool = False  # it reads like an instruction to a machine, or follows one in its paragraph
    caption: bool = False  # a short line that heads what follows, without being a heading

    @property
    def kind(self) -> str:
        return self.span.kind

    @property
    def quotable(self) -> bool:
        return not (self.asks or self.steered or (self.caption and not _TELLS.search(self.text)))

    @property
    def words(self) -> Words:
        return words(self.text)


@lru_cache(maxsize=512)
def units_of(document: Document) -> tuple[Unit, ...]:
    """All units of a document in order."""
    text = document.text
    found: list[Unit] = []
    laid = blocks(text)
    starts = [block.start for block in laid]
    for passage in split(document):
        for span in sentences(text, passage.start, passage.end):
            at = max(0, bisect_right(starts, span.start) - 1)
            words_of_it = text[span.start : span.end]
            unit = Unit(
                number=len(found),
                section=passage.section,
                page=document.page_at(span.start),
                span=span,
                text=words_of_it,
                block=at,
                level=_level(text, laid[at]),
                language=passage.language,
                heading=passage.section,
                head=_head(text, laid, at) if span.kind == "row" else None,
                asks=span.kind != "row" and _is_question(words_of_it),
                steered=steers(words_of_it) or (bool(found) and found[-1].steered and found[-1].block == at),
            )
            found.append(replace(unit, lead=_lead(found, unit), heading=_heading(found, unit)))
    return _articled(_captioned(found))


def _articled(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units with those of an article put under its name ("제10조(사용 기간)")."""
    found: list[Unit] = []
    name = section = ""
    for unit in units:
        article = load_cues().articles[unit.language].search(unit.text)
        if article:
            name, section = article["name"].strip(), unit.heading
        elif unit.heading != section:
            name = ""
        heading = " > ".join(filter(None, (unit.heading, name)))
        found.append(replace(unit, heading=heading) if name else unit)
    return tuple(found)


_ASKED = re.compile(r"[\W_]*(?:Q|질문|문)\s?\d{0,3}\s?[.:)]")


def _is_question(text: str) -> bool:
    """Whether a sentence of a document is a question, as in a list of frequent ones."""
    return text.rstrip(" *_\"'”’)").endswith(("?", "？")) or bool(_ASKED.match(text))


def _captioned(units: list[Unit]) -> tuple[Unit, ...]:
    """The units with those marked that head what follows ("■ Eligibility"), and put under them what they
    head."""
    found: list[Unit] = []
    over: Unit | None = None
    for unit, following in zip(units, [*units[1:], None], strict=True):
        if over and (over.section != unit.section or (_TELLS.search(over.text) and unit.level <= over.level)):
            over = None
        heads = following is not None and following.section == unit.section and _heads(unit, following)
        if heads:
            over = unit
        elif over:
            name = over.text.strip(" *_")
            unit = replace(unit, heading=f"{unit.heading} > {name}" if unit.heading else name)
        found.append(replace(unit, caption=heads))
    return tuple(found)


_SYMBOLS = frozenset("■□◆◇▣▶▷●◎○◯☐❏※")
_ENDED = re.compile(r"[.!?。:：]\W*$|[다요함음임]\W*$")


def _heads(unit: Unit, following: Unit) -> bool:
    """Whether a short line without the end of a sentence stands over lines of another kind."""
    if unit.kind == "row" or len(unit.text) > LONGEST_CAPTION or _ENDED.search(unit.text):
        return False
    bold = unit.kind == "sentence" and unit.text.startswith("**") and unit.text.endswith("**")
    marked = unit.kind == "item" and unit.span.mark in _SYMBOLS
    return (bold or marked) and (following.kind != unit.kind or following.span.mark != unit.span.mark)


def _level(text: str, block: Block) -> int:
    """How far a list item stands to the right."""
    line = text.rfind("\n", 0, block.start) + 1
    return len(text[line : block.start].expandtabs(4))


def _head(text: str, laid: tuple[Block, ...], at: int) -> tuple[int, int] | None:
    while at >= 0 and laid[at].kind == "row":
        at -= 1
    if at < 0 or laid[at].kind != "head":
        return None
    start, end = laid[at].start, laid[at].end
    while start < end and text[start] in "| \t":
        start += 1
    while end > start and text[end - 1] in "| \t":
        end -= 1
    return start, end


def _lead(before: list[Unit], unit: Unit) -> int | None:
    """The unit that ends in a colon, or says that a list follows, right before the list that ``unit`` is
    in."""
    if not before or unit.kind == "sentence" or before[-1].section != unit.section:
        return None
    last = before[-1]
    if last.kind == unit.kind and last.level == unit.level:
        return last.lead
    if last.block == unit.block:
        return last.lead
    if introduces(last):
        return last.number
    if last.kind == "item" and last.level > unit.level:
        above = [
            u for u in before if u.section == unit.section and u.level == unit.level and u.kind == "item"
        ]
        return above[-1].lead if above else None
    return None


def introduces(unit: Unit) -> bool:
    """Whether a unit that a list follows announces it."""
    return bool(load_cues().introduces[unit.language].search(unit.text.rstrip(" *_")))


def _heading(before: list[Unit], unit: Unit) -> str:
    """The section, and the question in the running text that ``unit`` answers."""
    for last in reversed(before[-6:]):
        if last.section != unit.section:
            break
        if last.asks and not unit.asks:
            return f"{unit.section} > {last.text}"
    return unit.section


def quote_of(document: Document, unit: Unit) -> Quote:
    """The unit as a quote."""
    return Quote(
        document.document, document.version, unit.section, unit.page,
        unit.span.start, unit.span.end, unit.text, unit.language,
    )  # fmt: skip
