"""How near answers come to the passage that answers the question, in all and by language. Never gating.

Morphemes are counted here; the rest is from ragas where the ``evals`` extra is installed, some of it asked
of a judge where one is configured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evals import ragas_metrics
from evals.case import AnswerCase
from evals.judge import Judge, Progress, ask_judge
from evals.log import Log
from evals.morpheme_f1 import morpheme_f1
from evals.ragas_metrics import EMBEDDED, JUDGED, METRICS, Sample

SHARED = "morpheme_f1"
PREFIX = "ragas_"
UNCONFIGURED = "no judge is configured (GILJABI_JUDGE_URL, GILJABI_JUDGE_MODEL)"


@dataclass(frozen=True, slots=True)
class Similarity:
    """For each suite, name of metric to (mean, number of cases); and what was skipped, with the reason.

    Every metric comes as ``NAME`` over all cases and as ``NAME_ko`` and ``NAME_en``, except a judge's,
    which comes over all.
    """

    scores: Mapping[str, Mapping[str, tuple[float, int]]] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def never_gates(score: str) -> bool:
    """The score is one of this module's."""
    return score.startswith((PREFIX, SHARED))


def similarities(log: Log, judge: Judge | None = None, progress: Progress | None = None) -> Similarity:
    """Compare the answers with the reference of their case."""
    suites = [name for name, suite in log.header.suites.items() if suite.kind == "answers"]
    if not suites:
        return Similarity()
    skipped = []
    lacking = ragas_metrics.lacking()
    if lacking:
        skipped.append(f"{', '.join((*METRICS, EMBEDDED, *JUDGED))}: {lacking}")
    elif judge is None:
        skipped.append(f"{', '.join(JUDGED)}: {UNCONFIGURED}")
    scores: dict[str, dict[str, tuple[float, int]]] = {}
    for suite in suites:
        samples = _samples(log, suite)
        scores[suite] = _of_languages(
            SHARED, samples, [morpheme_f1(s.answer, s.reference) for _, s in samples]
        )
        if lacking:
            continue
        for name in (*METRICS, EMBEDDED):
            values = ragas_metrics.measure(name, [sample for _, sample in samples])
            scores[suite] |= _of_languages(f"{PREFIX}{name}", samples, values)
        if judge is not None:
            for name, found in ask_judge(judge, [sample for _, sample in samples], progress).items():
                scores[suite] |= _mean(f"{PREFIX}{name}", found.values)
                skipped += filter(None, [found.said(f"{PREFIX}{name}")])
    return Similarity(scores, tuple(skipped))


def _samples(log: Log, suite: str) -> list[tuple[str, Sample]]:
    """Language and sample of each case of a suite that was answered."""
    return [
        (
            entry.case.language,
            Sample(
                question=entry.case.text,
                answer=entry.answer.text,
                reference=entry.case.reference,
                contexts=tuple(citation.quote for citation in entry.answer.citations),
            ),
        )
        for entry in log.entries
        if entry.suite == suite and entry.answer is not None and isinstance(entry.case, AnswerCase)
    ]


def _of_languages(
    name: str, samples: Sequence[tuple[str, Sample]], values: Sequence[float | None]
) -> dict[str, tuple[float, int]]:
    """The mean over all samples, and over those of each language."""
    told = [(language, v) for (language, _), v in zip(samples, values, strict=True) if v is not None]
    means = _mean(name, [value for _, value in told])
    for language in sorted({language for language, _ in told}):
        means |= _mean(f"{name}_{language}", [value for spoken, value in told if spoken == language])
    return means


def _mean(name: str, values: Sequence[float]) -> dict[str, tuple[float, int]]:
    return {name: (sum(values) / len(values), len(values))} if values else {}
