"""The words of a question, and the key by which a stretch of them is looked up.

A word is a Korean morpheme, a Latin word with its digits, a number, or a sign. Particles and
endings are kept as *glue*: they separate words, never have to be understood, and a stretch may
run across them ("환자의 수").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import Morpheme, morphemes, normalize, stem

_PIECE = re.compile(
    r"(?P<clitic>['’](?:s|re|d|ll|ve|m)\b)|(?P<latin>[A-Za-z][A-Za-z0-9_]*(?:\.[0-9]+)*)"
    r"|(?P<number>(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?(?![\d-])|\d+(?:,\d{3})*(?:\.\d+)?)"
    r"|(?P<hangul>[가-힣ㄱ-ㆎ]+)|(?P<sign>[%+<>=≥≤~]+)|(?P<other>[^\W_])"
)
_HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")
_SOBBING = re.compile(r"[\u1100-\u11ff]+")  # single letters of Hangul, as people sigh and laugh with
_KEY_PIECE = re.compile(r"[A-Za-z]+|[0-9]+|[^\W\d_]|[%+≥≤<>=]")
_GLUE_TAGS = frozenset(
    (
        "JKS JKC JKG JKO JKB JKV JKQ JX JC EP EF EC ETN ETM VCP VCN XSV XSA XSM XSA-I XSV-I IC MAJ"
        + " SF SP SS SE SO SW"
    ).split()
)
_BOUND_TAGS = frozenset(("NNB", "XSN"))
_SCRAPS = frozenset(("NNB", "MM", "IC", "NR"))  # of a name that was cut up
_NOUN_TAGS = frozenset(("NNG", "NNP"))
_EACH = ("별", "마다")
_BRITISH = re.compile(
    r"(?P<vowel>apnoe|pnoe|haem|(?<=[a-z])aemi|oedem|oesoph|oestr|foet|paed|gynaec|(?<=f)aec|caec|coeli|rrhoe"
    r"|anaes|ischaem|leukaem|septicaem|anaem|orthopaed|aetio|faec|paraes|homoeo|amoeb)"
    r"|(?P<our>(?<=tum)our|(?<=col)our|(?<=behavi)our|(?<=lab)our(?!at)|(?<=harb)our|(?<=hum)our|(?<=od)our)"
    r"|(?P<re>\b(?:fibre|litre|metre|centre|titre|calibre|[a-z]+(?:litre|metre)))(?=s?\b)"
)
_UPS = re.compile(r"\bups\b")  # "check-ups", "follow-ups": too short for the stem
_PLURAL_CAPITALS = re.compile(r"\b([A-Z]{2,})s\b")
_VERBALISER_TAGS = frozenset(("XSV", "XSV-I", "XSV-R"))
_JOSA = "에서요 이요 만요 요 에서는 에서 에게 에는 에도 으로 에 의 로 을 를 이 가 은 는 도 만 과 와 랑"
PARTICLES = tuple(_JOSA.split())
_LIGHT_STEMS = frozenset(("있", "없", "하", "되", "받", "않", "같"))
_FREE_TAGS = frozenset("VX VX-I VX-R MAG NP XPN".split())  # noqa: SIM905
_VERB_TAGS = frozenset("VV VV-I VV-R".split())  # noqa: SIM905
_LIGHT_TAGS = _FREE_TAGS | frozenset("VV VA MM NNB XSN VV-I VA-I VV-R VA-R".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Word:
    """``start`` and ``end`` are code points of the normal form of the question.

    strong: it must be understood or the question is not. weight: what understanding it is worth.
    glue: a particle, an ending or a clitic. verbal: a Korean noun made a verb ("조사한"), which tells
    what is done rather than naming something. bound: a noun that cannot stand alone ("병원 간"). adverb: it
    says how, as "안" in "안 된" and not in "병원 안".
    """

    text: str
    start: int
    end: int
    kind: str
    strong: bool
    glue: bool
    weight: float
    verbal: bool = False
    bound: bool = False
    adverb: bool = False


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """What two spellings of one name have in common: no case, spaces, hyphens, underscores or plural s."""
    text = _PLURAL_CAPITALS.sub(r"\1", normalize(text)).lower()  # "ICUs": too short for the stem
    text = _UPS.sub("up", _BRITISH.sub(_american, text))
    return "".join(stem(piece) for piece in _KEY_PIECE.findall(text))


def _american(match: re.Match[str]) -> str:
    """ "apnoea" as "apnea", "tumour" as "tumor", "fibre" as "fiber", "randomised" as "randomized"."""
    kind = match.lastgroup
    if kind == "vowel":
        return match["vowel"].replace("oe", "e").replace("ae", "e")
    return match[0].replace("our", "or") if kind == "our" else match[0][:-2] + "er"


def words(question: str, tokens: Collection[str] = ()) -> tuple[Word, ...]:
    """The words of a question in normal form, in order. ``tokens`` are Korean words of the catalog's names:
    the analyser, which has never met them, may take their ends for particles."""
    found: list[Word] = []
    analysed = morphemes(question) if _HANGUL.search(question) else ()
    for match in _PIECE.finditer(question):
        kind = str(match.lastgroup)
        if kind == "hangul":
            found.extend(_korean(question, analysed, *match.span(), tokens))
        else:
            strong = kind in {"latin", "number", "other"} and not _SOBBING.fullmatch(match.group())
            weight = 1.0 if strong else 0.4
            found.append(Word(match.group(), *match.span(), kind, strong, kind == "clitic", weight))
    return tuple(found)


def _korean(
    question: str, analysed: Sequence[Morpheme], start: int, end: int, tokens: Collection[str]
) -> list[Word]:
    """The morphemes inside one run of Hangul, as pieces that tile it."""
    before = question[start - 1 : start]
    if before.isascii() and before.isalnum() and question[start:end] in PARTICLES:
        # "COVID-19 registry의": a particle on a Latin word, whatever the analyser makes of it.
        return [Word(question[start:end], start, end, "hangul", False, True, 0.05)]
    inside = [m for m in analysed if start <= m.start and m.end <= end and m.end > m.start]
    name = _name(question[start:end], inside, start, tokens)
    if name:
        rest = [] if start + len(name) == end else [Word(
            question[start + len(name) : end], start + len(name), end, "hangul", False, True, 0.05
        )]
        return [Word(name, start, start + len(name), "hangul", True, False, 1.0), *rest]
    pieces: list[Word] = []
    at = start
    for m in inside:
        if m.end <= at:  # a contraction: two morphemes share a syllable
            continue
        begin = max(at, m.start)
        if begin > at:  # the end of a morpheme that began in the word before ("과민성 장증후군이랑")
            pieces.append(Word(question[at:begin], at, begin, "hangul", True, False, 1.0))
        tag = m.tag
        # "신경과인 데이터셋": the copula on a noun, which the analyser may take for a noun ("person").
        copula = m.form == "인" and begin > start and m.end == end and tag in (*_NOUN_TAGS, "XSN")
        glue = tag in _GLUE_TAGS or copula
        verbal = any(v.start == m.end and v.tag in _VERBALISER_TAGS for v in inside)
        strong = not glue and tag not in _FREE_TAGS and tag not in _VERB_TAGS
        weight = 0.05 if glue else 0.4 if tag in _LIGHT_TAGS else 1.0
        each = next((e for e in _EACH if question[begin : m.end].endswith(e)), "")
        cut = m.end - len(each)
        if each and tag in _NOUN_TAGS and cut - begin > 1 and m.form not in tokens:
            # The analyser takes "데이터셋별" for a noun of its own.
            pieces.append(Word(question[begin:cut], begin, cut, "hangul", True, False, 1.0))
            begin, strong, weight = cut, True, 0.4
        bound = tag in _BOUND_TAGS
        pieces.append(
            Word(
                question[begin : m.end], begin, m.end, "hangul", strong, glue, weight, verbal, bound,
                adverb=tag == "MAG",
            )
        )
        at = m.end
    if at < end:
        # What is left of a contraction is glue; a morpheme that runs on into the next word is a word.
        across = any(m.start < end < m.end or m.start < start < m.end for m in analysed)
        lone = across or not pieces
        pieces.append(Word(question[at:end], at, end, "hangul", lone, not lone, 1.0 if lone else 0.05))
    return pieces


def _name(run: str, inside: Sequence[Morpheme], start: int, tokens: Collection[str]) -> str:
    """The catalog's word that a run of Hangul is, or begins with before a particle, where the analyser cut
    through it or saw a particle in it; "" where it did not."""
    for end in range(len(run), 1, -1):
        name, rest = run[:end], run[end:]
        if name not in tokens or (rest and rest not in PARTICLES):
            continue
        own = [m for m in inside if m.start < start + end]
        if own and own[0].form in _LIGHT_STEMS and own[0].tag.startswith("V"):
            return ""  # "있는": a verb, also where a name has it in it ("침대에 있는 시간")
        cut = any(m.end > start + end or m.tag in _GLUE_TAGS for m in own)
        cut = cut or (len(own) > 1 and any(m.tag in _SCRAPS for m in own))  # "음주" as "음" and "주"
        return name if cut else ""
    return ""
