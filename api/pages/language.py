"""The language of the pages: what was asked for, what was remembered, what the browser prefers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.data_file import read_shipped
from knowledge.text import Language
from tools.query.amounts import amount_forms

COOKIE = "giljabi_language"
YEAR_SECONDS = 365 * 24 * 3600
DEFAULT: Language = "en"
LANGUAGES: tuple[Language, ...] = ("ko", "en")


def page_language(asked: str | None, remembered: str | None, preferred: str) -> Language:
    """``asked`` is the query's, ``remembered`` the cookie's, ``preferred`` the Accept-Language header."""
    for name in (asked, remembered, *_ranked(preferred)):
        for language in LANGUAGES:
            if name == language:
                return language
    return DEFAULT


def _ranked(header: str) -> list[str]:
    """The primary languages of an Accept-Language header, the most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        name, _, weight = part.partition(";")
        given = weight.strip().removeprefix("q=")
        try:
            wanted = float(given) if given else 1.0
        except ValueError:
            wanted = 0.0
        weighted.append((wanted, name.strip().lower().split("-")[0]))
    return [name for wanted, name in sorted(weighted, key=lambda pair: -pair[0]) if wanted > 0]


@cache
def labels(language: Language) -> Mapping[str, Any]:
    """Every word of the pages in a language, by page; ``amounts`` are the forms of published numbers."""
    loaded: Mapping[str, Any] = read_shipped(Path(__file__).with_name("labels.yaml"))
    return {**loaded[language], "amounts": amount_forms(language)}
