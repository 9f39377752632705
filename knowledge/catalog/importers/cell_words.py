"""Single cells of a hospital's dictionary in the words of the folder format."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.catalog.cells import parse_missing_rate, parse_moment
from knowledge.catalog.importers.codes import Code, codes_in
from knowledge.catalog.importers.delimited import header_key
from knowledge.catalog.importers.sheets.number_format import day_text
from knowledge.catalog.importers.words import words

_SIZE = re.compile(r"[(\[]\s*(\d+)\s*(?:,\s*(\d+)\s*)?[^)\]]*[)\]]")
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")  # 1927 to 2173, as spreadsheets count days
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?")
_KOREAN_DAY = re.compile(r"(\d{4})\s*년(?:\s*(\d{1,2})\s*월(?:\s*(\d{1,2})\s*일)?)?")
_LOOSE_DAY = re.compile(r"(\d{4})\s*([-./])\s*(\d{1,2})(?:\s*\2\s*(\d{1,2}))?\s*[.]?")
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
_PERIOD = re.compile(r"\s*(?:[~∼〜～–—]|\s-\s|부터|\bto\b|-(?=\s*\d{4}))\s*", re.IGNORECASE)
_PERCENT_WORDS = (
    (re.compile(r"(?:약|대략|about|approx\.?|ca\.?)\s*", re.IGNORECASE), ""),
    (re.compile(r"([\d.]+)\s*%?\s*(?:미만|이하)"), r"<\1"),
    (re.compile(r"([\d.]+)\s*%?\s*(?:초과|이상)"), r">\1"),
    (re.compile(r"퍼센트|percent|pct", re.IGNORECASE), "%"),
)
_CODED = re.compile(r"[A-Za-z][\w.-]*:\S+")
_TERM_ADDRESS = re.compile(r"[/#]([A-Za-z]{2,10})[_:](\w+)(?=$|[\s,;|)])")
_DATE_FORMAT = re.compile(r"(?=.*(?:yy|dd|hh|mi))[ymdhisa24:/\-. t년월일시분초]{4,}", re.IGNORECASE)
_COUNT = re.compile(r"(\d+)\s*(?:세|살|일|개월|years?|days?|months?)?(?:\s*(?:이상|이하))?", re.IGNORECASE)


def is_empty(text: str) -> bool:
    """Whether a cell says that there is nothing: "-", "해당없음", "N/A"."""
    return text.casefold() in words().empty


def is_ongoing(text: str) -> bool:
    """Whether the end of a period says that there is none yet."""
    return text.casefold() in words().ongoing


def is_date_format(text: str) -> bool:
    """Whether a cell says how a date is written: "YYYY-MM-DD"."""
    return _DATE_FORMAT.fullmatch(text.strip()) is not None


@lru_cache(maxsize=4096)
def type_word(text: str) -> str:
    """The type of the catalog ("code", "decimal", ...) that a cell means, else the cell as it stands."""
    known = words().types
    bare = header_key(_SIZE.sub("", text)).rstrip("0123456789") or header_key(text)
    found = known.get(header_key(text)) or known.get(header_key(_SIZE.sub("", text))) or known.get(bare)
    if found is None:
        parts = [known.get(header_key(part)) for part in re.split(r"[(/,\[)\]]", text) if header_key(part)]
        found = next((part for part in parts if part), None)
    size = _SIZE.search(text)
    if found == "decimal" and size and bare in words().counted and size[2] in (None, "0"):
        return "integer"
    return found or text


def boolean_word(text: str) -> str:
    """ "true" or "false" of "Y", "○", "해당". Raises ValueError for other words."""
    value = words().booleans.get(text.casefold())
    if value is None:
        raise ValueError(f"{text!r} is neither yes nor no; write true or false")
    return "true" if value else "false"


def missing_rate(text: str) -> str:
    """A missing rate as parse_missing_rate reads it: "<5" of "5% 미만". Raises ValueError."""
    told = text.replace("％", "%")
    for pattern, by in _PERCENT_WORDS:
        told = pattern.sub(by, told)
    told = told.strip()
    try:
        parse_missing_rate(told)
    except ValueError:
        parse_missing_rate(text)  # its message quotes what the file says
        raise
    return told


def day_word(text: str, first_day: int = 1900) -> str:
    """2015, 2015-01 or 2015-01-31 of "2015년 1월", "2015.1.31", "20150131" or a spreadsheet's 42035.

    Raises ValueError where it is no date."""
    told = _TIME_OF_DAY.sub("", text.strip())
    if match := _KOREAN_DAY.fullmatch(told):
        told = _joined(match[1], match[2], match[3])
    elif match := _LOOSE_DAY.fullmatch(told):
        told = _joined(match[1], match[3], match[4])
    elif match := _COMPACT.fullmatch(told):
        told = _joined(match[1], match[2], match[3])
    elif _SERIAL.fullmatch(told):
        told = day_text(float(told), first_day)[:10]
    parse_moment(told)
    return told


def _joined(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def period_words(text: str, first_day: int = 1900) -> tuple[str, str | None]:
    """First and last day of "2015.01 ~ 2020.12", "2015년~현재"; a year alone is both. Raises ValueError."""
    start, found, end = _split_period(text)
    first = day_word(start, first_day)
    if not found:
        return first, first
    if not end or is_ongoing(end):
        return first, None
    return first, day_word(end, first_day)


def _split_period(text: str) -> tuple[str, bool, str]:
    parts = _PERIOD.split(text.strip().removesuffix("까지").strip(), maxsplit=1)
    return parts[0].strip(), len(parts) > 1, parts[1].strip() if len(parts) > 1 else ""


def count_word(text: str) -> str:
    """The number of "18세", "14일", "1,200". Raises ValueError."""
    match = _COUNT.fullmatch(text.replace(",", ""))
    if match is None:
        raise ValueError(f"{text!r} is not a whole number; write digits only")
    return match[1]


def concept_of(text: str, system: str | None) -> Code | str:
    """The standard code that a cell names, where ``system`` is its column's; a local concept's id else."""
    named = codes_in(text)
    if named:
        return named[0]
    if "://" in text:
        address = _TERM_ADDRESS.search(text)
        return Code(address[1], address[2]) if address else text.split()[0].rstrip("/").rpartition("/")[2]
    first = re.split(r"[,;|/\n]", text)[0].strip()
    if system is not None:
        return Code(system, first.split()[0] if first.split() else first)
    if _CODED.fullmatch(first):
        system, _, code = first.partition(":")
        return Code(system, code)
    return first
