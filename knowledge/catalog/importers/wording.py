"""Text of a dictionary as a person reads it: without markup, in its language, with readable names."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from knowledge.catalog.importers.units import ucum

_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/td|/h\d)\b[^>]*>", re.IGNORECASE)
# A tag starts with a letter: "p < 0.05 and q > 3" is no markup.
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PARAGRAPH = re.compile(r"<\s*(?:/?p|/?div|ul|ol|table|/h\d)\b", re.IGNORECASE)
_LINE = re.compile(rf"\n|<\s*br\b|{_PARAGRAPH.pattern}", re.IGNORECASE)
_LONGEST_LABEL = 80  # characters
_LONGEST_TOLD, _MOST_WORDS = 50, 8  # characters and words of a description that may be a label
_SENTENCE = (".", "!", "?", ":", "니다", "한다", "이다", "된다", "함", "음")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:https?:|mailto:|#|/)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[_\-.\s]+")
_BRACKETED = re.compile(r"\s*[(\[（［]([^()\[\]（）［］]+)[)\]）］]")
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2}|[^A-Z]*[A-Z][^0-9]*\d)[A-Za-z][A-Za-z0-9/%₀-₉-]{1,11}")
_ENGLISH_WORD = re.compile(r"[A-Za-z][a-z]{2,}")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_WORDS_IN_CAPITALS = frozenset("id ecg eeg mri ct bmi dna rna icu ehr emr uri url iso".split())  # noqa: SIM905


def plain(text: str) -> str:
    """Text without HTML, entities and Markdown links, on one line."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", _COMMENT.sub(" ", _HIDDEN.sub(" ", text))))
    if "&" in text:
        text = html.unescape(text)
        if "<" in text:  # "&lt;b&gt;", as an editor escapes what somebody typed
            text = _TAG.sub("", _BREAK.sub(" ", text))
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "**" in text or "__" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return " ".join(text.replace("\xa0", " ").replace("​", "").split())


def head_and_rest(text: str) -> tuple[str, str]:
    """A label and what explains it, plain: the first paragraph, or of a long text the first line."""
    whole = plain(text)
    for match in (_PARAGRAPH if len(whole) <= _LONGEST_LABEL else _LINE).finditer(text):
        if head := plain(text[: match.start()]):
            return head, plain(text[match.start():])
    return whole, ""


def readable(name: str) -> str:
    """ "Gender concept ID" of "gender_concept_id" or "genderConceptId"."""
    words = [word for word in _SEPARATORS.split(_CAMEL.sub(" ", name)) if word]
    if not words:
        return name
    told = [
        word.upper() if word.lower() in _WORDS_IN_CAPITALS
        else word if any(c.isupper() for c in word[1:]) and not name.isupper() else word.lower()
        for word in words
    ]
    return " ".join([told[0][:1].upper() + told[0][1:], *told[1:]])


def sentences(parts: Sequence[str]) -> str:
    """The texts one after the other, each ended."""
    told = [part for part in parts if part]
    ended = [part if part.endswith((".", "!", "?", ":")) else f"{part}." for part in told[:-1]]
    return " ".join([*ended, *told[-1:]])


def is_korean(text: str) -> bool:
    """Whether the text is Korean, as text with any Hangul is in a dictionary."""
    return _HANGUL.search(text) is not None


def in_language(column: str, text: str | None) -> dict[str, str | None]:
    """{"label_ko": text} where it is Korean, else {"label_en": text}, for ``column`` "label"."""
    if not text:
        return {}
    return {f"{column}_{'ko' if is_korean(text) else 'en'}": text}


def label_cells(label: str) -> tuple[dict[str, str | None], list[str]]:
    """A label in its language or, where it says both, in both; and the short names in its brackets.

    "혈압 (SBP)" has a short name, "체중 (Body weight)" and "Sex / 성별" two labels.
    """
    aliases = [inside for inside in _BRACKETED.findall(label) if _ACRONYM.fullmatch(inside.strip())]
    aliases = [alias.strip() for alias in aliases]
    for one, other in _halves(label):
        if one and other and is_korean(one) != is_korean(other):
            korean, english = (one, other) if is_korean(one) else (other, one)
            # "FEV1/FVC 비율" and "체중 (kg/day)" are one label each
            if _ENGLISH_WORD.search(english) and not _LATIN_WORD.search(korean) and not ucum(english):
                return {"label_ko": korean, "label_en": english}, aliases
    return in_language("label", label), aliases


def label_told(description: str) -> tuple[dict[str, str | None], list[str]]:
    """The label that a description is, where a dictionary gives no other: one that is no sentence."""
    text = plain(description)
    short = len(text) <= _LONGEST_TOLD and len(text.split()) <= _MOST_WORDS
    return label_cells(text) if text and short and not text.endswith(_SENTENCE) else ({}, [])


def _halves(label: str) -> list[tuple[str, str]]:
    halves: list[tuple[str, str]] = []
    for sign in (" / ", "/", " | "):
        one, found, other = label.partition(sign)
        if found and sign not in other:
            halves.append((one.strip(), other.strip()))
    if match := re.fullmatch(rf"(.+?){_BRACKETED.pattern}", label):
        halves.append((match[1].strip(), match[2].strip()))
    return halves


def described(
    text: str, facts: Sequence[tuple[str, str]], *, korean: bool | None = None
) -> dict[str, str | None]:
    """The description in its language, followed by the facts (English, Korean) in the same.

    ``korean`` decides where there is no text of its own.
    """
    korean = is_korean(text) if text or korean is None else korean
    whole = sentences([text, *(fact[korean] for fact in facts)])
    return {f"description_{'ko' if korean else 'en'}": whole} if whole else {}
