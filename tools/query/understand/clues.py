"""The segments of one question as the plan builders see them, with an account of which were used.

A builder takes what it uses; what nobody took and cannot be left out is found by ``left_over``.
That account is what keeps a filter from being dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.catalog.read import Catalog
from knowledge.text import Language
from tools.query.plan import Dimension
from tools.query.understand.lexicon import PART, Lexicon
from tools.query.understand.quantities import Quantity, QuantityKind
from tools.query.understand.restated import in_brackets, restated
from tools.query.understand.segment import FILLER, Segment
from tools.query.understand.words import key

# Steering words that change nothing by themselves: they may stay unused.
_LOOSE = (
    *("and", "which", "exist", "all", "follow", "people", "records", "how_many", "size", "both"),
    *("differ", "compare", "rank.order", "between", FILLER),
    *("subject.hospital", "subject.dataset", "subject.registry", "subject.data", "subject.cohort"),
    *("subject.where", "value.", "related", "clause.", "range.from"),
    *("number.", "group.", "measure.", "ge.", "gt.", "le.", "lt."),
)
_EITHER = re.compile(r"이?나\s|이?든\s|/")  # "X나 Y", "X/Y"
HOW_LONG = "howlong"
_COUNTERS = frozenset(("개", "곳", "군데", "가지", "건", "개만", "곳만", "해"))
_UNIT = "단위"
_INSIDE = re.compile(r"(?:에서|에는|에 있|의 변수|의 항목)")
_OF_THOSE = re.compile(r"(?i)of (?:the|these|those|them)|둘 중|그중|그 중")
_IN_UNITS = re.compile(r"(?i)in (?:days|weeks|months)$")
_LASTING = ("field.lead_time", "field.follow_up")
_PRONOUNS = frozenset(("it", "them", "this", "these"))
_DENIES = re.compile("안|못|않")
_LATEST = re.compile(r"(?i)최근|최신|오래|recent|latest|newest|oldest")
_HOW_OFTEN = re.compile(r"(?i)주기|빈도|자주|frequen|cycle|often")
_COUNT = frozenset(("count", "counts", "counting"))
_ONE = re.compile(
    r"(?i)\b(?:which|what|name|the) (?:single )?one\b|\bthe single\b|어느 (?:하나|것|곳)|하나만|한 곳만"
)
_PRONOUN = re.compile(r"(?i)\b(?:is|was|are|were) $")
_GETTING = {"get", "receive", "wait", "obtain", "until", "before", "deliver", "take", "takes", "access"}
_NOUNS = {"subject.registry": "dataset"}
_DATASET_NOUNS = ("subject.dataset", "subject.registry", "subject.data")
OF_VARIABLES = (
    "field.unit", "field.values", "field.type", "field.missing", "field.complete",
    "field.granularity", "field.modifier", "field.aliases",
)  # fmt: skip
_DIMENSIONS: dict[str, Dimension] = {
    "dimension.year": "year",
    "dimension.sex": "sex",
    "dimension.age_band": "age_band",
    "subject.hospital": "hospital",
    "subject.dataset": "dataset",
    "subject.registry": "dataset",
    "subject.cohort": "cohort",
}


@dataclass
class Clues:
    """One question being understood. ``used`` holds the indexes of segments that changed the plan."""

    catalog: Catalog
    lexicon: Lexicon
    text: str
    language: Language
    segments: Sequence[Segment]
    quantities: Sequence[Quantity]
    today: date
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.counted: set[int] = {i for q in self.quantities for i in q.at}
        # Told once for all segments: questions may be thousands of words long.
        self._latest = any(s.plays("rank.") and _LATEST.search(s.text) for s in self.segments)
        self._often_updated = self._asks_how_often_updated()
        self.segments = tuple(self._loosened(i) for i in range(len(self.segments)))
        self.used |= {i for i in range(len(self.segments)) if self._system(i)}
        self.again = in_brackets(self.text, self.segments)
        self.used |= {*restated(self.catalog, self.text, self.segments, self.quantities), *self.again}
        self.groups = self._groups()
        self.subject = self._subject()

    def fresh(self) -> Clues:
        """The same question with nothing used yet."""
        return replace(self, used=set())

    def _loosened(self, i: int) -> Segment:
        """ "In any of the kidney datasets": "any of" joins nothing where a single noun follows it."""
        segment = self.segments[i]
        if key(segment.text) == HOW_LONG:
            return replace(segment, roles=self._duration())
        if segment.plays("lt.after") and i not in self.counted and _DENIES.search(segment.text):
            return replace(segment, roles=("not",))  # "업데이트가 안 된", as opposed to "천 명이 안 되는"
        if segment.plays("field.granularity", "field.last_updated") and (roles := self._updating(segment)):
            return replace(segment, roles=roles)
        if segment.plays("anaphor") and _OF_THOSE.search(segment.text) and self._names_several():
            return replace(segment, roles=("which",))  # "which of the two, A or B"
        if _IN_UNITS.match(segment.text) and any(s.plays(*_LASTING) for s in self.segments):
            return replace(segment, roles=(FILLER,), senses=())  # "the lead time in days"
        held = segment.text.lower() in _PRONOUNS and i and self.segments[i - 1].plays("exist")
        if held and self._named_before(i):
            return replace(segment, roles=(FILLER,))  # "X in 2022, whichever datasets have it"
        told = segment.plays("field.update_frequency") and not _HOW_OFTEN.search(segment.text)
        if told and self._latest:
            return replace(segment, roles=("field.last_updated",))  # "가장 최근에 업데이트된"
        if segment.text.lower() in _COUNT and i and self.segments[i - 1].plays(*_DATASET_NOUNS, "which"):
            return replace(segment, roles=("exist",))  # "datasets that count X"
        if segment.text.endswith(_UNIT) and segment.names("value") and self._asked(i):
            return replace(segment, roles=("field.unit",), senses=())  # "시간 단위가 뭔가요"
        if self.language != "en" or not segment.plays("or") or segment.text.lower() == "or":
            return segment
        named = sum(bool(s.senses) for s in self.segments[i + 1 :])
        return replace(segment, roles=(FILLER,)) if named < 2 else segment

    def _named_before(self, i: int) -> bool:
        """Whether something of the catalog is named before a segment, in the same sentence."""
        named = [s for s in self.segments[:i] if any(x.tier < PART for x in s.senses)]
        return bool(named) and not re.search(r"[.?!]\s", self.text[named[-1].end : self.segments[i].start])

    def _names_several(self) -> bool:
        """Whether two things of one kind are named."""
        kinds = [{x.kind for x in s.senses if x.tier < PART} for s in self.segments if s.senses]
        return any(sum(kind in found for found in kinds) > 1 for kind in ("cohort", "dataset", "hospital"))

    def _updating(self, segment: Segment) -> tuple[str, ...]:
        """What "how often" and "updated" ask for together; nothing new elsewhere."""
        last = segment.plays("field.last_updated") and " " in segment.text  # "last updated"
        return ("field.update_frequency",) if self._often_updated and not last else ()

    def _asks_how_often_updated(self) -> bool:
        often = updates = named = False
        for segment in self.segments:
            granular = segment.plays("field.granularity")
            told = segment.plays("field.update_frequency")
            often = often or (granular and told)
            updates = updates or (not granular and (told or segment.plays("field.last_updated")))
            named = named or any(s.tier < PART for s in segment.names("variable"))
        return often and updates and not named

    def _asked(self, i: int) -> bool:
        """Whether a word is what is asked for: "which" stands right behind it, and no number before it."""
        behind = next((s for s in self.segments[i + 1 :] if s.roles != (FILLER,)), None)
        numbered = bool(i) and self.segments[i - 1].text.isdigit()
        return behind is not None and behind.plays("which") and not numbered

    def _duration(self) -> tuple[str, ...]:
        """What "how long" asks for: until one gets it, for how long people were followed, or neither."""
        texts = {s.text.lower() for s in self.segments}
        if any(text.startswith("follow") for text in texts):
            return ("field.follow_up",)
        return ("field.lead_time",) if texts & _GETTING else ()

    def _system(self, i: int) -> bool:
        """ "KCD" or "code" beside "L40": the noun says no more than the code."""
        if not self.segments[i].plays("field.concept"):
            return False
        beside = self.segments[max(0, i - 1) : i + 2]
        return any(s.senses and re.fullmatch(r"[A-Za-z]{1,3}\d[\w.]*", s.text) for s in beside)

    # Steering words.

    def find(self, *roles: str) -> int | None:
        """The first segment that plays any of the roles and is not part of a number."""
        return next((i for i in self._free() if self.segments[i].plays(*roles)), None)

    def has(self, *roles: str) -> bool:
        """True when a segment plays any of the roles; says nothing about use."""
        return self.find(*roles) is not None

    def take(self, *roles: str) -> bool:
        """Use every segment that plays any of the roles; False when there is none."""
        at = [i for i in self._free() if self.segments[i].plays(*roles)]
        self.used.update(at)
        return bool(at)

    @property
    def superlative(self) -> bool:
        """ "Which hospital has the most": the first one is asked for, not an order of all nor several."""
        if not self.has("rank.most", "rank.least") or self.has("rank.order", "compare"):
            return False
        if _ONE.search(self.text):
            return True
        at = self.find("subject.")
        plural = at is not None and self.segments[at].text.lower().endswith("s")
        return not plural

    def fields(self, *, told: bool = True) -> list[str]:
        """The roles "field.x" played, or ``told`` by a value, in order, without those that are only a name's
        other reading."""
        found: dict[str, None] = {}
        for i, segment in enumerate(self.segments):
            for role in segment.roles:
                if role.startswith(("field.", "told.") if told else "field.") and i not in self.used:
                    found[role.replace("told.", "field.")] = None
        return list(found)

    def _free(self) -> Iterable[int]:
        return (i for i in range(len(self.segments)) if i not in self.counted)

    # Names of the catalog.

    def mentions(self, *kinds: str) -> list[int]:
        """Segments not yet used that may name something of these kinds (all kinds when none is given).

        A word that steers or fills names something only where no other word does.
        """
        found = [
            i
            for i, segment in enumerate(self.segments)
            if i not in self.used
            and i not in self.counted
            and (segment.names(*kinds) if kinds else segment.senses)
        ]
        named = any(_pure(s) for s in self.segments)
        return [i for i in found if _pure(self.segments[i])] if named else found

    def ids(self, i: int, kind: str) -> tuple[str, ...]:
        """What segment ``i`` names of a kind, at the best tier."""
        senses = self.segments[i].names(kind)
        return min(senses, key=lambda s: s.tier).ids if senses else ()

    def parts(self, i: int, kind: str) -> tuple[str, ...]:
        """Things of a kind whose names contain the words of segment ``i``, whatever else the words name."""
        named = self.ids(i, kind)
        found = [s.ids for s in self.lexicon.parts(self.segments[i].text) if s.kind == kind]
        return named or (found[0] if found else ())

    @property
    def mentions_used(self) -> tuple[int, ...]:
        """Segments that name something and were used already, in order."""
        return tuple(i for i in sorted(self.used) if self.segments[i].senses)

    def owned(self, i: int) -> bool:
        """Whether a hospital's name stands right before a segment."""
        return i > 0 and bool(self.segments[i - 1].names("hospital"))

    def titles(self, i: int) -> tuple[str, ...]:
        """Datasets meant by "the X dataset" or "X 레지스트리", where X is part of their titles."""
        following = next((s for s in self.segments[i + 1 :] if s.roles != (FILLER,)), None)
        owned = i > 0 and bool(self.segments[i - 1].names("hospital"))
        plain = self._part_of_titles(i)
        nouns = (
            "subject.dataset",
            "subject.registry",
            *(("subject.data",) if owned or plain or self._located(following) else ()),
            *(("subject.cohort",) if owned else ()),
        )
        beside = owned and following is not None and following.plays(*_DATASET_NOUNS)
        if beside and (initials := self._by_initials(i)):
            return initials
        called = following is not None and following.plays("subject.cohort")
        if called and following is not None and "의" in self.text[self.segments[i].end : following.start]:
            return ()  # "X 자료의 코호트": what is in it, and no name of it
        if following is None or not (called or following.plays(*nouns)):
            return ()
        cohorts = [self.catalog.cohort_by_id[c] for c in self.ids(i, "cohort")]
        names = [name for c in cohorts for name in (c.name_en, c.name_ko) if name]
        for text in (self.segments[i].text, *names):
            found = [s.ids for s in self.lexicon.parts(text) if s.kind == "dataset"]
            if found and called and not owned:
                # "the AF cohort" is a dataset only where a title calls it a cohort.
                found = [tuple(d for d in found[0] if self._is_called(d, following.text))]
            if found and found[0]:
                # Of two titles with the words, the one that is called a registry is "the X registry".
                if not following.plays("subject.registry", "subject.cohort"):
                    return found[0]
                return tuple(d for d in found[0] if self._is_called(d, following.text)) or found[0]
        return () if called and not owned else self.ids(i, "dataset")

    def _located(self, noun: Segment | None) -> bool:
        """ "In the X data" in Korean: what something is in is data, whatever else X is."""
        return noun is not None and noun.plays("subject.data") and bool(_INSIDE.match(self.text[noun.end :]))

    def _by_initials(self, i: int) -> tuple[str, ...]:
        """ "The Hill ED dataset": the one of that hospital's datasets with such words in its title."""
        letters = self.word(i)
        if not re.fullmatch(r"[A-Z]{2,5}", letters):
            return ()
        own = [d for d in self.catalog.datasets if d.hospital in self.ids(i - 1, "hospital")]
        titles = {d.dataset: re.findall(r"[A-Za-z]+", d.title_en or "") for d in own}
        if any(letters in words for words in titles.values()):
            return ()
        initials = {
            id: "".join(w[0] if w[0].isupper() else " " for w in words) for id, words in titles.items()
        }
        found = [id for id, first in initials.items() if letters in first]
        return tuple(found) if len(found) == 1 else ()

    def _part_of_titles(self, i: int) -> bool:
        """Words that are part of a dataset's title and at best part of another name ("치과 데이터"), or that
        begin a title with the name of its hospital, which has other datasets too."""
        senses = self.segments[i].senses
        titled = any(s.kind == "dataset" and s.tier == PART for s in senses)
        if titled and all(s.tier == PART and s.kind in {"hospital", "dataset", "table"} for s in senses):
            return True
        if " " not in self.word(i) or any(s.kind != "hospital" for s in senses):
            return False
        found = {d for s in self.lexicon.parts(self.word(i)) if s.kind == "dataset" for d in s.ids}
        owned = {d.dataset for d in self.catalog.datasets if d.hospital in self.ids(i, "hospital")}
        return bool(found) and found < owned

    def _is_called(self, dataset: str, noun: str) -> bool:
        row = self.catalog.dataset_by_id[dataset]
        return any(noun.lower() in (title or "").lower() for title in (row.title_en, row.title_ko))

    def either(self, i: int, j: int) -> bool:
        """Whether the question wants one of two mentions: "X or Y", "any of X and Y"."""
        if any(s.plays("or") for s in self.segments[i + 1 : j]):
            return True
        if _EITHER.match(self.text[self.segments[i].end : self.segments[j].start]):
            return True
        before = next((s for s in reversed(self.segments[:i]) if s.roles != (FILLER,)), None)
        between = self.segments[i + 1 : j]
        joined = all(s.plays("and", FILLER) for s in between)
        behind = any(s.plays("or") for s in self.segments[j + 1 : j + 4]) if self.language == "ko" else False
        return joined and (behind or (before is not None and before.plays("or")))

    def negated(self, i: int) -> bool:
        """A "without" or "없는" belongs to this mention: behind it in Korean, before it in English."""
        steps = range(i + 1, len(self.segments)) if self.language == "ko" else range(i - 1, -1, -1)
        for j in steps:
            segment = self.segments[j]
            if segment.plays("not"):
                self.used.add(j)
                return True
            if j in self.again:
                continue
            if segment.senses or segment.plays("subject.hospital", "subject.dataset"):
                return False
        return False

    def called_a_cohort(self, i: int) -> bool:
        """ "An obesity cohort", "both A and obesity as cohorts": the noun says what the name is."""
        if not self.segments[i].names("cohort") or self.titles(i):
            return False
        for segment in self.segments[i + 1 :]:
            if segment.plays("subject.cohort"):
                return True
            if not (segment.names("cohort") or segment.plays(FILLER, "and", "or")):
                return False
        return False

    def word(self, i: int) -> str:
        return self.segments[i].text

    def written(self, i: int) -> str:
        """The words of a segment as they stand in the question ("last year", whose text is a year)."""
        return self.text[self.segments[i].start : self.segments[i].end]

    # Numbers.

    def instead(self, quantity: Quantity, words: str) -> str:
        """The question with other words in place of a quantity."""
        first, last = self.segments[min(quantity.at)], self.segments[max(quantity.at)]
        return f"{self.text[: first.start]}{words}{self.text[last.end :]}"

    def quantity(self, *kinds: QuantityKind) -> Quantity | None:
        """The first unused quantity of these kinds; it counts as used from here on."""
        for quantity in self.quantities:
            if quantity.kind in kinds and not set(quantity.at) & self.used:
                self.used.update(quantity.at)
                return quantity
        return None

    def peek(self, *kinds: QuantityKind) -> bool:
        """True when such a quantity is there and unused."""
        return any(q.kind in kinds and not set(q.at) & self.used for q in self.quantities)

    def spoken_number(self) -> int | None:
        """How many are asked for, in words: "the two smallest", "상위 세 개", "데이터셋 다섯 개만", "three
        datasets". Only where something ranks; the words count as used."""
        for i, segment in enumerate(self.segments):
            number = next((r for r in segment.roles if r.startswith("value.")), "value.1")
            if number == "value.1" or i in self.counted or i in self.used:
                continue
            behind = (s for s in self.segments[i + 1 :] if s.roles != (FILLER,) or s.text in _COUNTERS)
            after = next(behind, None)
            before = self.segments[i - 1] if i else None
            ranked = ("rank.most", "rank.least")
            counted = after is not None and (after.text in _COUNTERS or after.plays("subject.", *ranked))
            if counted or (before is not None and before.plays(*ranked)):
                self.used.add(i)
                return int(number.split(".")[1])
        return None

    def asked_number(self) -> int | None:
        """How many are asked for, in words or figures ("top 5")."""
        spoken = self.spoken_number()
        quantity = self.quantity("plain") if spoken is None else None
        if quantity is not None and not (quantity.exact and quantity.low):
            self.used.difference_update(quantity.at)
            return None
        return spoken or (int(quantity.low) if quantity is not None and quantity.low else None)

    # The account.

    def left_over(self) -> tuple[list[int], list[int]]:
        """(unknown strong words, known words that changed nothing) among what was not used."""
        unknown, idle = [], []
        unsaid = {
            q.at[0] for q in self.quantities
            if (q.kind != "plain" or any(self.segments[i].plays("number.") for i in q.at))
            and not self.used & set(q.at)
        }
        for i, segment in enumerate(self.segments):
            if i in self.used:
                continue
            if i in self.counted:
                if i in unsaid or (segment.strong and not segment.roles):
                    idle.append(i)
            elif not segment.known:
                if segment.strong:
                    unknown.append(i)
            elif not _idles(segment) and not self._said_before(i):
                idle.append(i)
        return unknown, idle

    def _said_before(self, i: int) -> bool:
        """ "Ferritin - in what unit is it stored": the pronoun is the name before it, which has the unit."""
        segment = self.segments[i]
        if segment.text.lower() not in {"it", "they"} or not _PRONOUN.search(self.text[: segment.start]):
            return False
        names = [j for j in self.mentions_used if j < i]
        own = any(s.plays(*OF_VARIABLES) for s in self.segments)
        kind = "variable" if own else "dataset"
        return len(names) == 1 and bool(self.segments[names[0]].names(kind))

    # What the question is about.

    def _groups(self) -> list[Dimension]:
        """Dimensions grouped by: "병원별", "by hospital and sex", "each hospital"."""
        found: dict[Dimension, int] = {}
        for i, segment in enumerate(self.segments):
            if segment.plays("group.after"):
                self._group_back(i, found)
            elif segment.plays("group.before"):
                self._group_on(i, found)
        self.grouped = set(found.values())
        return list(dict.fromkeys(found))

    def _dimension(self, i: int) -> Dimension | None:
        if i in self.counted:
            return None
        return next((_DIMENSIONS[r] for r in self.segments[i].roles if r in _DIMENSIONS), None)

    def _group_back(self, i: int, found: dict[Dimension, int]) -> None:
        j = i - 1
        while j >= 0 and self.segments[j].roles == (FILLER,):
            j -= 1
        while j >= 0:
            dimension = self._dimension(j)
            if dimension is None and j == i - 1 and self.segments[j].plays("subject.data"):
                dimension = "dataset"  # "자료별로"
            if dimension is None:
                break
            found.setdefault(dimension, j)
            # "병원 및 연도별": the marker closes a list.
            if j < 2 or not self.segments[j - 1].plays("and"):
                break
            j -= 2

    def _group_on(self, i: int, found: dict[Dimension, int]) -> None:
        j = i + 1
        while j < len(self.segments):
            dimension = self._dimension(j)
            if dimension is not None:
                found.setdefault(dimension, j)
            elif years := next((q for q in self.quantities if j in q.at and _several_years(q)), None):
                found.setdefault("year", i)  # "for each of the last three years"
                j = max(years.at)
            elif not self.segments[j].plays("and", FILLER, "group.before"):
                break
            j += 1

    def _subject(self) -> str | None:
        """The entity asked for: the one behind "which", else the last noun in Korean, the first in English.

        "data" and "where" count only where no other noun is there.
        """
        nouns = [
            (i, _NOUNS.get(role, role.split(".")[1]))
            for i, segment in enumerate(self.segments)
            if i not in self.grouped and i not in self.counted
            for role in segment.roles
            if role.startswith("subject.")
        ]
        titled = [i for i, s in enumerate(self.segments) if i and s.titled and s.names("dataset")]
        if any(self.segments[i - 1].plays("which") for i in titled):
            return "dataset"  # "which lifelog datasets"
        if not nouns:
            return None
        for i, name in nouns:
            if name not in {"data", "where"} and any(
                self.segments[j].plays("which", "how_many") for j in range(max(0, i - 2), i)
            ):
                return name
        chosen = [n for n in nouns if n[1] not in {"data", "where"}]
        if self.language == "en" and nouns[0][1] == "data" and chosen and chosen[0][1] == "hospital":
            return "data"  # "data from hospitals in ..."
        if not chosen:
            return "data" if any(n[1] == "data" for n in nouns) else None
        return chosen[-1][1] if self.language == "ko" else chosen[0][1]


def _several_years(quantity: Quantity) -> bool:
    return quantity.kind == "recent" or (quantity.kind == "year" and not quantity.exact)


def _pure(segment: Segment) -> bool:
    """A name that does nothing else; "registry" names a kind of dataset while it asks for one, and
    "diabetics" are people of a cohort."""
    cohort = any(s.tier < PART for s in segment.names("cohort"))
    beside = {"subject.registry", "people"} if cohort else {"subject.registry"}
    return bool(segment.senses) and set(segment.roles) <= beside


def _idles(segment: Segment) -> bool:
    """Whether a known segment may stay unused: no order in which rows were asked for may ("많은 순")."""
    if segment.plays("rank.most", "rank.least") and segment.plays("rank.order"):
        return False
    return any(_loose(role) for role in segment.roles)


def _loose(role: str) -> bool:
    return any(role == loose or (loose.endswith(".") and role.startswith(loose)) for loose in _LOOSE)
