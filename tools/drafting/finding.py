"""What a check found: where, how grave, and what to do, said in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge.data_file import read_shipped
from knowledge.particles import with_particles
from knowledge.text import Language

Level = Literal["error", "warning"]
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """``field`` is empty where a whole section is meant; ``rule`` names the message and never changes."""

    section: str
    field: str
    level: Level
    rule: str
    message: Mapping[Language, str]

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "message": dict(self.message)}


def finding(rule: str, section: str, field: str = "", /, **values: Any) -> Finding:
    """The finding of a rule, its message filled in. A value may differ by language: {"ko": .., "en": ..}."""
    said = _messages()[rule]
    message: dict[Language, str] = {}
    for language in ("ko", "en"):
        slots = {name: _said(value, language) for name, value in values.items()}
        text = str(said[language]).format(**slots)
        message[language] = with_particles(text) if language == "ko" else text
    return Finding(section, field, said["level"], rule, message)


def _said(value: Any, language: Language) -> str:
    if isinstance(value, Mapping):
        value = value[language]
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


@cache
def _messages() -> Mapping[str, Any]:
    return read_shipped(Path(__file__).with_name("messages.yaml"))
