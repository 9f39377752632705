"""A segment of a question: words that belong together, what they do, and what they may name."""

from __future__ import annotations

from dataclasses import dataclass

from tools.query.understand.lexicon import Sense

FILLER = "filler"
ANAPHOR, DEMONSTRATIVE = "anaphor", "demonstrative"


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that belong together: their text, what they do (roles) and what they may name (senses).

    titled: part of a dataset's or a table's title together with the noun for it ("lifelog datasets").
    described: the ids of the glossary's ideas that the words describe without naming one.
    """

    text: str
    start: int
    end: int
    roles: tuple[str, ...]
    senses: tuple[Sense, ...]
    strong: bool
    titled: bool = False
    described: tuple[str, ...] = ()

    def plays(self, *roles: str) -> bool:
        """True when the segment can play any of the roles; a role ending in "." stands for its family."""
        return any(
            own == role or (role.endswith(".") and own.startswith(role))
            for own in self.roles
            for role in roles
        )

    def names(self, *kinds: str) -> tuple[Sense, ...]:
        """The senses of these kinds."""
        return tuple(s for s in self.senses if s.kind in kinds)

    @property
    def known(self) -> bool:
        return bool(self.roles or self.senses)
