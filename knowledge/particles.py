"""Korean particles after a word that is filled in: 이(가) becomes 이 or 가 by how the word ends."""

from __future__ import annotations

import re

_BOTH = re.compile(
    r"(?P<word>[가-힣]|[0-9]|(?<![A-Za-z])[A-Z]+(?![a-z]))(?P<close>['’\"”)\]]*)"
    r"(?P<both>이\(가\)|은\(는\)|을\(를\)|와\(과\)|과\(와\)|\(으\)로)"
)
_FORMS = {  # after a consonant, after a vowel
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
_RIEUL = 8  # the final consonant after which 로 stands
_OPEN_DIGITS, _RIEUL_DIGITS = "2459", "178"  # as they are read aloud: 이, 사, 오, 구; 일, 칠, 팔
_CLOSED_LETTERS, _RIEUL_LETTERS = "LMNR", "LR"  # of abbreviations, read letter by letter: 엘, 엠, 엔, 알


def with_particles(text: str) -> str:
    """``text`` with the particles chosen. Where a reader may say a word in several ways (Latin words in lower
    case), both forms stay."""
    return _BOTH.sub(_chosen, text)


def _chosen(found: re.Match[str]) -> str:
    last, both = found["word"][-1], found["both"]
    if last.isdigit():
        closed, rieul = last not in _OPEN_DIGITS, last in _RIEUL_DIGITS
    elif last.isascii():
        closed, rieul = last in _CLOSED_LETTERS, last in _RIEUL_LETTERS
    else:
        final = (ord(last) - ord("가")) % 28
        closed, rieul = final != 0, final == _RIEUL
    if both == "(으)로" and rieul:
        closed = False
    return f"{found['word']}{found['close']}{_FORMS[both][0 if closed else 1]}"
