"""The road of a question as a LangGraph: understand, gather, write, check; the conversation is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from assistant.turn import State

Step = Callable[[State], State]


def road(steps: dict[str, Step], saver: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The steps in order, each timed, with conversations kept by ``saver``."""
    graph = StateGraph(State)
    names = list(steps)
    for name, step in steps.items():
        graph.add_node(name, _timed(name, step))  # type: ignore[call-overload]
    for before, after in zip([START, *names], [*names, END], strict=True):
        graph.add_edge(before, after)
    return graph.compile(checkpointer=saver)


def _timed(name: str, step: Step) -> Step:
    def timed(state: State) -> State:
        begun = time.perf_counter()
        changes = step(state)
        spent = round((time.perf_counter() - begun) * 1000, 3)
        return {**changes, "timings": {**state.get("timings", {}), name: spent}}

    return timed
