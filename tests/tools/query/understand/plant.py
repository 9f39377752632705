"""Plants one change into a question that must change what it comes to, and tells whether it did.

No expected answer is needed: a limit that nothing in a catalog can tell must keep the question from being
answered, or be named in the answer; one that it can tell must be found in the plan; whatever is denied,
swapped or renamed must not come to the plan of before. The words are restrictions.yaml and the catalog's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from knowledge.catalog.read import Catalog
from knowledge.text import language_of
from tools.query.plan import CountPlan, ListPlan, QueryPlan
from tools.query.plan_document import plan_document
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Outcome, Understood
from tools.query.understand.segment import Segment
from tools.query.understand.understand import Reader
from tools.query.understand.words import key

_PEOPLE = {
    "en": re.compile(
        r"\b(?:patients?|people|subjects?|individuals|participants|women|men)\b"
        r"(?! (?:counts?|numbers|records|registr))"
    ),
    "ko": re.compile(r"(?:환자|대상자|사람|참여자|여성|남성)"),
}
_THINGS = {
    "en": re.compile(r"\b(?:datasets?|registries|hospitals|variables|fields|items|databases|cohorts)\b"),
    "ko": re.compile(
        r"(?:데이터셋|등록자료|레지스트리|병원|변수|항목|컬럼|코호트)(?=[들은는이가을를의별\s]|$)"
    ),
}
_END = re.compile(r"\s*[?.!]*\s*$")
_VERB_KO = re.compile(r"(?<=\s)(?:몇 ?명|몇 ?개|알려|있나|있는|있어|보여|궁금|어디|어느|어떤)")
_NUMBER = re.compile(r"(?<![\w.,:-])\d{1,3}(?:,\d{3})+(?![\w.])|(?<![\w.,:-])\d+(?![\d.,:-]|[A-Za-z])")
_ALONE = re.compile(r"\s|환자|$|[?.,)]")
_WORD = re.compile(r"[A-Za-z]{3,}|[가-힣]{2,}|\d+")
_NO_YEAR, _LAST_YEAR = 1900, 2100
Check = Callable[[QueryPlan], bool]


@dataclass(frozen=True)
class Planted:
    """A question with a change in it. ``shows`` tells whether a plan has it; ``words`` were planted."""

    kind: str  # class and place: "unknown.before_people"
    text: str
    words: str
    shows: Check


@dataclass(frozen=True)
class _Ground:
    """A question that is answered, what its plan is, and where chance comes from."""

    reader: Reader
    question: str
    plan: QueryPlan
    random: random.Random

    @property
    def catalog(self) -> Catalog:
        return self.reader.catalog

    @cached_property
    def korean(self) -> bool:
        return language_of(self.question) == "ko"

    @cached_property
    def language(self) -> str:
        return "ko" if self.korean else "en"

    @cached_property
    def held(self) -> set[Any]:
        return _values(plan_document(self.plan))

    @cached_property
    def names(self) -> list[Segment]:
        """Segments of the question that name something and do nothing else."""
        return [s for s in self.reader.clues(self.question).segments if s.senses and not s.roles]

    def said(self, korean: str | None, english: str | None) -> str:
        return (korean if self.korean else english) or ""

    def instead(self, start: int, end: int, words: str) -> str:
        return f"{self.question[:start]}{words}{self.question[end:]}"

    def placed(self, place: str, phrase: str) -> str | None:
        """The question with a phrase at a place; None where it has no such place."""
        text = self.question
        if place == "first":
            plain = self.korean or text[1:2].isupper()
            return phrase + (text if plain else text[:1].lower() + text[1:])
        if place == "last":
            end = _END.search(text)
            assert end is not None
            return text + phrase if self.korean else self.instead(end.start(), end.start(), f" {phrase}")
        if place == "before_verb":
            found = _VERB_KO.search(text)
            return None if found is None else self.instead(found.start(), found.start(), f"{phrase} ")
        side, of = place.split("_")
        found = (_PEOPLE if of == "people" else _THINGS)[self.language].search(text)
        if found is None:
            return None
        if side == "behind":
            return self.instead(found.end(), found.end(), f" {phrase}")
        at = found.start()
        if self.korean:  # before the whole word: "당뇨환자"
            at = max((m.end() for m in re.finditer(r"\s", text[:at])), default=0)
        return self.instead(at, at, f"{phrase} ")


@cache
def _wordings() -> Any:
    return yaml.safe_load(Path(__file__).with_name("restrictions.yaml").read_text(encoding="utf-8"))


def silent(outcome: Outcome, planted: Planted) -> bool:
    """Whether the planted words were dropped without a word: an answer that neither has nor names them."""
    if not isinstance(outcome, Understood) or planted.shows(outcome.plan):
        return False
    said = " ".join(str(value) for note in outcome.notes for value in note.values.values()).lower()
    return not any(word.lower() in said for word in _WORD.findall(planted.words))


def plant(reader: Reader, question: str, plan: QueryPlan, random_: random.Random) -> Iterator[Planted]:
    """Changes of every class that the question has a place for, one of each kind and place."""
    ground = _Ground(reader, question, plan, random_)
    for make in (_unknown, _expressible, _denied, _swapped, _renamed):
        yield from make(ground)


def _never(plan: QueryPlan) -> bool:
    return False


def _differs(before: QueryPlan) -> Check:
    return lambda plan: plan != before


def _denies(before: QueryPlan, id: str = "") -> Check:
    """A plan that leaves something out, which the one before did not; or, where an ``id`` is to be left out,
    one that is another and has it nowhere."""
    had = _negations(plan_document(before))

    def shows(plan: QueryPlan) -> bool:
        document = plan_document(plan)
        without = bool(id) and plan != before and id not in _values(document)
        return without or _negations(document) != had

    return shows


def _negations(document: Any) -> int:
    """How many conditions of a plan leave something out."""
    if isinstance(document, list | tuple):
        return sum(_negations(inner) for inner in document)
    if not isinstance(document, dict):
        return 0
    own = document.get("negated") is True or document.get("op") in {"ne", "missing"}
    return own + sum(_negations(inner) for inner in document.values())


def _has(*values: str | int) -> Check:
    return lambda plan: bool(set(values) & _values(plan_document(plan)))


def _shows_access(value: str) -> Check:
    """A plan that has the value, or shows the access level of what it lists."""
    return lambda plan: _has(value)(plan) or "dataset.access_level" in getattr(plan, "show", ())


def _unknown(ground: _Ground) -> Iterator[Planted]:
    """What a catalog cannot tell."""
    for place, phrases in _wordings()["unknown"][ground.language].items():
        phrase = ground.random.choice(phrases)
        if (text := ground.placed(place, phrase)) is not None:
            yield Planted(f"unknown.{place}", text, phrase, _never)


def _expressible(ground: _Ground) -> Iterator[Planted]:
    """What a catalog can tell: an access level of datasets; of counts a sex, year, age, place or cohort."""
    plan = ground.plan
    if isinstance(plan, ListPlan) and plan.subject == "dataset":
        yield from _access(ground)
    if not isinstance(plan, CountPlan):
        return
    if not plan.sex and "sex" not in plan.group_by:
        code, word = ground.random.choice(
            [("F", ground.said("여성", "female")), ("M", ground.said("남성", "male"))]
        )
        if text := ground.placed("before_people", word):
            yield Planted("expressible.sex", text, word, _has(code))
    years = [d.start_year for d in ground.catalog.datasets if d.start_year]
    if plan.years is None and "year" not in plan.group_by and years:
        year = max(years) + 1
        text = f"{year}년 {ground.question}" if ground.korean else ground.placed("last", f"in {year}")
        yield Planted("expressible.year", str(text), str(year), _has(year))
    if plan.ages is None and "age_band" not in plan.group_by:
        place = ground.said("before_people", "behind_people")
        if text := ground.placed(place, ground.said("60세 이상", "aged 60 or over")):
            yield Planted("expressible.age", text, "60", _has(60))
    if plan.at_least is None and plan.at_most is None and {*plan.group_by} & {"hospital", "dataset"}:
        text = ground.placed("last", ground.said(" 3,000명 이상만요.", "with at least 3,000 patients"))
        yield Planted("expressible.at_least", str(text), "3,000", _has(3000))
    yield from _further_names(ground, plan)


def _access(ground: _Ground) -> Iterator[Planted]:
    datasets = ground.catalog.dataset_by_id
    named = {datasets[id].access_level for id in ground.held if id in datasets}
    values = sorted({d.access_level for d in datasets.values() if d.access_level} - named)
    if not values:
        return
    value = ground.random.choice(values)
    place = ground.said("before_things", "behind_things")
    text = ground.placed(place, ground.said(f"접근 등급이 {value}인", f"with {value} access"))
    if text and value not in ground.held:
        yield Planted("expressible.access", text, value, _shows_access(value))


def _further_names(ground: _Ground, plan: CountPlan) -> Iterator[Planted]:
    catalog = ground.catalog
    if not plan.hospitals and not plan.datasets:
        hospital = ground.random.choice(catalog.hospitals)
        name = ground.said(hospital.name_ko, hospital.name_en)
        own = [d.dataset for d in catalog.datasets if d.hospital == hospital.hospital]
        yield Planted("expressible.hospital", _at(ground, name), name, _has(hospital.hospital, *own))
        dataset = ground.random.choice(catalog.datasets)
        if title := ground.said(dataset.title_ko, dataset.title_en):
            yield Planted("expressible.dataset", _at(ground, f"the {title}"), title, _has(dataset.dataset))
    if not plan.cohorts and "cohort" not in plan.group_by and catalog.cohorts:
        cohort = ground.random.choice(catalog.cohorts)
        name = ground.said(cohort.name_ko, cohort.name_en)
        text = ground.placed(ground.said("before_people", "behind_people"), ground.said(name, f"with {name}"))
        if text and name:
            yield Planted("expressible.cohort", text, name, _has(cohort.cohort))


def _at(ground: _Ground, place: str) -> str:
    if ground.korean:
        return f"{place.removeprefix('the ')}에서 {ground.question}"
    return str(ground.placed("last", f"in {place}"))


def _denied(ground: _Ground) -> Iterator[Planted]:
    """A name that is denied where it stands, and another that is left out at the end."""
    named = [s for s in ground.names if _sure(s) and _ALONE.match(ground.question, s.end)]
    if named:
        one = ground.random.choice(named)
        form = ground.random.choice(_wordings()["denials"][ground.language])
        said = form.replace("(이)가", "이" if _closed(one.text) else "가").format(one.text)
        words = said if ground.korean else said.split(" ")[0]
        yield Planted("denied.name", ground.instead(one.start, one.end, said), words, _denies(ground.plan))
    catalog = ground.catalog
    others = {c.cohort: ground.said(c.name_ko, c.name_en) for c in catalog.cohorts}
    others |= {d.dataset: ground.said(d.title_ko, d.title_en) for d in catalog.datasets}
    if ids := [id for id, name in others.items() if name and id not in ground.held]:
        id = ground.random.choice(ids)
        said = ground.random.choice(_wordings()["exclusions"][ground.language]).format(others[id])
        text = str(ground.placed("last", said)).replace(" ,", ",")
        yield Planted("denied.excluded", text, said, _denies(ground.plan, id))


def _swapped(ground: _Ground) -> Iterator[Planted]:
    """Another number, and the opposite of a word."""
    inside = [(s.start, s.end) for s in ground.names]

    def free(form: re.Pattern[str]) -> list[re.Match[str]]:
        found = form.finditer(ground.question)
        return [m for m in found if not any(a <= m.start() < b for a, b in inside)]

    plan = ground.plan
    coded = isinstance(plan, ListPlan) and "variable.values" in plan.show  # all codes are shown
    if (numbers := free(_NUMBER)) and not coded:
        match = ground.random.choice(numbers)
        said = _another(match[0], ground.random)
        text = ground.instead(*match.span(), said)
        yield Planted("swapped.number", text, said, _differs(plan))
    opposites = _wordings()["opposites"][ground.language]
    pairs = [pair for one, two in opposites for pair in ((one, two), (two, one))]
    if isinstance(plan, CountPlan):
        pairs.append(tuple(_wordings()["measures"][ground.language]))
    found = []
    for one, two in pairs:
        form = re.compile(one if ground.korean else rf"(?i)\b{one}\b")
        found += [(match, two.partition("(")[0]) for match in free(form)]
    if found:
        match, two = ground.random.choice(found)
        text = ground.instead(*match.span(), two)
        yield Planted("swapped.word", text, f"{match[0]} {two}", _differs(plan))


def _another(written: str, random_: random.Random) -> str:
    number = int(written.replace(",", ""))
    if number < _NO_YEAR:
        number += random_.choice([1, 2])
    else:
        number = number - 1 if number < _LAST_YEAR else number * 3
    return f"{number:,}" if "," in written else str(number)


def _renamed(ground: _Ground) -> Iterator[Planted]:
    """Names that are not there but share a word with one."""
    lexicon, words = ground.reader.lexicon, _wordings()
    known = " ".join(_all_names(ground.catalog)).lower()
    topics = [t for t in words["topics"][ground.language] if t.lower() not in known]
    qualifiers = [q for q in words["qualifiers"][ground.language] if q.lower() not in known]
    titles = [s for s in ground.names if " " in s.text and {x.kind for x in s.senses} == {"dataset"}]
    if titles and topics:
        title, topic = ground.random.choice(titles), ground.random.choice(topics)
        parts = title.text.split(" ")
        at = 1 if len(parts) > 2 or lexicon.names_hospital(parts[0]) else 0
        for kind, rest in (("title", parts[at + 1 :]), ("longer_title", parts[at:])):
            said = " ".join([*parts[:at], topic, *rest])
            yield Planted(f"renamed.{kind}", ground.instead(title.start, title.end, said), topic, _never)
    for kind in ("cohort", "variable") if qualifiers else ():
        named = [s for s in ground.names if {x.kind for x in s.senses if x.tier < PART} == {kind}]
        if not named:
            continue
        one, qualifier = ground.random.choice(named), ground.random.choice(qualifiers)
        if not lexicon.senses(key(f"{qualifier} {one.text}")):
            text = ground.instead(one.start, one.start, f"{qualifier} ")
            yield Planted(f"renamed.{kind}", text, qualifier, _never)
    hospitals = [s for s in ground.names if {x.kind for x in s.senses if x.tier < PART} == {"hospital"}]
    if hospitals:
        one = ground.random.choice(hospitals)
        said = one.text.removesuffix(ground.said("병원", " Hospital"))
        said += ground.said(" 제2병원", " Northern Hospital")
        words_ = ground.said("제2병원", "Northern")
        yield Planted("renamed.hospital", ground.instead(one.start, one.end, said), words_, _never)


def _sure(segment: Segment) -> bool:
    return min(sense.tier for sense in segment.senses) < PART


def _all_names(catalog: Catalog) -> Iterator[str]:
    for c in catalog.cohorts:
        yield from (c.name_ko or "", c.name_en or "", c.definition or "")
    for d in catalog.datasets:
        yield from (d.title_ko or "", d.title_en or "", d.description_ko or "", d.description_en or "")
    for v in catalog.variables:
        yield from (v.label_ko or "", v.label_en or "")
    for x in catalog.concepts:
        yield from (x.name_ko or "", x.name_en or "")


def _closed(text: str) -> bool:
    """Whether a text ends in a closed syllable of Hangul."""
    return "가" <= text[-1:] <= "힣" and (ord(text[-1]) - ord("가")) % 28 != 0


def _values(document: Any) -> set[Any]:
    found: set[Any] = set()
    for inner in document.values() if isinstance(document, dict) else document:
        if isinstance(inner, dict | list | tuple):
            found |= _values(inner)
        else:
            found.add(inner)
    return found
