"""Whether a sentence gives what a question wants: the terms, the kind of value, or the news that it is
not settled."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence.cover import ALIKE, HELD, Matcher, share
from assistant.evidence.cues import load_cues
from assistant.evidence.question import Part
from assistant.evidence.roots import HANGUL, words
from assistant.evidence.units import Unit
from assistant.evidence.values import values
from assistant.evidence.views import View
from assistant.evidence.wanted import Wanted
from knowledge.documents.document import Document
from knowledge.text import Language

_POINTS = re.compile(r"\d ?점|\d points?\b", re.IGNORECASE)
_SPAN = re.compile(r"[~∼–—]|부터.*까지|\bfrom\b.*\b(?:to|until)\b|\bbetween\b.*\band\b|\d to \d", re.DOTALL)


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
    none = not part.asks.isdisjoint({"how_much", "how_many"}) and cues.none[language].search(text)
    return bool(none) and _names_all(part, match, text)


def _names_all(part: Part, match: Matcher, text: str) -> bool:
    itself = [View(words(text), 1.0)]
    firm = [w for w in part.wanted if not w.soft]
    return bool(firm) and all(match.cover(w, itself) >= HELD for w in firm)


def valued(part: Part, text: str) -> bool:
    """Whether a text holds a value of the kind that the question wants."""
    kinds = {kind for ask in part.asks for kind in load_cues().values.get(ask, ())}
    return any(value.kind in kinds for value in values(text))


def counts(part: Part, match: Matcher, text: str, near: Sequence[View] = ()) -> bool:
    """Whether a text gives a number of what is counted: the thing is named, and the number stands before
    it or before a counter that the question's counter may stand for."""
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
    near: Sequence[View],
    around: Sequence[View],
    told: frozenset[str],
) -> float:
    """0 to 1: how surely a sentence holds a term; ``told`` are words that its values stand for."""
    if wanted.kind == "year":
        return _year(wanted, document, near)
    found = match.cover(wanted, [*near, *around])
    if found < ALIKE and wanted.text.lower() in told:
        return ALIKE
    if found < HELD and wanted.kind == "name" and words(document.text).holds(wanted.text):
        return HELD  # a name that the document speaks of
    return found


def told_by(text: str, *, typed: bool) -> frozenset[str]:
    """The words that the values in a text stand for; addresses and points always, amounts and times where the
    question is ``typed``, that is, asks for a value."""
    found = values(text)
    kinds = {str(value.kind) for value in found}
    if sum(value.kind == "date" for value in found) > 1 and _SPAN.search(text):
        kinds.add("span")
    if _POINTS.search(text):
        kinds.add("points")
    speaking = kinds if typed else kinds & {"phone", "email", "url", "points"}
    return frozenset(word for kind in speaking for word in load_cues().told_by.get(kind, ()))


def _year(wanted: Wanted, document: Document, near: Sequence[View]) -> float:
    """A year counts where it stands in the sentence or its heading, or is that of the document's round or
    edition."""
    if any(wanted.text in view.words.roots for view in near):
        return 1.0
    record = f"{document.round} {document.edition} {document.title}"
    return 0.9 if wanted.text in record else 0.0
