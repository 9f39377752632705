"""What a question asks: its parts, and the kinds of answer they want."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.evidence.cues import load_cues
from assistant.evidence.lists import listed
from assistant.evidence.wanted import Wanted, wanted_of
from assistant.evidence.weights import SOFT, Rarity
from knowledge.documents.values import Value, values
from knowledge.glossary.glossary import Term
from knowledge.text import Language, language_of, normalize

LONGEST = 1000  # characters of a question that are read
MOST_PARTS = 4
_BEHIND = "are|is|was|were|do|does|did|can|may|must|will|should|have|has|had|in|on|of|per|for|at|to"
_HOW_MANY = re.compile(
    rf"몇 ?([가-힣]+)|(?:how many|number of)((?: (?!(?:{_BEHIND})\b)[a-z-]+){{1,3}})", re.IGNORECASE
)
_PLURAL = re.compile(r"(?:[^s]s|people|men|children|staff)$", re.IGNORECASE)
_OR = re.compile(r" or (?:by |in |on |with |a |an |the )?| ?(?:또는|혹은|아니면) ", re.IGNORECASE)
BESIDE_OR = 4  # characters between "or" and what it joins
YES_OR_NO = frozenset({"can_i", "how_to"})  # kinds of questions that such a one is taken for
GIVEN = frozenset({"number", "duration", "money", "percent"})  # what an asker may state of himself
COUNTED_WITHIN = 12  # characters between 몇 and what it counts
# Factors on weights: of terms taken over by a part that says little itself, by one before which something is
# only told, by one that says enough, and of the first one's own terms.
CARRIED, TOLD, CARRIED_BESIDE, LIFTED = 0.6, 0.4, 0.03, 2.5


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked. ``text`` is its words; ``search`` what is looked for; ``sense`` these words
    with the sentences that they lean on, for their meaning; ``sides`` the two things that a question about a
    difference compares."""

    text: str
    search: str
    language: Language
    asks: frozenset[str]
    wanted: tuple[Wanted, ...]
    given: tuple[Value, ...]  # numbers that the asker states
    sides: tuple[Wanted, ...] = ()
    counter: str = ""  # the Korean counter behind "how many"
    counted: Wanted | None = None  # what "how many" counts
    times: bool = False  # whether it asks if something may be several times
    sense: str = ""


def read_question(text: str, terms: Sequence[Term], rarity: Rarity, year: int) -> tuple[Part, ...]:
    """The parts of a question, at least one. ``year`` is the year of the day asked."""
    asked = " ".join(normalize(text[: 2 * LONGEST]).split())[:LONGEST]
    language = language_of(asked)
    pieces, context = _pieces(asked, language)
    parts: list[Part] = []
    for piece in pieces:
        own = _part(piece, language, terms, rarity, year)
        before = [*parts, *(_part(told, language, terms, rarity, year) for told in context)]
        parts.append(_joined(own, before, language, lean=bool(context)))
    return tuple(parts)


def _pieces(asked: str, language: Language) -> tuple[list[str], list[str]]:
    """The questions in a text, and the sentences that only tell something."""
    sentences = [
        s.strip() for s in re.split(r"(?<=[?？!。])\s+|(?<=[.])\s+(?=[A-Z가-힣])", asked) if s.strip()
    ]
    marked = any(sentence.endswith(("?", "？")) for sentence in sentences)
    found: list[str] = []
    told: list[str] = []
    for sentence in sentences:
        plain = marked and language == "en" and not sentence.endswith(("?", "？"))
        things = [] if plain else listed(sentence, language)
        if len(things) > 1:
            found.extend(things)
            continue
        for piece in [sentence] if plain else _cut(sentence, language):
            asking = piece.endswith(("?", "？")) or (not plain and _asks(piece, language))
            (found if asking else told).append(piece)
    return (found[:MOST_PARTS], told) if found else ([asked], [])


def _cut(sentence: str, language: Language) -> list[str]:
    """A sentence cut where two questions meet."""
    pieces: list[str] = []
    begin = 0
    for match in load_cues().joints[language].finditer(sentence):
        if _asks(sentence[begin : match.end()], language) and _asks(sentence[match.end() :], language):
            pieces.append(sentence[begin : match.end()].strip(" ,"))
            begin = match.end()
    return [*pieces, sentence[begin:].strip()]


def _asks(piece: str, language: Language) -> bool:
    bare = piece.strip(" ,?？.!")
    return len(bare) > 2 and bool(load_cues().asking[language].search(bare))


def _part(piece: str, language: Language, terms: Sequence[Term], rarity: Rarity, year: int) -> Part:
    cues = load_cues()
    asks = frozenset(kind for kind, by in cues.asks.items() if by[language].search(piece))
    if "how_long" in asks:
        # "how long" is asked with the words of "how much" in Korean, and as "how many days" in English
        asks -= {"how_much", "how_many", "when"}
    wanted = wanted_of(piece, terms, rarity, year)
    given = tuple(v for v in values(piece) if v.kind in GIVEN and v.key != "number:1")
    times = bool(cues.times[language].search(piece))
    part = Part(piece, piece, language, asks, wanted, given, times=times, sense=piece)
    if asks - YES_OR_NO - {"definition", "items"}:
        part = replace(part, wanted=_of_past_years(part.wanted, year))
    if "can_i" in asks:
        part = replace(part, wanted=_without_joining(_either(piece, part.wanted)))
    if not asks - YES_OR_NO:
        part = replace(part, wanted=_with_attributes(part.wanted))
    if "how_many" in asks:
        counter, counted = _counted(piece, wanted)
        part = replace(part, counter=counter, counted=counted, wanted=_without_counter(part, counter))
    if "difference" in asks:
        sides = tuple(w for w in wanted if not w.soft and w.kind in ("word", "name"))
        return replace(part, sides=sides[:2] if len(sides) >= 2 else ())
    return part


def _either(piece: str, wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """The terms with two that stand on either side of "or" made one: an answer need hold but one of them."""
    found = list(wanted)
    for match in _OR.finditer(piece):
        places = [(piece.find(w.text), w) for w in found if w.kind != "year"]
        ends = [(at + len(w.text), w) for at, w in places if at >= 0]
        before = [(end, w) for end, w in ends if end <= match.start() + 1]
        behind = [(at, w) for at, w in places if at >= match.end()]
        if not before or not behind:
            continue
        (end, one), (start, other) = max(before, key=lambda p: p[0]), min(behind, key=lambda p: p[0])
        if match.start() - end < BESIDE_OR and start - match.end() < BESIDE_OR:
            both = replace(
                one, text=f"{one.text} | {other.text}", forms=(*one.forms, *other.forms), parts=(),
                alike=(*one.alike, *other.alike), soft=one.soft and other.soft,
            )  # fmt: skip
            found = [both if w is one else w for w in found if w is not other]
    return tuple(found)


def _without_joining(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """The terms of "may X take part?" with what is common to all such questions made soft, where there is
    an X."""
    joining = load_cues().joining
    if all(w.soft or w.text.lower() in joining for w in wanted):
        return wanted
    return tuple(
        replace(w, soft=True, weight=w.weight * SOFT) if w.text.lower() in joining and not w.soft else w
        for w in wanted
    )


def _of_past_years(wanted: tuple[Wanted, ...], year: int) -> tuple[Wanted, ...]:
    """The terms of a question that wants a value; one of a past year is not that of this year."""
    return tuple(
        replace(w, soft=False) if w.kind == "year" and w.soft and int(w.text) < year else w for w in wanted
    )


def _with_attributes(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """The terms of a question of yes or no, which the answer has to say even where they could name a kind of
    answer."""
    told = load_cues().attributes
    return tuple(
        replace(w, soft=False, weight=w.weight / SOFT) if w.soft and w.text.lower() in told else w
        for w in wanted
    )


def _counted(piece: str, wanted: Sequence[Wanted]) -> tuple[str, Wanted | None]:
    """The Korean counter of a "how many" and the term that is counted: the nearest one to it."""
    asked = _HOW_MANY.search(piece)
    if not asked:
        return "", None
    counters = sorted((c for group, _ in load_cues().counters for c in group), key=lambda c: -len(c))
    counter = next((c for c in counters if (asked[1] or "").startswith(c)), "")
    places = [(piece.find(w.text), w) for w in wanted if w.kind != "year"]
    if asked[2]:
        inside = [(at, w) for at, w in places if asked.start() <= at < asked.end()]
        behind = sorted(inside, key=lambda place: place[0])
        several = [w for _, w in behind if _PLURAL.search(w.text)]
        return "", several[0] if several else behind[-1][1] if behind else None
    near = [(abs(at - asked.start()), w) for at, w in places if at >= 0 and len(w.text) > 1]
    near = [(distance, w) for distance, w in near if distance <= COUNTED_WITHIN]
    return counter, min(near, key=lambda p: p[0])[1] if near else None


def _without_counter(part: Part, counter: str) -> tuple[Wanted, ...]:
    """The terms without one that is but the counter with what hangs on it ("명분" in "몇 명분")."""
    asked = _HOW_MANY.search(part.text)
    behind = asked[1] or "" if asked and counter else ""
    return tuple(w for w in part.wanted if not (behind.startswith(w.text) and len(w.text) > len(counter) > 0))


def _joined(own: Part, before: Sequence[Part], language: Language, *, lean: bool) -> Part:
    """A part that says little by itself, or points back, takes the terms of what stood before it."""
    cues = load_cues()
    firm = [w for w in own.wanted if not w.soft]
    points = bool(cues.points_back[language].search(own.text))
    if not before or (len(firm) > 1 and not points and not lean):
        return own
    texts = {w.text for w in own.wanted}
    weak = not firm
    factor = CARRIED if weak else TOLD if lean else CARRIED_BESIDE
    carried = [
        replace(w, carried=True, soft=not weak or w.soft, weight=w.weight * factor)
        for part in before
        for w in part.wanted
        if w.text not in texts and not w.carried
    ]
    if weak:
        own = replace(own, wanted=tuple(replace(w, weight=w.weight * LIFTED) for w in own.wanted))
    leans = weak or points or lean
    search = " ".join([own.text, *(w.text for w in carried if leans)])
    sense = " ".join([*(part.text for part in before), own.text]) if leans else own.text
    given = own.given or tuple(v for part in before for v in part.given)
    sides = own.sides or next((part.sides for part in before if part.sides), ())
    return replace(own, wanted=(*own.wanted, *carried), search=search, sense=sense, given=given, sides=sides)
