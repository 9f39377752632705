"""What the lines above a header and the names of sheets say: "■ 수술기록 (OP_REC)" is the table OP_REC."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.catalog.importers.delimited import header_key
from knowledge.catalog.importers.sheets.sheet import Line
from knowledge.catalog.importers.wording import is_korean
from knowledge.catalog.importers.words import words

_MARK = re.compile(r"^(?:[\s■□●○◆◇▶▷★☆\-·*#<\[【]|\(?\d{1,2}(?:[.)]|-\d{1,2}[.)]?)(?=\s))+|[\s>\]】]+$")
_LABELLED = re.compile(r"^(?:테이블\s*(?:명|id)?|table(?:\s*(?:name|id))?)\s*[:：]\s*", re.IGNORECASE)
_ID = r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[A-Z][A-Z0-9]{2,}|[A-Za-z]+\d+"
_ID_LAST = re.compile(rf"(.+?)\s*[(\[:：\-–]\s*({_ID})\s*[)\]]?")
_ID_FIRST = re.compile(rf"({_ID})\s*(?:[:：\-–(\[]\s*|\s)(.+?)[)\]]?")
_VERSION = re.compile(
    r"\s*[(\[]?\s*\b(?:ver(?:sion)?\.?|v|rev\.?)\s*\d[\d.]*\s*[)\]]?"
    r"|\s*[(\[][^()\[\]]*\d{4}[^()\[\]]*[)\]]$", re.IGNORECASE,
)
_LONGEST = 80  # characters


def table_named(text: str) -> tuple[str, str]:
    """Id and title of the table that a heading or a sheet's name means; both the same where it says one."""
    told = _LABELLED.sub("", _MARK.sub("", text)).strip()
    if match := _ID_LAST.fullmatch(told):
        return match[2], match[1].strip()
    if (match := _ID_FIRST.fullmatch(told)) and is_korean(match[2]):
        return match[1], match[2].strip()
    return told or text, told or text


def heading(line: Line) -> str:
    """The text of a line that has one cell and may be a heading, or empty."""
    if len(line.filled) != 1:
        return ""
    text = " ".join(line.at(line.filled[0]).split())
    remark = text.casefold().startswith(words().remarks)
    return "" if remark or len(text) > _LONGEST or not any(map(str.isalpha, text)) else text


def above(lines: Sequence[Line], header: int) -> str:
    """The heading right above row ``header``, with nothing but empty rows between; or empty."""
    last = next((line for line in reversed(lines) if line.number < header), None)
    return heading(last) if last is not None and last.number >= header - 2 else ""


def has_blocks(lines: Sequence[Line], header: Sequence[int], is_header: Callable[[Line], bool]) -> bool:
    """Whether the header comes again below another heading, as where each table has a block of its own."""
    first = above(lines, min(header, default=0))
    again = (line.number for line in lines if line.number > max(header, default=0) and is_header(line))
    return bool(first) and any((text := above(lines, number)) and text != first for number in again)


def dataset_title(lines: Sequence[Line], header: int) -> str:
    """What the first heading above a header calls the data, where it says that it is about a dictionary
    of them: "눈 코호트" of "눈 코호트 변수 정의서". Empty where it does not."""
    text = next((text for line in lines if line.number < header and (text := heading(line))), "")
    text = _VERSION.sub("", _MARK.sub("", text)).strip()
    parts = told = text.split()
    while told and header_key(told[-1]) in words().documents:
        told = told[:-1]
    return " ".join(told).rstrip(" -–—:,(") if told != parts else ""
