"""Loan words: whether a Korean word is an English one written by its sound ("바우처", "voucher").

Only consonants are compared, in classes that Korean spelling keeps apart; vowels and a lost "r" are
left out. Short skeletons prove nothing and never match.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.text import stem

LEAST = 3  # consonants from which an equal skeleton counts

# By the order of Hangul's first and last consonants; "-" is not heard.
_FIRST, _LAST = tuple("kknttlmppss-jjjktp-"), tuple("-kkknnntllllllllmppttnttktpt")
_SPELLED = (
    ("tion|sion", "sn"),
    ("sch|tch|ch", "j"),
    ("sh", "s"),
    ("ph", "p"),
    ("th", "s"),
    ("ck|q", "k"),
    ("x", "ks"),
    ("c(?=[eiy])", "s"),
    ("g(?=e\\b)|dge|j", "j"),
    ("ng", "n"),
    ("[cgk]", "k"),
    ("[bfvp]", "p"),
    ("[dt]", "t"),
    ("[sz]", "s"),
    ("l", "l"),
    ("r", "r"),
    ("[aeiouwyh]", ""),
)


def sounds_alike(korean: str, latin: str) -> bool:
    """Whether the two may be one word, by their consonants."""
    if len(korean) < 3 or len(latin) < 5 or not latin.isascii() or korean.isascii():
        return False
    heard = _heard(korean)
    return len(heard) >= LEAST and bool(_written(latin).fullmatch(heard))


@lru_cache(maxsize=4096)
def _heard(korean: str) -> str:
    found = []
    for char in korean:
        code = ord(char) - 0xAC00
        if not 0 <= code < 11172:
            return ""
        found += [_FIRST[code // 588], _LAST[code % 28]]
    return _plain("".join(part for part in found if part != "-"))


@lru_cache(maxsize=4096)
def _written(latin: str) -> re.Pattern[str]:
    """What may be heard of an English word; an "r" need not be."""
    text = stem(latin.lower().replace("-", ""))
    for pattern, sound in _SPELLED:
        text = re.sub(pattern, sound.upper(), text)
    return re.compile(_plain(text.lower()).replace("r", "l?"))


def _plain(skeleton: str) -> str:
    """Doubled consonants count once."""
    return re.sub(r"(.)\1+", r"\1", skeleton)
