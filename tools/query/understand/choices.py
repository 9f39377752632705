"""Choices for a question that names something and asks nothing definite ("Do you have lung function?")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped
from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Note, Unclear
from tools.query.understand.turn import read_turn

SEVERAL = 4
BROAD_PART = 3
MAX_CHOICES = 4
_WORD = re.compile(r"\w+")
_ANSWER_WORDS = 8


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    return read_shipped(Path(__file__).with_name("choices.yaml"))


def vague_part(clues: Clues, i: int) -> Unclear | None:
    """A choice when one word is part of the names of many different variables ("score")."""
    segment = clues.segments[i]
    names = clues.ids(i, "variable")
    if min((s.tier for s in segment.senses), default=0) < PART or " " in segment.text:
        return None
    if len(names) <= BROAD_PART or clues.has("related"):
        return None
    labels = [_label(clues, name) for name in names[:MAX_CHOICES]]
    form = _forms()[clues.language]["variables"]
    return Unclear(Note("several", {"words": segment.text}), tuple(form.format(words=w) for w in labels))


def _label(clues: Clues, name: str) -> str:
    variable = clues.catalog.variables_by_name[name][0]
    first, second = variable.label_en, variable.label_ko
    return (second or first or name) if clues.language == "ko" else (first or second or name)


def too_broad(clues: Clues) -> Unclear | None:
    """A choice when the only name in a bare question stands for many variables over several datasets."""
    named = clues.mentions()
    steering = clues.has(
        "field.", "measure.", "how_many", "rank.", "linkage", "people", "which", "both", "or"
    )
    if len(named) != 1 or steering or clues.subject is not None or not clues.has("exist"):
        return None
    i = named[0]
    catalog = clues.catalog
    found = [v for name in clues.ids(i, "variable") for v in catalog.variables_by_name.get(name, ())]
    found += [v for name in clues.ids(i, "table") for v in catalog.variables_by_table.get(name, ())]
    if len({v.name for v in found}) < SEVERAL or len({v.dataset for v in found}) < 2:
        return None
    words = clues.word(i)
    choices = tuple(form.format(words=words) for form in _forms()[clues.language].values())
    return Unclear(Note("several", {"words": words}), choices)


def chosen(reply: str, options: Sequence[str]) -> tuple[str, ...] | None:
    """The options that a reply picks: by number, by place, by a word that only one of them has, or all.

    () for "neither"; None for a reply that does not pick, which is a question of its own.
    """
    turn = read_turn(reply)
    if turn.has("neither"):
        return ()
    if turn.has("every"):
        return tuple(options)
    same = [option for option in options if option.strip().lower() == reply.strip().lower()]
    if same:
        return (same[0],)
    place = turn.place
    bare = reply.strip(" .)번#!?")
    if bare.isdigit() and len(bare) == 1:
        place = int(bare)
    elif place is None or len(_words(turn.rest)) > 2:
        return _by_words(reply, options)
    if place == -1:
        place = len(options)
    return (options[place - 1],) if 0 < place <= len(options) else None


def _by_words(reply: str, options: Sequence[str]) -> tuple[str, ...] | None:
    """The only option that has the reply's telling words, those that not every option has."""
    said = _words(reply)
    if not 0 < len(said) <= _ANSWER_WORDS:
        return None
    held = [_words(option) for option in options]
    common = set.intersection(*held) if held else set()
    fits = [i for i, own in enumerate(held) if said & (own - common)]
    if len(fits) > 1:
        most = max(len(said & held[i]) for i in fits)
        fits = [i for i in fits if len(said & held[i]) == most]
    if len(fits) != 1 or len(said & held[fits[0]]) * 2 < len(said):
        return None
    return (options[fits[0]],)


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}
