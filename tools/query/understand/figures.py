"""Dates, shares and scaled numbers in figures that compare: "1 May 2025", "more than half", "5천명"."""

from __future__ import annotations

import re
from calendar import monthrange

_SCALED = re.compile(
    r"(\d+(?:\.\d+)?)\s?(천|만|백)(?=\s?(?:명|건|개|원|례|장|분|곳|이상|이하|미만|초과|넘))"
    r"|(?<![\w.])(\d+(?:\.\d+)?)k\b"
)
_SCALES = {"백": 100, "천": 1_000, "만": 10_000}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    re.compile(rf"\b{_DAY}(?: of)? {_MONTH},? (?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b{_MONTH} {_DAY},? (?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b{_MONTH},?(?: of)?(?P<day>) (?P<year>(?:19|20)\d\d)\b"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)년\s?(?P<month>\d{1,2})월(?:\s?(?P<day>\d{1,2})일)?"),
    re.compile(
        r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<sign>[-./])\s?(?P<month>\d{1,2})(?P=sign)\s?(?P<day>\d{1,2})"
        r"(?!\d)(?:\.(?=\s))?"
    ),
)  # fmt: skip
_SHARES = {"half": "50", "third": "33.3", "quarter": "25", "two thirds": "66.7", "three quarters": "75"}
_SHARE = re.compile(
    r"\b(?P<than>(?:more|less|fewer|greater) than|over|under|above|below|at least|at most|exceed(?:s|ing)?)"
    r" (?:an? |one )?(?P<share>half|third|quarter|two thirds|three quarters)\b"
    r"|\b(?P<whole>half)(?= or (?:more|less)\b)"
    r"|(?<![가-힣])(?:절반|반)(?=\s?(?:이상|이하|미만|초과|(?:을|이)? ?넘))",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?<![\w'’])['’](?P<year>\d\d)(?=$|[^\w'’]|년)")
_CENTURY = 50  # '49 is 2049, '50 is 1950
_FROM_BIRTH = re.compile(r"\bfrom birth\b|(?:출생|출생 시|태어날 때|태어난 때)부터", re.IGNORECASE)


def with_digits(text: str) -> str:
    """ "5천명" as "5000명", "2.5k" as "2500", "1 May 2025" as "2025-05-01", "2025년 5월" as "2025-05",
    "more than half" as "more than 50%": numbers as they are compared."""
    for pattern in _DATES:
        text = pattern.sub(_iso, text)
    text = _SHORT_YEAR.sub(lambda m: ("20" if int(m["year"]) < _CENTURY else "19") + m["year"], text)
    text = _SHARE.sub(_share, text)
    text = _FROM_BIRTH.sub(lambda m: "from age 0" if m[0].isascii() else "0세부터", text)

    def digits(match: re.Match[str]) -> str:
        number, scale = (match[1], _SCALES[match[2]]) if match[1] else (match[3], 1_000)
        value = float(number) * scale
        return f"{int(value):,}" if value.is_integer() else match[0]

    return _SCALED.sub(digits, text)


def as_asked(words: str, question: str) -> str:
    """Words of a question that was put ``with_digits``, with its dates and shares as they were written."""
    written = {_iso(match): match[0] for pattern in _DATES for match in pattern.finditer(question)}
    for match in _SHARE.finditer(question):
        written[_share(match).rpartition(" ")[2].rstrip("%")] = match["share"] or match[0]
    return ", ".join(written.get(word, word) for word in words.split(", ")) if written else words


def _iso(match: re.Match[str]) -> str:
    """A date as it is written in a catalog; as it stands where there is no such day."""
    parts = match.groupdict()
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"])
    if not 1 <= month <= 12:
        return match[0]
    if parts["day"] and not 1 <= int(parts["day"]) <= monthrange(int(parts["year"]), month)[1]:
        return match[0]
    return f"{parts['year']}-{month:02}" + (f"-{int(parts['day']):02}" if parts["day"] else "")


def _share(match: re.Match[str]) -> str:
    than = f"{match['than']} " if match["than"] else ""
    return f"{than}{_SHARES[(match['share'] or 'half').lower()]}%"
