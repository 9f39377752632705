"""The first hits in the order of a cross-encoder, which reads question and passage together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.documents.document import Hit
from knowledge.documents.embed import Vectors
from knowledge.documents.models import CrossEncoder

RERANKED = 30  # the hits that are read again
TRUST = 2.0  # what the cross-encoder weighs beside the search, both in standard deviations


def rerank(words: str, hits: Sequence[Hit], model: CrossEncoder) -> list[Hit]:
    """``hits``, of which the first ``RERANKED`` are ordered anew. Scores stay those of the places, so that
    they fall; what the search knows beside the words (which edition is in force) keeps a say."""
    head = list(hits[:RERANKED])
    if len(head) < 2:
        return list(hits)
    texts = [f"{hit.passage.section}\n{hit.passage.text}" for hit in head]
    found = _spread(np.array([hit.score for hit in head])) + TRUST * _spread(model.scores(words, texts))
    order = sorted(range(len(head)), key=lambda number: (-found[number], number))
    ranked = [Hit(head[number].passage, place.score) for number, place in zip(order, head, strict=True)]
    return ranked + list(hits[RERANKED:])


def _spread(values: Vectors) -> Vectors:
    return (values - values.mean()) / max(float(values.std()), 1e-6)
