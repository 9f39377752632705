"""ragas, reached from here only: its metrics that need no model or our sentence encoder alone, and those
that a judge, a language model behind an OpenAI-compatible endpoint, has to be asked for.

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

from knowledge.documents.embed import SentenceEncoder

STAND_IN = "langchain_community.chat_models.vertexai"
STAND_IN_CLASS = "ChatVertexAI"
# What each compares: the answer with the reference, or the quoted passages with it.
METRICS = {
    "string_similarity": "NonLLMStringSimilarity",
    "chrf": "ChrfScore",
    "context_precision": "NonLLMContextPrecisionWithReference",
    "context_recall": "NonLLMContextRecall",
}
EMBEDDED = "semantic_similarity"  # the answer with the reference, by our own sentence encoder
# What a judge is asked, with what each is given.
JUDGED = {
    "faithfulness": ("Faithfulness", ("user_input", "response", "retrieved_contexts")),
    "judged_context_recall": ("ContextRecall", ("user_input", "retrieved_contexts", "reference")),
    "judged_context_precision": (
        "ContextPrecisionWithReference",
        ("user_input", "reference", "retrieved_contexts"),
    ),
    "factual_correctness": ("FactualCorrectness", ("response", "reference")),
    "answer_relevancy": ("AnswerRelevancy", ("user_input", "response")),
}
_OF_CONTEXTS = {"context_precision", "context_recall"}
EXTRA = "the evals extra is not installed (pip install 'giljabi[evals]')"


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, its answer, the passages that it quotes, and the passage that answers the question."""

    answer: str
    reference: str
    contexts: tuple[str, ...]
    question: str = ""


def lacking() -> str:
    """Why the metrics cannot be computed here; "" where they can."""
    missing = [name for name in ("ragas", "sacrebleu") if importlib.util.find_spec(name) is None]
    return f"{EXTRA}; {' and '.join(missing)} missing" if missing else ""


def measure(metric: str, samples: Sequence[Sample]) -> list[float | None]:
    """The metric, 0 to 1, of each sample; None where it does not apply, as without any quoted passage."""
    if metric == EMBEDDED:
        scorer = modules().collections.SemanticSimilarity(embeddings=sentence_embedding())
        return [_told(scorer.score(reference=s.reference, response=s.answer).value) for s in samples]
    ragas, metrics = modules().ragas, modules().metrics
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
        scores.append(_told(scorer.single_turn_score(turn)))
    return scores


async def judged(metric: str, llm: Any, sample: Sample) -> float | None:
    """A metric of ``JUDGED`` of one sample, 0 to 1; None where it does not apply. ``llm`` is ragas' own kind.

    Raises whatever the judge's client, its reply or ragas raises.
    """
    name, wanted = JUDGED[metric]
    given = {
        "user_input": sample.question,
        "response": sample.answer,
        "reference": sample.reference,
        "retrieved_contexts": list(sample.contexts),
    }
    if not all(given[part] for part in wanted):
        return None
    kind = getattr(modules().collections, name)
    scorer = kind(llm=llm, **({"embeddings": sentence_embedding()} if metric == "answer_relevancy" else {}))
    return _told((await scorer.ascore(**{part: given[part] for part in wanted})).value)


def _told(value: float) -> float | None:
    """A score within 0 and 1, which the rounding of a cosine may leave by a hair; None for no number."""
    return None if math.isnan(value) else min(1.0, max(0.0, float(value)))


@dataclass(frozen=True, slots=True)
class Modules:
    """ragas, its metrics of the earlier and of the later kind, its language models and its embeddings."""

    ragas: Any
    metrics: Any
    collections: Any
    llms: Any
    embeddings: Any


@cache
def sentence_embedding() -> Any:
    """Our sentence encoder as ragas takes it: nothing is fetched."""
    encoder = SentenceEncoder()

    class Encoded(modules().embeddings.BaseRagasEmbedding):  # type: ignore[misc]
        def embed_text(self, text: str, **_: Any) -> list[float]:
            return encoder.embed_query(text)

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return encoder.embed_query(text)

    return Encoded()


@cache
def modules() -> Modules:
    """ragas, imported without telemetry and with the stand-in where it is needed."""
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    stood_in = False
    if stand_in_needed():
        module = types.ModuleType(STAND_IN)
        setattr(module, STAND_IN_CLASS, type(STAND_IN_CLASS, (), {}))
        sys.modules[STAND_IN] = module
        stood_in = True
    try:
        import ragas
        from ragas import embeddings, llms, metrics
        from ragas.metrics import collections

        return Modules(ragas, metrics, collections, llms.base, embeddings)
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
