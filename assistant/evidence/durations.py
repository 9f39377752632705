"""Which durations in a sentence answer a question for one."""

from __future__ import annotations

import re
from collections.abc import Collection

from knowledge.documents.values import Value

_PAST = re.compile(r"(?:\b(?:last|past|previous)|최근|지난)\s*$", re.IGNORECASE)
_AHEAD = re.compile(r"\s?전(?:까지|에|,| )|\s(?:before|ahead|in advance|prior)\b", re.IGNORECASE)
_ASKS_AHEAD = re.compile(
    r"전(?:까지|에|부터)|미리|before|ahead|advance|prior|until|by when|notice|soon", re.IGNORECASE
)
_ASKS_HOW_FAR_AHEAD = re.compile(
    r"(?:며칠|몇 ?(?:시간|일|주|개월|달|영업일)) ?전"
    r"|how (?:long|far|many \w+)\b.{0,60}?\b(?:before|ahead|advance)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"몇 ?(분|시간|일|주|개월|달|년)|how many (minute|hour|day|week|month|year)s", re.IGNORECASE
)
_UNITS = ("min", "h", "d", "w", "mo", "y")
_UNIT_OF = {"분": "min", "시간": "h", "일": "d", "주": "w", "개월": "mo", "달": "mo", "년": "y"} | {
    "minute": "min", "hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"
}  # fmt: skip
NEAR_SHORT, NEAR_LONG = 1, 3  # units apart: of minutes and hours, of longer times
BEFORE, BEHIND = 12, 16  # characters beside a duration that are read


def beside_the_point(question: str, asks: Collection[str], text: str, value: Value) -> bool:
    """Whether a duration is none of what is asked: it says how long ago ("in the last five years"), or how
    long before something where the question does not, or not that where the question does; or it is years
    where minutes are asked."""
    if value.kind != "duration":
        return False
    end = value.start + len(value.text)
    if _PAST.search(text[max(0, value.start - BEFORE) : value.start]):
        return True
    ahead = bool(_AHEAD.match(text[end : end + BEHIND]))
    if "how_long" in asks and ahead and not _ASKS_AHEAD.search(question):
        return True
    if not ahead and _ASKS_HOW_FAR_AHEAD.search(question):
        return True
    asked = _ASKED.search(question)
    told = re.sub(r"^[\d.]+", "", value.key.split(":")[1]).replace("wd", "d")
    if not asked or told not in _UNITS:
        return False
    wanted = _UNITS.index(_UNIT_OF[asked[1] or asked[2].lower()])
    return abs(wanted - _UNITS.index(told)) > (NEAR_SHORT if wanted < _UNITS.index("d") else NEAR_LONG)
