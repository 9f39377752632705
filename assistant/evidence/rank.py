"""The sentences that may answer one part of a question, best first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.evidence.cover import ALIKE, HELD, Matcher, View
from assistant.evidence.cues import load_cues
from assistant.evidence.question import Part, Wanted
from assistant.evidence.roots import HANGUL, words
from assistant.evidence.sense import Sense
from assistant.evidence.units import Unit, units_of
from assistant.evidence.values import values
from knowledge.documents.document import Document, Hit
from knowledge.text import Language

HEADING, LEAD, HEAD, BEFORE, TITLE, SECTION = 0.9, 0.9, 0.9, 0.8, 0.75, 0.6  # what stands around a sentence
CLOSELY = 10  # candidates that are compared by meaning
NEARBY = 400  # characters of a section around a sentence that speak for it

# What a candidate's score is made of, beside the share of the question's terms that it covers (0 to 1).
GIVES, TURNS, LACKS, LIKES, PLACE = 0.2, 0.1, -0.15, 0.05, 0.2  # a value, a turn of phrase, neither
MEANING, MEANT = 0.6, 0.3  # likeness of the sentence, of its heading, to the question
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
    closed: bool


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
    _prepare(part, match, found[:CLOSELY])
    closely = [_by_meaning(part, match, c, shelves[c.document.document]) for c in found[:CLOSELY]]
    closely = _likened(part, closely, sense)
    return sorted([*closely, *found[CLOSELY:]], key=lambda c: -c.score)


def _candidate(part: Part, match: Matcher, shelf: Shelf, unit: Unit, place: float) -> Candidate:
    near, around = views(shelf.document, unit)
    covers = tuple(_covered(w, match, shelf, near, around, unit.text) for w in part.wanted)
    own = tuple(match.cover(w, near) for w in part.wanted)
    gives = given(part, match, unit.text, unit.language, near)
    absent = silent(part, match, unit)
    score = 0.6 * share(part.wanted, covers) + 0.4 * share(part.wanted, own)
    valued = bool(gives) and _valued(part, unit.text)
    score += (GIVES if valued else TURNS) if gives else LACKS if gives is False else 0.0
    score += LIKES * sum(1 for kind in part.asks if kind in load_cues().likes and load_cues().likes[kind][unit.language].search(unit.text))
    score += PLACE * (1 - place)
    score += OWN_LANGUAGE if unit.language == part.language else 0.0
    score += SUPERSEDED if shelf.superseded else 0.0
    if shelf.contact:
        score += WANTED if "contact" in part.asks else 0.0 if part.asks & {"who", "where"} else CONTACT
    score += ABSENT if absent else 0.0
    itself = [view for view in near if view.share in (1.0, HEAD) and view.words is not words(unit.heading)]
    said = share(part.wanted, [match.cover(w, itself) for w in part.wanted])
    return Candidate(
        shelf.document, unit, covers, share(part.wanted, own), said, score, gives, valued, absent, shelf.contact, shelf.superseded
    )


def share(wanted: Sequence[Wanted], covers: Sequence[float]) -> float:
    """The covered share of the terms, by weight; 0 where there are none."""
    total = sum(w.weight for w in wanted)
    return sum(w.weight * c for w, c in zip(wanted, covers, strict=True)) / total if total else 0.0


def views(document: Document, unit: Unit) -> tuple[list[View], list[View]]:
    """What speaks for a sentence: itself with its heading, lead and table head; then what stands around it."""
    near = [View(unit.words, 1.0)]
    if unit.heading:
        near.append(View(words(unit.heading), HEADING))
    if unit.head:
        near.append(View(words(document.text[unit.head[0] : unit.head[1]]), HEAD))
    units = units_of(document)
    if unit.lead is not None:
        near.append(View(units[unit.lead].words, LEAD))
    around = []
    if unit.number and (leans(unit) or load_cues().mentions[unit.language].search(unit.text)) and beside(units, unit):
        around.append(View(units[unit.number - 1].words, BEFORE))
    around.append(View(words(document.title), TITLE))
    around.append(View(words(_section(document, unit)), SECTION))
    return near, around


def beside(units: Sequence[Unit], unit: Unit) -> bool:
    """Whether the sentence before belongs to the same section."""
    return bool(unit.number) and units[unit.number - 1].section == unit.section and units[unit.number - 1].quotable


def leans(unit: Unit) -> bool:
    """Whether a sentence points back at the one before it."""
    cues = load_cues()
    return bool(cues.leans[unit.language].search(unit.text) or cues.limits[unit.language].search(unit.text))


def _section(document: Document, unit: Unit) -> str:
    """The text of the unit's section around it."""
    units = units_of(document)
    first = last = unit.number
    while first and units[first - 1].section == unit.section and unit.span.start - units[first - 1].span.start < NEARBY:
        first -= 1
    while last + 1 < len(units) and units[last + 1].section == unit.section and units[last + 1].span.end - unit.span.end < NEARBY:
        last += 1
    return document.text[units[first].span.start : units[last].span.end]


def silent(part: Part, match: Matcher, unit: Unit) -> bool:
    """Whether the sentence says that what is asked is not settled. Where only one of its clauses says so, the
    others count as an answer if they hold more of the question, or as much and the kind of value it wants."""
    pattern = load_cues().absent[unit.language]
    if not pattern.search(unit.text):
        return False
    clauses = load_cues().clauses[unit.language].split(unit.text)
    clauses = [clause for clause in clauses if clause and len(clause) > 8]
    told = " ".join(clause for clause in clauses if not pattern.search(clause))
    if not told:
        return True
    open_ = " ".join(clause for clause in clauses if pattern.search(clause))
    held = [share(part.wanted, [match.cover(w, [View(words(text), 1.0)]) for w in part.wanted]) for text in (told, open_)]
    if held[0] == held[1]:
        return given(part, match, told, unit.language) is not True
    return held[0] < held[1]


def _covered(
    wanted: Wanted, match: Matcher, shelf: Shelf, near: Sequence[View], around: Sequence[View], text: str
) -> float:
    if wanted.kind == "year":
        return _year(wanted, shelf, near)
    found = match.cover(wanted, [*near, *around])
    if found < ALIKE and told(wanted, text):
        return ALIKE
    if found < HELD and wanted.kind == "name" and words(shelf.document.text).holds(wanted.text):
        return HELD  # a name that the document speaks of
    return found


def told(wanted: Wanted, text: str) -> bool:
    """Whether a typed value in the text stands for the term."""
    found = values(text)
    kinds = {str(value.kind) for value in found}
    if sum(value.kind == "date" for value in found) > 1 and _SPAN.search(text):
        kinds.add("span")
    low = wanted.text.lower()
    return any(low in load_cues().told_by.get(kind, ()) for kind in kinds)


_SPAN = re.compile(r"[~∼–—]|부터.*까지|\bfrom\b.*\b(?:to|until)\b|\bbetween\b.*\band\b|\d to \d", re.DOTALL)


def _year(wanted: Wanted, shelf: Shelf, near: Sequence[View]) -> float:
    """A year counts where it stands in the sentence or its heading, or is that of the document's round or edition."""
    if any(wanted.text in view.words.roots for view in near):
        return 1.0
    record = f"{shelf.document.round} {shelf.document.edition} {shelf.document.title}"
    return 0.9 if wanted.text in record else 0.0


def given(
    part: Part, match: Matcher, text: str, language: Language, near: Sequence[View] = ()
) -> bool | None:
    """Whether a text gives a kind of value that the question wants; None where it wants none."""
    cues = load_cues()
    kinds = [kind for kind in cues.gives if kind in part.asks]
    if not kinds:
        return None
    held = {value.kind for value in values(text)}
    asked = {value.key for value in values(part.text)}
    told = {value.kind for value in values(text) if value.key not in asked}
    for kind in kinds:
        if kind == "how_many":
            if counts(part, match, text, near) or cues.gives[kind][language].search(text):
                return True
        elif (told or held) & cues.values[kind] or cues.gives[kind][language].search(text):
            return True
    return False


def _valued(part: Part, text: str) -> bool:
    kinds = {kind for ask in part.asks for kind in load_cues().values.get(ask, ())}
    return any(value.kind in kinds for value in values(text))


def counts(part: Part, match: Matcher, text: str, near: Sequence[View] = ()) -> bool:
    """Whether a text gives a number of what is counted: the thing is named, and the number stands before it or
    before a counter that the question's counter may stand for."""
    if part.counted and near and match.cover(part.counted, near) < HELD:
        return False
    group, english = next((c for c in load_cues().counters if part.counter in c[0]), (frozenset({""}), ()))
    for value in values(text):
        behind = text[value.start + len(value.text) :].lstrip()
        if value.kind not in ("number", "duration"):
            continue
        if HANGUL.match(behind) or HANGUL.search(value.text):
            if not part.counter or f"{value.text}{behind}".lstrip("0123456789,. ").startswith(tuple(group)):
                return True
        elif part.counted is None or HANGUL.search(part.counted.text):
            if not english or words(behind[:40]).holds(*english):
                return True
        elif match.cover(part.counted, [View(words(" ".join(behind.split()[:4])), 1.0)]) >= HELD:
            return True
    return False


def _prepare(part: Part, match: Matcher, candidates: Sequence[Candidate]) -> None:
    """Have all vectors that comparing by meaning will ask for made in one go, which is quicker than one by one."""
    texts: dict[str, None] = dict.fromkeys([part.text])
    for candidate in candidates:
        lacking = [w for w, c in zip(part.wanted, candidate.covers, strict=True) if c < HELD and not w.soft]
        near = views(candidate.document, candidate.unit)[0] if lacking else ()
        texts.update(dict.fromkeys(text for w in lacking for text in match.texts(w, near)))
        title = candidate.unit.heading.rsplit(" > ", 1)[-1]
        texts.update(dict.fromkeys((title, _titled(title, candidate.unit))))
    match.sense.encode(list(texts))


def _titled(title: str, unit: Unit) -> str:
    return " ".join(filter(None, (title, unit.text)))


def _by_meaning(part: Part, match: Matcher, candidate: Candidate, shelf: Shelf) -> Candidate:
    """The candidate with its missing terms looked for by meaning."""
    lacking = [n for n, (w, c) in enumerate(zip(part.wanted, candidate.covers, strict=True)) if c < HELD and not w.soft]
    if not lacking:
        return candidate
    near, _ = views(shelf.document, candidate.unit)
    covers = list(candidate.covers)
    for number in lacking:
        covers[number] = max(covers[number], match.meant(part.wanted[number], near))
    gained = share(part.wanted, covers) - share(part.wanted, candidate.covers)
    return replace(candidate, covers=tuple(covers), own=candidate.own + gained, score=candidate.score + gained)


def _likened(part: Part, candidates: list[Candidate], sense: Sense) -> list[Candidate]:
    """The candidates with the likeness of the whole sentence to the question added to their scores."""
    if not candidates:
        return []
    titles = [c.unit.heading.rsplit(" > ", 1)[-1] for c in candidates]
    texts = [_titled(title, c.unit) for title, c in zip(titles, candidates, strict=True)]
    likeness, likeness_of_titles = sense.cosines(part.text, texts), sense.cosines(part.text, titles)
    return [
        replace(c, score=c.score + MEANING * max(0.0, whole - 0.3) + MEANT * max(0.0, title - 0.4))
        for c, whole, title in zip(candidates, likeness, likeness_of_titles, strict=True)
    ]
