"""How a question is spelled: its runs of two to four characters, hashed into a unit vector.

Sentence vectors blur endings, particles and words the encoder does not know; runs of characters keep
them, across typos and Korean endings, without a dictionary.
"""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.routing.cues import plain, shorten

BINS = 4096
RUNS = (2, 3, 4)
_DIGITS = re.compile(r"\d+")


def spelling(question: str) -> NDArray[np.float32]:
    """float32 (BINS,), length 1. Each run falls into a bin by its hash, which also gives its sign."""
    text = f" {_DIGITS.sub('0', shorten(plain(question)))} "
    runs = {text[start : start + size] for size in RUNS for start in range(len(text) - size + 1)}
    found = np.zeros(BINS, dtype=np.float32)
    for run in runs:
        code = crc32(run.encode("utf-8"))
        found[code % BINS] += 1.0 if code >> 31 else -1.0
    return found / max(float(np.linalg.norm(found)), 1e-9)
