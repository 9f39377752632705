"""The asking clause: what is left of a question when its introduction is set aside.

Names of the catalog in the introduction are kept where the asking clause names nothing of their
kind ("We study glaucoma. How many patients does each hospital have?"). Its numbers and other words
are not, which the answer says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART, Sense
from tools.query.understand.operators import Operators
from tools.query.understand.quantities import quantities
from tools.query.understand.segment import Segment

_STOPS = frozenset(".!?。")
_TOPIC_WORDS = 6  # before a colon: fewer name what is asked about, as in "AF cohort: n by sex"
_ASKING = (
    *("which", "how_many", "measure.", "exist", "field.", "rank.", "linkage", "subject.", "group.before"),
    *("group.after", "people", "sex.", "compare"),
)
_NEAR = 2  # segments between a word that leaves out and the people of whom it is said
_CARRIED = ("cohort", "dataset", "hospital", "variable")
_OF_VARIABLES = {"variable", "concept", "table", "value"}
_ASKED = (
    r"(?:(?:and|so|but|roughly|about|approximately|exactly|just|if|whether|then) )*"
    r"(?:how|what|which|who|where|when|do|does|did|is|are|can|could) "
)
_AIM_KO = re.compile(
    r"\s?(?:[가-힣]{1,4}\s)?(?:[가-힣]{1,3}\s?)?(?:지표|용도|목적|마커|바이오마커|척도|변수)(?:으)?로\s"
)
_AIM_EN = re.compile(r"(?i)\b(?:marker|indicator|measure|proxy|surrogate|index) (?:of|for) (?:[\w-]+ )?$")


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
        rf"|(?:,|\b(?:wonder|wondering|to know|to see|to ask|to learn|to find out|tell me),?)\s+(?={_ASKED})",
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
        if _restricts(before):
            return
        if (whole and _limits(whole, after, clues, sentence=True)) or (
            part and _limits(part, after, clues, sentence=False)
        ):
            continue  # a shorter introduction may say nothing of the kind
        carried = _carried(before, after, clues.text)
        named = any(s.tier < PART for segment in after for s in segment.senses)
        for kept in (carried, []) if carried and sentence and named else (carried,):
            segments = (*kept, *after)
            found = quantities(segments, clues.text)
            asking = replace(clues, segments=segments, quantities=found, used=set())
            yield Asking(asking, clues.text[:cut].strip(), sentence)


def _stops(cut: re.Match[str]) -> bool:
    return cut.group().strip()[-1:] in _STOPS


def _asks(after: list[Segment], text: str) -> bool:
    """True when the last clause asks or counts something, rather than only naming where."""
    asked = text.rstrip().endswith("?") and any(s.senses for s in after)  # not "is that possible?"
    return asked or any(s.plays(*_ASKING) for s in after)


def _restricts(before: list[Segment]) -> bool:
    """ "We only need ...", "환자만 봅니다", "patients without ...": said of whom the question is."""
    for i, segment in enumerate(before):
        near = before[max(0, i - _NEAR) : i + _NEAR + 1]
        if segment.plays("clause.restricts") or (
            segment.plays("not") and any(s.plays("people") for s in near)
        ):
            return True
    return False


def _limits(before: list[Segment], after: list[Segment], clues: Clues, *, sentence: bool) -> bool:
    """True when the introduction says something that would limit the answer, and so must not be set aside.

    What a whole sentence before the question names is what its writer works on; the question limits
    itself by names of the same kind."""
    numbers = {i for q in clues.quantities for i in q.at}
    known = {id(clues.segments[i]) for i in numbers}
    repeated = {s.senses for s in after}
    lost = [
        s for s in before
        if any(x.tier < PART or _titled(x, s) for x in s.senses) and s.senses not in repeated
    ]
    if sentence:
        aside = _aside(before, after, clues.text)
        lost = [s for s in lost if s not in aside]
    if any(s.plays("how_many", "measure.") and s.senses == () for s in before):
        return True  # it asks something itself
    if not sentence and any(s.plays("group.before", "group.after") for s in before):
        return True  # "patients per district, how many?"
    if any(s.plays("rank.") for s in before) and any(s.plays("subject.") for s in before):
        return True  # "rank the datasets by it. With numbers"
    colon = ":" in clues.text[before[-1].end : after[0].start]
    if colon and any(s.plays("field.") for s in before) and any(s.senses for s in before):
        return True  # "how is X accessed: on site or remotely"
    if sentence and "?" in clues.text[before[0].start : after[0].start] and any(s.senses for s in before):
        return True
    carried = _carried(before, after, clues.text)
    named = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    for segment in lost:
        kinds = {s.kind for s in segment.senses}
        if segment not in carried and not (sentence and (kinds & named or not kinds & set(_CARRIED))):
            return True
    names = sentence and any(s.senses for s in after)
    steers = ("sex.",) if names else ("sex.", "not", "or", "both", "anaphor")
    again = {role for s in after for role in s.roles if role.startswith("sex.")} if sentence else set()
    return any(id(s) in known or (s.plays(*steers) and not again & set(s.roles)) for s in before)


def _titled(sense: Sense, segment: Segment) -> bool:
    """Several words of one dataset's title."""
    return sense.kind == "dataset" and len(sense.ids) == 1 and " " in segment.text.strip()


def _aside(before: list[Segment], after: list[Segment], text: str) -> list[Segment]:
    """Variables of the introduction that the question is not about: of people who are counted by a cohort or
    dataset of their own, of teams, and what a variable is wanted for ("X as a marker of Y"). Also cohorts,
    where the variables of a dataset are asked for."""
    variables = [s for s in before if s.senses and {x.kind for x in s.senses} <= _OF_VARIABLES]
    refers = any(s.plays("anaphor") for s in after)
    placed = any(x.kind == "dataset" for s in after for x in s.senses)
    listed = any(s.plays("subject.variable") for s in after)
    if placed and listed and not refers and not any(s.plays("measure.", "people") for s in after):
        # What variables a dataset has is the same whomever somebody works on.
        sure = [(s, {x.kind for x in s.senses if x.tier < PART}) for s in before]
        return [*variables, *(s for s, kinds in sure if kinds and kinds <= {"cohort", "team"})]
    named = {x.kind for s in after for x in s.senses if x.tier < PART}
    counts = any(s.plays("measure.", "people") for s in after) and bool(named & {"cohort", "dataset"})
    teams = any(s.plays("subject.team", "field.interests", "field.lead_role") for s in after)
    if (counts or teams) and not refers:
        return variables
    aims = [s for s in variables if _AIM_KO.match(text[s.end :]) or _AIM_EN.search(text[: s.start])]
    return aims if len(aims) < len(variables) else []


def _carried(before: list[Segment], after: list[Segment], text: str) -> list[Segment]:
    """Names in the introduction of a kind that the asking clause does not name."""
    aside = _aside(before, after, text)
    named = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    kept: dict[tuple[object, ...], Segment] = {}
    for segment in before:
        kinds = {s.kind for s in segment.senses if s.tier < PART or _titled(s, segment)}
        if kinds & set(_CARRIED) and not kinds & named and segment not in aside:
            kept.setdefault(segment.senses, segment)
    return list(kept.values())
