"""Fits the router to its examples and writes weights.npz: ``python -m assistant.routing.fit``.

Kernel ridge regression, one column per label, closed form. The kernel adds two views of a question:
its sentence vector (a Gaussian, so that near neighbours count and far ones do not) and its cue words
(a square, so that pairs of cues count). Same data, same numbers: examples are taken in file order,
vectors are kept in whole steps and coefficients in half precision.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path

import numpy as np

from assistant.routing.cues import Cues, shorten
from assistant.routing.examples import LANGUAGES, Example, load_examples
from knowledge.text import normalize

Embed = Callable[[Sequence[str]], np.ndarray]

LABELS = (
    "catalog",
    "rules",
    "consult",
    "draft",
    "smalltalk",
    "out_of_scope",
    "patient_level",
    "reidentification",
    "differencing",
    "injection",
    "raw_sql",
    "medical_advice",
)
WEIGHTS = "weights.npz"
# Its stored vector tells whether the weights belong to the encoder in use.
PROBE = "Which hospital has it? 어느 병원에 있나요?"
# Chosen by five-fold cross-validation, whole lines held out; wide optima, so not tuned further.
MEANING_WEIGHT = 4.0
CUE_WEIGHT = 0.1
RIDGE = 0.2
STEP = 1 / 500  # unit vectors of 512 numbers stay within 127 steps
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """What routing needs: example vectors (n, d), example cues (n, c), coefficients (n, labels)."""

    vectors: np.ndarray
    cues: np.ndarray
    coefficients: np.ndarray
    temperature: float
    probe: np.ndarray
    digest: str


def kernel(vectors: np.ndarray, cues: np.ndarray, other: np.ndarray, other_cues: np.ndarray) -> np.ndarray:
    """Likeness of questions (m, d), (m, c) to others (n, d), (n, c): (m, n)."""
    meaning = np.exp(2 * (vectors @ other.T) - 2)
    return MEANING_WEIGHT * meaning + (1 + CUE_WEIGHT * (cues @ other_cues.T)) ** 2


def sentence_vectors(embed: Embed, texts: Sequence[str]) -> np.ndarray:
    """Unit vectors (m, d) of the texts; a text the encoder has no word for gives zeros."""
    found = np.asarray(embed([shorten(normalize(text)) or " " for text in texts]), dtype=np.float32)
    found = np.nan_to_num(found)
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def digest() -> str:
    """Hash of the data and settings that the weights follow from."""
    content = hashlib.sha256(repr((LABELS, PROBE, MEANING_WEIGHT, CUE_WEIGHT, RIDGE, STEP)).encode())
    for name in (*(f"examples_{language}.yaml" for language in LANGUAGES), "cues.yaml"):
        content.update(files(__package__).joinpath(name).read_bytes().replace(b"\r\n", b"\n"))
    return content.hexdigest()


def fit(embed: Embed) -> tuple[Weights, dict[str, float]]:
    """The weights, and the share of held-out lines routed right per language and label."""
    examples = load_examples()
    cues = Cues()
    whole = np.round(sentence_vectors(embed, [e.text for e in examples]) / STEP)
    vectors = np.clip(whole, -127, 127).astype(np.float32) * STEP
    marks = np.stack([cues.vector(e.text) for e in examples])
    labels = np.array([LABELS.index(e.label) for e in examples])
    likeness = kernel(vectors, marks, vectors, marks).astype(np.float64)
    held_out = _cross_validate(likeness, labels, examples)
    temperature = _temperature(held_out, labels)
    right = held_out.argmax(axis=1) == labels
    shares = {
        f"{language} {label}": float(np.mean([r for r, e in zip(right, examples, strict=True)
                                              if (e.language, e.label) == (language, label)]))
        for language in LANGUAGES
        for label in LABELS
    }  # fmt: skip
    weights = Weights(
        vectors=vectors,
        cues=marks,
        coefficients=_solve(likeness, labels).astype(np.float16).astype(np.float32),
        temperature=temperature,
        probe=sentence_vectors(embed, [PROBE])[0].astype(np.float16).astype(np.float32),
        digest=digest(),
    )
    return weights, shares


def _solve(likeness: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Coefficients (n, labels) that bring likeness to +1 for the label and -1 for the others."""
    targets = np.where(labels[:, None] == np.arange(len(LABELS)), 1.0, -1.0)
    return np.linalg.solve(likeness + RIDGE * np.eye(len(labels)), targets)


def _cross_validate(likeness: np.ndarray, labels: np.ndarray, examples: Sequence[Example]) -> np.ndarray:
    """Scores (n, labels) of every example from a fit that saw no example of its line."""
    fold = np.array([int(hashlib.sha256(e.line.encode()).hexdigest(), 16) % FOLDS for e in examples])
    scores = np.zeros((len(labels), len(LABELS)))
    for k in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        scores[unseen] = likeness[np.ix_(unseen, seen)] @ _solve(likeness[np.ix_(seen, seen)], labels[seen])
    return scores


def _temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The factor that makes probabilities honest: least log loss on held-out scores."""

    def loss(factor: float) -> float:
        z = factor * scores
        top = z.max(axis=1)
        norm = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
        return float(np.mean(norm - z[np.arange(len(labels)), labels]))

    return float(min(np.arange(1.0, 8.05, 0.1).round(1), key=loss))


def save(weights: Weights, path: Path) -> None:
    """Writes the weights; the same weights give the same bytes."""
    out = BytesIO()
    np.savez_compressed(
        out,
        vectors=np.round(weights.vectors / STEP).astype(np.int8),
        cues=np.packbits(weights.cues.astype(bool), axis=1),
        cue_count=np.int64(weights.cues.shape[1]),
        coefficients=weights.coefficients.astype(np.float16),
        temperature=np.float64(weights.temperature),
        probe=weights.probe.astype(np.float16),
        digest=np.array(weights.digest),
    )
    path.write_bytes(out.getvalue())


def load() -> Weights:
    """The weights that ship with the package."""
    with as_file(files(__package__).joinpath(WEIGHTS)) as path, np.load(path, allow_pickle=False) as stored:
        cues = np.unpackbits(stored["cues"], axis=1, count=int(stored["cue_count"]))
        return Weights(
            vectors=stored["vectors"].astype(np.float32) * STEP,
            cues=cues.astype(np.float32),
            coefficients=stored["coefficients"].astype(np.float32),
            temperature=float(stored["temperature"]),
            probe=stored["probe"].astype(np.float32),
            digest=str(stored["digest"]),
        )


def main() -> None:
    """Fits, writes weights.npz beside this file and prints cross-validated shares."""
    from knowledge.documents.embed import SentenceEncoder

    weights, shares = fit(SentenceEncoder().vectors)
    path = Path(__file__).with_name(WEIGHTS)
    save(weights, path)
    for name, share in shares.items():
        sys.stdout.write(f"{name:24}{share:6.3f}\n")
    size = path.stat().st_size
    sys.stdout.write(
        f"{len(weights.vectors)} examples, temperature {weights.temperature}, {path.name} {size:,} bytes\n"
    )


if __name__ == "__main__":
    main()
