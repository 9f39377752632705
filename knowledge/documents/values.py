"""Typed values in a text: dates, amounts, durations, numbers, addresses, in a form that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ValueKind = Literal["date", "time", "money", "percent", "duration", "number", "email", "phone", "url"]


@dataclass(frozen=True, slots=True)
class Value:
    """``text`` as it stands; ``key`` is equal for equal values, whatever the language."""

    kind: ValueKind
    key: str
    text: str
    start: int


_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NAMES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBERS = {name: number for number, name in enumerate(_NAMES, 1)} | {
    name: number
    for number, name in enumerate(["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"], 1)
}
_COUNTED = r"(?:개|곳|명|건|가지|번|차례|팀|군데|배|회|인|사(?=[를은는가이와,. ]|$))"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6, "bn": 1e9}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 1e4, "억": 1e8, "조": 1e12}
_CURRENCY = r"(?:KRW|USD|EUR|GBP|JPY|CHF|₩|\$|€|£|¥)"
_KO_AMOUNT = r"(?:\d[\d,.]*\s?[십백천만억조]+\s?)*\d[\d,.]*\s?[십백천만억조]*\s?"

_MONTH_NAMES = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_SPANS = "days?|weeks?|months?|years?|hours?|minutes?"

# In this order: what an earlier pattern takes, a later one does not see.
_SOURCES: tuple[tuple[ValueKind, str], ...] = (
    ("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (
        "url",
        r"https?://[^\s)>\]]+|(?<![@\w.])(?:www\.)?[a-z0-9-]{2,}(?:\.[a-z0-9-]+)*"
        r"\.(?:kr|com|org|net|eu|gov|io|int|info|example)\b(?:/[^\s)>\]]*)?",
    ),
    (
        "phone",
        r"(?<![\d-])1[5-8]\d\d-\d{4}(?!\d)"
        r"|(?<![\d-])(?:\+\d{1,3}[ -]?)?\(?0?\d{1,3}\)?[ -]\d{3,4}[ -]\d{3,4}(?![\d-])",
    ),
    (
        "date",
        rf"{_YEAR}\s?년\s?(?:(?P<m>\d{{1,2}})\s?월(?:\s?(?P<d>\d{{1,2}})\s?일)?)?"
        r"|(?<!\d)(?P<m2>\d{1,2})\s?월(?:\s?(?P<d2>\d{1,2})\s?일)?",
    ),
    ("date", rf"(?<![\d.]){_YEAR}\s?[-./]\s?(?P<m>\d{{1,2}})(?:\s?[-./]\s?(?P<d>\d{{1,2}}))?(?![\d])"),
    ("date", r"(?<![\d.])(?P<m>\d{1,2})\.\s?(?P<d>\d{1,2})\.(?=\s|[~(]|$)"),
    ("date", rf"(?<![\w-]){_DAY}(?: of)? (?P<mon>{_MONTH})(?:,? {_YEAR})?\b"),
    ("date", rf"\b(?P<mon>{_MONTH}) {_DAY}(?:,? {_YEAR})?(?!\d)"),
    ("date", rf"\b(?P<mon>{_MONTH}),? {_YEAR}\b"),
    ("date", rf"\b(?:in|of|by|during|until|from|since|early|late|mid) (?P<mon>{_MONTH_NAMES})\b"),
    (
        "time",
        r"(?:(?:오전|오후)\s?|(?<![\d.,]))\d{1,2}\s?시(?![간군도민장])(?:\s?\d{1,2}\s?분)?"
        r"|(?<!\d)\d{1,2}:\d{2}(?!\d)|정오|자정"
        r"|(?<!\d)\d{1,2}(?:\.\d\d)? ?(?:a\.?m\.?|p\.?m\.?)(?![a-z])|\bnoon\b|\bmidnight\b",
    ),
    ("percent", rf"(?:{_NUMBER})\s?(?:%|％|퍼센트|프로(?![가-힣])|per ?cent\b|percent\b)"),
    (
        "money",
        rf"{_CURRENCY}\s?(?P<n>{_NUMBER})(?:\s?(?P<s>thousand|million|billion|k|m|bn)\b)?"
        rf"|(?P<n2>{_NUMBER})(?:\s?(?P<s2>thousand|million|billion))?"
        r"\s?(?:won|dollars?|euros?|pounds?|yen|KRW|USD|EUR|GBP|€)\b"
        rf"|(?P<ko>{_KO_AMOUNT})(?:원|달러|유로|엔)",
    ),
    (
        "duration",
        rf"(?P<n>{_NUMBER}|\b(?:{'|'.join(_NAMES)}))\s?-?"
        rf"(?P<u>(?:calendar |working |business )?(?:{_SPANS}))\b"
        rf"|(?P<n2>{_NUMBER})\s?(?P<u2>영업일|근무일|개월|주일|주(?=[ 간일이동전후안내뒤,.]|$)"
        r"|년(?!\s?\d{1,2}\s?월)|일|시간|분(?=[ 이동안간내,.]|$))",
    ),
    ("date", rf"\b{_YEAR}\b"),
    (
        "number",
        rf"(?<![A-Za-z0-9.])(?P<n>{_NUMBER})(?![A-Za-z0-9])|\b(?P<w>{'|'.join(_NAMES)})\b"
        rf"|(?<![가-힣])(?P<k>한|두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?(?={_COUNTED})",
    ),
)
_PATTERNS = tuple((kind, re.compile(source, re.IGNORECASE)) for kind, source in _SOURCES)


@lru_cache(maxsize=4096)
def values(text: str) -> tuple[Value, ...]:
    """The values of ``text`` in order; they do not overlap."""
    taken = [False] * (len(text) + 1)
    found: list[Value] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if start == end or any(taken[start:end]):
                continue
            for place in range(start, end):
                taken[place] = True
            found.append(Value(kind, f"{kind}:{_key(kind, match)}", match[0].strip(), start))
    return tuple(sorted(found, key=lambda value: value.start))


def _key(kind: ValueKind, match: re.Match[str]) -> str:
    given = {name: text for name, text in match.groupdict().items() if text is not None}
    if kind == "date":
        return _date_key(given)
    if kind == "money":
        return _money_key(given)
    if kind == "duration":
        return f"{_number(given.get('n') or given['n2'])}{_unit(given.get('u') or given['u2'])}"
    if kind == "number":
        return str(_number(given.get("n") or given.get("w") or given["k"]))
    if kind == "percent":
        return re.sub(r"[^\d.]", "", match[0])
    return re.sub(r"\s+", "", match[0].lower())


def _date_key(given: dict[str, str]) -> str:
    month = (
        _MONTHS[given["mon"][:3].lower()] if "mon" in given else int(given.get("m") or given.get("m2") or 0)
    )
    return f"{given.get('y', '')}-{month}-{int(given.get('d') or given.get('d2') or 0)}"


def _money_key(given: dict[str, str]) -> str:
    if "ko" not in given:
        scale = (given.get("s") or given.get("s2") or "").lower()
        return f"{float((given.get('n') or given['n2']).replace(',', '')) * _SCALE.get(scale, 1):.0f}"
    return f"{_korean_amount(given['ko']):.0f}"


def _korean_amount(text: str) -> float:
    """ "1억 5천만" is 150,000,000: below each of 조, 억 and 만 stand thousands, hundreds and tens of it."""
    total = part = last = 0.0
    for number, scale in re.findall(r"(\d[\d,.]*)|([십백천만억조])", text):
        if number:
            last = float(number.replace(",", "").rstrip(".") or 0)
            part += last
        elif scale in _SMALL:
            part += last * (_SMALL[scale] - 1)
        else:
            total += part * _LARGE[scale]
            part = 0.0
    return total + part


def _number(text: str) -> float | int:
    low = text.lower()
    number = float(_NUMBERS[low]) if low in _NUMBERS else float(text.replace(",", ""))
    return int(number) if number == int(number) else number


def _unit(text: str) -> str:
    low = text.lower()
    for name, marks in {
        "wd": ("working", "business", "영업일", "근무일"),
        "y": ("year", "년"),
        "mo": ("month", "개월"),
        "w": ("week", "주"),
        "h": ("hour", "시간"),
        "min": ("minute", "분"),
        "d": ("day", "일"),
    }.items():
        if any(mark in low for mark in marks):
            return name
    return low
