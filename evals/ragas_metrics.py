"""ragas, reached from here only: the metrics of it that need no model.

Release 0.4.3 imports a module that langchain-community no longer has; an empty one stands in for it while
ragas is imported. A test fails once that is no longer needed.
"""

from __future__ import annotations

import importlib.util
import math
import os
import sys
import types
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

STAND_IN = "langchain_community.chat_models.vertexai"
STAND_IN_CLASS = "ChatVertexAI"
# What each compares: the answer with the reference, or the quoted passages with it.
METRICS = {
    "string_similarity": "NonLLMStringSimilarity",
    "chrf": "ChrfScore",
    "context_precision": "NonLLMContextPrecisionWithReference",
    "context_recall": "NonLLMContextRecall",
}
_OF_CONTEXTS = {"context_precision", "context_recall"}
EXTRA = "the evals extra is not installed (pip install 'giljabi[evals]')"


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer, the passages that it quotes, and the passage that answers the question."""

    answer: str
    reference: str
    contexts: tuple[str, ...]


def lacking() -> str:
    """Why the metrics cannot be computed here; "" where they can."""
    missing = [name for name in ("ragas", "sacrebleu") if importlib.util.find_spec(name) is None]
    return f"{EXTRA}; {' and '.join(missing)} missing" if missing else ""


def measure(metric: str, samples: Sequence[Sample]) -> list[float | None]:
    """The metric, 0 to 1, of each sample; None where it does not apply, as without any quoted passage."""
    ragas, metrics = _modules()
    with warnings.catch_warnings():  # the new home of these metrics holds only two of the four
        warnings.simplefilter("ignore", DeprecationWarning)
        scorer = getattr(metrics, METRICS[metric])()
    scores: list[float | None] = []
    for sample in samples:
        if metric in _OF_CONTEXTS and not sample.contexts:
            scores.append(None)
            continue
        turn = ragas.SingleTurnSample(
            response=sample.answer,
            reference=sample.reference,
            retrieved_contexts=list(sample.contexts),
            reference_contexts=[sample.reference],
        )
        value = float(scorer.single_turn_score(turn))
        scores.append(None if math.isnan(value) else value)
    return scores


@cache
def _modules() -> tuple[Any, Any]:
    """ragas and its metrics, imported without telemetry and with the stand-in where it is needed."""
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    stood_in = False
    if stand_in_needed():
        module = types.ModuleType(STAND_IN)
        setattr(module, STAND_IN_CLASS, type(STAND_IN_CLASS, (), {}))
        sys.modules[STAND_IN] = module
        stood_in = True
    try:
        import ragas
        from ragas import metrics

        return ragas, metrics
    finally:
        if stood_in:
            with suppress(KeyError):
                del sys.modules[STAND_IN]


def stand_in_needed() -> bool:
    """The module that ragas imports is not there."""
    try:
        return importlib.util.find_spec(STAND_IN) is None
    except ModuleNotFoundError:
        return True
