"""Whether a sentence says enough to answer one part of a question."""

from __future__ import annotations

import re

from assistant.evidence.cover import HELD
from assistant.evidence.gives import NOBODY
from assistant.evidence.question import Part
from assistant.evidence.rank import Candidate

LEAST, LEAST_OF_A_VALUE = 0.78, 0.7  # scores below which nothing answers
ENOUGH = 0.7  # share of a question's firm terms that a sentence and its surroundings must cover
ENOUGH_OF_LITTLE = 0.3  # the same for a question without a firm term
ENOUGH_OF_CARRIED = 0.5  # and for one that takes all of them from what was asked before
ENOUGH_FOR_A_CONTACT = 0.4
OWN = 0.3  # share that the sentence and its heading must cover themselves, unless a value answers
RARE = 0.6  # a term of this weight must be covered, whatever the rest


def answers(part: Part, candidate: Candidate) -> bool:
    """Whether a sentence answers the part: its terms are covered, none that is rare or a year is missing,
    and it gives the kind of value that is asked for."""
    if candidate.absent or candidate.gives is False:
        return False
    least = LEAST_OF_A_VALUE if candidate.gives else LEAST
    if candidate.score < least or _of_another_year(part, candidate):
        return False
    if "who" in part.asks and not part.asks - NOBODY and candidate.said < OWN:
        return False  # who somebody is has to be said, not only headed
    if candidate.contact and not part.asks & {"contact", "who", "where", "how_to"} and candidate.own < ENOUGH:
        return False
    if candidate.gives and candidate.valued and "contact" in part.asks:
        return candidate.own >= ENOUGH_FOR_A_CONTACT  # the nearest line says whom to ask
    lacking = [w for w, c in zip(part.wanted, candidate.covers, strict=True) if c < HELD and not w.soft]
    if any((w.kind == "year" or w.weight >= RARE) and not w.carried for w in lacking):
        return False
    firm = [w for w in part.wanted if not w.soft]
    enough = ENOUGH_OF_LITTLE if not firm else ENOUGH_OF_CARRIED if all(w.carried for w in firm) else ENOUGH
    own = 0.0 if candidate.gives else min(OWN, enough)  # a value may leave its subject to the title
    return share_of(part, candidate) >= enough and candidate.own >= own


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
    covers = candidate.covers if candidate else (0.0,) * len(part.wanted)
    return tuple(w.text for w, c in zip(part.wanted, covers, strict=True) if c < HELD and not w.soft)
