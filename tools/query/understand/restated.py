"""Words that say again what the name of a cohort beside them says.

A limit of its definition ("severe trauma, ISS of 16 or more"), and everyday words before the term in
parentheses ("머리를 다친(뇌손상)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.catalog.read import Catalog
from tools.query.understand.lexicon import PART
from tools.query.understand.quantity import Quantity
from tools.query.understand.tiles import FILLER, Segment

_NEAR = 2  # segments between a variable and its number
_SAID = {  # how a definition may put a limit; {n} is the number
    "ge": r"{n}\W{{0,2}}\w{{0,8}} ?(?:이상|or (?:more|above|higher|over|greater))|(?:at least|≥|>=) ?{n}",
    "gt": r"{n}\W{{0,2}}\w{{0,8}} ?(?:초과|를? ?넘)|(?:over|more than|above|greater than|>) ?{n}",
    "le": r"{n}\W{{0,2}}\w{{0,8}} ?(?:이하|or (?:less|below|lower|fewer|under))|(?:at most|≤|<=) ?{n}",
    "lt": r"{n}\W{{0,2}}\w{{0,8}} ?미만|(?:under|less than|below|<) ?{n}",
}
_PARENTHESIS = re.compile(
    r"(?P<noun>[가-힣]{1,6}?)[을를이가에] (?:[가-힣]{1,3} )?[가-힣]*(?P<last>[가-힣])\s?\((?P<term>[^()]+)\)"
)
_AGAIN = re.compile(r"\s?\((?:몇|how many|number of) [^()]{1,20}\)", re.IGNORECASE)
_ADNOMINAL = 4  # the final ㄴ of "다친"


def in_brackets(text: str, segments: Sequence[Segment]) -> dict[int, int]:
    """Names in parentheses that say again the name right before them, or say it whole where that is a part of
    it ("천식(알레르기 천식)"), and the index of the one that counts."""
    found: dict[int, int] = {}
    for j in range(1, len(segments)):
        one, other = segments[j - 1], segments[j]
        if text[one.end : other.start].strip() != "(" or text[other.end : other.end + 1] != ")":
            continue
        meant = {(s.kind, id) for s in one.senses for id in s.ids}
        shared = any((s.kind, id) in meant for s in other.senses for id in s.ids)
        if shared and not (one.roles or other.roles):
            surer = min(s.tier for s in other.senses) < PART <= min(s.tier for s in one.senses)
            found[j - 1 if surer else j] = j if surer else j - 1
    return found


def restated(
    catalog: Catalog, text: str, segments: Sequence[Segment], quantities: Sequence[Quantity]
) -> set[int]:
    """The indexes of segments that add nothing to a cohort that is named, or to the records asked for."""
    again = _units_again(text, segments) | _contrasted(segments) | _lengths(quantities)
    named = [i for i, s in enumerate(segments) if any(x.tier < PART for x in s.names("cohort"))]
    if not named:
        return again
    defined = _of_definitions(catalog, segments, quantities, named)
    return {*again, *defined, *_before_terms(text, segments, named)}


def _units_again(text: str, segments: Sequence[Segment]) -> set[int]:
    """ "몇 건(몇 밤)", "how many records (how many nights)": what a record is called there."""
    found: set[int] = set()
    for i, segment in enumerate(segments):
        inside = _AGAIN.match(text, segment.end) if segment.plays("measure.records") else None
        if inside is not None:
            found |= {j for j in range(i + 1, len(segments)) if segments[j].end <= inside.end()}
    return found


def _lengths(quantities: Sequence[Quantity]) -> set[int]:
    """ "2010년부터 2014년까지 5년": how long the range of years beside it is."""
    ranges = [q for q in quantities if q.kind == "year" and not q.exact]
    lengths = {q.whole_high - q.whole_low + 1 for q in ranges if q.whole_low and q.whole_high}
    return {i for q in quantities if q.kind == "span_years" and q.exact and q.low in lengths for i in q.at}


def _contrasted(segments: Sequence[Segment]) -> set[int]:
    """ "수술 전 말고 수술 후 CEA", "post-operative, not pre-operative CEA": of two values of one property the
    one that is meant excludes the other; of people and records, records do."""
    found: set[int] = set()
    told = [i for i, s in enumerate(segments) if s.roles != (FILLER,)]
    for before, at, after in zip(told, told[1:], told[2:], strict=False):
        of_people = segments[before].plays("people", "measure.patients") or (
            before > 0 and segments[before].plays("how_many") and segments[before - 1].plays("people")
        )
        if segments[at].plays("not") and of_people:
            # "사람 수 말고 예약 건수요": the noun of what is counted says it again.
            behind = range(at, min(at + 4, len(segments)))
            counted = next((j for j in behind if segments[j].plays("measure.records")), 0)
            said = " ".join(s.text for s in segments[:before])
            again = all(s.plays(FILLER) or s.text in said for s in segments[at + 1 : counted])
            found |= {before, *range(at, counted + 1)} if counted and again else set()
        fields = {s.field for s in segments[before].names("value")}
        alike = fields & {s.field for s in segments[after].names("value")}
        if segments[at].plays("not") and alike and segments[before].senses != segments[after].senses:
            found |= {at, after if segments[at].text.isascii() else before}
    return found


def _of_definitions(
    catalog: Catalog, segments: Sequence[Segment], quantities: Sequence[Quantity], named: Sequence[int]
) -> Iterator[int]:
    ids = {id for i in named for s in segments[i].names("cohort") for id in s.ids}
    if len(ids) != 1:
        return
    definition = catalog.cohort_by_id[ids.pop()].definition or ""
    for quantity in quantities:
        limit, first = quantity.comparison(), min(quantity.at)
        if limit is None or quantity.kind not in {"plain", "percent"}:
            continue
        number = rf"(?<![\d.]){re.escape(f'{limit[1]:g}')}(?![\d.]*\d)"
        if not re.search(_SAID[limit[0]].format(n=number), definition, re.IGNORECASE):
            continue
        for i in range(max(0, first - _NEAR), first):
            if i not in named and _said_in(catalog, segments[i], definition):
                yield from (i, *quantity.at)


def _said_in(catalog: Catalog, segment: Segment, definition: str) -> bool:
    """Whether a definition speaks of a variable that a segment names."""
    ids = [id for s in segment.names("variable") for id in s.ids]
    rows = [v for id in ids for v in catalog.variables_by_name.get(id, ())]
    names = {n for v in rows for n in (v.label_en, v.label_ko, *v.aliases) if n and len(n) > 1}
    return any(re.search(rf"(?i)(?<![a-z]){re.escape(n)}(?![a-z])", definition) for n in names)


def _before_terms(text: str, segments: Sequence[Segment], named: Sequence[int]) -> Iterator[int]:
    for match in _PARENTHESIS.finditer(text):
        if (ord(match["last"]) - ord("가")) % 28 != _ADNOMINAL:
            continue
        if match.span("term") not in [(segments[i].start, segments[i].end) for i in named]:
            continue
        for i, segment in enumerate(segments):
            whole = any(s.tier < PART for s in segment.senses)
            inside = match.start("noun") <= segment.start and segment.end <= match.end("last")
            if inside and not whole and set(segment.roles) <= {FILLER}:
                yield i
