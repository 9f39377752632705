"""Whether a sentence gives what a question wants: the terms, the kind of value, or the news that it is
not settled."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence.cover import ALIKE, HELD, Matcher, share
from assistant.evidence.cues import load_cues
from assistant.evidence.durations import beside_the_point
from assistant.evidence.ordinals import another_turn, numbers_it, of_the_record, ordinals
from assistant.evidence.question import Part
from assistant.evidence.roots import words
from assistant.evidence.units import Unit
from assistant.evidence.views import View
from assistant.evidence.wanted import Wanted
from knowledge.documents.document import Document
from knowledge.documents.values import Value, values
from knowledge.text import HANGUL, Language

_POINTS = re.compile(r"\d ?점|\d points?\b", re.IGNORECASE)
BEFORE_NUMBER, BEHIND_NUMBER = 24, 12  # characters around a number in which what it counts stands
NOBODY = frozenset({"who", "can_i", "how_to"})
OF_TIME = frozenset({"when", "date", "how_long", "how_often", "order", "new"})
_SPAN = re.compile(r"[~∼–—]|부터.*까지|\bfrom\b.*\b(?:to|until)\b|\bbetween\b.*\band\b|\d to \d", re.DOTALL)


def gives_of(
    part: Part, match: Matcher, unit: Unit, near: Sequence[View], measures: frozenset[str]
) -> bool | None:
    """``given`` for a sentence, item or row; the cell of a row counts what its column is named after, and
    tells when something is done by the days that it takes."""
    found = given(part, match, unit.text, unit.language, near, measures)
    if found is False and "how_many" in part.asks and part.counted and "money" not in measures:
        named = [n for n, c in zip(unit.span.header, unit.span.cells, strict=False) if c[:1].isdigit()]
        return any(match.cover(part.counted, [View(words(name), 1.0)]) >= HELD for name in named)
    if found is False and "when" in part.asks and unit.kind == "row":
        return any(v.kind == "duration" and not v.key.endswith(("h", "min")) for v in values(unit.text))
    return found


def given(
    part: Part,
    match: Matcher,
    text: str,
    language: Language,
    near: Sequence[View] = (),
    measures: frozenset[str] = frozenset(),
) -> bool | None:
    """Whether a text gives a kind of value that the question wants; None where it wants none. ``measures``
    are the kinds of values that its bare numbers are."""
    cues = load_cues()
    kinds = [kind for kind in cues.gives if kind in part.asks]
    if not kinds:
        return None
    asked = {value.key for value in values(part.text)}
    amounts = "money" in measures
    fresh = [v for v in values(text) if not beside_the_point(part.text, part.asks, text, v)]
    kinds_of = [("money" if amounts and v.kind == "number" else v.kind, v.key) for v in fresh]
    told: set[str] = {kind for kind, key in kinds_of if key not in asked} or {kind for kind, _ in kinds_of}
    told |= measures - {"money"}
    if cues.prices[part.language].search(part.text) and not cues.of_a_price[language].search(text):
        told.discard("percent")
    if "how_far" in kinds and language == "ko" and all(_counted_out(text, v) for v in values(text)):
        told.discard("number")
    for kind in kinds:
        if kind == "how_many":
            counted = not amounts and counts(part, match, text, language, near)
            if counted or cues.gives[kind][language].search(text):
                return True
        elif told & cues.values[kind] or cues.gives[kind][language].search(text):
            return True
    if part.asks.isdisjoint({"how_much", "how_many"}):
        return False
    clauses = [c for part_of in text.split(" | ") for c in cues.clauses[language].split(part_of)]
    clauses = [c for c in clauses if c and cues.none[language].search(c)]
    return any(_names_all(part, match, clause) for clause in clauses)


def _names_all(part: Part, match: Matcher, text: str) -> bool:
    itself = [View(words(text), 1.0)]
    firm = [w for w in part.wanted if not w.soft]
    return bool(firm) and all(match.cover(w, itself) >= HELD for w in firm)


def valued(part: Part, text: str, measures: frozenset[str] = frozenset()) -> bool:
    """Whether a text holds a value of the kind that the question wants."""
    kinds = {kind for ask in part.asks for kind in load_cues().values.get(ask, ())}
    return bool(kinds & measures) or any(v.kind in kinds for v in values(text))


def counts(part: Part, match: Matcher, text: str, language: Language, near: Sequence[View] = ()) -> bool:
    """Whether a text gives a number of what is counted: the thing is named, and the number stands before
    it or before a counter that the question's counter may stand for."""
    counted = part.counted
    if counted and near and match.cover(counted, near) < HELD and not counted.soft:
        return False
    group, english = next((c for c in load_cues().counters if part.counter in c[0]), (frozenset({""}), ()))
    numbering = [(o.start, o.end) for o in ordinals(text)]
    for value in values(text):
        if any(start <= value.start < end for start, end in numbering):
            continue
        end = value.start + len(value.text)
        behind = text[end:].lstrip()
        in_time = value.kind == "duration" and part.counter and value.text.endswith(part.counter)
        if value.kind != "number" and not in_time:  # "45분" are minutes, and nobody
            continue
        if HANGUL.match(behind) or HANGUL.search(value.text):
            if part.counter:
                if _counts_with(f"{value.text}{behind}".lstrip("0123456789,. "), group):
                    return True
            elif not _counts_otherwise(behind) and _beside(
                counted, match, text[max(0, value.start - BEFORE_NUMBER) : end + BEHIND_NUMBER]
            ):
                return True
        elif value.text.lower() == "one" and part.counter:
            continue  # "one more", "a new one": no count
        elif part.counter and language == "ko":
            continue  # a bare number in Korean says nothing of what it counts; columns are looked at apart
        elif counted is None or HANGUL.search(counted.text):
            before = text[max(0, value.start - BEFORE_NUMBER) : value.start]
            if not english or words(f"{before} {behind[:40]}").holds(*english):
                return True
        elif match.cover(counted, [View(words(" ".join(behind.split()[:4])), 1.0)]) >= HELD:
            return True
    return False


def _counted_out(text: str, value: Value) -> bool:
    """Whether what looks like a number counts things, and so is no measure of one."""
    behind = text[value.start + len(value.text) :].lstrip()
    return value.kind != "number" or any(behind.startswith(tuple(group)) for group, _ in load_cues().counters)


def _counts_with(behind: str, counters: frozenset[str]) -> bool:
    """Whether one of the counters stands behind a number, and not "per" one of them."""
    return any(behind.startswith(c) and not behind.startswith(f"{c}당") for c in counters)


def _counts_otherwise(behind: str) -> bool:
    """Whether a counter behind a number counts people, points, times or the like, and not any things."""
    named = next((group for group, _ in load_cues().counters if _counts_with(behind, group)), frozenset())
    return bool(named) and named.isdisjoint({"개", "가지"})


def _beside(counted: Wanted | None, match: Matcher, text: str) -> bool:
    """Whether what is counted stands beside a number in a Korean text; a term without a Korean word may."""
    if counted is None or not any(HANGUL.search(form) for form in (*counted.forms, *counted.alike)):
        return True
    return match.cover(counted, [View(words(text), 1.0)]) >= HELD


def lacks(part: Part, match: Matcher, unit: Unit) -> bool:
    """Whether a sentence cannot be an answer, whatever words it holds: it names nobody where the question is
    who, says nothing of times where it is whether something may be several times, or gives nothing but dates
    where it is no question of time; or it speaks of the first time of what is asked for the second."""
    if "who" in part.asks and not part.asks - NOBODY and not _names_somebody(part, match, unit):
        return True
    if another_turn(part.text, unit.text):
        return True
    if "can_i" in part.asks and part.times and not load_cues().repeats[unit.language].search(unit.text):
        return True
    return unit.kind == "row" and not part.asks & OF_TIME and _only_dates(part, match, unit)


def _names_somebody(part: Part, match: Matcher, unit: Unit) -> bool:
    found = {m[0].lower() for m in load_cues().actors[unit.language].finditer(unit.text)}
    return any(all(match.cover(w, [View(words(name), 1.0)]) < HELD for w in part.wanted) for name in found)


def _only_dates(part: Part, match: Matcher, unit: Unit) -> bool:
    """Whether the cells of a row that hold no term of the question are dates and times alone."""
    told = [
        cell
        for cell in unit.span.cells
        if all(match.cover(w, [View(words(cell), 1.0)]) < HELD for w in part.wanted if not w.soft)
    ]
    return bool(told) and all(any(v.kind in ("date", "time") for v in values(cell)) for cell in told)


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
    held = [
        share(part.wanted, [match.cover(w, [View(words(text), 1.0)]) for w in part.wanted])
        for text in (told, open_)
    ]
    if held[0] == held[1]:
        return given(part, match, told, unit.language) is not True
    return held[0] < held[1]


def covered(
    wanted: Wanted,
    match: Matcher,
    document: Document,
    unit: Unit,
    near: Sequence[View],
    around: Sequence[View],
    told: frozenset[str],
) -> float:
    """0 to 1: how surely a sentence holds a term; ``told`` are words that its values stand for."""
    if wanted.kind == "year":
        return _year(wanted, document, near)
    if wanted.kind == "number":
        return _ordinal(wanted, match, document, unit, near)
    found = match.cover(wanted, [*near, *around])
    if found < ALIKE and _told(wanted, match, [*near, *around], told):
        return ALIKE
    if found < HELD and wanted.kind == "name" and words(document.text).holds(wanted.text):
        return HELD  # a name that the document speaks of
    return found


def own_cover(wanted: Wanted, match: Matcher, views: Sequence[View], told: frozenset[str]) -> float:
    """0 to 1: how surely the views hold a term, or the values ``told`` stand for it."""
    found = match.cover(wanted, views)
    return ALIKE if found < ALIKE and _told(wanted, match, views, told) else found


def _told(wanted: Wanted, match: Matcher, views: Sequence[View], told: frozenset[str]) -> bool:
    """Whether the values of a sentence stand for a term, or for those of its words that it does not hold."""
    if wanted.text.lower() in told:
        return True
    firm = [part for part in wanted.parts if not part.soft]
    stands = [part.text.lower() in told for part in firm]
    return any(stands) and all(s or match.cover(p, views) >= HELD for s, p in zip(stands, firm, strict=True))


def told_by(text: str, language: Language, *, typed: bool) -> frozenset[str]:
    """The words that the values in a text stand for; addresses and points always, amounts and times where the
    question is ``typed``, that is, asks for a value."""
    found = values(text)
    kinds = {str(value.kind) for value in found}
    if sum(value.kind == "date" for value in found) > 1 and _SPAN.search(text):
        kinds.add("span")
    if _POINTS.search(text):
        kinds.add("points")
    if load_cues().sanctions[language].search(text):
        kinds.add("sanction")
    speaking = kinds if typed else kinds & {"phone", "email", "url", "points", "sanction"}
    return frozenset(word for kind in speaking for word in load_cues().told_by.get(kind, ()))


def _ordinal(wanted: Wanted, match: Matcher, document: Document, unit: Unit, near: Sequence[View]) -> float:
    """An ordinal counts where the sentence, its heading or its document's record names the same number of the
    same kind."""
    if numbers_it(wanted.forms[0], f"{unit.heading} | {unit.text}"):
        return 1.0
    return 0.9 if of_the_record(wanted.forms[0], document) else match.cover(wanted, near)


def _year(wanted: Wanted, document: Document, near: Sequence[View]) -> float:
    """A year counts where it stands in the sentence or its heading, or is that of the document's round or
    edition."""
    if any(wanted.text in view.words.roots for view in near):
        return 1.0
    record = f"{document.round} {document.edition} {document.title}"
    return 0.9 if wanted.text in record else 0.0
