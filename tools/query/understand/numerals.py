"""Numbers in words, put in figures before a question is read: "오천 명", "2만 5천", "five thousand".

Words that may be something else stay as they are: a single digit ("이 병원", "one registry"), vague amounts
("수백 명", "a few hundred"), and whatever stands before no unit ("천식", "오십견", "twelve-lead").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = {digit: number for number, digit in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_SCALES = {"십": 10, "백": 100, "천": 1_000}
_GROUPS = {"만": 10_000, "억": 100_000_000}
_SMALL = "일이삼사오육칠팔구십백천"
_COMPARED = r"(?:이상|이하|미만|초과|이내|안에|보다|넘|(?:을|를|이|가)\s?(?:안\s?)?(?:넘|되지|안\s?되))"
_COUNTED = rf"명|건|개(?!월|년)|곳|원|례|장|병상|베드|군데|{_COMPARED}"
_UNITS = (
    rf"{_COUNTED}|개월|개년|년|세(?![가-힣]{{2}})|살|퍼센트|프로|%|달|대(?=\s|의|에|인|$)"
    rf"|일(?=\s|이|을|간|내|안|$)|주(?=\s|간|$)|(?:에서|부터|~|-)\s?[{_SMALL}만\d]+\s?(?:{_COUNTED})"
)
_SINO = re.compile(
    rf"(?<![가-힣\d])(?<!몇 )(?<!수 )(?P<words>[{_SMALL}만억]+(?:(?<=[만억])\s[{_SMALL}]+)?)"
    rf"(?P<gap>\s?)(?=(?P<unit>{_UNITS}))"
    r"|(?<![가-힣\d])(?P<year>[일이][영공일이삼사오육칠팔구]{3})(?=\s?년)"
    r"|(?<![\w.,])(?P<mixed>\d+(?:\.\d+)?\s?[백천만억](?:\s?\d+\s?[백천만])*(?:\s?\d{1,3})?)"
    rf"(?=\s?(?:{_UNITS}|분))"
    r"|(?<![\w.])(?P<kilo>\d+(?:\.\d+)?)k\b"
)
_LONE = re.compile(rf"(?:년|개년)(?=\s?{_COMPARED})|개월|퍼센트|프로|개년|년(?=\s|치|간)")
_COMPARED_AT = re.compile(rf"\s?{_COMPARED}")
_BARE = re.compile(
    rf"명(?=\s?{_COMPARED})|(?<=\s)명|건|개(?!월|년)|곳|원|례|병상|퍼센트|에서|부터|{_COMPARED}"
)
_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70} | {
    "여든": 80, "아흔": 90,
}  # fmt: skip
_ONES = {"하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5} | {
    "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE = re.compile(
    rf"(?<![가-힣])(?P<tens>{'|'.join(_TENS)})\s?(?P<ones>{'|'.join(_ONES)})?"
    rf"(?=\s?(?:살|세(?![가-힣])|{_COUNTED}|해|달))"
)

_THREE_FOUR = re.compile(r"(?<![가-힣])[석넉](?=\s?(?:달|장|대))")

_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen")
_UNDER_TEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WORDS = {word: number for number, word in enumerate((*_UNDER_TEN, *_TEENS, "nineteen"))}
_DECADES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TIES = {word: 10 * number for number, word in enumerate(_DECADES, 2)}
_LARGE = {"hundred": 100, "dozen": 12, "thousand": 1_000, "million": 1_000_000}
_ONE_WORD = "|".join((*_WORDS, *_TIES))
_SCALE_WORD = "|".join(_LARGE)
_ENGLISH = re.compile(
    r"(?<![\w-])(?<!few )(?<!several )(?<!many )(?<!couple of )(?P<half>half an? )?"
    rf"(?P<words>(?:(?:an?|\d+(?:\.\d+)?|{_ONE_WORD})[ -])?(?:{_ONE_WORD}|{_SCALE_WORD})"
    rf"(?:(?:[ -]|(?<=hundred) and |(?<=thousand) and (?!(?:{_ONE_WORD})[ -](?:{_SCALE_WORD})))"
    rf"(?:{_ONE_WORD}|{_SCALE_WORD}))*)(?![\w-])",
    re.IGNORECASE,
)
_COUNTS_IT = re.compile(
    r" ?(?:years?|months?|weeks?|days?|patients?|people|persons?|women|men|participants?|subjects?"
    r"|individuals?|per ?cent|%|beds?|records?|datasets?|registries|databases|hospitals?|variables?"
    r"|or (?:more|older|above|over|less|fewer|younger)|and (?:over|older|above|under|younger|up)|plus)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"(?:over|above|under|below|than|least|most|exceed(?:s|ing)?|up to|between|aged|age|last|past|within|top)"
    r"(?: [\w-]+ and)? $",
    re.IGNORECASE,
)
_CENTURY = re.compile(
    r"(?:in|since|from|to|until|till|for|and|before|after|during|of|through) $", re.IGNORECASE
)
_AGES = re.compile(
    rf"(?i)\b(?P<side>under|over|below|above)[- ](?:the )?(?P<of>\d{{1,2}}|{'|'.join((*_WORDS, *_TIES))})"
    r"e?s\b(?!-)|\b(?:in|aged in|into|of) (?:their|his|her) (?P<decade>(?:[2-9]0)|twent|thirt|fort|fift|sixt"
    r"|sevent|eight|ninet)(?:ie)?s\b"
)
_ONE_UNIT = re.compile(
    r"\b(?:within|over|under|below|than|at least|at most|up to|exceed(?:s|ing)?) (?P<one>an?|one)"
    r"(?= (?:day|week|month|year)\b(?! ago)(?!\W+(?:say|that is|meaning|i\.?e)\b))",  # "say 30 days"
    re.IGNORECASE,
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
SPOKEN = 10  # numbers up to here are words of the grammar


def in_figures(text: str) -> str:
    """The text with its numbers in figures: "over five thousand" as "over 5,000", "under-fives" as "under 5
    years old", "men in their sixties" as "men aged 60 to 69"."""
    text = _AGES.sub(_of_age, text)
    at, parts = 0, []
    for start, end, figures in _found(text):
        parts += [text[at:start], figures]
        at = end
    return "".join([*parts, text[at:]])


def _of_age(match: re.Match[str]) -> str:
    if match["side"]:
        age = match["of"] if match["of"].isdigit() else str((_WORDS | _TIES)[match["of"].lower()])
        return f"{match['side']} {age} years old"
    decade = match["decade"].lower()
    low = int(decade) if decade.isdigit() else _TIES[f"{decade}y"]
    return f"aged {low} to {low + 9}"


def as_written(words: str, question: str) -> str:
    """Words of a question that was put ``in_figures``, its numbers as they were written."""
    written = {figures: question[start:end].strip() for start, end, figures in _found(question)}
    return ", ".join(written.get(word, word) for word in words.split(", ")) if written else words


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, figures) of each number in words, in order."""
    ones = ((*match.span("one"), "1") for match in _ONE_UNIT.finditer(text))  # "within a month"
    found = [*_korean(text), *_native(text), *_english(text), *ones]
    at = 0
    for start, end, figures in sorted(found):
        if start >= at:
            yield start, end, figures
            at = end


def _korean(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _SINO.finditer(text):
        if match["year"]:
            yield *match.span("year"), "".join(str(_DIGITS[c]) for c in match["year"])
        elif match["kilo"]:
            yield from _whole(*match.span(), float(match["kilo"]) * 1_000)
        elif match["mixed"]:
            yield from _whole(*match.span("mixed"), _mixed(match["mixed"]))
        elif (number := _sino(match["words"])) is not None and _stands(text, match):
            year = match["unit"] == "년" and number >= 1_000
            yield *match.span("words"), str(number) if year else f"{number:,}"


def _stands(text: str, match: re.Match[str]) -> bool:
    """Whether what is written is a number here: a single digit or a bare scale is often another word."""
    words = match["words"]
    after = match.end("gap")
    if words in _DIGITS:
        lone = _LONE.match(text, after)
        if lone is None or words not in "일이" or lone[0] != "년":
            return lone is not None
        return _COMPARED_AT.match(text, lone.end()) is not None  # "이 년" may be "this year"
    return words not in {*_SCALES, *_GROUPS} or _BARE.match(text, after) is not None


def _whole(start: int, end: int, value: float) -> Iterator[tuple[int, int, str]]:
    if value == int(value):
        yield start, end, f"{int(value):,}"


def _sino(words: str) -> int | None:
    """ "이만오천" as 25000; None for what is no number ("일이")."""
    total = group = 0
    digit: int | None = None
    for char in words.replace(" ", ""):
        if char in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[char]
        elif char in _SCALES:
            group += (1 if digit is None else digit) * _SCALES[char]
            digit = None
        else:
            total += (group + (digit or 0) or 1) * _GROUPS[char]
            group, digit = 0, None
    return total + group + (digit or 0)


def _mixed(words: str) -> float:
    """ "2만 5천" as 25000."""
    total = 0.0
    for number, scale in re.findall(r"(\d+(?:\.\d+)?)\s?([백천만억]?)", words):
        total += float(number) * (_SCALES | _GROUPS).get(scale, 1)
    return total


def _native(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _THREE_FOUR.finditer(text):
        yield *match.span(), "3" if match[0] == "석" else "4"
    for match in _NATIVE.finditer(text):
        number = _TENS[match["tens"]] + _ONES.get(match["ones"] or "", 0)
        if number > SPOKEN:
            yield match.start(), match.end("ones") if match["ones"] else match.end("tens"), str(number)


def _english(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _ENGLISH.finditer(text):
        words = re.split(r"[ -]", match["words"].lower())
        before, after = text[: match.start()], text[match.end() :]
        year = _year(words)
        if year is not None:
            if _CENTURY.search(before):
                yield *match.span(), str(year)
            continue
        number = _valued([word for word in words if word != "and"])
        large = any(word in _LARGE for word in words)
        if number is None or (number <= SPOKEN and not large):
            continue
        if large and _CENTURY.search(before) and FIRST_YEAR <= number <= LAST_YEAR and number % 100:
            yield *match.span(), f"{number:.0f}"
        elif large or _COUNTS_IT.match(after) or _COMPARES.search(before):
            yield from _whole(*match.span(), number * (0.5 if match["half"] else 1))


def _year(words: list[str]) -> int | None:
    """ "Twenty twenty-two" as 2022."""
    if len(words) < 2 or words[0] != "twenty" or any(word in _LARGE for word in words):
        return None
    rest = sum((_WORDS | _TIES).get(word, 0) for word in words[1:])
    return 2000 + rest if rest >= 10 else None


def _valued(words: list[str]) -> float | None:
    total = group = 0.0
    for word in words:
        if word in _LARGE:
            scale = _LARGE[word]
            if scale >= 1_000:
                total, group = total + (group or 1) * scale, 0.0
            else:
                group = (group or 1) * scale
        elif word in {"a", "an"}:
            group += 1
        elif (number := (_WORDS | _TIES).get(word)) is not None:
            group += number
        else:
            group += float(word)
    return total + group
