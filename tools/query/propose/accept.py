"""Whether the words of the question bear a proposal out.

Every slot names its words. What the grammar knows about those words must agree with the slot; words
that it does not know may stand for a thing that was shown. No word is used for two things, a number
is one of the question's, and nothing that would change the plan stays unused. Words that remain
unknown are named in the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.errors import PlanIncomplete
from knowledge.glossary.glossary import Term
from knowledge.text import normalize
from tools.query.plan import QueryPlan
from tools.query.propose.assemble import assemble, whole
from tools.query.propose.offer import Offer
from tools.query.propose.slots import Proposal, Slot
from tools.query.understand.clues import Clues
from tools.query.understand.figures import with_digits
from tools.query.understand.lexicon import PART
from tools.query.understand.quantity import Quantity
from tools.query.understand.segment import Segment
from tools.query.understand.words import key

# What a slot's words may do in the grammar's reading; words of one of these families bear it out.
_STEERING: dict[str, tuple[str, ...]] = {
    "measure": ("measure.", "people", "records", "size"),
    "subject": ("subject.", "people", "records"),
    "group_by": ("group.", "dimension.", "subject."),
    "show": ("field.",),
    "where": ("field.", "ge.", "gt.", "le.", "lt.", "number.", "not", "ongoing", "starts", "ends", "over"),
    "most": ("rank.",),
    "least": ("rank.",),
    "how_many": ("how_many", "measure.", "size", "subject."),
    "lacks": ("not",),
}
_THINGS = {"cohort", "hospital", "dataset", "holds", "lacks"}
_LOW_ENDS = {"from_year", "from_age", "at_least"}
_NUMBERS = {"from_year", "to_year", "from_age", "to_age", "at_least", "at_most"}
# What these say is lost where no slot rests on them.
_DECISIVE = (
    *("not", "or", "both", "rank.", "compare", "differ", "overlap", "linkage", "across_controllers"),
    *("within_controller", "recent", "ongoing", "starts", "ends", "over", "covers", "group.", "sex."),
    *("ge.", "gt.", "le.", "lt.", "anaphor"),
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A plan that the question's words bear out; ``unknown`` are words that nobody understood."""

    plan: QueryPlan
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a proposal is not taken."""

    why: str


def accept(
    proposal: Proposal, clues: Clues, offered: Offer, terms: Sequence[Term] = ()
) -> Accepted | Refused:
    """The proposed plan, or why it is refused. ``clues`` are the grammar's reading of the question."""
    account = _Account(clues, offered, {key(name): term for term in terms for name in term.names})
    for slot in proposal.slots:
        why = account.objection(slot)
        if why:
            return Refused(f"{slot.part} {slot.value!r}: {why}")
    lost, unknown = account.left_over()
    if lost:
        return Refused(f"{', '.join(map(repr, lost))} would be left out")
    try:
        plan = assemble(proposal, clues.catalog, clues.language)
    except PlanIncomplete as error:
        return Refused(error.message)
    return Accepted(plan, unknown)


class _Account:
    """Which segments of the question the slots rest on."""

    def __init__(self, clues: Clues, offered: Offer, ideas: dict[str, Term]) -> None:
        self.clues, self.offered, self.ideas = clues, offered, ideas
        self.taken: dict[int, tuple[str, str]] = {}

    def objection(self, slot: Slot) -> str:
        """Why the words do not bear the slot out; empty where they do."""
        at = self._segments(slot.words)
        if not at:
            return f"{slot.words!r} does not stand in the question"
        found = [self.clues.segments[i] for i in at]
        if slot.part in _NUMBERS or (slot.part in {"most", "least"} and slot.value):
            why = self._number(slot, at)
        elif slot.part == "sex":
            why = "" if any(s.plays(f"sex.{slot.value}") for s in found) else "no word says so"
        elif slot.part in _THINGS:
            why = self._thing(slot, found)
        elif slot.part == "where":
            why = self._where(slot, found, at)
        else:
            why = _steered(slot, found)
        if why:
            return why
        if slot.part in _THINGS:
            for i in at:
                other = self.taken.get(i)
                if self.clues.segments[i].strong and other and other != (slot.part, slot.value):
                    return f"{self.clues.word(i)!r} was used for {other[1]!r} already"
                self.taken[i] = (slot.part, slot.value)
        for i in at:
            self.taken.setdefault(i, (slot.part, slot.value))
        return ""

    def left_over(self) -> tuple[list[str], tuple[str, ...]]:
        """(words that would have changed the plan, words that nobody knows) among what no slot rests on."""
        lost, unknown = [], []
        for i, segment in enumerate(self.clues.segments):
            if i in self.taken:
                continue
            if i in self.clues.counted or segment.plays(*_DECISIVE) or (segment.senses and segment.strong):
                lost.append(segment.text)
            elif segment.strong and not segment.roles:
                unknown.append(segment.text)
        return lost, tuple(unknown)

    def _segments(self, words: str) -> list[int]:
        """The segments that the words, which stand in the question as they are, touch."""
        text, wanted = self.clues.text.casefold(), with_digits(normalize(words)).strip().casefold()
        start = text.find(wanted) if wanted else -1
        if start < 0:
            return []
        end = start + len(wanted)
        return [i for i, s in enumerate(self.clues.segments) if s.start < end and s.end > start]

    def _number(self, slot: Slot, at: Sequence[int]) -> str:
        try:
            value = whole(slot)
        except PlanIncomplete as error:
            return error.message
        for quantity in self.clues.quantities:
            if set(quantity.at) & set(at) and _says(quantity, slot, value):
                self.taken.update((i, (slot.part, slot.value)) for i in quantity.at)
                return ""
        return f"the words {slot.words!r} hold no such number"

    def _thing(self, slot: Slot, found: Sequence[Segment]) -> str:
        kind = slot.field if slot.part in {"holds", "lacks"} else slot.part
        if not self.offered.holds(kind, slot.value):
            return f"the catalog shows no such {kind}"
        if slot.part == "lacks" and not any(s.plays("not") for s in self.clues.segments):
            return "the question denies nothing"
        named = [s for segment in found for s in segment.senses if s.tier < PART]
        if named:
            meant = {id for sense in named if sense.kind == kind for id in sense.ids}
            return "" if slot.value in meant else f"{slot.words!r} names something else in the catalog"
        if not any(segment.strong and not segment.roles for segment in found):
            return f"{slot.words!r} names nothing"
        for text in (slot.words, *(segment.text for segment in found)):
            term = self.ideas.get(key(text))
            if term is not None and not self._same_idea(term, kind, slot.value):
                return f"{text!r} is another idea ({term.names[0]})"
        return ""

    def _same_idea(self, term: Term, kind: str, id: str) -> bool:
        """Whether a name of a glossary idea names the thing."""
        return any(
            id in sense.ids
            for name in term.names
            for sense in self.clues.lexicon.senses(key(name)) if sense.kind == kind
        )

    def _where(self, slot: Slot, found: Sequence[Segment], at: Sequence[int]) -> str:
        if slot.value.replace(",", "").isdigit():
            return self._number(slot, at)
        if slot.op == "missing":
            return _steered(slot, found)
        meant = {
            (sense.field, id)
            for segment in found for sense in segment.senses if sense.kind == "value"
            for id in sense.ids
        }
        if meant and (slot.field, slot.value) not in meant:
            return f"{slot.words!r} is another value in the catalog"
        stored = {v for f, v in self._values(slot.field) if f == slot.field}
        return "" if meant or slot.value in stored else f"no {slot.field} has this value"

    def _values(self, field: str) -> set[tuple[str, str]]:
        return {
            (surface.field, surface.id) for surface in self.clues.lexicon.surfaces()
            if surface.kind == "value" and surface.field == field
        }


def _says(quantity: Quantity, slot: Slot, value: int) -> bool:
    """Whether a quantity of the question holds a slot's number; of a comparison, the same way round."""
    if slot.part == "where":
        return quantity.comparison() == (slot.op, value) or (quantity.exact and quantity.low == value)
    if slot.part in _LOW_ENDS:
        return value == quantity.whole_low
    return value == quantity.whole_high if slot.part in _NUMBERS else value in {
        quantity.whole_low, quantity.whole_high
    }


def _steered(slot: Slot, found: Sequence[Segment]) -> str:
    """Steering words that the grammar knows must steer so; words that it does not know may."""
    wanted = _STEERING.get(slot.part, ())
    if any(segment.plays(*wanted) for segment in found):
        return ""
    if any(segment.strong and not segment.roles and not segment.senses for segment in found):
        return ""
    return f"{slot.words!r} does not say so"
