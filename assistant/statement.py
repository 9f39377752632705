"""What an answer is made of before it is checked: statements, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.text import Language


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a stored document: ``text`` is the code points ``start`` to ``end`` of that version."""

    document: str
    version: str
    section: str
    page: int | None
    start: int
    end: int
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, list item or table of an answer, as Markdown without citation marks.

    quotes: what it is cited with. basis: "quote" when it says what its quotes say, "rows" when its
    numbers stand in the query's rows, "record" when it tells a document's or the catalog's own
    record (title, round, dates, rule), "frame" when it claims nothing.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    basis: Literal["quote", "rows", "record", "frame"] = "quote"
