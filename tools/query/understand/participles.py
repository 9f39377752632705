"""What English participles and agents limit: "the treated group", "archived datasets", "by a company".

Verbs of general language carry a question and need no use. Where one stands before a noun, or is all that is
said of datasets, it tells which of them are meant; so does a plain noun behind "by a".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped
from tools.query.plan import ListPlan, QueryPlan
from tools.query.understand.clues import Clues
from tools.query.understand.tiles import FILLER, Segment

_FILE = Path(__file__).with_name("participles.yaml")
_PLAIN = frozenset((FILLER, "exist"))
_GROUPS = frozenset(("group", "groups", "arm", "arms", "half", "part", "ones"))
_BEFORE = re.compile(
    r"(?i)(?:^|[,;:(]|\b(?:the|an?|all|any|these|those|our|your|their|of|in|for|with|among|many|and|or|only|no"
    r"|per|by|both|each|every|about|to|from|are|is|number|never|newly|recently|previously|already"
    r"|in[a-z]*patient|female|male)) $"
)
_OF_THEM = re.compile(
    r"(?i)\b(?:datasets?|databases?|registries|registry|registers?|cohorts?|collections?|sources?|data)"
    r" (?:(?:that|which) )?(?:is|are|was|were|has been|have been|being|gets?|got)"
    r" (?:(?:also|all|still|currently|being|now|already|not|regularly|properly|fully) )*$"
)
_BY = re.compile(r"(?i)\bby (?:an?|some|any|another|the|our|your|their)$|\bby$")
_OCCASIONS = re.compile(
    r"(?i)by (?:the )?(?:way|chance|any chance|default|name|then|now|any means|all means|end|time)\b"
)
_ARTICLES = frozenset(("a", "an", "the", "some", "any", "another", "our", "your", "their"))
_NEAR = 48  # letters


def participles(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """Participles that say of which people or datasets a question is, and of which the plan has nothing."""
    if clues.language != "en":
        return
    for i, segment in enumerate(clues.segments):
        if segment.senses or not set(segment.roles) <= _PLAIN or not segment.roles:
            continue
        word = segment.text.lower()
        if word in _idle() or not _is_participle(word):
            continue
        before = clues.text[max(0, segment.start - _NEAR) : segment.start]
        if _of_a_noun(clues, i, before) or (_lists_all(plan) and _OF_THEM.search(before)):
            yield i


def agents(clues: Clues, plan: QueryPlan) -> Iterator[int]:
    """ "Run by a company": who does something is not held where the words say no more than that."""
    if clues.language != "en":
        return
    for i, segment in enumerate(clues.segments):
        before = clues.text[max(0, segment.start - _NEAR) : segment.start].rstrip()
        if segment.senses or segment.roles != (FILLER,) or i in clues.used or not _BY.search(before):
            continue
        if before.lower().endswith("by") and not _is_participle(_word_before(before)):
            continue
        if segment.text.lower() in _ARTICLES or _OCCASIONS.search(f"{before} {segment.text}"):
            continue
        following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
        if following is None or not (following.senses or following.plays("people", "subject.")):
            yield i


def _word_before(text: str) -> str:
    words = text.lower().split()
    return words[-2] if len(words) > 1 else ""


def _of_a_noun(clues: Clues, i: int, before: str) -> bool:
    """ "The treated group", "flagged patients", as opposed to "which hospitals treated patients"."""
    following = clues.segments[i + 1] if i + 1 < len(clues.segments) else None
    if following is None or not clues.text[clues.segments[i].end : following.start].isspace():
        return False
    return _is_noun(following) and _BEFORE.search(before) is not None


def _is_noun(segment: Segment) -> bool:
    if segment.text.lower() in _GROUPS:
        return True
    return segment.plays("people", "subject.dataset", "subject.registry", "subject.data", "subject.cohort")


def _lists_all(plan: QueryPlan) -> bool:
    return isinstance(plan, ListPlan) and plan.subject == "dataset" and not (plan.holdings or plan.conditions)


def _is_participle(word: str) -> bool:
    return word.endswith("ed") or word in _irregular()


@cache
def _idle() -> frozenset[str]:
    return frozenset(read_shipped(_FILE)["idle"])


@cache
def _irregular() -> frozenset[str]:
    return frozenset(read_shipped(_FILE)["irregular"])
