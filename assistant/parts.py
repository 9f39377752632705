"""Questions that ask several things: how they are split, and how each step of the road serves every part."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from assistant.turn import State
from knowledge.data_file import read_shipped

MAX_PARTS = 3
Step = Callable[[State], State]


def pieces(question: str) -> tuple[str, ...]:
    """The question cut where another one may begin; one piece where it asks one thing only."""
    forms = _forms()
    cut, asks = forms["cut"], forms["asks"]
    found = [piece.strip(" ,;") for piece in cut.split(question) if piece and piece.strip(" ,;.?!")]
    found = _rejoined([piece for piece in found if not forms["leads"].match(piece)])
    if forms["within"].match(found[0] if found else "") and not found[0].endswith(("?", ".", "!")):
        return (question,)  # "among those with X, how many ..."
    if not 1 < len(found) <= MAX_PARTS or not all(asks.search(piece) for piece in found):
        return (question,)
    return tuple(found)


def wants(piece: str) -> bool:
    """Whether a piece wants something handed over, rather than asking about it."""
    return _forms()["wants"].search(piece) is not None


def _rejoined(found: list[str]) -> list[str]:
    """The pieces, with those that only close a question behind the one before."""
    whole: list[str] = []
    for piece in found:
        if whole and _forms()["closes"].match(piece):
            whole[-1] = f"{whole[-1]} {piece}"
        else:
            whole.append(piece)
    return whole


def stands_alone(piece: str) -> bool:
    """Whether a piece asks by itself, rather than going on with the question before it."""
    return _forms()["itself"].search(piece) is not None


def each(step: Step) -> Step:
    """The step done for every part of the question. What the first part comes to stands for the whole."""

    def done(state: State) -> State:
        parts = state.get("parts")
        if not parts:
            return step(state)
        changed = [step(cast(State, {**state, **part})) for part in parts]
        served = tuple(cast(State, {**part, **change}) for part, change in zip(parts, changed, strict=True))
        return cast(State, {**changed[0], "parts": served})

    return done


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    loaded: dict[str, Any] = read_shipped(Path(__file__).with_name("parts.yaml"))
    return {
        name: re.compile("|".join(f"(?:{line})" for line in block.split("\n") if line), re.IGNORECASE)
        for name, block in loaded.items()
    }
