"""What a question sounds like, and says little by: found from questions by ``tests.knowledge.documents.fit``
and never set by hand.

Passages hardly ever repeat some words of questions that they answer ("tell", "happen"), and questions are
alike in meaning because they are questions. Both would lead to passages that sound like a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from knowledge.data_file import read_shipped
from knowledge.documents.embed import Vectors
from knowledge.text import Language

SHARES = Path(__file__).with_name("asking.yaml")
DIRECTIONS = Path(__file__).with_name("asking.npz")
TAKEN = 0.6  # how much of what all questions have in common is taken from one


@cache
def shares() -> Mapping[str, float]:
    """What a term weighs beside another one as rare, from 0 to 1; terms that are not there weigh 1."""
    return read_shipped(SHARES)


@cache
def _directions() -> Mapping[str, Vectors]:
    with np.load(DIRECTIONS) as kept:
        return {language: kept[language].astype(np.float32) for language in kept.files}


def without_tone(vector: Vectors, language: Language) -> Vectors:
    """The unit vector of a question, less what it has in common with all questions of its language."""
    tone = _directions()[language]
    rest = vector - TAKEN * float(vector @ tone) * tone
    return np.asarray(rest / max(float(np.linalg.norm(rest)), 1e-6), dtype=np.float32)
