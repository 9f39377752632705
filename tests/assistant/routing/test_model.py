"""The stored weights belong to the data files, to the encoder and to the code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.routing.cues import Cues
from assistant.routing.examples import load_examples
from assistant.routing.fit import digest
from assistant.routing.model import LABELS, WEIGHTS, kernel, load, project, save, sentence_vectors
from assistant.routing.spelling import BINS, spelling


def test_weights_were_fitted_to_the_data_as_it_stands() -> None:
    assert load().digest == digest(), "run: python -m assistant.routing.fit"


def test_shapes() -> None:
    weights = load()
    examples = len(load_examples())
    assert len(weights.vectors) == len(weights.cues) == len(weights.coefficients) == examples
    assert weights.coefficients.shape[1] == weights.spelling.shape[1] == len(LABELS)
    assert weights.cues.shape[1] == Cues().vector("x").size
    assert weights.spelling.shape[0] == BINS


def test_stored_vectors_and_cues_are_those_of_the_examples(sentence_encoder) -> None:
    weights, examples, cues = load(), load_examples(), Cues()
    picked = list(range(0, len(examples), 97))
    full = sentence_vectors(sentence_encoder.vectors, [examples[i].text for i in picked])
    assert np.abs(project(full, weights.axes) - weights.vectors[picked]).max() < 0.01
    assert np.array_equal(np.stack([cues.vector(examples[i].text) for i in picked]), weights.cues[picked])


def test_saving_what_was_loaded_gives_the_same_bytes(tmp_path: Path) -> None:
    save(load(), tmp_path / WEIGHTS)
    shipped = Path(digest.__code__.co_filename).with_name(WEIGHTS)
    assert (tmp_path / WEIGHTS).read_bytes() == shipped.read_bytes()
    assert shipped.stat().st_size < 1_500_000


def test_kernel_is_a_likeness() -> None:
    weights = load()
    a, cues = weights.vectors[:30], weights.cues[:30]
    likeness = kernel(a, cues, a, cues)
    assert np.allclose(likeness, likeness.T, atol=1e-4)
    assert np.linalg.eigvalsh(likeness.astype(np.float64)).min() > -1e-3


def test_texts_without_words_give_zero_vectors() -> None:
    found = sentence_vectors(lambda texts: np.full((len(texts), 4), np.nan), ["", "x"])
    assert np.array_equal(found, np.zeros((2, 4), dtype=np.float32))


@pytest.mark.parametrize("text", ["", "가", "How many patients?", "FEV1이랑 CAT"])
def test_spelling_is_a_unit_vector(text: str) -> None:
    assert np.linalg.norm(spelling(text)) == pytest.approx(1.0, abs=1e-5)


def test_spelling_survives_typos_and_ignores_numbers() -> None:
    right = spelling("결측치를 어떻게 처리하나요")
    assert right @ spelling("결측치를 어떻게 처리하나여") > 0.7 > right @ spelling("지원금은 얼마인가요")
    assert np.array_equal(spelling("patients in 2019"), spelling("patients in 2023"))
