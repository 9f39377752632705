"""What the words of a question mean beside its other words: "how long", "it", "업데이트가 안 된".

A steering word has roles of its own; what stands around it may leave it one of them, another, or none. Names
are left alone but for one that stands where a title stands and is in none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.query.understand.by_place import by_place
from tools.query.understand.lexicon import PART
from tools.query.understand.segment import FILLER, Segment
from tools.query.understand.titled import titles_of_the_hospital, untitled
from tools.query.understand.words import key

if TYPE_CHECKING:
    from tools.query.understand.clues import Clues

HOW_LONG = "howlong"
_UNIT = "단위"
_OFTEN = "자주"
_MEASURED = re.compile(r" (?:재|잰|잽|측정|검사)")
_ARE_NONE = re.compile(r"없(?:을까|나요|는가요|는지요?[ .?]|죠|지요|습니까)")
_INSIDE = re.compile(r"(?:의|에서|에) ")
_CANNOT = re.compile(r"수 ?없(?:고|던|어서|으면|지만|거나|는(?! ?[지가건걸]))")
_PEOPLE = re.compile(r"(?:사람|환자|대상자|아이|분)들?$")
_OF_THOSE = re.compile(r"(?i)of (?:the|these|those|them)|둘 중|그중|그 중")
_IN_UNITS = re.compile(r"(?i)in (?:days|weeks|months)$")
_RECEIVING = ("받", "나오", "나온", "제공", "전달")
_WHEN = "언제"
_UPDATES = ("field.update_frequency", "field.last_updated")
_PER_YEAR = "연"
_AMOUNT = re.compile(r"\s?(?:평균 )?\d[\d,]*\s?(?:명|건)")
_LASTING = ("field.lead_time", "field.follow_up")
PRONOUNS = frozenset(("it", "they", "them", "this", "these", "those"))
_WITH = re.compile(r"(?i)\s*(?:with|who|whose|having|aged|diagnosed|treated)\b")
_EXPLETIVE = re.compile(
    r"(?i)\s*(?:usually |normally |typically |really |still )?"
    r"(?:take|takes|took|taken|seems?|is possible|be (?:possible|feasible"
    r"|nice|great|good|ok|okay|helpful|useful)|possible|feasible|worth|recorded (?:whether|if|how|when|that)"
    r"|(?:noted|documented|known|stated|stored|captured) (?:whether|if|how|when|that))\b"
)
_NAMED = ("cohort", "dataset", "hospital", "variable", "concept")
_SOME_OF = frozenset(("of them", "of those", "of these"))
_DENIES = re.compile("안|못|않")
_LATEST = re.compile(r"(?i)최근|최신|오래|recent|latest|newest|oldest")
_HOW_OFTEN = re.compile(r"(?i)주기|빈도|자주|frequen|cycle|often")
_CODE = re.compile(r"[A-Za-z]\d{2}(?:\.\w+)?|[A-Za-z]{2,3}\d+(?:\.\d+)?")
_COUNT = frozenset(("count", "counts", "counting"))
_GETTING = {"get", "receive", "wait", "obtain", "until", "before", "deliver", "take", "takes", "access"}
_DATASET_NOUNS = ("subject.dataset", "subject.registry", "subject.data")
OF_VARIABLES = (
    "field.unit", "field.values", "field.type", "field.missing", "field.complete",
    "field.granularity", "field.modifier", "field.aliases",
)  # fmt: skip
_PRONOUN = re.compile(r"(?i)\b(?:is|was|are|were|until|till|before|when|does|did|can|how long) $")


def in_context(clues: Clues) -> tuple[Segment, ...]:
    """The segments, each with the roles and senses that the others leave it."""
    # Told once for all segments: questions may be thousands of words long.
    latest = any(
        s.plays("latest") or (s.plays("rank.") and _LATEST.search(s.text)) for s in clues.segments
    )
    often = _asks_how_often_updated(clues)
    return tuple(_loosened(clues, i, latest, often) for i in range(len(clues.segments)))


def _loosened(clues: Clues, i: int, latest: bool, often: bool) -> Segment:
    """One segment; English "any of" joins nothing where a single noun follows it ("in any of the kidney
    datasets")."""
    segment = clues.segments[i]
    if (placed := by_place(clues, i)) is not None:
        return placed
    if key(segment.text) == HOW_LONG:
        return replace(segment, roles=_duration(clues))
    if segment.plays("lt.after") and i not in clues.counted and _DENIES.search(segment.text):
        return replace(segment, roles=("not",))  # "업데이트가 안 된", as opposed to "천 명이 안 되는"
    if segment.plays("field.granularity", "field.last_updated") and (roles := _updating(segment, often)):
        return replace(segment, roles=roles)
    cannot = segment.roles == (FILLER,) and _CANNOT.match(clues.text, segment.start)
    if cannot and (way := _before(clues, i)) is not None and way.plays("told.", "access."):
        return replace(segment, roles=("not",))  # "원격으로 쓸 수 없고", where "볼 수 없을까요" is polite
    if segment.plays("not") and _ARE_NONE.match(clues.text, segment.start) and _of_a_kind(_before(clues, i)):
        return replace(segment, roles=("exist",))  # "원격으로 되는 데이터셋은 없을까요?"
    if _INSIDE.match(clues.text, segment.end) and (owned := titles_of_the_hospital(clues, i)):
        return replace(segment, senses=owned)
    if segment.plays("anaphor") and _OF_THOSE.search(segment.text) and _names_several(clues):
        return replace(segment, roles=("which",))  # "which of the two, A or B"
    if segment.senses and untitled(clues, i):
        return replace(segment, senses=())  # "the Hill Lipid Registry" where Hill has no such registry
    if segment.text == _PER_YEAR and _AMOUNT.match(clues.text, segment.end) and clues.has("dimension.year"):
        return replace(segment, roles=("dimension.year",))  # "연 300명을 넘은 해"
    if segment.text.startswith(_RECEIVING) and _limited_to_days(clues, i):
        return replace(segment, roles=("field.lead_time",))  # "20일 이내에 받을 수 있는"
    if segment.plays("latest") and any(s.plays(*_UPDATES) for s in clues.segments):
        return replace(segment, roles=(FILLER,))  # "마지막으로 업데이트"
    if segment.text == _WHEN and _MEASURED.match(clues.text, segment.end) and _names_a_variable(clues):
        return replace(segment, roles=("field.granularity",))  # "식후혈당은 언제 재나요"
    if latest and segment.text == _WHEN and any(s.plays(*_UPDATES) for s in clues.segments):
        return replace(segment, roles=("field.last_updated",))  # "마지막이 언제였나요"
    known = segment.plays("anaphor") and clues.language == "ko"
    variables = known and any(s.plays("subject.variable") for s in clues.segments[:i])
    if variables and segment.text.endswith("변수"):
        return replace(segment, roles=("subject.variable",))  # "X 변수와 그 변수가 있는 데이터셋"
    if known and _said_in_front(clues, i, people := _PEOPLE.search(segment.text) is not None):
        # "X 등록자료를 쓰려는데, 거기 환자가"
        return replace(segment, roles=("people",) if people else (FILLER,))
    if _IN_UNITS.match(segment.text) and any(s.plays(*_LASTING) for s in clues.segments):
        return replace(segment, roles=(FILLER,), senses=())  # "the lead time in days"
    if segment.text.lower() in PRONOUNS and _named_before(clues, i):
        return replace(segment, roles=(FILLER,))  # "X in 2010, wherever it is counted"
    after = clues.text[segment.end :]
    some = segment.plays("anaphor") and segment.text.lower() in {*_SOME_OF, "those", "these"}
    if some and _WITH.match(after):
        return replace(segment, roles=("people",))  # "how many of those with X"
    if segment.text.lower() == "it" and _EXPLETIVE.match(after):
        return replace(segment, roles=(FILLER,))  # "how long does it take", "would it be possible"
    listed = segment.text.lower() in PRONOUNS and ":" in after
    if listed and any(x.tier < PART for s in clues.segments[i + 1 :] for x in s.senses):
        return replace(segment, roles=(FILLER,))  # "order these groups: A, B, C"
    if segment.text.lower() == "they" and any(x.tier < PART for s in clues.segments for x in s.senses):
        return replace(segment, roles=(FILLER,))  # "how often do they measure X"
    if segment.text.lower() in _SOME_OF and _group_before(clues, i):
        return replace(segment, roles=(FILLER,))  # "which datasets have X, and how many has each of them"
    told = segment.plays("field.update_frequency") and not _HOW_OFTEN.search(segment.text)
    if told and latest:
        return replace(segment, roles=("field.last_updated",))  # "가장 최근에 업데이트된"
    noun = _before(clues, i) if segment.text.lower() in _COUNT else None
    if noun is not None and noun.plays(*_DATASET_NOUNS, "which"):
        return replace(segment, roles=("exist",))  # "datasets that count X"
    if segment.text.endswith(_UNIT) and segment.names("value") and _asked(clues, i):
        return replace(segment, roles=("field.unit",), senses=())  # "이 값의 단위가 뭔지"
    if clues.language != "en" or not segment.plays("or") or segment.text.lower() == "or":
        return segment
    named = sum(bool(s.senses) for s in clues.segments[i + 1 :])
    return replace(segment, roles=(FILLER,)) if named < 2 else segment


def _before(clues: Clues, i: int) -> Segment | None:
    """The segment before one, fillers aside."""
    return next((s for s in reversed(clues.segments[:i]) if s.roles != (FILLER,)), None)


def _of_a_kind(segment: Segment | None) -> bool:
    """Whether a segment is the noun of what may be listed."""
    return segment is not None and segment.plays("subject.") and not segment.senses


def _names_a_variable(clues: Clues) -> bool:
    return any(x.tier < PART for s in clues.segments for x in s.names("variable"))


def _limited_to_days(clues: Clues, i: int) -> bool:
    """Whether a number of days stands right before a segment, as the most there may be."""
    days = [q for q in clues.quantities if q.kind in {"day", "month"} and q.low is None]
    ends = [max(q.at) for q in days if max(q.at) < i]
    return any(all(s.roles == (FILLER,) for s in clues.segments[end + 1 : i]) for end in ends)


def _said_in_front(clues: Clues, i: int, people: bool = False) -> bool:
    """Whether one dataset or hospital is named before a segment and none behind it; of ``people`` a cohort,
    too."""
    kinds = ("dataset", "hospital", *(("cohort",) if people else ()))
    named = [
        j
        for j, s in enumerate(clues.segments)
        if s.titled or any(x.tier < PART for x in s.names(*kinds))
    ]
    datasets = {s.ids for j in named for s in clues.segments[j].names("dataset")}
    return bool(named) and max(named) < i and len(datasets) < 2


def _named_before(clues: Clues, i: int) -> bool:
    """Whether something of the catalog is named before a segment, which does not ask for one of two."""
    own = any(s.plays(*OF_VARIABLES) for s in clues.segments)
    kinds = ("variable", "concept", "table") if own else ()
    found = [x for s in clues.segments[:i] for x in (s.names(*kinds) if kinds else s.senses)]
    named = any(x.tier < PART for x in found) or (not own and any(s.titled for s in clues.segments[:i]))
    return named and not (is_it(clues, i) and any(s.plays("or") for s in clues.segments[i + 1 :]))


def is_it(clues: Clues, i: int) -> bool:
    """ "Is it (measured before or after)?": what is said of it is asked."""
    return _PRONOUN.search(clues.text[: clues.segments[i].start]) is not None


def _group_before(clues: Clues, i: int) -> bool:
    """Whether several are spoken of before a segment, or people of a cohort."""
    return any(
        s.names("cohort") or (s.plays("subject.", "people") and s.text.lower().endswith("s"))
        for s in clues.segments[:i]
    ) or _names_several(clues)


def _names_several(clues: Clues) -> bool:
    """Whether two things of one kind are named."""
    kinds = [{x.kind for x in s.senses if x.tier < PART} for s in clues.segments if s.senses]
    return any(sum(kind in found for found in kinds) > 1 for kind in _NAMED)


def _updating(segment: Segment, often: bool) -> tuple[str, ...]:
    """What "how often" and "updated" ask for together; nothing new elsewhere."""
    last = segment.plays("field.last_updated") and " " in segment.text  # "last updated"
    return ("field.update_frequency",) if often and not last else ()


def _asks_how_often_updated(clues: Clues) -> bool:
    often = updates = named = False
    for segment in clues.segments:
        granular = segment.plays("field.granularity")
        told = segment.plays("field.update_frequency")
        often = often or (granular and (told or segment.text.endswith(_OFTEN)))
        updates = updates or (not granular and (told or segment.plays("field.last_updated")))
        named = named or any(s.tier < PART for s in segment.names("variable"))
    return often and updates and not named


def _asked(clues: Clues, i: int) -> bool:
    """Whether a word is what is asked for: "which" stands right behind it, and no number before it."""
    behind = next((s for s in clues.segments[i + 1 :] if s.roles != (FILLER,)), None)
    numbered = bool(i) and clues.segments[i - 1].text.isdigit()
    return behind is not None and behind.plays("which") and not numbered


def _duration(clues: Clues) -> tuple[str, ...]:
    """What "how long" asks for: until one gets it, for how long people were followed, or neither."""
    texts = {s.text.lower() for s in clues.segments}
    if any(text.startswith("follow") for text in texts):
        return ("field.follow_up",)
    return ("field.lead_time",) if texts & _GETTING else ()


def is_system(clues: Clues, i: int) -> bool:
    """ "KCD", "code" or "KCD code" beside "L40": the nouns say no more than the code."""
    if not clues.segments[i].plays("field.concept"):
        return False
    before, after = i - 1, i + 1
    between = ("field.concept", *((FILLER,) if clues.language == "ko" else ()))  # "코드가 J45인"
    while before >= 0 and clues.segments[before].plays(*between):
        before -= 1
    while after < len(clues.segments) and clues.segments[after].plays(*between):
        after += 1
    beside = (*clues.segments[max(0, before) : i], *clues.segments[after : after + 1])
    return any(s.senses and _CODE.fullmatch(s.text) for s in beside)
