"""What is found for a question before anything is said: quotes by part, verdicts, and what stands nearby."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.evidence.question import Part
from assistant.evidence.standing import Standing
from assistant.statement import Quote
from knowledge.text import Language

Verdict = Literal["answered", "partial", "not_stated"]
Shape = Literal["sentence", "item", "step", "row"]


@dataclass(frozen=True, slots=True)
class Found:
    """One quote, and how it is to be shown. ``lead`` introduces the list that it is an item of; ``head``
    is the header row of its table. ``foreign`` is the title of a document in the other language.
    ``absent``: the document says itself that this is not settled. ``mark`` is a step's number in the
    document."""

    quote: Quote
    shape: Shape = "sentence"
    lead: Quote | None = None
    head: Quote | None = None
    mark: str = ""
    title: str = ""
    foreign: bool = False
    absent: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """One part of the question. ``missed`` are the words of it that no sentence covered."""

    part: Part
    stated: bool
    found: tuple[Found, ...]
    missed: tuple[str, ...] = ()
    differing: bool = False  # the quotes give different values for the same thing


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything an answer to a rules or consult question may rest on. ``near`` and ``contacts`` are
    given where something is not stated; ``standings`` tell of the editions and rounds that the quotes
    come from. ``carried``: it was read with the question before it; ``left_out`` is a term of that one that
    was not."""

    question: str
    language: Language
    verdict: Verdict
    parts: tuple[Answered, ...]
    standings: tuple[Standing, ...] = ()
    near: tuple[Found, ...] = ()
    contacts: tuple[Found, ...] = ()
    carried: bool = False
    left_out: str = ""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quote of the answered parts, each once."""
        found = (q for part in self.parts for f in part.found for q in (f.lead, f.head, f.quote) if q)
        return tuple(dict.fromkeys(found))
