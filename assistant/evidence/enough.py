"""Whether a sentence says enough to answer one part of a question."""

from __future__ import annotations

import re

from assistant.evidence.cover import HELD
from assistant.evidence.mismatch import mismatches
from assistant.evidence.question import Part
from assistant.evidence.rank import Candidate
from assistant.evidence.signs import Signs, lacking, likely, load_worth, signs_of_stating
from assistant.evidence.weights import Rarity

RARE = 0.6  # weight of a term that an answer can hardly do without
ENOUGH = 0.7  # share of a question's firm terms that the news that something is not settled must cover


def may_answer(part: Part, candidate: Candidate) -> bool:
    """Whether nothing forbids that a sentence answers: it does not say that this is not settled, it is of the
    year and of the number of the thing (second, third) that the question names, and holds what it has to hold
    literally."""
    if candidate.absent or _of_another_year(part, candidate):
        return False
    missed = (part.wanted[n] for n in lacking(part.wanted, candidate.covers))
    return not any((w.kind in ("year", "number") or w.literal) and not w.carried for w in missed)


def answers(part: Part, candidate: Candidate, rarity: Rarity) -> bool:
    """Whether a sentence answers the part, as far as its signs tell."""
    by = load_worth()
    return may_answer(part, candidate) and likely(stating(part, candidate, rarity), by) >= by.least


def stating(part: Part, candidate: Candidate, rarity: Rarity) -> Signs:
    """The signs by which it is told whether a sentence answers."""
    unit, text = candidate.unit, candidate.document.text
    return {
        "score": candidate.score,
        "said": candidate.said,
        "other_kind": float(candidate.gives is False),
        "foreign": float(unit.language != part.language),
        "usual": candidate.usual,
        **mismatches(part, unit, text[unit.head[0] : unit.head[1]] if unit.head else ""),
        **signs_of_stating(part.wanted, candidate.covers, candidate.alike, rarity),
    }


def _of_another_year(part: Part, candidate: Candidate) -> bool:
    """Whether a question for a date names a year that the document's round or edition is not of: a date in
    that year does not make it that year's."""
    record = f"{candidate.document.round} {candidate.document.edition}"
    years = [w.text for w in part.wanted if w.kind == "year" and not w.soft and not w.carried]
    dated = "when" in part.asks and re.search(r"(?:19|20)\d\d", record)
    own = f"{record} {candidate.document.title} {candidate.unit.heading}"
    return bool(dated) and any(year not in own for year in years)


def share_of(part: Part, candidate: Candidate) -> float:
    """The share of the firm terms that are covered; of all terms where none is firm."""
    pairs = list(zip(part.wanted, candidate.covers, strict=True))
    pairs = [(w, c) for w, c in pairs if not w.soft] or pairs
    total = sum(w.weight for w, _ in pairs)
    return sum(w.weight for w, c in pairs if c >= HELD) / total if total else 0.0


def missed(part: Part, candidate: Candidate | None) -> tuple[str, ...]:
    """The words of the firm terms that a sentence does not cover."""
    covers = candidate.covers if candidate else (0.0,) * len(part.wanted)
    return tuple(part.wanted[n].text for n in lacking(part.wanted, covers))
