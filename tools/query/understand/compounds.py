"""Segments that belong together: a demonstrative with its noun, and names that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from tools.query.understand.lexicon import PART
from tools.query.understand.tiles import ANAPHOR, DEMONSTRATIVE, Segment
from tools.query.understand.words import key

BROAD = 3  # variables with a word in their names, from which on it is a general one
Apart = Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]
_CONTENT = {"variable", "concept"}
_NAMED = {*_CONTENT, "table", "cohort"}
_HANGUL = re.compile(r"[가-힣]+")


def joined(
    question: str,
    tiles: Sequence[Segment],
    general: Collection[str] = (),
    apart: Apart = lambda names, _: names,
) -> list[Segment]:
    """The tiles of a question with those made one that mean one thing. ``general`` are keys of words that any
    measurement may be called ("score"); ``apart`` is how a lexicon tells variables of one concept apart."""
    found: list[Segment] = []
    for tile in tiles:
        before = found[-1] if found else None
        one = before and (
            _pointing(question, found, tile)
            or _compound(question, before, tile, general, apart)
            or _one_word(question, before, tile)
        )
        if one:
            found[-1] = one
        else:
            found.append(tile)
    told = [_alone(tile, found[i + 1] if i + 1 < len(found) else None) for i, tile in enumerate(found)]
    return [replace(s, roles=tuple(r for r in s.roles if r != DEMONSTRATIVE)) for s in told]


def _alone(tile: Segment, following: Segment | None) -> Segment:
    """A syllable that is only part of names means nothing before a verb that nobody knows ("코 고는")."""
    if following is None or following.known or following.strong or tile.roles or not tile.senses:
        return tile
    return replace(tile, senses=()) if len(tile.text) == 1 and _tier(tile) == PART else tile


def _pointing(question: str, found: Sequence[Segment], noun: Segment) -> Segment | None:
    """ "그 등록자료", "that registry": refers back, where nothing before it in the question can be meant."""
    before = found[-1]
    first = before.start == 0 or question[before.start - 1].isspace()
    if not (first and before.plays(DEMONSTRATIVE) and noun.plays("subject.")):
        return None
    named = any(s.names("hospital", "dataset", "cohort") or s.plays("subject.") for s in found[:-1])
    if named or not question[before.end : noun.start].isspace():
        return None
    roles = (ANAPHOR, *((f"{ANAPHOR}.hospital",) if noun.plays("subject.hospital") else ()))
    return Segment(question[before.start : noun.end], before.start, noun.end, roles, (), strong=True)


def _compound(
    question: str, one: Segment, other: Segment, general: Collection[str], apart: Apart
) -> Segment | None:
    """Two names of variables side by side are one. A whole name keeps its meaning beside a general word
    ("CRP level"); where no variable has both, the compound is a name that the catalog does not hold
    ("tau PET" of a tau assay and an amyloid PET)."""
    if question[one.end : other.start].strip() or one.roles or other.roles:
        return None
    kinds = {x.kind for x in one.senses}
    named = bool(kinds) and kinds - {"table"} <= _CONTENT and bool(kinds & _CONTENT)
    if named and key(other.text) in general:
        return replace(one, text=question[one.start : other.end], end=other.end)
    if not named or not other.senses or not {x.kind for x in other.senses} <= _CONTENT:
        return None
    whole, second = (one, other) if _tier(one) <= _tier(other) else (other, one)
    shared = [
        replace(sense, ids=ids)
        for sense in whole.senses
        for more in second.names(sense.kind)
        if (ids := tuple(id for id in sense.ids if id in more.ids))
    ]
    weak = _tier(whole) < PART <= _tier(second)
    broad = key(second.text) in general or max(len(s.ids) for s in second.senses) >= BROAD
    own = tuple(s for s in whole.senses if s.kind != "table") if shared else whole.senses
    having = tuple(id for s in shared if s.kind == "variable" for id in s.ids)
    if having and key(second.text) not in general:
        own = tuple(replace(s, ids=apart(s.ids, having)) if s.kind == "variable" else s for s in own)
    kept = own if weak and (shared or broad) else tuple(shared)
    return Segment(question[one.start : other.end], one.start, other.end, (), kept, strong=True)


def _one_word(question: str, one: Segment, other: Segment) -> Segment | None:
    """ "신장암" where the catalog has no such cancer, but a height ("신장") and a cancer of another organ:
    one word is one name, and of things that have nothing in common it names none."""
    written = question[one.start : other.end]
    if one.roles or other.roles or not other.names("cohort") or not _HANGUL.fullmatch(written):
        return None
    if not one.senses or any(s.kind not in _NAMED for s in one.senses):
        return None
    ids = {(s.kind, id) for s in one.senses for id in s.ids}
    if any((s.kind, id) in ids for s in other.senses for id in s.ids):
        return None
    return Segment(written, one.start, other.end, (), (), strong=True)


def _tier(segment: Segment) -> int:
    return min(s.tier for s in segment.senses)
