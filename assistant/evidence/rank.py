"""The sentences that may answer one part of a question, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.evidence.cover import HELD, Matcher, share
from assistant.evidence.cues import load_cues
from assistant.evidence.gives import covered, gives_of, lacks, own_cover, silent, told_by, valued
from assistant.evidence.question import Part
from assistant.evidence.roots import words
from assistant.evidence.sense import Sense
from assistant.evidence.units import Unit, units_of
from assistant.evidence.views import measures, speaking, views
from knowledge.documents.document import Document, Hit

CLOSELY, WIDELY = 10, 20  # candidates compared by meaning: where words meet, where hardly any does
MEET = 0.7  # share of the terms from which words meet

# What a candidate's score is made of, beside the share of the question's terms that it covers (0 to 1):
# a value of the kind asked for, a turn of phrase that gives it, neither; a liked sign; the passage's place;
GIVES, TURNS, LACKS, LIKES, PLACE = 0.2, 0.1, -0.15, 0.05, 0.2
# the likeness of the sentence and of its heading to the question, each above what unrelated texts have;
MEANING, UNRELATED, MEANT, UNLIKE = 0.6, 0.3, 0.3, 0.4
# and what its document is.
OWN_LANGUAGE, SUPERSEDED, CONTACT, WANTED, ABSENT = 0.15, -0.35, -0.3, 0.25, -0.08


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with how it answers. ``covers`` stands beside the part's terms; ``gives`` is None where the
    question wants no typed value."""

    document: Document
    unit: Unit
    covers: tuple[float, ...]
    own: float  # share of the terms in the sentence itself and its heading
    said: float  # share of the terms in the sentence itself and its table's head
    score: float
    gives: bool | None
    valued: bool  # whether a value gives it, not a turn of phrase
    absent: bool
    contact: bool
    superseded: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A document that passages were found in, and what is known of its standing."""

    document: Document
    superseded: bool
    contact: bool


def rank(part: Part, hits: Sequence[Hit], shelves: dict[str, Shelf], sense: Sense) -> list[Candidate]:
    """Candidates from the passages found, best first."""
    found: list[Candidate] = []
    match = Matcher(sense)
    seen: set[tuple[str, int]] = set()
    for place, hit in enumerate(hits):
        shelf = shelves[hit.passage.document]
        for unit in units_of(shelf.document):
            inside = hit.passage.start <= unit.span.start < hit.passage.end
            if inside and unit.quotable and (shelf.document.document, unit.number) not in seen:
                seen.add((shelf.document.document, unit.number))
                found.append(_candidate(part, match, shelf, unit, place / max(1, len(hits))))
    found.sort(key=lambda c: -c.score)
    meet = any(share(part.wanted, c.covers) >= MEET for c in found)
    first = CLOSELY if meet else WIDELY
    _prepare(part, match, found[:first])
    closely = [_by_meaning(part, match, c, shelves[c.document.document]) for c in found[:first]]
    closely = _likened(part, closely, sense)
    return sorted([*closely, *found[first:]], key=lambda c: -c.score)


def _candidate(part: Part, match: Matcher, shelf: Shelf, unit: Unit, place: float) -> Candidate:
    near, around = views(shelf.document, unit)
    speaking_values = told_by(unit.text, unit.language, typed=not part.asks.isdisjoint(load_cues().gives))
    covers = tuple(
        covered(w, match, shelf.document, unit, near, around, speaking_values) for w in part.wanted
    )
    own = share(
        part.wanted,
        [c if w.kind == "number" else own_cover(w, match, near, speaking_values)
         for w, c in zip(part.wanted, covers, strict=True)],
    )  # fmt: skip
    heading = words(unit.heading)
    itself = [view for view in near if view.words is not heading]
    kinds = measures(shelf.document, unit)
    gives = False if lacks(part, match, unit) else gives_of(part, match, unit, near, kinds)
    found = Candidate(
        shelf.document,
        unit,
        covers,
        own=own,
        said=share(part.wanted, [own_cover(w, match, itself, speaking_values) for w in part.wanted]),
        score=0.6 * share(part.wanted, covers) + 0.4 * own + PLACE * (1 - place),
        gives=gives,
        valued=bool(gives) and valued(part, unit.text, kinds),
        absent=silent(part, match, unit),
        contact=shelf.contact,
        superseded=shelf.superseded,
    )
    return replace(found, score=found.score + _bonus(part, found))


def _bonus(part: Part, candidate: Candidate) -> float:
    """What the kind of sentence and of document adds to the score."""
    likes, language = load_cues().likes, candidate.unit.language
    bonus = LIKES * sum(bool(likes[k][language].search(candidate.unit.text)) for k in part.asks if k in likes)
    if candidate.gives is not None:
        bonus += LACKS if not candidate.gives else GIVES if candidate.valued else TURNS
    if candidate.contact:
        bonus += WANTED if "contact" in part.asks else 0.0 if part.asks & {"who", "where"} else CONTACT
    bonus += OWN_LANGUAGE if language == part.language else 0.0
    bonus += SUPERSEDED if candidate.superseded else 0.0
    return bonus + (ABSENT if candidate.absent else 0.0)


def _prepare(part: Part, match: Matcher, candidates: Sequence[Candidate]) -> None:
    """Have all vectors that comparing by meaning will ask for made in one go, which is quicker than one
    by one."""
    texts: dict[str, None] = dict.fromkeys([part.text])
    for candidate in candidates:
        lacking = [w for w, c in zip(part.wanted, candidate.covers, strict=True) if c < HELD and not w.soft]
        near = speaking(candidate.document, candidate.unit) if lacking else []
        texts.update(dict.fromkeys(text for w in lacking for text in match.texts(w, near)))
        title = candidate.unit.heading.rsplit(" > ", 1)[-1]
        texts.update(dict.fromkeys((title, _titled(title, candidate.unit))))
    match.sense.encode(list(texts))


def _titled(title: str, unit: Unit) -> str:
    return " ".join(filter(None, (title, unit.text)))


def _by_meaning(part: Part, match: Matcher, candidate: Candidate, shelf: Shelf) -> Candidate:
    """The candidate with its missing terms looked for by meaning."""
    lacking = [
        n
        for n, (w, c) in enumerate(zip(part.wanted, candidate.covers, strict=True))
        if c < HELD and not w.soft
    ]
    if not lacking:
        return candidate
    near = speaking(shelf.document, candidate.unit)
    covers = list(candidate.covers)
    for number in lacking:
        covers[number] = max(covers[number], match.meant(part.wanted[number], near))
    gained = share(part.wanted, covers) - share(part.wanted, candidate.covers)
    return replace(
        candidate, covers=tuple(covers), own=candidate.own + gained, score=candidate.score + gained
    )


def _likened(part: Part, candidates: list[Candidate], sense: Sense) -> list[Candidate]:
    """The candidates with the likeness of the whole sentence to the question added to their scores."""
    if not candidates:
        return []
    titles = [c.unit.heading.rsplit(" > ", 1)[-1] for c in candidates]
    texts = [_titled(title, c.unit) for title, c in zip(titles, candidates, strict=True)]
    likeness, likeness_of_titles = sense.cosines(part.text, texts), sense.cosines(part.text, titles)
    return [
        replace(
            c,
            score=c.score + MEANING * max(0.0, whole - UNRELATED) + MEANT * max(0.0, title - UNLIKE),
        )
        for c, whole, title in zip(candidates, likeness, likeness_of_titles, strict=True)
    ]
