"""What a question is after, and whether the plan shows it: "who", "when", "how often", "the longest".

A plan may take every name of a question and still answer another one: what is said of the dataset stands in
the place of who paid for it, the number of patients in that of the longest follow-up. Here each word that
asks is held against what the plan shows and orders by. What it does not show is told as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tools.query.plan import Condition, CountPlan, LinkagePlan, ListPlan, QueryPlan
from tools.query.understand.clues import Clues
from tools.query.understand.leftovers import (
    beside_a_title,
    heavy,
    kind_asked,
    passed_over,
    swallowed,
    verbs,
    whole_dataset,
)
from tools.query.understand.lexicon import PART
from tools.query.understand.point_words import point_words
from tools.query.understand.tiles import FILLER, Segment
from tools.query.understand.words import key

_HOW_MANY = re.compile(r"(?i)how many|number of|몇 ?(?:명|건|개|번|장|사람|분)|(?:환자|사람|인원|명|건) ?수")
_ALSO = {
    "en": re.compile(r"(?i)\b(?:who|that|which|and) (?:are |were |is |was )?(?:also|as well)\b"),
    "ko": re.compile(r"에서?도(?= (?:있|나오|등록|포함|들어|속))"),
}
_EMBEDDED = re.compile(r"([가-힣]+)(?:었|았|했|됐|였)는지")
_WHEN = re.compile(r"(?i)(?:since |from )?when|언제(?:부터)?")
_WHICH_PEOPLE = re.compile(
    r"(?i)\b(?:which|what) (?:patients|people|persons|women|men|children|kids|residents)\b"
)
_GREW = re.compile(
    r"(?i)\b(?:increas|decreas|declin|growth|grew|grown|rise|rose|drop|fell|change)\w*|늘어|증가|감소|줄어|변화"
)
_DATE = re.compile(r"(?i)(?:the )?(?:dates?|day|timing)(?: of)?|날짜|일자|시점|시각")
_DATED = re.compile(r"(?i)date|time|day|year|날짜|일자|시점|시각|시간|연도|일시")
_IS_A = re.compile(r"(?i)\b(?:is|are) (?:an? )?$")
_COMPARED = re.compile(r"(?i)\bthan$")
_AT_MOST = re.compile(r"(?i)at most(?= [a-z])")
_MORE_THAN = re.compile(r"보다 (?:더 )?(?:많|적|높|낮)")
_FOLLOWED = re.compile(r"(?i)\bfollow(?:s|ed|ing)? (?!-?up\b)|추적")
_A_THING = re.compile(r"(?i)\b(?:an?|no|any|one) $")
_THING_INSIDE = re.compile(r"(?i)\ban? ")
_UPDATES = re.compile(r"(?i)updat|refresh|renew|releas|갱신|업데이트|업뎃|최신화")
_BELOW = re.compile(r"(?i)\b(?:below|above) (?!\d|the (?:age|limit|number)|what|which)[a-z]+")


def missed_point(clues: Clues, plan: QueryPlan) -> list[int]:
    """The segments that ask for what the plan does not show, in order."""
    found: set[int] = set()
    for rule in _RULES:
        found.update(rule(clues, plan))
    return sorted(found - clues.restated - set(clues.again))


def _asked(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Who collected X", "why", "how often was glucose low"."""
    shown = _shown(plan)
    for asked in point_words().asked[clues.language]:
        for match in asked.pattern.finditer(clues.text):
            if not asked.shown & shown:
                yield from _inside(clues, *match.span(1 if asked.pattern.groups else 0))


def _superlatives(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "The youngest", "제일 자주": an order that the plan has not, or has by something else."""
    shown, ranked = _shown(plan), getattr(plan, "ranking", None) is not None
    for asked in point_words().superlatives[clues.language]:
        for match in asked.pattern.finditer(clues.text):
            if not (asked.shown & shown if asked.shown else ranked):
                yield from _inside(clues, *match.span())


def _number_asked(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "How many doses are in X", "몇 명": a number is asked for, and things are listed without one."""
    if not isinstance(plan, ListPlan) or plan.summary or plan.subject in {"hospital", "team"}:
        return
    if set(plan.show) & point_words().numbers and "variable.values" not in plan.show:
        return
    for i, segment in enumerate(clues.segments):
        asks = segment.plays("how_many") and i not in clues.counted
        if asks and _HOW_MANY.match(clues.text, segment.start):
            yield i


def _one_sided(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Can X be shared with companies": one dataset is named, and no datasets are asked for."""
    if not isinstance(plan, LinkagePlan) or not plan.left or plan.right:
        return
    if any(s.plays("linkage", "subject.dataset", "subject.registry", "subject.data") for s in clues.segments):
        return
    yield from (i for i, s in enumerate(clues.segments) if s.plays("overlap"))


def _in_both(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Patients of A who are also in B": of two datasets the people of each were counted."""
    if isinstance(plan, CountPlan) and len(plan.datasets) > 1:
        for match in _ALSO[clues.language].finditer(clues.text):
            yield from _inside(clues, *match.span())


def _what_happened(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "When was X first published": the years that the data cover are no answer, whatever was done then."""
    if not isinstance(plan, ListPlan) or "dataset.start_year" not in plan.show or plan.holdings:
        return
    asked = next((i for i, s in enumerate(clues.segments) if _WHEN.fullmatch(s.text)), None)
    if asked is None:
        return
    known = point_words().light | point_words().running
    for i in passed_over(clues, known, asked + 1):
        if set(clues.segments[i].roles) <= {FILLER}:
            yield i
    for match in _EMBEDDED.finditer(clues.text, clues.segments[asked].end):
        yield from (i for i in _inside(clues, *match.span(1)) if clues.segments[i].text not in known)


def _below_what(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "How often was it below range": a limit that is no number."""
    for match in _BELOW.finditer(clues.text):
        inside = list(_inside(clues, *match.span()))
        if inside and not any(i in clues.counted or i in clues.used for i in inside):
            yield from inside


def _of_a_thing(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Who wear a hearing aid": behind "a" stands a thing and no dataset that has it in its title."""
    if clues.language != "en" or not isinstance(plan, CountPlan) or not plan.datasets:
        return
    for i in clues.mentions_used:
        segment = clues.segments[i]
        thing = _A_THING.search(clues.text[: segment.start]) or _THING_INSIDE.search(segment.text)
        in_part = all(s.tier >= PART for s in segment.senses)  # else it was read so in occasions.py
        if thing and not segment.titled and segment.names("dataset") and in_part:
            yield i


def _than(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "A dataset older than X", "at most the beds of X", "A가 B보다 많은 병원": one thing compared with
    another, which no order of all of them tells."""
    if clues.language == "en":
        for i, segment in enumerate(clues.segments):
            free = i not in clues.used and i not in clues.counted
            compared = _COMPARED.search(segment.text) or _AT_MOST.match(clues.text, segment.start)
            if free and segment.plays("gt.before", "lt.before", "le.before") and compared:
                yield i
    elif isinstance(plan, CountPlan) and plan.ranking is not None and plan.ranking.limit == 1:
        if "cohort" not in plan.group_by or not set(plan.group_by) - {"cohort"} or len(plan.datasets) == 1:
            return
        for match in _MORE_THAN.finditer(clues.text):
            yield from _inside(clues, *match.span())


def _followed(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Follow people for more than five years": how long a dataset has run does not say that."""
    if not isinstance(plan, ListPlan) or "dataset.median_follow_up_months" in plan.show:
        return
    ranked = plan.ranking is not None and plan.ranking.by == "span_years"
    if ranked or any(c.field == "dataset.span_years" for c in _simple(plan)):
        for match in _FOLLOWED.finditer(clues.text):
            yield from _inside(clues, *match.span())


def _in_part(clues: Clues, segment: Segment) -> bool:
    """Whether no name of the catalog is written as the segment is."""
    whole = clues.lexicon.senses(key(segment.text))
    return not whole or all(s.tier >= PART for s in segment.senses)


def _how_often_people(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "How often do residents fall": what befalls people has no frequency here, updates have."""
    if isinstance(plan, ListPlan) and plan.holdings and "dataset.update_frequency" in plan.show:
        yield from (
            i for i, s in enumerate(clues.segments)
            if s.plays("field.update_frequency") and not _UPDATES.search(clues.text)
        )


def _people_asked(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Which patients take X": who they are is asked, or how many, and datasets are listed."""
    if isinstance(plan, ListPlan) and clues.language == "en":
        for match in _WHICH_PEOPLE.finditer(clues.text):
            yield from _inside(clues, *match.span())


def _growth(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "The year with the largest increase": numbers are ordered and not what they changed by."""
    if isinstance(plan, CountPlan) and plan.ranking is not None:
        for match in _GREW.finditer(clues.text):
            yield from (i for i in _inside(clues, *match.span()) if not _is_counted(clues, i))


def _is_counted(clues: Clues, i: int) -> bool:
    """Whether a word of change is in a name that the plan uses, written as in the catalog ("체중 감소")."""
    segment = clues.segments[i]
    return i in clues.used and bool(segment.senses) and not _in_part(clues, segment)


def _dates(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "The date the drug was stopped": of variables that are no dates."""
    if not isinstance(plan, ListPlan) or plan.subject != "variable":
        return
    named = [v for c in _simple(plan) if c.field == "variable.name" for v in c.values]
    rows = [v for name in named for v in clues.catalog.variables_by_name.get(str(name), ())]
    dated = any(_DATED.search(" ".join(filter(None, (v.type, v.name, v.label_en, v.label_ko)))) for v in rows)
    for i, segment in enumerate(clues.segments):
        if rows and not dated and i not in clues.used and _DATE.fullmatch(segment.text):
            yield i


def _owners(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Who owns the hospital": its datasets are no answer."""
    if not isinstance(plan, ListPlan) or set(plan.show) != point_words().general or plan.holdings:
        return
    asks = bool(clues.segments) and clues.segments[0].text.lower().split()[0] in {"who", "whose"}
    if asks and {c.field for c in _simple(plan)} == {"hospital.hospital"}:
        yield 0


def _is_one(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Which hospital is a clinic": a kind of hospital, which no condition has."""
    if not isinstance(plan, ListPlan) or plan.subject != "hospital" or plan.conditions or plan.holdings:
        return
    for i, segment in enumerate(clues.segments):
        if segment.plays("subject.hospital") and _IS_A.search(clues.text[: segment.start]):
            yield i


def _simple(plan: ListPlan) -> list[Condition]:
    return [c for c in plan.conditions if isinstance(c, Condition)]


def _shown(plan: QueryPlan) -> set[str]:
    """What a plan shows: its columns, what it is ordered and grouped by, and its kind."""
    by = {f"by.{plan.ranking.by}"} if plan.ranking else set()
    if isinstance(plan, CountPlan):
        return {"count", *(f"group.{g}" for g in plan.group_by), *(("years",) if plan.years else ()), *by}
    if not isinstance(plan, ListPlan):
        return {"linkage", *by}
    return {f"list.{plan.subject}", *plan.show, *by, *(("holding",) if plan.holdings else ())}


def _inside(clues: Clues, start: int, end: int) -> Iterator[int]:
    """The segments of a stretch, where none of them is a name that reaches out of it; light words only where
    there are no others."""
    inside = [i for i, s in enumerate(clues.segments) if s.start < end and start < s.end]
    if not any(_reaches_out(clues, i, start, end) for i in inside):
        yield from [i for i in inside if clues.segments[i].text.lower() not in point_words().light] or inside


def _reaches_out(clues: Clues, i: int, start: int, end: int) -> bool:
    segment = clues.segments[i]
    named = any(s.tier < PART for s in segment.senses) and not segment.roles and not _in_part(clues, segment)
    return named and not (start <= segment.start and segment.end <= end)


_RULES: tuple[Callable[[Clues, QueryPlan], Iterator[int]], ...] = (
    _asked, _superlatives, _number_asked, _one_sided, _in_both, _what_happened, _below_what, _of_a_thing,
    _how_often_people, _people_asked, _growth, _dates, _owners, _is_one,
    _than, _followed, beside_a_title, whole_dataset, kind_asked, verbs, heavy,
    swallowed,
)  # fmt: skip
