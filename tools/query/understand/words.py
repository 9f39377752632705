"""The words of a question, and the key by which a stretch of them is looked up.

A word is a Korean morpheme, a Latin word with its digits, a number, or a sign. Particles and
endings are kept as *glue*: they separate words, never have to be understood, and a stretch may
run across them ("환자의 수").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import Morpheme, morphemes, normalize, stem

_PIECE = re.compile(
    r"(?P<clitic>['’](?:s|re|d|ll|ve|m)\b)|(?P<latin>[A-Za-z][A-Za-z0-9_]*(?:\.[0-9]+)*)"
    r"|(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"|(?P<hangul>[가-힣ㄱ-ㆎ]+)|(?P<sign>[%+<>=≥≤~]+)|(?P<other>[^\W_])"
)
_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_KEY_PIECE = re.compile(r"[A-Za-z]+|[0-9]+|[^\W\d_]|[%+≥≤<>=]")
_GLUE_TAGS = frozenset(
    (
        "JKS JKC JKG JKO JKB JKV JKQ JX JC EP EF EC ETN ETM VCP VCN XSV XSA XSM XSA-I XSV-I IC MAJ"
        + " SF SP SS SE SO SW"
    ).split()
)
_FREE_TAGS = frozenset("VX VX-I VX-R MAG NP XPN".split())  # noqa: SIM905
_VERB_TAGS = frozenset("VV VV-I VV-R".split())  # noqa: SIM905
_LIGHT_TAGS = _FREE_TAGS | frozenset("VV VA MM NNB XSN VV-I VA-I VV-R VA-R".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Word:
    """``start`` and ``end`` are code points of the normal form of the question.

    strong: it must be understood or the question is not. weight: what understanding it is worth.
    glue: a particle, an ending or a clitic.
    """

    text: str
    start: int
    end: int
    kind: str
    strong: bool
    glue: bool
    weight: float


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """What two spellings of one name have in common: no case, spaces, hyphens, underscores or plural s."""
    text = normalize(text).lower()
    return "".join(stem(piece) for piece in _KEY_PIECE.findall(text))


def words(question: str) -> tuple[Word, ...]:
    """The words of a question in normal form, in order."""
    found: list[Word] = []
    analysed = morphemes(question) if _HANGUL.search(question) else ()
    for match in _PIECE.finditer(question):
        kind = str(match.lastgroup)
        if kind == "hangul":
            found.extend(_korean(question, analysed, *match.span()))
        else:
            strong = kind in {"latin", "number", "other"}
            weight = 1.0 if strong else 0.4
            found.append(Word(match.group(), *match.span(), kind, strong, kind == "clitic", weight))
    return tuple(found)


def _korean(question: str, analysed: Sequence[Morpheme], start: int, end: int) -> list[Word]:
    """The morphemes inside one run of Hangul, as pieces that tile it."""
    inside = [m for m in analysed if start <= m.start and m.end <= end and m.end > m.start]
    pieces: list[Word] = []
    at = start
    for m in inside:
        if m.end <= at:  # a contraction: two morphemes share a syllable
            continue
        begin = max(at, m.start)
        tag = m.tag
        glue = tag in _GLUE_TAGS
        strong = not glue and tag not in _FREE_TAGS and tag not in _VERB_TAGS
        weight = 0.05 if glue else 0.4 if tag in _LIGHT_TAGS else 1.0
        pieces.append(Word(question[begin : m.end], begin, m.end, "hangul", strong, glue, weight))
        at = m.end
    if at < end:
        pieces.append(Word(question[at:end], at, end, "hangul", False, True, 0.05))
    return pieces
