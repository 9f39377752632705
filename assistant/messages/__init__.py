"""The sentences that answers are framed with, in both languages, one file a topic."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.text import Language


@cache
def messages(topic: str, language: Language) -> Mapping[str, Any]:
    """The messages of a topic (``catalog``, ``turns``, ...) in a language."""
    path = Path(__file__).with_name(f"{topic}.yaml")
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))[language]
    return loaded
