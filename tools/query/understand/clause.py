"""The asking clause: what is left of a question when its introduction and its asides are set aside.

Names of the catalog in the introduction are kept where the asking clause names nothing of their
kind ("We study glaucoma. How many patients does each hospital have?"). Its numbers and other words
are not, which the answer says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.query.understand.asides import GAP, occasional, of_the_speaker, without_asides
from tools.query.understand.clues import Clues
from tools.query.understand.in_context import PRONOUNS
from tools.query.understand.lexicon import PART, Sense
from tools.query.understand.operators import Operators
from tools.query.understand.quantities import quantities
from tools.query.understand.segment import Segment

_STOPS = frozenset(".!?。…)")
_TOPIC_WORDS = 6  # before a colon: fewer name what is asked about, as in "AF cohort: n by sex"
_ASKING = (
    *("which", "how_many", "measure.", "exist", "field.", "rank.", "linkage", "subject.", "group.before"),
    *("group.after", "people", "sex.", "compare"),
)
_IF = re.compile(r"(?i)(?:so|and|but|ok|okay|well)?,? ?(?:if|when|once|suppose|assuming|given) ")
_NEAR = 2  # segments between a word that leaves out and the people of whom it is said
_CARRIED = ("cohort", "dataset", "hospital", "variable")
_OF_VARIABLES = {"variable", "concept", "table", "value"}
_ASKED = (
    r"(?:(?:and|so|but|roughly|about|approximately|exactly|just|if|whether|then) )*"
    r"(?:how|what|which|who|where|when|do|does|did|is|are|can|could|would|will|may|give|tell|show|list|please|any"
    r"|(?:i |we |just |i just |we just )?(?:need|want)|(?:i|we)(?:'d| would) like) "
)
_WHO = re.compile(r"(?i)\s*(?:who|whom|whose|that|with|in whom)\b")
_AIM_KO = re.compile(
    r"\s?(?:[가-힣]{1,4}\s)?(?:[가-힣]{1,3}\s?)?(?:지표|용도|목적|마커|바이오마커|척도|변수)(?:으)?로\s"
)
_AIM_EN = re.compile(r"(?i)\b(?:marker|indicator|measure|proxy|surrogate|index) (?:of|for) (?:[\w-]+ )?$")


@dataclass(frozen=True, slots=True)
class Asking:
    """The clause that asks, and the words set aside; ``sentence``: those before it are whole sentences.
    ``bare``: the clause names nothing, or points back before it names something."""

    clues: Clues
    introduction: str
    sentence: bool = False
    bare: bool = False
    of_speaker: bool = False  # it tells of the one who asks, and names nothing of the catalog in full


@lru_cache(maxsize=8)
def _ends(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Sentence ends, and the phrases that close an introduction when white space or a comma follows."""
    words = "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))
    return re.compile(
        rf"(?<!\b[A-Za-z])(?<!\.)[.!?。]\s+|(?:\.{{3,}}|…|[:;]-?[)D]|\s[-–—]+)\s+|(?:{words})[,.~!…ㅋㅎㅠㅜ\u1100-\u11ff]*(?:\s+|(?<=\s))"
        rf"|(?:,|\b(?:wonder|wondering|to know|to see|to ask|to learn|to find out|tell me),?)\s+(?={_ASKED})",
        re.IGNORECASE,
    )


def asking_clauses(clues: Clues, operators: Operators) -> Iterator[Asking]:
    """The ways to set aside what is said before the question, the longest introduction first, and what is
    said in brackets or behind it; none for one clause."""
    segments, asides = without_asides(clues.segments, clues.text)
    if not asides:
        yield from _introduced(clues, operators)
        return
    rest = _with_segments(clues, segments)
    yield Asking(rest, asides)
    for asking in _introduced(rest, operators):
        yield replace(asking, introduction=f"{asking.introduction}{GAP}{asides}")


def _with_segments(clues: Clues, segments: Sequence[Segment]) -> Clues:
    return replace(clues, segments=segments, quantities=quantities(segments, clues.text), used=set())


def _introduced(clues: Clues, operators: Operators) -> Iterator[Asking]:
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
        if _restricts(before) or (_IF.match(clues.text[:cut]) and any(s.senses for s in before)):
            return
        if clues.language == "en" and part and _unexplained(part, clues.text):
            continue
        if (whole and _limits(whole, after, clues, sentence=True)) or (
            part and _limits(part, after, clues, sentence=False)
        ):
            continue  # a shorter introduction may say nothing of the kind
        carried = _carried(before, after, clues.text)
        lost = any(s.strong and not s.known for s in before)
        if lost and not carried and (_points_back(after) or _about_nothing(after)):
            continue  # "We look for serum copper. Who has it?", "... 찾아요. 어디에 있나요?"
        named = any(s.tier < PART for segment in after for s in segment.senses)
        for kept in (carried, []) if carried and sentence and named else (carried,):
            bare = not any(s.senses for s in after) or _points_back(after)
            weak = all(x.tier >= PART for s in before for x in s.senses)
            own = weak and any(x.tier < PART for s in after for x in s.senses)
            own = own and of_the_speaker(clues.text[:cut])
            yield Asking(
                _with_segments(clues, (*kept, *after)), clues.text[:cut].strip(), sentence, bare, own
            )


def _about_nothing(asking: Sequence[Segment]) -> bool:
    """Whether a clause names nothing and limits nothing: it lists everything, or refers to what was said."""
    limits = (
        *("told.", "rank.", "number.", "today.", "recent", "ongoing", "over", "sex.", "field.", "measure."),
        *("access.", "linkage", "overlap", "starts", "ends", "code."),
    )
    return not any(s.senses or s.plays(*limits) or s.text[:1].isdigit() for s in asking)


def _stops(cut: re.Match[str]) -> bool:
    return cut.group().strip()[-1:] in _STOPS


def _asks(after: list[Segment], text: str) -> bool:
    """True when the last clause asks or counts something, rather than only naming where."""
    asked = text.rstrip().endswith("?") and any(s.senses for s in after)  # not "is that possible?"
    return asked or any(s.plays(*_ASKING) for s in after)


def _points_back(after: list[Segment]) -> bool:
    """Whether a pronoun stands in a clause before anything that it may stand for."""
    for segment in after:
        if any(x.tier < PART for x in segment.senses) or segment.titled:
            return False
        if segment.text.lower() in PRONOUNS - {"they"}:
            return True  # "they" may be whoever keeps the data
    return False


def _restricts(before: list[Segment]) -> bool:
    """ "We only need ...", "환자만 봅니다", "patients without ...": said of whom the question is."""
    for i, segment in enumerate(before):
        near = before[max(0, i - _NEAR) : i + _NEAR + 1]
        if segment.plays("clause.restricts") or (
            segment.plays("not") and any(s.plays("people") for s in near)
        ):
            return True
    return False


def _unexplained(part: list[Segment], text: str) -> bool:
    """ "Snake bite: how many patients ...", "of those with burnt hands, how many ...": words in front, in the
    sentence that asks, which nobody says of themselves and which are not understood."""
    unknown = [
        s for s in part
        if s.strong and not s.roles and all(x.tier >= PART and not _titled(x, s) for x in s.senses)
    ]  # fmt: skip
    if not unknown:
        return False
    people = next((s for s in part if s.plays("people")), None)
    if people is not None and _WHO.match(text, people.end) and people.end <= unknown[-1].start:
        return True
    return not of_the_speaker(text[part[0].start : part[-1].end])


def _limits(before: list[Segment], after: list[Segment], clues: Clues, *, sentence: bool) -> bool:
    """True when the introduction says something that would limit the answer, and so must not be set aside.

    What a whole sentence before the question names is what its writer works on; the question limits
    itself by names of the same kind."""
    numbers = {i for q in clues.quantities for i in q.at}
    # "We plan to follow them for 6 years. Which years does the X registry cover?"
    settled = sentence and any(s.plays("field.") for s in after) and any(map(_of_datasets, after))
    settled = settled and of_the_speaker(clues.text[before[0].start : before[-1].end])
    known = set() if settled else {id(clues.segments[i]) for i in numbers if not _of_the_occasion(clues, i)}
    repeated = {s.senses for s in after}
    lost = [
        s for s in before
        if any(x.tier < PART or _titled(x, s) for x in s.senses) and s.senses not in repeated
        and not _in_a_title(s, after)
    ]
    if not any(s.plays("subject.team", "field.interests", "field.lead_role") for s in after):
        # "관절 통증을 연구하는 곳인데요": what somebody works on, as a team of the catalog does.
        lost = [s for s in lost if {x.kind for x in s.senses} != {"team"}]
    spoken = of_the_speaker(clues.text[before[0].start : before[-1].end])
    if sentence or spoken:
        aside = _aside(before, after, clues.text)
        lost = [s for s in lost if s not in aside]
    if any(s.plays("how_many", "measure.") and s.senses == () for s in before):
        return True  # it asks something itself
    asks = any(s.plays("which") for s in before) and any(s.plays("subject.") for s in before)
    if asks and not sentence:
        return True  # "which datasets count X, and how many"
    colon = ":" in clues.text[before[-1].end : after[0].start]
    if (colon or not sentence) and any(s.plays("group.before", "group.after") for s in before):
        return True  # "patients per district, how many?"
    if any(s.plays("rank.") for s in before) and any(s.plays("subject.", "people") for s in before):
        return True  # "rank the datasets by it. With numbers"
    if any(s.plays("linkage", "overlap") for s in before) and sum(map(_of_datasets, before)) > 1:
        return True  # "we want to link A to B. By what key?"
    if colon and any(s.plays("field.") for s in before) and any(s.senses for s in before):
        return True  # "how is X accessed: on site or remotely"
    if sentence and "?" in clues.text[before[0].start : after[0].start] and any(s.senses for s in before):
        return True
    carried = _carried(before, after, clues.text)
    known_kinds = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    for segment in lost:
        kinds = {s.kind for s in segment.senses}
        if segment not in carried and not (sentence and (kinds & known_kinds or not kinds & set(_CARRIED))):
            return True
    names = sentence and any(s.senses for s in after)
    # "Not too large and not too small": said of nothing that is named.
    named = any(s.senses for s in before)
    names = names or (sentence and not (named or any(s.plays("people", "subject.") for s in before)))
    names = names or (spoken and not named)
    steers = ("sex.",) if names else ("sex.", "not", "or", "both", "anaphor")
    again = {role for s in after for role in s.roles if role.startswith("sex.")} if sentence else set()
    return any(id(s) in known or (s.plays(*steers) and not again & set(s.roles)) for s in before)


def _of_the_occasion(clues: Clues, i: int) -> bool:
    """Part of the number of a clock, a day or a page ("by 5pm")."""
    segment = clues.segments[i]
    at = {j for q in clues.quantities if i in q.at for j in q.at}
    digits = [clues.segments[j] for j in at if any(c.isdigit() for c in clues.segments[j].text)] or [segment]
    spans = occasional(clues.text)
    return all(any(start <= s.start < end for start, end in spans) for s in digits)


def _of_datasets(segment: Segment) -> bool:
    return any(s.kind == "dataset" or s.field.startswith("dataset.") for s in segment.senses)


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


def _in_a_title(segment: Segment, after: list[Segment]) -> bool:
    """Whether the dataset that is asked about has a word of the introduction in its name."""
    return any(segment.text in s.text and (s.titled or s.names("dataset")) for s in after)


def _carried(before: list[Segment], after: list[Segment], text: str) -> list[Segment]:
    """Names in the introduction of a kind that the asking clause does not name."""
    aside = _aside(before, after, text)
    teams = any(s.plays("subject.team") for s in after) and not any(s.names("team") for s in after)
    named = {s.kind for segment in after for s in segment.senses if s.tier < PART}
    carried = {*_CARRIED, *(("team",) if teams else ())}
    kept: dict[tuple[object, ...], Segment] = {}
    for segment in before:
        kinds = {s.kind for s in segment.senses if s.tier < PART or _titled(s, segment)}
        if kinds & carried and not kinds & named and segment not in aside and not _in_a_title(segment, after):
            kept.setdefault(segment.senses, segment)
    return list(kept.values())
