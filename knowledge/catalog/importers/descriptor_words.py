"""Texts in a Frictionless descriptor: values of any kind, and titles in one language or several."""

from __future__ import annotations

from typing import Any

from knowledge.catalog.importers.json_document import JsonObject
from knowledge.catalog.importers.wording import in_language, plain

_KOREAN = frozenset({"ko", "kor", "kr", "ko-kr", "ko_kr", "korean", "한국어"})
_ENGLISH = frozenset({"en", "eng", "en-us", "en-gb", "en_us", "en_gb", "english"})
# How members of an object name the language of another: title_ko, titleKo, title@ko, title:ko, title-ko.
_SIGNS = ("_", "@", ":", "-", ".", "")


def text_of(value: Any) -> str:
    """A scalar as text: true, 12.5, a text on one line; "" for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return plain(value) if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """The texts of a list, or of a text with commas."""
    items = value if isinstance(value, list) else str(value).split(",") if isinstance(value, str) else []
    told = [
        text_of(it.get("title") or it.get("name") or it.get("value"))
        if isinstance(it, JsonObject)
        else text_of(it)
        for it in items
    ]
    return [text.strip() for text in told if text.strip()]


def both(value: Any) -> tuple[str, str]:
    """Korean and English text of {"ko": ..., "en": ...}, or of a text in its language; "" where not given."""
    if isinstance(value, JsonObject):
        korean = next((text_of(it) for key, it in value.items() if key.lower() in _KOREAN), "")
        english = next((text_of(it) for key, it in value.items() if key.lower() in _ENGLISH), "")
        if not (korean or english):  # "" is the language of the package
            value = next(iter(value.values()), "")
        else:
            return korean, english
    told = in_language("text", text_of(value))
    return told.get("text_ko") or "", told.get("text_en") or ""


def in_languages(column: str, node: JsonObject, *names: str) -> dict[str, str | None]:
    """{"title_ko": ..., "title_en": ...} of the first of ``names`` that ``node`` has, and of the members
    that give it in one language, such as title_en."""
    told: dict[str, str | None] = {}
    name = next((it for it in names if it in node), names[0])
    korean, english = both(node.get(name))
    lower = {key.lower(): value for key, value in node.items()}
    for language, words in (("ko", _KOREAN), ("en", _ENGLISH)):
        keys = (f"{name.lower()}{sign}{word}" for word in sorted(words) for sign in _SIGNS)
        text = next((text for key in keys if (text := text_of(lower.get(key)))), "")
        text = text or (korean if language == "ko" else english)
        if text:
            told[f"{column}_{language}"] = text
    return told


def one_label(value: Any) -> str:
    """A label in one cell: "Male (남성)" of {"en": "Male", "ko": "남성"}."""
    korean, english = both(value)
    return f"{english} ({korean})" if korean and english else korean or english
