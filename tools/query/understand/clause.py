"""The asking clause: what is left of a question when its introduction is set aside.

Names of the catalog in the introduction are kept where the asking clause names nothing of their
kind ("We study glaucoma. How many patients does each hospital have?"). Its numbers and other words
are not, which the answer says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.operators import Operators
from tools.query.understand.quantities import quantities
from tools.query.understand.segment import Segment

_STOPS = frozenset(".!?。")
_TOPIC_WORDS = 6  # before a colon: fewer name what is asked about, as in "AF cohort: n by sex"
_ASKING = (
    *("which", "how_many", "measure.", "exist", "field.", "rank.", "linkage", "subject.", "group.before"),
    *("group.after", "people", "sex.", "compare"),
)
_CARRIED = ("cohort", "dataset", "hospital", "variable")


@dataclass(frozen=True, slots=True)
class Asking:
    """The clause that asks, and the words before it; ``sentence``: these are whole sentences."""

    clues: Clues
    introduction: str
    sentence: bool = False


@lru_cache(maxsize=8)
def _ends(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Sentence ends, and the phrases that close an introduction when white space or a comma follows."""
    words = "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))
    return re.compile(
        rf"(?<!\b[A-Za-z])(?<!\.)[.!?。]\s+|(?:{words})[,.]?(?:\s+|(?<=\s))"
        r"|,\s+(?=how |what |which |do |is |can )",
        re.IGNORECASE,
    )


def asking_clauses(clues: Clues, operators: Operators) -> Iterator[Asking]:
    """The ways to set an introduction aside, the longest introduction first; none for one clause."""
    cuts = list(_ends(operators.phrases.get("clause.end", ())).finditer(clues.text))
    for match in reversed(cuts):
        cut = match.end()
        before = [s for s in clues.segments if s.end <= cut]
        after = [s for s in clues.segments if s.start >= cut]
        if not before or not any(s.strong and s.known for s in after) or not _asks(after, clues.text):
            continue
        end = match.group().strip()[-1:]
        sentence = end in _STOPS or (end in ":;" and len(clues.text[:cut].split()) > _TOPIC_WORDS)
        told = cut if sentence else max((c.end() for c in cuts if _stops(c) and c.end() < cut), default=0)
        whole, part = [s for s in before if s.end <= told], [s for s in before if s.start >= told]
        if (whole and _limits(whole, after, clues, sentence=True)) or (
            part and _limits(part, after, clues, sentence=False)
        ):
            return
        carried = _carried(before, after)
        named = any(s.tier < PART for segment in after for s in segment.senses)
        for kept in (carried, []) if carried and sentence and named else (carried,):
            segments = (*kept, *after)
            found = quantities(segments, clues.text)
            asking = Clues(clues.catalog, clues.lexicon, clues.text, clues.language, segments, found)
            yield Asking(asking, clues.text[:cut].strip(), sentence)


def _stops(cut: re.Match[str]) -> bool:
    return cut.group().strip()[-1:] in _STOPS


def _asks(after: list[Segment], text: str) -> bool:
    """True when the last clause asks or counts something, rather than only naming where."""
    asked = text.rstrip().endswith("?") and any(s.senses for s in after)  # not "is that possible?"
    return asked or any(s.plays(*_ASKING) for s in after)


def _limits(before: list[Segment], after: list[Segment], clues: Clues, *, sentence: bool) -> bool:
    """True when the introduction says something that would limit the answer, and so must not be set aside.

    What a whole sentence before the question names is what its writer works on; the question limits
    itself by names of the same kind."""
    numbers = {i for q in clues.quantities for i in q.at}
    known = {id(clues.segments[i]) for i in numbers}
    repeated = {s.senses for s in after}
    lost = [
        s for s in before if s.senses and min(x.tier for x in s.senses) < PART and s.senses not in repeated
    ]
    if any(s.plays("how_many", "measure.") and s.senses == () for s in before):
        return True  # it asks something itself
    if sentence and "?" in clues.text[before[0].start : after[0].start] and any(s.senses for s in before):
        return True
    carried = _carried(before, after)
    named = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    for segment in lost:
        kinds = {s.kind for s in segment.senses}
        if segment not in carried and not (sentence and (kinds & named or not kinds & set(_CARRIED))):
            return True
    names = sentence and any(s.senses for s in after)
    steers = ("sex.",) if names else ("sex.", "not", "or", "both", "anaphor")
    return any(id(s) in known or s.plays(*steers) for s in before)


def _carried(before: list[Segment], after: list[Segment]) -> list[Segment]:
    """Names in the introduction of a kind that the asking clause does not name."""
    named = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    kept: dict[tuple[object, ...], Segment] = {}
    for segment in before:
        kinds = {s.kind for s in segment.senses if s.tier < PART}
        if kinds & set(_CARRIED) and not kinds & named:
            kept.setdefault(segment.senses, segment)
    return list(kept.values())
