"""Words that say again what the name of a cohort beside them says.

A limit of its definition ("severe trauma, ISS of 16 or more"), and everyday words before the term in
parentheses ("머리를 다친(뇌손상)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.catalog.read import Catalog
from tools.query.understand.lexicon import PART
from tools.query.understand.quantities import Quantity
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
    """Names in parentheses that say again the name right before them, and the index of that one."""
    found: dict[int, int] = {}
    for j in range(1, len(segments)):
        one, other = segments[j - 1], segments[j]
        if text[one.end : other.start].strip() != "(" or text[other.end : other.end + 1] != ")":
            continue
        meant = {(s.kind, id) for s in one.senses for id in s.ids}
        shared = any((s.kind, id) in meant for s in other.senses for id in s.ids)
        if shared and not (one.roles or other.roles):
            found[j] = j - 1
    return found


def restated(
    catalog: Catalog, text: str, segments: Sequence[Segment], quantities: Sequence[Quantity]
) -> set[int]:
    """The indexes of segments that add nothing to a cohort that is named, or to the records asked for."""
    again = _units_again(text, segments)
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
