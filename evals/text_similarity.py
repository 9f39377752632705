"""Metrics of texts that need no model, from ragas where the ``evals`` extra is installed. Never gating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evals import ragas_metrics
from evals.case import AnswerCase
from evals.log import Log


@dataclass(frozen=True, slots=True)
class Similarity:
    """For each suite, name of metric to (mean, number of cases); and what was skipped, with the reason."""

    scores: Mapping[str, Mapping[str, tuple[float, int]]] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def similarities(log: Log) -> Similarity:
    """Compare the answers with the reference of their case."""
    wanted = [name for name, suite in log.header.suites.items() if suite.kind == "answers"]
    if not wanted:
        return Similarity()
    lacking = ragas_metrics.lacking()
    if lacking:
        return Similarity(skipped=(f"{', '.join(ragas_metrics.METRICS)}: {lacking}",))
    scores = {}
    for suite in wanted:
        samples = [
            ragas_metrics.Sample(
                answer=entry.answer.text,
                reference=entry.case.reference,
                contexts=tuple(citation.quote for citation in entry.answer.citations),
            )
            for entry in log.entries
            if entry.suite == suite and entry.answer is not None and isinstance(entry.case, AnswerCase)
        ]
        scores[suite] = _means(samples)
    return Similarity(scores)


def _means(samples: Sequence[ragas_metrics.Sample]) -> dict[str, tuple[float, int]]:
    means: dict[str, tuple[float, int]] = {}
    for name in ragas_metrics.METRICS:
        values = [value for value in ragas_metrics.measure(name, samples) if value is not None]
        if values:
            means[f"ragas_{name}"] = (sum(values) / len(values), len(values))
    return means
