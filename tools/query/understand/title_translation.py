"""English words that titles have for Korean ones: a dataset with an English title is found by a Korean name
that says the same word for word ("골절 사진 자료" of "Fracture Photo Archive")."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped


def english_for(word: str) -> tuple[str, ...]:
    """The English words for a Korean one, as titles have them; empty for a word that is not listed."""
    return _words().get(word, ())


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    loaded = read_shipped(Path(__file__).with_name("title_translation.yaml"))
    return {str(korean): tuple(english) for korean, english in loaded.items()}
