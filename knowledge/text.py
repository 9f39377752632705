"""Text as both languages need it: normal form, language, morphemes.

Kiwi is loaded on first use (about one second, 100 MB) and shared by the process.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Language = Literal["ko", "en"]

HANGUL = re.compile(r"[가-힣]")  # a syllable
_KOREAN = re.compile(r"[가-힣ㄱ-ㆎ]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Morpheme:
    """One morpheme: its form, Kiwi's part-of-speech tag, and code-point offsets in the text given."""

    form: str
    tag: str
    start: int
    end: int


def normalize(text: str) -> str:
    """NFKC, without NUL and lone surrogates, each of which some library below cannot take."""
    return unicodedata.normalize("NFKC", _LONE_SURROGATE.sub("", text.replace("\x00", "")))


def language_of(text: str, default: Language = "en") -> Language:
    """The language a person would say the text is in.

    Korean text is full of Latin abbreviations while English text holds no Hangul, so any
    Hangul that is not outweighed five to one by Latin words decides for Korean.
    """
    hangul = len(_KOREAN.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if not hangul and not latin:
        return default
    return "ko" if hangul and hangul * 2 >= latin else "en"


_kiwi_lock = threading.Lock()


@lru_cache(maxsize=1)
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


# Questions and labels come again and again, passages once: only short texts are remembered.
REMEMBERED = 300


def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The morphemes of ``text``, in order; offsets are code points of ``text`` as given."""
    return _remembered_morphemes(text) if len(text) <= REMEMBERED else _morphemes(text)


def _morphemes(text: str) -> tuple[Morpheme, ...]:
    with _kiwi_lock:  # its analyser is not documented as re-entrant
        tokens = _kiwi().tokenize(text)
    return tuple(Morpheme(t.form, str(t.tag), t.start, t.start + t.len) for t in tokens)


_remembered_morphemes = lru_cache(maxsize=8192)(_morphemes)

def glue_lines(lines: Sequence[str]) -> str:
    """Lines of one paragraph as running text. Korean may break inside a word: the analyser says where a
    space belongs between two syllables. A hyphen before a small letter stays, without a space."""
    pieces = [piece for line in lines if (piece := " ".join(line.split()))]
    if not pieces:
        return ""
    whole = pieces[0]
    for piece in pieces[1:]:
        if _KOREAN.match(whole[-1]) and _KOREAN.match(piece[0]):
            last, first = whole.rsplit(" ", 1)[-1], piece.split(" ", 1)[0]
            with _kiwi_lock:
                apart = " " in _kiwi().glue([last, first])
            whole += (" " if apart else "") + piece
        elif whole[-1] in "-/_" and whole[-2:-1].isalnum():
            whole += piece
        else:
            whole += " " + piece
    return whole


_SEARCH_TAGS = frozenset(
    {"NNG", "NNP", "NNB", "NR", "XR", "SL", "SN", "SH", "VV", "VA", "MAG", "XPN", "XSN", "W_SERIAL"}
)
_STOP = frozenset(
    """a an and are as at be by do does for from has have how in is it its of on or that the there this to was
    what when which who with you your can i""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")


def search_terms(text: str) -> tuple[str, ...]:
    """The terms that keyword search indexes and asks for: Korean content morphemes, lower-cased Latin words.

    A Latin word with inner punctuation ("FEV1/FVC", "post-BD") also gives its parts.
    """
    return _remembered_terms(text) if len(text) <= REMEMBERED else _search_terms(text)


def _search_terms(text: str) -> tuple[str, ...]:
    text = normalize(text)
    terms: list[str] = []
    if _KOREAN.search(text):
        terms.extend(_korean_terms(text))
    for word in _WORD.findall(text):
        if _KOREAN.search(word):
            word = "".join(c if not _KOREAN.match(c) else " " for c in word)
        for part in word.split():
            low = part.lower().strip(".'-")
            if not low or low in _STOP:
                continue
            terms.append(stem(low))
            pieces = re.split(r"[.'-]", low)
            if len(pieces) > 1:
                terms.extend(stem(p) for p in pieces if p and p not in _STOP)
    return tuple(terms)


_remembered_terms = lru_cache(maxsize=65536)(_search_terms)


def _korean_terms(text: str) -> list[str]:
    """Content morphemes, and each run of touching one-syllable ones as a whole.

    Kiwi cuts a word that it does not know into syllables in one sentence and leaves it whole in
    another; the run as a whole lets the two meet.
    """
    terms: list[str] = []
    run: list[Morpheme] = []

    def close() -> None:
        if len(run) > 1:
            terms.append("".join(m.form for m in run))
        run.clear()

    for m in morphemes(text):
        tag = m.tag.split("-")[0]
        content = tag in _SEARCH_TAGS and tag not in {"SL", "SN"}
        if content:
            terms.append(m.form.lower())
        if not content or len(m.form) != 1 or (run and run[-1].end != m.start):
            close()
        if content and len(m.form) == 1:
            run.append(m)
    close()
    return terms


def stem(word: str) -> str:
    """A light English plural stem of a lower-case word; enough to make 'datasets' meet 'dataset'."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
