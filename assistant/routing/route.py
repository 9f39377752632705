"""Where a question goes: one of six intents, or a decline with its reason. No language model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from assistant.answer import Decline, Intent
from assistant.routing.cues import Cues
from assistant.routing.declines import TOPICS, Declines
from assistant.routing.model import LABELS, PROBE, Embed, Numbers, kernel, load, project, sentence_vectors
from assistant.routing.spelling import spelling
from knowledge.errors import SetupError

INTENTS: tuple[Intent, ...] = ("catalog", "rules", "consult", "draft", "smalltalk")
_LETTER = re.compile(r"[^\W\d_]")
# What a pattern finds is certain for practical purposes.
PATTERN_CONFIDENCE = 0.99
# A refusal needs more than a lead: so much for its reason, or for the reasons that are alike together (a
# patient's record, who it is, a hidden number); or that much where the question asks about the matter.
DECLINE_ALONE_FROM = 0.6
DECLINE_FROM = 0.5
DECLINE_ABOUT_FROM = 0.95
OUT_OF_SCOPE_FROM = 0.6
REASONS: tuple[Decline, ...] = (
    "patient_level", "reidentification", "differencing", "injection", "raw_sql", "medical_advice"
)  # fmt: skip
# Cosine of the probe's vector, then and now, that only the same encoder reaches.
SAME_ENCODER = 0.98


@dataclass(frozen=True, slots=True)
class Route:
    """Where the question goes.

    ``intent`` is "other" whenever ``decline`` is given, and for what is neither. ``confidence`` is
    the probability of the decision, calibrated on held-out examples (0.99 where a pattern decided,
    0 where there is nothing to read). ``scores`` gives the probability of every label: the five
    intents and the seven reasons; they add up to 1.
    """

    intent: Intent
    decline: Decline | None
    confidence: float
    scores: Mapping[str, float] = field(default_factory=dict)


class Router:
    """Routes questions; safe to call from many threads when ``embed`` is.

    ``embed`` gives one sentence vector per text, shape (texts, dimension), and must be the encoder
    that the weights were fitted with: the first call compares and raises SetupError if it is not.
    """

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._cues = Cues()
        self._declines = Declines()
        self._weights = load()
        self._checked = False

    def route(self, question: str) -> Route:
        """The route of any text; never raises on what a person may type."""
        if not _LETTER.search(question):
            return Route("other", None, 0.0)
        scores = self._scores(question)
        reason = self._declines.reason(question)
        if reason is not None:
            return Route("other", reason, PATTERN_CONFIDENCE, scores)
        return self._decide(question, scores)

    def _decide(self, question: str, scores: Mapping[str, float]) -> Route:
        refused = _refused(scores)
        if refused is not None:
            about = refused in TOPICS and self._declines.asks_about(question)
            if not about or scores[refused] >= DECLINE_ABOUT_FROM:
                return Route("other", refused, max(scores[refused], DECLINE_FROM), scores)
        best = max(scores, key=scores.__getitem__)
        if best == "out_of_scope" and scores[best] >= OUT_OF_SCOPE_FROM:
            return Route("other", "out_of_scope", scores[best], scores)
        intent = max(INTENTS, key=scores.__getitem__)
        return Route(intent, None, scores[intent], scores)

    def _scores(self, question: str) -> dict[str, float]:
        weights = self._weights
        vector = project(self._vector(question)[None], weights.axes)
        cues = self._cues.vector(question)[None]
        raw = kernel(vector, cues, weights.vectors, weights.cues)[0] @ weights.coefficients
        raw = raw + spelling(question) @ weights.spelling
        share = np.exp(weights.temperature * (raw - raw.max()))
        return dict(zip(LABELS, (share / share.sum()).tolist(), strict=True))

    def _vector(self, question: str) -> Numbers:
        if self._checked:
            return sentence_vectors(self._embed, [question])[0]
        vectors = sentence_vectors(self._embed, [question, PROBE])
        self._check(vectors[1])
        self._checked = True
        return vectors[0]

    def _check(self, probe: Numbers) -> None:
        fitted = self._weights.probe
        if probe.shape != fitted.shape or float(probe @ fitted) < SAME_ENCODER:
            raise SetupError(
                f"The router was not fitted with this sentence encoder of {probe.size} dimensions.",
                hint="Run `python -m assistant.routing.fit` with the encoder in use.",
            )


def _refused(scores: Mapping[str, float]) -> Decline | None:
    """The likeliest reason to refuse where refusing is likely enough, else None."""
    best = max(REASONS, key=lambda reason: scores[reason])
    if scores[best] >= DECLINE_ALONE_FROM:
        return best
    return best if best in TOPICS and sum(scores[reason] for reason in TOPICS) >= DECLINE_FROM else None
