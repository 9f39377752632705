"""Korean clauses before the noun that they limit: "상을 받은 데이터셋", "아무도 안 쓰는 데이터"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.text import morphemes
from tools.query.plan import ListPlan, QueryPlan
from tools.query.understand.clues import Clues
from tools.query.understand.tiles import DEMONSTRATIVE, FILLER, Segment

HEADS = (  # nouns of what is asked for
    "people", "measure.patients", "subject.dataset", "subject.registry", "subject.data", "subject.variable",
    "subject.hospital", "subject.cohort", "subject.table", "subject.team",
)  # fmt: skip
_ADNOMINAL = "는은던을"
_DENIALS = "안못"
_CLOSED = ("있는 ", "없는 ", "된 ", "되는 ", "하는 ")
_FINAL_N_OR_L = (4, 8)  # of a syllable: "온", "쓸"
_OBJECT = re.compile(r"^(?:을|를|에|로|으로|에서) ")
_SAYING_LITTLE = frozenset((FILLER, "exist", "which", "and", "or", "all", "not", "both"))
_WORK = frozenset(("연구", "과제", "프로젝트"))  # what teams do
_HELD = frozenset(("variable", "table", "concept"))
_OBJECTS = ("을 ", "를 ")
_WHETHER = re.compile(r" [가-힣]{0,6}[는은던을]지")
_STANDING_FOR = frozenset(("것", "거", "걸", "게"))  # "음성인 걸로 적힌": what was said before
_PLACES = frozenset(("dataset", "hospital", "value"))


def idle_clauses(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """The words of clauses that are about nothing of the catalog. A verb of which the object is named says
    only that the named is there ("MRSA 나온 환자")."""
    if clues.language != "ko":
        return
    yield from _manner(clues, plan)
    for head, segment in enumerate(clues.segments):
        a_name = _within(segment) and isinstance(plan, ListPlan)
        if not (segment.plays(*HEADS) or a_name) or head == 0 or not _ends_a_clause(clues, head):
            continue
        first = head
        while first and _plain(clues.segments[first - 1]) and first - 1 not in clues.counted:
            if first < head and _ends_a_clause(clues, first) and not _is_object(clues, first):
                break
            first -= 1
        inside = range(first, head)
        if a_name:  # "코를 고는 버릇": of one kind of what is named
            yield from (i for i in inside[:-1] if clues.text.startswith(_OBJECTS, clues.segments[i].end))
            continue
        closed = _ends_a_clause(clues, first) and not _is_object(clues, first)
        named = first > 0 and not closed and _says(clues, first - 1)
        for i in inside[:-1]:  # the last is the verb
            one = clues.segments[i]
            governed = one.strong and _OBJECT.match(clues.text[one.end : one.end + 3])
            if segment.plays("subject.team") and one.text in _WORK:
                continue  # "X 연구를 하는 팀"
            if not named and (governed or not one.roles) and one.text not in _STANDING_FOR:
                yield i
        alone = first == head - 1 and first > 0 and not clues.segments[first].roles
        if not alone:
            continue
        placed = {s.kind for s in clues.segments[first - 1].senses} <= _PLACES and _is_object(clues, first)
        if placed or clues.text.endswith(_CLOSED, 0, clues.segments[first].start):
            yield first  # "대학을 나온 환자", "HbA1c가 있는 팔린 데이터"


def _manner(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "안대를 꼼꼼히 차는지 적은 변수": an adverb that says what of the named is recorded."""
    if not isinstance(plan, ListPlan) or plan.subject != "variable":
        return
    adverbs = {m.start for m in morphemes(clues.text) if m.tag == "MAG"}
    for i, segment in enumerate(clues.segments):
        unknown = segment.start in adverbs and not (segment.roles or segment.senses)
        if unknown and len(segment.text) > 1 and _WHETHER.match(clues.text, segment.end):
            yield i


def _within(segment: Segment) -> bool:
    """Whether a segment only names what datasets hold."""
    kinds = {s.kind for s in segment.senses}
    return bool(kinds) and kinds <= _HELD and not set(segment.roles) - {FILLER}


def _ends_a_clause(clues: Clues, i: int) -> bool:
    """Whether the word before a segment is a verb that says something of it: "받은", "쓰는", "볼"."""
    start = clues.segments[i].start
    if start < 2 or clues.text[start - 1] != " ":
        return False
    last = clues.text[start - 2]
    if last in _DENIALS:
        return False
    return last in _ADNOMINAL or ("가" <= last <= "힣" and (ord(last) - ord("가")) % 28 in _FINAL_N_OR_L)


def _is_object(clues: Clues, i: int) -> bool:
    """Whether the word before a segment ends in the particle of an object, which a verb may end in too."""
    return clues.text.endswith(("을 ", "를 "), 0, clues.segments[i].start)


def _plain(segment: Segment) -> bool:
    return not segment.senses and set(segment.roles) <= {FILLER, DEMONSTRATIVE, "not"}


def _says(clues: Clues, i: int) -> bool:
    """Whether a segment names something that a clause can be about, or a property."""
    segment = clues.segments[i]
    if i in clues.counted:
        return False
    kinds = {s.kind for s in segment.senses}
    idle = {role for role in segment.roles if role in _SAYING_LITTLE or role.startswith("rank.")}
    return bool(kinds - _PLACES) or bool(set(segment.roles) - idle)
