"""English words that titles have for Korean ones: a dataset with an English title is found by a Korean name
that says the same word for word ("골절 사진 자료" of "Fracture Photo Archive")."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml


def english_for(word: str) -> tuple[str, ...]:
    """The English words for a Korean one, as titles have them; empty for a word that is not listed."""
    return _words().get(word, ())


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    loaded = yaml.safe_load(Path(__file__).with_name("title_words.yaml").read_text(encoding="utf-8"))
    return {str(korean): tuple(english) for korean, english in loaded.items()}
