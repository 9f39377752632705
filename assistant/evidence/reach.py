"""Where nothing answers a question: what stands nearby, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence.arrange import found_of
from assistant.evidence.cover import Matcher, share
from assistant.evidence.cues import load_cues
from assistant.evidence.evidence import Answered, Found
from assistant.evidence.question import Part
from assistant.evidence.rank import Candidate
from assistant.evidence.roots import words
from assistant.evidence.sense import Sense
from assistant.evidence.units import Unit, units_of
from assistant.evidence.views import View
from knowledge.documents.index import KnowledgeIndex
from knowledge.documents.values import values
from knowledge.text import Language

NEAREST = 2
WORTH = 0.35  # what a line about contacts has to reach
NEAR_ENOUGH = 0.25  # share of the terms that something nearby has to hold


def nearest(parts: Sequence[tuple[Answered, Sequence[Candidate]]]) -> tuple[Found, ...]:
    """At most two quotes about the subject of a question that is not answered."""
    found: list[Found] = []
    shown = {f.quote.text for a, _ in parts for f in a.found}
    for answered, ranked in parts:
        for c in ranked:
            item = found_of(answered.part, c.document, c.unit)
            if len(found) >= NEAREST or item.quote.text in shown:
                continue
            if c.own >= NEAR_ENOUGH and not (c.contact or c.superseded or c.absent or item.foreign):
                found.append(item)
                shown.add(item.quote.text)
    return tuple(found)


def contacts_for(
    parts: Sequence[Part], index: KnowledgeIndex, sense: Sense, language: Language
) -> tuple[Found, ...]:
    """Whom to ask about parts that nothing answers: the best line of the documents about contacts, at
    most two."""
    kinds = load_cues().kinds["contact"]
    names = [d for d in index.records() if d.kind.lower() in kinds]
    own = [d for d in names if d.language == language] or names
    documents = [index.document(d.document) for d in own]
    units = [(d, unit) for d in documents for unit in units_of(d) if unit.quotable]
    sense.encode([unit.text for _, unit in units])  # in one go, which is quicker
    found: list[Found] = []
    match = Matcher(sense)
    for part in parts:
        lines = [(_worth(part, unit, match), document, unit) for document, unit in units]
        best = max(lines, key=lambda line: (line[0], -line[2].number), default=None)
        if best and best[0] >= WORTH:
            item = found_of(part, best[1], best[2])
            if item.quote not in [f.quote for f in found]:
                found.append(item)
    return tuple(found[:2])


def _worth(part: Part, unit: Unit, match: Matcher) -> float:
    near = [View(unit.words, 1.0), View(words(unit.heading), 0.6)]
    reachable = any(v.kind in ("phone", "email", "url") for v in values(unit.text))
    likeness = match.sense.cosines(part.text, [unit.text])[0]
    return (
        share(part.wanted, [match.cover(w, near) for w in part.wanted])
        + 0.5 * likeness
        + (0.15 if reachable else 0.0)
    )
