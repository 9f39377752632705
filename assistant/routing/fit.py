"""Fits the router to its examples and writes weights.npz: ``python -m assistant.routing.fit``.

Kernel ridge regression, one column per label, in closed form. The same data give the same file:
examples are taken in file order, vectors are kept in whole steps, coefficients in half precision.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.routing.cues import Cues
from assistant.routing.examples import FILLS, LANGUAGES, Example, load_examples
from assistant.routing.model import (
    CUE_WEIGHT,
    LABELS,
    MEANING_WEIGHT,
    PROBE,
    STEP,
    WEIGHTS,
    Embed,
    Numbers,
    Weights,
    kernel,
    project,
    save,
    sentence_vectors,
)
from assistant.routing.spelling import BINS, RUNS, spelling

Table = NDArray[np.float64]

# Chosen, as the two weights of the kernel, by cross-validation with whole lines held out. The optima
# are wide: halving or doubling any of them changes the share of right labels by less than one point.
RIDGE = 0.2
AXES = 128  # as good as all 512 dimensions, at a quarter of the size
FOLDS = 5


def digest() -> str:
    """Hash of the data and the settings that the weights follow from."""
    settings = (LABELS, PROBE, MEANING_WEIGHT, CUE_WEIGHT, RIDGE, AXES, STEP, FILLS, BINS, RUNS)
    content = hashlib.sha256(repr(settings).encode())
    for name in (*(f"examples_{language}.yaml" for language in LANGUAGES), "cues.yaml"):
        content.update(files(__package__).joinpath(name).read_bytes().replace(b"\r\n", b"\n"))
    return content.hexdigest()


def fit(embed: Embed) -> tuple[Weights, dict[str, float]]:
    """The weights, and per language and label the share of held-out lines that got their label."""
    examples = load_examples()
    labels = np.array([LABELS.index(example.label) for example in examples])
    full = sentence_vectors(embed, [example.text for example in examples])
    axes = _axes(full)
    vectors = np.clip(np.round(project(full, axes) / STEP), -127, 127).astype(np.float32) * np.float32(STEP)
    reader = Cues()
    cues = np.stack([reader.vector(example.text) for example in examples])
    spelled = np.stack([spelling(example.text) for example in examples])
    likeness = (kernel(vectors, cues, vectors, cues) + spelled @ spelled.T).astype(np.float64)
    shares = np.array([example.share for example in examples])
    scores = _cross_validate(likeness, labels, shares, examples)
    coefficients = _solve(likeness, labels, shares).astype(np.float32)
    weights = Weights(
        axes=axes,
        vectors=vectors,
        cues=cues,
        coefficients=coefficients,
        spelling=spelled.T @ coefficients,
        temperature=_temperature(scores, labels),
        probe=sentence_vectors(embed, [PROBE])[0],
        digest=digest(),
    )
    return weights, _shares(scores.argmax(axis=1) == labels, examples)


def _axes(vectors: Numbers) -> Numbers:
    """The directions (dimension, AXES) in which the examples differ most, in half precision."""
    _, _, rows = np.linalg.svd(vectors.astype(np.float64), full_matrices=False)
    kept = rows[:AXES]
    signs = np.sign(kept[np.arange(len(kept)), np.abs(kept).argmax(axis=1)])
    return (kept * signs[:, None]).T.astype(np.float16).astype(np.float32)


def _solve(likeness: Table, labels: NDArray[np.int64], shares: Table) -> Table:
    """Coefficients (n, labels) that bring likeness to +1 for the label and to -1 for the others.

    An example pulls by its share of a line, so that lines count alike.
    """
    targets = np.where(labels[:, None] == np.arange(len(LABELS)), 1.0, -1.0)
    pull = np.sqrt(shares)[:, None]
    return pull * np.linalg.solve(pull * likeness * pull.T + RIDGE * np.eye(len(labels)), pull * targets)


def _cross_validate(
    likeness: Table, labels: NDArray[np.int64], shares: Table, examples: Sequence[Example]
) -> Table:
    """Scores (n, labels) of every example by a fit that saw no example of its line."""
    fold = np.array([int(hashlib.sha256(e.line.encode()).hexdigest(), 16) % FOLDS for e in examples])
    scores = np.zeros((len(labels), len(LABELS)))
    for k in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        learned = _solve(likeness[np.ix_(seen, seen)], labels[seen], shares[seen])
        scores[unseen] = likeness[np.ix_(unseen, seen)] @ learned
    return scores


def _temperature(scores: Table, labels: NDArray[np.int64]) -> float:
    """The factor on scores that makes probabilities honest: least log loss where held out."""

    def loss(factor: float) -> float:
        z = factor * scores
        top = z.max(axis=1)
        norm = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
        return float(np.mean(norm - z[np.arange(len(labels)), labels]))

    return min((step / 10 for step in range(10, 81)), key=loss)


def _shares(right: NDArray[np.bool_], examples: Sequence[Example]) -> dict[str, float]:
    groups: dict[str, list[bool]] = {}
    for example, hit in zip(examples, right.tolist(), strict=True):
        groups.setdefault(f"{example.language} {example.label}", []).append(hit)
        groups.setdefault(f"{example.language} all", []).append(hit)
    return {name: sum(hits) / len(hits) for name, hits in groups.items()}


def main() -> None:
    """Fits, writes weights.npz beside this file and prints the cross-validated shares."""
    from knowledge.documents.embed import SentenceEncoder

    weights, shares = fit(SentenceEncoder().vectors)
    path = Path(__file__).with_name(WEIGHTS)
    save(weights, path)
    for name, share in sorted(shares.items()):
        sys.stdout.write(f"{name:24}{share:6.3f}\n")
    size = path.stat().st_size
    sys.stdout.write(f"{len(weights.vectors)} examples, temperature {weights.temperature}, {size:,} bytes\n")


if __name__ == "__main__":
    main()
