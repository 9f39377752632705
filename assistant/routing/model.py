"""The fitted router: example questions, a kernel over them, and coefficients per label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.routing.cues import shorten
from knowledge.text import normalize

Numbers = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Numbers]

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
MEANING_WEIGHT = 4.0
CUE_WEIGHT = 0.1
STEP = 1 / 170  # projected unit vectors are kept in whole steps of this, within 127 of them


@dataclass(frozen=True, slots=True)
class Weights:
    """``axes`` (dimension, k) project sentence vectors; ``vectors`` (n, k) and ``cues`` (n, c) are the
    examples; ``coefficients`` (n, labels) weigh them; ``spelling`` (bins, labels) weighs runs of characters;
    ``temperature`` turns scores into probabilities; ``probe`` is the vector of a fixed text, by which the
    encoder is recognised; ``digest`` names the data.
    """

    axes: Numbers
    vectors: Numbers
    cues: Numbers
    coefficients: Numbers
    spelling: Numbers
    temperature: float
    probe: Numbers
    digest: str


def sentence_vectors(embed: Embed, texts: Sequence[str]) -> Numbers:
    """Unit vectors (texts, dimension); a text that the encoder has no word for gives zeros."""
    found = np.asarray(embed([shorten(normalize(text)) or " " for text in texts]), dtype=np.float32)
    return _unit(np.nan_to_num(found))


def project(vectors: Numbers, axes: Numbers) -> Numbers:
    """Unit vectors (m, k) along the axes (dimension, k)."""
    return _unit(vectors @ axes)


def _unit(rows: Numbers) -> Numbers:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9))


def kernel(vectors: Numbers, cues: Numbers, other: Numbers, other_cues: Numbers) -> Numbers:
    """Likeness of (m, k), (m, c) to (n, k), (n, c): (m, n).

    Meaning counts as a Gaussian of the distance of unit vectors, so that near neighbours matter and far
    ones do not; cue words as a square, so that pairs of cues matter.
    """
    meaning = np.exp(2 * (vectors @ other.T) - 2)
    return MEANING_WEIGHT * meaning + (1 + CUE_WEIGHT * (cues @ other_cues.T)) ** 2


def save(weights: Weights, path: Path) -> None:
    """Writes the weights; the same weights give the same bytes."""
    out = BytesIO()
    np.savez_compressed(
        out,
        axes=weights.axes.astype(np.float16),
        vectors=np.round(weights.vectors / STEP).astype(np.int8),
        cues=np.packbits(weights.cues.astype(bool), axis=1),
        cue_count=np.int64(weights.cues.shape[1]),
        coefficients=weights.coefficients.astype(np.float16),
        spelling=weights.spelling.astype(np.float16),
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
            axes=stored["axes"].astype(np.float32),
            vectors=stored["vectors"].astype(np.float32) * np.float32(STEP),
            cues=cues.astype(np.float32),
            coefficients=stored["coefficients"].astype(np.float32),
            spelling=stored["spelling"].astype(np.float32),
            temperature=float(stored["temperature"]),
            probe=stored["probe"].astype(np.float32),
            digest=str(stored["digest"]),
        )
