"""Words that were passed over although they limit what is asked for.

The shapes take what they use, and filler needs no use. Filler in its place does limit: "seen twice", "at
night", "after surgery", "상을 받은 데이터셋". Here the question is gone through once more when a plan stands,
by how its words stand together and not by what they name; what is found is told as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from functools import cache
from pathlib import Path

from knowledge.catalog.read import Dataset
from knowledge.data_file import read_shipped
from tools.query.plan import CountPlan, LinkagePlan, ListPlan, QueryPlan
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.participles import agents, participles
from tools.query.understand.populations import narrows
from tools.query.understand.relative import HEADS, idle_clauses
from tools.query.understand.tiles import FILLER, Segment

_FILE = Path(__file__).with_name("limiting_words.yaml")
_TIMES_EN = re.compile(
    r"(?i)(?<!at )\b(?:once|twice|thrice)\b(?=\s*(?:[?.!,;)]|$)|\s(?:a|an|per|in|every|each|or|at|on)\b)"
    r"|(?<=than )once\b|(?<=least )once\b|(?<=only )once\b|\b(?:entered|seen|used|came|visited) twice\b"
    r"|\b(?:two|three|four|five|six|several|many|multiple|\d+) times\b"
)
_TIMES_KO = re.compile(
    r"(?<![가-힣\d])(?:한|두|세|네|다섯|여섯|여러|\d+) ?(?:번|회|차례)(?!째)(?:이?라도|만|씩|에|의|은)?"
    r"(?! ?(?:더|만 더|도|보|봐|볼|알려|확인|살펴|여쭤|여쭙|말씀|부탁|정리|뽑|세어|찾아|문의))"
)
_RELATED_EN = frozenset(("before", "after", "during", "since", "until", "prior to"))
_RELATED_KO = re.compile(r"\s?(?:전|후|이전|이후|직전|직후|도중|당시)(?:에|에만|의|로)?(?=[\s?.,)]|$)")
_AMONG_EN = re.compile(r"(?i)\b(?:among|amongst) (?:the |all )?$")
_AMONG_KO = re.compile(r" ?(?:중에서만?|중에|가운데)(?= )")
_OF_PEOPLE = re.compile(r"(?i)환자|사람|인원|명|patient|people|person|subject|case|head")
_ONLY = re.compile(r"만(?:요|이요)?[.)\s]*$")
_CANNOT = re.compile(r"수 ?없[는던]")
_COMPOUND = re.compile(r"\b[a-z]+(?:-[a-z]+)+(?= [a-z])", re.IGNORECASE)
_WITHIN = frozenset(("variable", "concept", "table"))
_PLACES = frozenset(("dataset", "hospital", "value"))
_BOTH = 2
_MORE_THAN = re.compile(r"(?i)\b(?P<more>more|fewer|less)\b[^.?!]{1,60}? than (?:in|at|from|the|on)\b")
_NEAR = 20  # letters
_LISTED = re.compile(r"(?:[\s,/·]|and|or|및|와|과|이?나|하고|그리고|또는)*$")  # between names in a list


def limiting_words(clues: Clues, plan: QueryPlan) -> list[int]:
    """The segments that limit the question and of which the plan has nothing, in order."""
    found: set[int] = set()
    for rule in _RULES:
        found.update(rule(clues, plan))
    return sorted(found - clues.restated - set(clues.again))


def _times(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Twice", "두 번 이상": how often is not told of people or of entries. What the catalog does know of it
    was put in its own words before (rhythms.py)."""
    for match in (_TIMES_KO if clues.language == "ko" else _TIMES_EN).finditer(clues.text):
        inside = _inside(clues, *match.span())
        if not any(clues.segments[i].plays("field.", "measure.") for i in inside):
            yield from inside


def _limits(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "At night", "in a row", "주말에만"."""
    for pattern in _patterns()[clues.language]:
        for match in pattern.finditer(clues.text):
            inside = _inside(clues, *match.span())
            if not any(i in clues.used and _steers(clues.segments[i]) for i in inside):
                yield from inside


def _inside(clues: Clues, start: int, end: int) -> list[int]:
    """The segments of a stretch; none where it is all of a name or part of one ("night" in it is no name of
    "at night")."""
    inside = [i for i, s in enumerate(clues.segments) if s.start < end and start < s.end]
    whole = [clues.segments[i] for i in inside if clues.segments[i].senses]
    if any(s.start < start or s.end > end or (s.start, s.end) == (start, end) for s in whole):
        return []
    return inside


def _steers(segment: Segment) -> bool:
    """Whether a segment does more than filler does; what denies is about the words beside it."""
    return bool(segment.roles) and not segment.plays("not", "records", FILLER)


def _related(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "After surgery", "입원 전에": when, told by something that the catalog holds, is no condition."""
    for i, segment in enumerate(clues.segments):
        if not _of_kinds(segment, {*_WITHIN, "value"}) or _of_kinds(segment, {"value"}):
            continue
        if clues.language == "en":
            before = _before(clues, i)
            free = before is not None and before not in clues.counted and before not in clues.used
            if before is not None and free and clues.segments[before].text.lower() in _RELATED_EN:
                yield from (before, i)
        elif _RELATED_KO.match(clues.text, segment.end):
            after = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
            if after is not None and not after.senses and i + 1 not in clues.counted:
                yield from (i, i + 1)


def _among(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Among smokers": people who are told by a variable."""
    names = [i for i, s in enumerate(clues.segments) if _of_kinds(s, {"variable", "concept"})]
    english = clues.language == "en"
    for at, i in enumerate(names):
        segment, beside = clues.segments[i], (*names[max(0, at - 1) : at], *names[at + 1 : at + 2])
        if any(_LISTED.match(_between(clues, i, j)) for j in beside):
            continue
        before = clues.text[max(0, segment.start - _NEAR) : segment.start]
        if _AMONG_EN.search(before) if english else _AMONG_KO.match(clues.text, segment.end):
            yield i


def _between(clues: Clues, i: int, j: int) -> str:
    first, last = clues.segments[min(i, j)], clues.segments[max(i, j)]
    return clues.text[first.end : last.start]


def _attached(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "재입원", "제2병원": what is written onto the front of a name or a noun makes another of it."""
    for i, (segment, following) in enumerate(zip(clues.segments, clues.segments[1:], strict=False)):
        if segment.end != following.start or clues.language != "ko" or segment.senses:
            continue
        named = following.senses or following.plays("people", "subject.")
        if named and not segment.strong and not segment.roles:
            yield i
        if segment.text == "제" and following.text.isdigit():
            yield from (i, i + 1)
        if segment.text in {"이", "그", "저"} and following.text == "명":
            yield from (i, i + 1)  # "이명": a counter of people has a number before it


def _denials(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "분석할 수 없는 데이터", where "볼 수 없을까요" is a polite way of asking."""
    for i, segment in enumerate(clues.segments):
        if segment.roles == (FILLER,) and _CANNOT.match(clues.text, segment.start):
            yield i


def _compounds(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Paper-based datasets", "double-entered": a compound of filler before a noun says what kind of it."""
    for match in _COMPOUND.finditer(clues.text):
        inside = [i for i, s in enumerate(clues.segments) if s.start < match.end() and match.start() < s.end]
        behind = next((s for s in clues.segments if s.start >= match.end()), None)
        if len(inside) < 2 or behind is None or not (behind.plays(*HEADS) or behind.senses):
            continue
        if all(set(clues.segments[i].roles) == {FILLER} and not clues.segments[i].senses for i in inside):
            yield from inside


def _people(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "소아 혈당": people of one kind, where no people are counted and others are there too."""
    if isinstance(plan, CountPlan) or clues.language != "ko":
        return
    for i, (segment, following) in enumerate(zip(clues.segments, clues.segments[1:], strict=False)):
        if segment.roles != ("people",) or segment.senses or i in clues.used:
            continue
        beside = not clues.text[segment.end : following.start].strip()
        if beside and _of_kinds(following, _WITHIN) and narrows(segment.text, _holding(clues, following)):
            yield i


def _holding(clues: Clues, segment: Segment) -> list[Dataset]:
    """The datasets that have the variables, tables or concepts that a segment names."""
    catalog = clues.catalog
    by = {
        "variable": catalog.variables_by_name,
        "table": catalog.variables_by_table,
        "concept": catalog.variables_by_concept,
    }
    rows = [v for s in segment.senses for id in s.ids for v in by.get(s.kind, {}).get(id, ())]
    return [catalog.dataset_by_id[id] for id in dict.fromkeys(v.dataset for v in rows)]


def _only(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "... 데이터셋이 있나요? 흡연자만요": a limit added at the end, told by a variable."""
    named = [i for i, s in enumerate(clues.segments) if s.senses]
    last = clues.segments[named[-1]] if len(named) > 1 else None
    if last is not None and _of_kinds(last, {"variable", "concept"}) and _ONLY.match(clues.text, last.end):
        yield named[-1]


def _instead(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "수술 자료 말고 검사 자료만": what is wanted in its place has to be found as well."""
    around = zip(clues.segments, clues.segments[1:], clues.segments[2:], strict=False)
    for i, (denial, kind, noun) in enumerate(around):
        wanted = kind.strong and set(kind.roles) <= {FILLER, "general"} and noun.plays("subject.data")
        if denial.text == "말고" and wanted and i + 1 not in clues.used:
            yield i + 1


def _records(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Female lupus records": records are asked for and people were counted."""
    if not isinstance(plan, CountPlan) or "records" in plan.measures or clues.has("people"):
        return
    if any(_OF_PEOPLE.search(s.text) for s in clues.segments):
        return
    yield from (i for i, s in enumerate(clues.segments) if s.plays("records") and i not in clues.used)


def _linked(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Married patients in both A and B": of whom, where both datasets are named, is told by neither."""
    if not isinstance(plan, LinkagePlan):
        return
    if sum(bool({x.kind for x in s.senses} & _PLACES) for s in clues.segments) < _BOTH:
        return
    for i, (segment, following) in enumerate(zip(clues.segments, clues.segments[1:], strict=False)):
        owned = clues.owned(i)  # "Hill asthma patients": of that hospital's dataset
        people = following.plays("people", "measure.patients") and not owned
        if people and _of_kinds(segment, {*_WITHIN, "cohort"}):
            yield i


def _of_kinds(segment: Segment, kinds: Set[str]) -> bool:
    """Whether a segment names things of these kinds only, and does nothing else."""
    sure = {s.kind for s in segment.senses if s.tier < PART} or {s.kind for s in segment.senses}
    return bool(sure) and sure <= kinds and not set(segment.roles) - {FILLER}


def _before(clues: Clues, i: int) -> int | None:
    j = i - 1
    while j >= 0 and clues.segments[j].roles == (FILLER,):
        j -= 1
    return j if j >= 0 else None


def _more_than_there(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Is there more X data at A than at B": things are listed, and no numbers."""
    match = _MORE_THAN.search(clues.text) if isinstance(plan, ListPlan) and plan.ranking is None else None
    if match is not None:
        yield from (i for i in _inside(clues, *match.span("more")) if clues.segments[i].roles == (FILLER,))


_RULES: tuple[Callable[[Clues, QueryPlan], Iterator[int]], ...] = (
    _times, _instead, _limits, _related, _among, idle_clauses, _attached, _denials, _compounds, _people,
    _records, _linked, _only, participles, agents,
    _more_than_there,
)  # fmt: skip


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    loaded = read_shipped(_FILE)
    edge = {"en": r"\b(?:{})\b", "ko": r"(?:{})"}
    return {
        language: tuple(re.compile(edge[language].format(pattern), re.IGNORECASE) for pattern in patterns)
        for language, patterns in loaded.items()
    }
