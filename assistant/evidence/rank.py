"""The sentences that may answer one part of a question, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from langchain_core.documents import Document as Page

from assistant.evidence.cover import HELD, Matcher, share
from assistant.evidence.cues import load_cues
from assistant.evidence.gives import covered, gives_of, lacks, own_cover, silent, told_by, valued
from assistant.evidence.question import Part
from assistant.evidence.roots import words
from assistant.evidence.sense import SURE, Sense
from assistant.evidence.signs import Signs, lacking, length_of, load_worth, signs_of_terms, usual, worth
from assistant.evidence.units import Unit, units_of
from assistant.evidence.views import View, measures, speaking, views
from assistant.evidence.wanted import Wanted
from knowledge.documents.document import Document

CLOSELY = 16  # candidates compared by meaning; the others are left out
PLACES = 14  # of passages in which their rank counts
FAR = -0.5  # scaled likeness of words that have nothing in common
ASKING_FOR_PEOPLE = frozenset({"contact", "who", "where"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with how it answers. ``covers`` stands beside the part's terms, ``alike`` is the same with
    the likeness of the nearest word where a term misses; ``gives`` is None where the question wants no typed
    value; ``signs`` are what it is ranked by, and ``score`` what they are worth."""

    document: Document
    unit: Unit
    covers: tuple[float, ...]
    own: float  # share of the terms in the sentence itself and its heading
    said: float  # share of the terms in the sentence itself and its table's head
    gives: bool | None
    valued: bool  # whether a value gives it, not a turn of phrase
    absent: bool
    contact: bool
    superseded: bool
    signs: Signs = field(default_factory=dict)
    score: float = 0.0
    alike: tuple[float, ...] = ()
    itself: tuple[float, ...] = ()  # how surely the sentence alone says each term
    usual: float = 0.0  # how far documents answer such questions


@dataclass(frozen=True, slots=True)
class Shelf:
    """A document that passages were found in, and what is known of its standing."""

    document: Document
    superseded: bool
    contact: bool


def rank(part: Part, pages: Sequence[Page], shelves: dict[str, Shelf], sense: Sense) -> list[Candidate]:
    """The best candidates from the passages that the retriever found, best first; at most ``CLOSELY``."""
    found: list[Candidate] = []
    match = Matcher(sense)
    seen: set[tuple[str, int]] = set()
    best = max((page.metadata["score"] for page in pages), default=0.0)
    for place, page in enumerate(pages):
        found_at = page.metadata
        shelf = shelves[found_at["document"]]
        search = _search(found_at["score"], best, place)
        for unit in units_of(shelf.document):
            inside = found_at["start"] <= unit.span.start < found_at["end"]
            if inside and unit.quotable and (shelf.document.document, unit.number) not in seen:
                seen.add((shelf.document.document, unit.number))
                found.append(_scored(part, _candidate(part, match, shelf, unit), search))
    found = sorted(found, key=lambda c: -c.score)[:CLOSELY]
    return sorted(_by_meaning(part, match, found), key=lambda c: -c.score)


def _candidate(part: Part, match: Matcher, shelf: Shelf, unit: Unit) -> Candidate:
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
    return Candidate(
        shelf.document,
        unit,
        covers,
        own=own,
        said=share(part.wanted, [own_cover(w, match, itself, speaking_values) for w in part.wanted]),
        gives=gives,
        valued=bool(gives) and valued(part, unit.text, kinds),
        absent=silent(part, match, unit),
        contact=shelf.contact,
        superseded=shelf.superseded,
        itself=tuple(own_cover(w, match, near[:1], speaking_values) for w in part.wanted),
    )


def _scored(part: Part, c: Candidate, more: Signs) -> Candidate:
    """The candidate with its signs and what they are worth."""
    likes, language = load_cues().likes, c.unit.language
    alike = c.alike or c.covers
    signs = {
        "said": c.said,
        "gives": float(c.gives is True),
        "valued": float(c.valued),
        "superseded": float(c.superseded),
        "contact": float(c.contact and not part.asks & ASKING_FOR_PEOPLE),
        "length": length_of(c.unit.text, language),
        "likes": float(sum(bool(likes[k][language].search(c.unit.text)) for k in part.asks if k in likes)),
        **signs_of_terms(part.wanted, c.covers, alike, c.itself),
        **more,
    }
    return replace(c, signs=signs, score=worth(signs, load_worth().rank), alike=alike)


def _by_meaning(part: Part, match: Matcher, found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with missing terms looked for by meaning, and with the likeness of the sentence under
    its heading to the question."""
    if not found:
        return []
    texts = [_titled(c.unit) for c in found]
    seen = [views(c.document, c.unit) for c in found]
    said = [speaking(*of) for of in seen]
    _prepare(part, match, found, said, texts)
    meant = [_meant(part, match, c, views_of) for c, views_of in zip(found, said, strict=True)]
    likeness = match.sense.cosines(part.sense, texts)
    common = usual(match.sense.encode([part.sense])[0], load_worth())
    alike = _alike(part, match, meant, [near for near, _ in seen])
    return [
        _scored(part, replace(c, alike=a, usual=common), {**_kept(c), "likeness": like})
        for c, a, like in zip(meant, alike, likeness, strict=True)
    ]


def _kept(candidate: Candidate) -> Signs:
    return {name: candidate.signs[name] for name in ("hit", "place")}


def _search(score: float, best: float, place: int) -> Signs:
    """What the search says of a passage: its score beside the best one's, and its place. The scores of a
    reranker may lie below zero, where only the place tells."""
    place_of = min(1.0, place / PLACES)
    return {"hit": max(0.0, score / best) if best > 0 else 1.0 - place_of, "place": place_of}


def _titled(unit: Unit) -> str:
    return " ".join(filter(None, (unit.heading.rsplit(" > ", 1)[-1], unit.text)))


def _prepare(
    part: Part,
    match: Matcher,
    found: Sequence[Candidate],
    said: Sequence[Sequence[View]],
    texts: Sequence[str],
) -> None:
    """Have all vectors that comparing by meaning will ask for made in one go, which is quicker than one
    by one."""
    asked: dict[str, None] = dict.fromkeys([part.sense, *texts])
    for candidate, views_of in zip(found, said, strict=True):
        for w, covered_by, alone in zip(part.wanted, candidate.covers, candidate.itself, strict=True):
            if min(covered_by, alone) < HELD:
                seen = views_of if covered_by < HELD else views_of[:1]
                asked.update(dict.fromkeys(match.texts(w, seen)))
    match.sense.encode(list(asked))


def _meant(part: Part, match: Matcher, candidate: Candidate, said: Sequence[View]) -> Candidate:
    """The candidate with its missing terms looked for by meaning."""
    itself = tuple(
        c if c >= HELD or w.soft else max(c, match.meant(w, said[:1]))
        for w, c in zip(part.wanted, candidate.itself, strict=True)
    )
    candidate = replace(candidate, itself=itself)
    missed = lacking(part.wanted, candidate.covers)
    if not missed:
        return candidate
    covers = list(candidate.covers)
    for n in missed:
        covers[n] = max(covers[n], match.meant(part.wanted[n], said))
    gained = share(part.wanted, covers) - share(part.wanted, candidate.covers)
    return replace(candidate, covers=tuple(covers), own=candidate.own + gained)


def _alike(
    part: Part, match: Matcher, found: Sequence[Candidate], near: Sequence[Sequence[View]]
) -> list[tuple[float, ...]]:
    """For each candidate how far it covers each term, a missing one by its likeness to the nearest word of
    the sentence and of what it stands under; one of several words by its least word, since "foreign
    company" is no company."""
    pieces = [_pieces(w) for w in part.wanted]
    plain = [list(dict.fromkeys(word for view in seen for word in view.words.plain)) for seen in near]
    terms = {text: n for n, text in enumerate(dict.fromkeys(_bare(p) for ps in pieces for p in ps))}
    words_of = {word: n for n, word in enumerate(dict.fromkeys(word for ws in plain for word in ws))}
    if not terms or not words_of:
        return [c.covers for c in found]
    scaled = match.sense.scaled(list(terms), list(words_of))

    def likeness(piece: Wanted, n: int) -> float:
        term = _bare(piece)
        others = [words_of[word] for word in plain[n] if word not in term or word == term]
        best = float(scaled[terms[term], others].max()) if others else -1.0
        return max(match.cover(piece, near[n]), min(1.0, max(0.0, (best - FAR) / (SURE - FAR))))

    def alike(at: int, covered: float, n: int) -> float:
        least = min(likeness(piece, n) for piece in pieces[at])
        return least if len(pieces[at]) > 1 else max(covered, least)

    return [
        tuple(
            c if c >= HELD or w.kind != "word" else alike(at, c, n)
            for at, (w, c) in enumerate(zip(part.wanted, candidate.covers, strict=True))
        )
        for n, candidate in enumerate(found)
    ]


def _pieces(wanted: Wanted) -> tuple[Wanted, ...]:
    """The firm words of a term of several; the term itself where it has none."""
    return tuple(piece for piece in wanted.parts if not piece.soft) or (wanted,)


def _bare(wanted: Wanted) -> str:
    return wanted.text.split(" | ")[0].lower()
