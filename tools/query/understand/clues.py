"""The segments of one question as the plan builders see them, with an account of which were used.

A builder takes what it uses; what nobody took and cannot be left out is found by ``left_over``.
That account is what keeps a filter from being dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.catalog.read import Catalog
from knowledge.text import Language
from tools.query.understand.asked_about import groups_of, subject_of
from tools.query.understand.in_context import in_context, is_system
from tools.query.understand.lexicon import PART, Lexicon
from tools.query.understand.quantity import Quantity, QuantityKind
from tools.query.understand.restated import in_brackets, restated
from tools.query.understand.segment import FILLER, Segment
from tools.query.understand.titled import titles_of
from tools.query.understand.unused import unused

_EITHER = re.compile(r"이?나\s|이?든\s|/")  # "X나 Y", "X/Y"
_COUNTERS = frozenset(("개", "곳", "군데", "가지", "건", "개만", "곳만", "해"))
_COPULAS = frozenset(("is", "are", "was", "were", "has", "have", "does", "do"))
_IS = re.compile(r"(?i)\b(?:is|are|was|were|has|have|does|do)(?: not|n['’]t)$")
_THERE = re.compile(r"[는은던] ")
_ONE = re.compile(
    r"(?i)\b(?:which|what|name|the) (?:single )?one\b|\bthe single\b|어느 (?:하나|것|곳)|하나만|한 곳만"
    r"|\b(?:which|what) of (?:its|the|their|these|those|our|your) [\w -]{2,60}? (?:is|has|was|had)\b"
)


@dataclass
class Clues:
    """One question being understood. ``used`` holds the indexes of segments that changed the plan."""

    catalog: Catalog
    lexicon: Lexicon
    text: str
    language: Language
    segments: Sequence[Segment]
    quantities: Sequence[Quantity]
    today: date
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.counted: set[int] = {i for q in self.quantities for i in q.at}
        self.segments = in_context(self)
        self.used |= {i for i in range(len(self.segments)) if is_system(self, i)}
        self.again = in_brackets(self.text, self.segments)
        self.restated = restated(self.catalog, self.text, self.segments, self.quantities)
        self.used |= {*self.restated, *self.again}
        self.groups, self.grouped = groups_of(self)
        self.subject = subject_of(self)

    def fresh(self) -> Clues:
        """The same question with nothing used yet."""
        return replace(self, used=set())

    # Steering words.

    def find(self, *roles: str) -> int | None:
        """The first segment that plays any of the roles and is not part of a number."""
        return next((i for i in self._free() if self.segments[i].plays(*roles)), None)

    def has(self, *roles: str) -> bool:
        """True when a segment plays any of the roles; says nothing about use."""
        return self.find(*roles) is not None

    def take(self, *roles: str) -> bool:
        """Use every segment that plays any of the roles; False when there is none."""
        at = [i for i in self._free() if self.segments[i].plays(*roles)]
        self.used.update(at)
        return bool(at)

    @property
    def superlative(self) -> bool:
        """ "Which hospital has the most": the first one is asked for, not an order of all nor several."""
        if not self.has("rank.most", "rank.least") or self.has("rank.order", "compare"):
            return False
        if _ONE.search(self.text):
            return True
        at = self.find("subject.")
        noun = self.segments[at].text.lower() if at is not None else ""
        return not noun.endswith("s") or noun.endswith("is")  # "which diagnosis"

    def fields(self, *, told: bool = True) -> list[str]:
        """The roles "field.x" played, or ``told`` by a value, in order, without those that are only a name's
        other reading."""
        found: dict[str, None] = {}
        for i, segment in enumerate(self.segments):
            for role in segment.roles:
                if role.startswith(("field.", "told.") if told else "field.") and i not in self.used:
                    found[role.replace("told.", "field.")] = None
        return list(found)

    def _free(self) -> Iterable[int]:
        return (i for i in range(len(self.segments)) if i not in self.counted)

    # Names of the catalog.

    def mentions(self, *kinds: str) -> list[int]:
        """Segments not yet used that may name something of these kinds (all kinds when none is given).

        A word that steers or fills names something only where no other word does.
        """
        found = [
            i
            for i, segment in enumerate(self.segments)
            if i not in self.used
            and i not in self.counted
            and (segment.names(*kinds) if kinds else segment.senses)
        ]
        named = any(_pure(s) for s in self.segments)
        return [i for i in found if _pure(self.segments[i])] if named else found

    def ids(self, i: int, kind: str) -> tuple[str, ...]:
        """What segment ``i`` names of a kind, at the best tier."""
        senses = self.segments[i].names(kind)
        return min(senses, key=lambda s: s.tier).ids if senses else ()

    def parts(self, i: int, kind: str) -> tuple[str, ...]:
        """Things of a kind whose names contain the words of segment ``i``, whatever else the words name."""
        named = self.ids(i, kind)
        found = [s.ids for s in self.lexicon.parts(self.segments[i].text) if s.kind == kind]
        return named or (found[0] if found else ())

    @property
    def mentions_used(self) -> tuple[int, ...]:
        """Segments that name something and were used already, in order."""
        return tuple(i for i in sorted(self.used) if self.segments[i].senses)

    def owned(self, i: int) -> bool:
        """Whether a hospital's name stands right before a segment."""
        return i > 0 and bool(self.segments[i - 1].names("hospital"))

    def titles(self, i: int) -> tuple[str, ...]:
        """Datasets meant by "the X dataset" or "X 레지스트리", where X is part of their titles."""
        return titles_of(self, i)

    def either(self, i: int, j: int) -> bool:
        """Whether the question wants one of two mentions: "X or Y", "any of X and Y"."""
        if any(s.plays("or") for s in self.segments[i + 1 : j]):
            return True
        if _EITHER.match(self.text[self.segments[i].end : self.segments[j].start]):
            return True
        before = next((s for s in reversed(self.segments[:i]) if s.roles != (FILLER,)), None)
        between = self.segments[i + 1 : j]
        joined = all(s.plays("and", FILLER) for s in between)
        behind = any(s.plays("or") for s in self.segments[j + 1 : j + 4]) if self.language == "ko" else False
        return joined and (behind or (before is not None and before.plays("or")))

    def negated(self, i: int) -> bool:
        """A "without" or "없는" belongs to this mention: behind it in Korean, before it in English, where
        "X is not" stands behind it too."""
        if self.language == "en" and (denial := self._denied_behind(i)) is not None:
            self.used.add(denial)
            return True
        steps = range(i + 1, len(self.segments)) if self.language == "ko" else range(i - 1, -1, -1)
        for j in steps:
            segment = self.segments[j]
            if segment.plays("not"):
                self.used.add(j)
                return True
            if j in self.again:
                continue
            if segment.plays("people") and self.language == "en":
                continue  # "but not patients with X"
            if segment.senses or segment.plays("subject.hospital", "subject.dataset"):
                return False
            if segment.plays("exist") and _THERE.match(self.text[segment.end :]):
                return False  # "X가 있는, 아무도 안 쓰는 데이터": what is denied is something else
        return False

    def _denied_behind(self, i: int) -> int | None:
        """The "not" of "where X is not (recorded)", unless it goes on to something else ("not Y")."""
        j = i + 1
        while j < len(self.segments) and self.segments[j].text.lower() in _COPULAS:
            j += 1
        if j >= len(self.segments) or not self.segments[j].plays("not"):
            return None
        if not _IS.search(self.text[: self.segments[j].end]):
            return None
        rest = self.text[self.segments[j].end :]
        following = next((s for s in self.segments[j + 1 :] if s.roles != (FILLER,)), None)
        goes_on = following is not None and following.senses and not re.match(r"\s*[,.;?!]", rest)
        return None if goes_on else j

    def called_a_cohort(self, i: int) -> bool:
        """ "An obesity cohort", "both A and obesity as cohorts": the noun says what the name is."""
        if not self.segments[i].names("cohort") or self.titles(i):
            return False
        for segment in self.segments[i + 1 :]:
            if segment.plays("subject.cohort"):
                return True
            if not (segment.names("cohort") or segment.plays(FILLER, "and", "or")):
                return False
        return False

    def word(self, i: int) -> str:
        return self.segments[i].text

    def written(self, i: int) -> str:
        """The words of a segment as they stand in the question ("last year", whose text is a year)."""
        return self.text[self.segments[i].start : self.segments[i].end]

    # Numbers.

    def instead(self, quantity: Quantity, words: str) -> str:
        """The question with other words in place of a quantity."""
        first, last = self.segments[min(quantity.at)], self.segments[max(quantity.at)]
        return f"{self.text[: first.start]}{words}{self.text[last.end :]}"

    def quantity(self, *kinds: QuantityKind) -> Quantity | None:
        """The first unused quantity of these kinds; it counts as used from here on."""
        for quantity in self.quantities:
            if quantity.kind in kinds and not set(quantity.at) & self.used:
                self.used.update(quantity.at)
                return quantity
        return None

    def peek(self, *kinds: QuantityKind) -> bool:
        """True when such a quantity is there and unused."""
        return any(q.kind in kinds and not set(q.at) & self.used for q in self.quantities)

    def spoken_number(self) -> int | None:
        """How many are asked for, in words: "the two smallest", "상위 세 개", "데이터셋 다섯 개만", "three
        datasets". Only where something ranks; the words count as used."""
        for i, segment in enumerate(self.segments):
            number = next((r for r in segment.roles if r.startswith("value.")), "value.1")
            if number == "value.1" or i in self.counted or i in self.used:
                continue
            behind = (s for s in self.segments[i + 1 :] if s.roles != (FILLER,) or s.text in _COUNTERS)
            after = next(behind, None)
            before = self.segments[i - 1] if i else None
            ranked = ("rank.most", "rank.least")
            counted = after is not None and (after.text in _COUNTERS or after.plays("subject.", *ranked))
            if counted or (before is not None and before.plays(*ranked)):
                self.used.add(i)
                return int(number.split(".")[1])
        return None

    def asked_number(self) -> int | None:
        """How many are asked for, in words or figures ("top 5")."""
        spoken = self.spoken_number()
        quantity = self.quantity("plain") if spoken is None else None
        if quantity is not None and not (quantity.exact and quantity.low):
            self.used.difference_update(quantity.at)
            return None
        return spoken or (int(quantity.low) if quantity is not None and quantity.low else None)

    def left_over(self) -> tuple[list[int], list[int]]:
        """(unknown strong words, known words that changed nothing) among what was not used."""
        return unused(self)


def _pure(segment: Segment) -> bool:
    """A name that does nothing else; "registry" names a kind of dataset while it asks for one, and
    "diabetics" are people of a cohort."""
    cohort = any(s.tier < PART for s in segment.names("cohort"))
    beside = {"subject.registry", "people"} if cohort else {"subject.registry"}
    return bool(segment.senses) and set(segment.roles) <= beside
