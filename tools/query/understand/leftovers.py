"""Words of a question that were passed over and say something all the same.

Filler may stay unused, and so may a Korean verb: "take", "company", "끊은". Whether it says something is told
here by what it is and where it stands: a verb that is of no recording, a noun that people say of themselves,
what stands beside a dataset of which nothing else was understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from knowledge.text import morphemes
from tools.query.plan import Condition, CountPlan, ListPlan, QueryPlan
from tools.query.understand.clues import Clues
from tools.query.understand.operators import load_operators
from tools.query.understand.point_words import point_words
from tools.query.understand.tiles import FILLER
from tools.query.understand.words import key

_VERBS = ("VV", "VA")
_FOR_WHAT = re.compile(
    r"(?i)\bfor (?:an?|the|our|my|this|model|internal|planning)\b[^,.?;]*$"
    r"|\b(?:our|my|(?:we|i)(?: a|['’])?(?:re|m)? (?:work (?:for|at|in) )?an?) [\w -]*$"
)
_OF_SPEAKER = re.compile(r"[가-힣]*(?:인데|입니다|이에요|예요|이라|라서|이고|에서 (?:일|나|온|왔|근무))")
_WHICH = re.compile(r"(?i)\b(?:which|what) (?=[a-z])")
_STEERING = ("field.", "sex.", "group.after", "rank.", "measure.", "how_many")
_SAYING_NOTHING = frozenset((
    *(FILLER, "exist", "which", "and", "all", "records", "people", "related", "how_many", "between"),
    *("group.after", "group.before", "compare", "differ"),
))  # fmt: skip
_NOUNS = frozenset(f"subject.{n}" for n in ("dataset", "registry", "data", "cohort", "where", "hospital"))


def passed_over(clues: Clues, light: Set[str], after: int = 0) -> Iterator[int]:
    """The segments from ``after`` on that name nothing and changed nothing, but for light words."""
    for i, segment in enumerate(clues.segments[after:], after):
        if i in clues.used or i in clues.counted or segment.senses or not segment.strong:
            continue
        if not set(segment.text.lower().split()) <= light:
            yield i


def beside_a_title(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Does the X registry say which side it was", "X와 Y를 같이 쓸 수 있나요": a dataset is named, nothing
    else was understood, and more is said than that it be shown."""
    if not isinstance(plan, ListPlan) or plan.subject != "dataset" or set(plan.show) != point_words().general:
        return
    titles = [i for i in clues.mentions_used if clues.titles(i) or _named(clues, i)]
    if plan.summary or plan.ranking or plan.holdings or not titles or _asks_for_datasets(clues, titles):
        return
    for i in passed_over(clues, point_words().light):
        if set(clues.segments[i].roles) <= _SAYING_NOTHING | _NOUNS:
            yield i


def whole_dataset(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Do the X notes mention how people feel": all variables of a dataset, where none were asked for."""
    if not isinstance(plan, ListPlan) or plan.subject != "variable" or plan.summary or plan.ranking:
        return
    fields = {c.field for c in plan.conditions if isinstance(c, Condition)}
    if len(fields) < len(plan.conditions) or not fields <= {"dataset.dataset", "hospital.hospital"}:
        return
    nouns = ("subject.variable", "subject.table", "variable_name", "field.", "told.")
    if not any(s.plays(*nouns) or (s.titled and s.names("table")) for s in clues.segments):
        yield from passed_over(clues, point_words().light)


def _named(clues: Clues, i: int) -> bool:
    """Whether a segment means a dataset by its title, rather than by its owner or a property."""
    senses = clues.segments[i].senses
    best = min(s.tier for s in senses)
    return any(s.kind == "dataset" and s.tier == best for s in senses)


def _asks_for_datasets(clues: Clues, titles: list[int]) -> bool:
    """Whether a noun for datasets stands elsewhere than behind a title ("which dataset uses X")."""
    return any(
        s.plays("subject.dataset", "subject.registry") and not s.senses and i - 1 not in titles
        for i, s in enumerate(clues.segments)
    )


def swallowed(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "What unit is X in": a word that steers the question, in a stretch that was read as a dataset and is
    no name of one."""
    operators = load_operators()
    for i in clues.mentions_used:
        segment = clues.segments[i]
        if segment.roles or not segment.names("dataset") or clues.lexicon.senses(key(segment.text)):
            continue
        if any(s.kind == "dataset" for s in clues.lexicon.parts(segment.text)):
            continue
        roles = {role for word in segment.text.split() for role in operators.of(key(word))}
        if any(role.startswith(_STEERING) for role in roles):
            yield i


def kind_asked(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Which diagnosis is in every dataset", "does it say which company made it": what kind of thing is
    asked for has to be known."""
    for match in _WHICH.finditer(clues.text):
        asked = next((i for i, s in enumerate(clues.segments) if s.start == match.end()), None)
        if asked is None or asked in clues.used or clues.segments[asked].roles != (FILLER,):
            continue
        words = set(clues.segments[asked].text.lower().split())
        if not words <= point_words().light and not clues.segments[asked].senses:
            yield asked


def verbs(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "항바이러스제를 끊은 날짜": a Korean verb that nothing names and that says more than that something is
    there, recorded, asked for or divided."""
    if clues.language != "ko" or (isinstance(plan, ListPlan) and plan.subject in {"team", "hospital"}):
        return
    years = isinstance(plan, CountPlan) and ("year" in plan.group_by or len(plan.only_years) > 1)
    known = point_words().verbs | (point_words().growing if years else frozenset())
    for morpheme in morphemes(clues.text):
        if not morpheme.tag.startswith(_VERBS) or morpheme.form in known:
            continue
        for i, segment in enumerate(clues.segments):
            if not segment.start <= morpheme.start < segment.end or segment.senses:
                continue
            free = i not in clues.used and i not in clues.counted
            taken = morpheme.form in point_words().taking and _has_object(clues, i)
            if free and not taken and all(role.startswith("number.") for role in segment.roles):
                yield i


def _has_object(clues: Clues, i: int) -> bool:
    """Whether the words before a verb are a name that was used, with the particle of an object or none."""
    before = next((j for j in range(i - 1, -1, -1) if clues.segments[j].strong), None)
    if before is None or before not in clues.used or not clues.segments[before].senses:
        return False
    return clues.text[clues.segments[before].end : clues.segments[i].start].strip() in {"", "을", "를"}


def heavy(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Made by which company", "어느 업체가": nouns and verbs that people say of themselves and of their
    work, where they stand in the question itself."""
    for i in passed_over(clues, point_words().light):
        segment = clues.segments[i]
        asks = set(segment.roles) == {FILLER} and point_words().heavy & set(segment.text.lower().split())
        told = _FOR_WHAT.search(clues.text[: segment.start]) or _OF_SPEAKER.match(clues.text, segment.end)
        if asks and not told:
            yield i
