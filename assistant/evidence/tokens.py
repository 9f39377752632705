"""The content words of a question, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.roots import is_entry
from knowledge.text import HANGUL, Morpheme, morphemes

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:['’&/-][A-Za-z0-9]+)*")
_NOUNS = frozenset({"NNG", "NNP", "XR", "NNB", "NR", "SH"})
_OTHERS = frozenset({"VV", "VA", "MAG", "XPN", "XSN"})
_PARTICLES = frozenset("도만은는이가")
_EACH = frozenset({"씩", "쯤"})  # suffixes of amounts that say nothing of their own


@dataclass(slots=True)
class Token:
    """A Latin word as written, or a Korean noun, adverb or verb stem. ``name``: it is written like a name."""

    text: str
    start: int
    end: int
    name: bool = False
    korean: bool = False
    verb: bool = False
    adverb: bool = False


def tokens(piece: str) -> list[Token]:
    """The content words in order; numbers are left out."""
    found = [
        Token(re.sub(r"['’]s$", "", m[0]), m.start(), m.end(), name=_is_name(piece, m))
        for m in _LATIN.finditer(piece)
    ]
    if HANGUL.search(piece):
        found += _korean(piece)
    return sorted(found, key=lambda token: token.start)


def _korean(piece: str) -> list[Token]:
    found: list[Token] = []
    last: Token | None = None
    for m in morphemes(piece):
        tag, form, end = m.tag.split("-")[0], m.form, m.end
        if tag == "NNP" and form[-1] in _PARTICLES and is_entry(form[:-1]):
            form, end = form[:-1], end - 1  # a name that the analyser saw in a common word with its particle
        elif tag == "NNP" and len(form) > 2 and form.endswith("인") and piece[end : end + 1] == " ":
            form, end = form[:-1], end - 1  # "서울인 기업": what is in Seoul
        if not HANGUL.search(form) or tag not in _NOUNS | _OTHERS:
            last = None
        elif form in _EACH:
            continue
        elif last and last.end == m.start and _joins(last, m, tag):
            last.text, last.end = piece[last.start : end], end
        else:
            last = Token(
                form, m.start, end, tag == "NNP", True, verb=tag in ("VV", "VA"), adverb=tag == "MAG"
            )
            found.append(last)
    return found


def _joins(last: Token, m: Morpheme, tag: str) -> bool:
    """Whether a morpheme belongs to the word before it: a prefix, a suffix, a syllable by itself."""
    return tag in ("XPN", "XSN") or (len(m.form) == 1 and tag in _NOUNS) or len(last.text) == 1


def _is_name(piece: str, match: re.Match[str]) -> bool:
    word = match[0]
    first = not piece[: match.start()].strip(" \"'(")
    return any(c.isupper() for c in (word[1:] if first else word)) or any(c.isdigit() for c in word)


def compounds(tokens: Sequence[Token]) -> list[list[Token]]:
    """Korean nouns that touch stand together."""
    runs: list[list[Token]] = []
    for token in tokens:
        last = runs[-1][-1] if runs else None
        joined = last is not None and last.end == token.start and last.korean and token.korean
        if joined and last is not None and not last.verb and not token.verb:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs
