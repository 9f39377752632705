"""Choices for a question that names something and asks nothing definite ("Do you have lung function?")."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from tools.query.understand.clues import Clues
from tools.query.understand.lexicon import PART
from tools.query.understand.outcome import Note, Unclear

SEVERAL = 4
BROAD_PART = 3
MAX_CHOICES = 4


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    loaded: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        Path(__file__).with_name("choices.yaml").read_text(encoding="utf-8")
    )
    return loaded


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
