"""How often something happens, in whatever words: "every four hours", "4시간마다", "once a month".

A catalog tells how often a dataset is updated or a variable is measured in words of its own ("monthly",
"per 30 seconds"). Two ways of saying the same are told by their rhythm: the time from one to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from knowledge.catalog.read import Catalog

Rhythm = tuple[str, Fraction]  # "seconds" or "months", and how many of them lie between two
_DAY = 86_400
_SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": _DAY, "wk": 7 * _DAY}
_MONTHS = {"mo": 1, "q": 3, "half": 6, "y": 12}
_UNITS = {
    "s": "seconds?|secs?|초", "min": "minutes?|mins?|분", "h": "hours?|hrs?|시간", "d": "days?|일|하루|날",
    "wk": "weeks?|wks?|일주일|주일|주", "mo": "months?|개월|달|월", "q": "quarters?|분기",
    "half": "half[- ]?years?|반기", "y": "years?|yrs?|년|해|연",
}  # fmt: skip
_ADVERBS = {
    "h": "hourly|매시간|매시", "d": "daily|매일|날마다", "wk": "weekly|매주",
    "mo": "monthly|매월|매달|다달이", "q": "quarterly|매분기", "y": "yearly|annually|annual|매년|해마다",
}  # fmt: skip
_OTHERS = {"격일": (2, "d"), "격주": (2, "wk"), "격월": (2, "mo"), "fortnightly": (2, "wk")}
_NUMBERS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "other": 2, "second": 2, "once": 1, "twice": 2,
}  # fmt: skip
_LATEST = 1900  # "in 2020" is a year and no number of anything
_NUMBER = r"\d{1,4}(?:\.\d+)?"
_WORDS_KO = "한|두|세|네|다섯|여섯|일곱|여덟|아홉|열"
_WORDS_EN = "one|two|three|four|five|six|seven|eight|nine|ten|twelve"


def _unit(pattern: str) -> str:
    return "|".join(name for names in _UNITS.values() for name in names.split("|") if re.match(pattern, name))


_EN, _KO = _unit("[a-z]"), _unit("[가-힣]")
_TIMES_KO = rf"(?P<times>{_NUMBER}|{_WORDS_KO})\s?(?:번|회|차례)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?:once |one time )?every (?:(?P<every>{_NUMBER}|other|second|{_WORDS_EN})[ -])?"
        rf"(?P<unit>{_EN})\b",
        rf"\b(?P<times>once|twice|(?:{_NUMBER}|{_WORDS_EN}) times|{_NUMBER})"
        rf"(?: times| values?| samples?| readings?)?"
        rf" (?:a|an|per|each|every|in an?) (?:(?P<every>{_NUMBER}) )?(?P<unit>{_EN})\b",
        rf"\bper (?:(?P<every>{_NUMBER}) )?(?P<unit>{_EN})\b",
        rf"(?<![가-힣\d])(?:매\s?)?(?P<every>{_NUMBER}|{_WORDS_KO})\s?(?P<unit>{_KO})\s?(?:마다|간격(?:으로)?)",
        rf"(?<![가-힣\d])(?:매\s)?(?:(?P<every>{_NUMBER}|{_WORDS_KO})\s?)?(?P<unit>{_KO})(?:에|당)?\s?{_TIMES_KO}씩?",
        r"(?<![가-힣\d])(?P<unit>일주일|하루|분기|반기|초|분|시간|달)\s?(?:마다|간격(?:으로)?)",
        rf"(?<![가-힣\w-])(?P<adverb>{'|'.join([*_ADVERBS.values(), *_OTHERS])})(?![a-z])",
    )
)
_HERTZ = re.compile(rf"(?i)(?<![\w.])(?P<times>{_NUMBER})\s?(?:Hz|헤르츠)(?![a-z])")
_UPDATED = re.compile(r"(?i)갱신|업데이트|업뎃|최신화|updat|refresh")
_MEASURED = re.compile(
    r"(?i)변수|항목|필드|컬럼|지표|신호|측정|기록|재는|잰|재어|평가|variable|field|item|measur|record|sampl|signal|captur"
)
_MORE_OR_LESS = re.compile(r"(?i)\b(?:than|at least|at most|over|under|up to) $"), re.compile(
    r"씩?\s?(?:이상|이하|초과|미만|넘)"
)
# More often and more seldom than a rhythm, in front of it and behind it; "or more" and "이상" include it.
_OFTENER_EN = re.compile(
    r"(?i)\b(?:(?P<strict>(?P<way>more|less)(?: (?:often|frequently|regularly))? than)"
    r"|(?P<loose>at (?:least|most))) $"
)
_OR_OFTENER_EN = re.compile(r"(?i) or (?P<way>more|less)(?: (?:often|frequently|regularly))?\b")
_OFTENER_KO = re.compile(
    r"(?:마다)?(?:보다 ?(?P<strict>(?:더 )?(?:자주|빈번하게|덜 자주|드물게))"
    r"|씩?\s?(?P<loose>이상|이하)(?: 자주)?)"
)
_SELDOM = frozenset(("less", "at most", "덜 자주", "드물게", "더 드물게", "이하"))
_MONTH = 30 * _DAY
_COUNTED = re.compile(
    r"(?i)몇 ?명|환자 ?수|인원|명씩|how many (?:patients|people|women|men)|number of (?:patients|people)"
)


def rhythm(text: str) -> Rhythm | None:
    """The rhythm that a whole text tells; None where it tells none ("per visit")."""
    return next((told for start, end, told in rhythms(text) if not (text[:start] + text[end:]).strip()), None)


def rhythms(text: str) -> Iterator[tuple[int, int, Rhythm]]:
    """Where a text tells how often, and the rhythm; the first form that fits at a place."""
    taken: list[tuple[int, int]] = []
    for form in (*_FORMS, _HERTZ):
        for match in form.finditer(text):
            told = _told(match)
            if told is not None and not any(s < match.end() and match.start() < e for s, e in taken):
                taken.append(match.span())
                yield *match.span(), told


def as_called(text: str, catalog: Catalog) -> str:
    """The text with what it says of how often in the catalog's words for it: how often datasets are updated
    where it speaks of that, else how often variables are measured. What the catalog does not have stands."""
    updated = _UPDATED.search(text) is not None
    if not updated and (not _MEASURED.search(text) or _COUNTED.search(text)):
        return text
    rows: Iterable[str | None] = (
        (d.update_frequency for d in catalog.datasets)
        if updated
        else (v.granularity for v in catalog.variables)
    )
    found = sorted(rhythms(text), reverse=True)
    values = [value for value in dict.fromkeys(rows) if value] if found else []
    names = {told: value for value in values if (told := rhythm(value))}
    said: set[Rhythm] = set()
    for start, end, told in found:  # the last first
        # "We meet once a month, which datasets are updated monthly?": once is enough.
        again = told in said
        said.add(told)
        if updated and (limit := _limited(text, start, end, told, names)):
            text = limit
            continue
        before, behind = _MORE_OR_LESS
        if before.search(text[:start]) or behind.match(text, end):
            continue  # "more than once a year" is no rhythm
        if told in names and not again and text[start:end].lower() != names[told].lower():
            after = text[end : end + 1]
            space = " " if after and not after.isspace() and after.isalnum() else ""
            text = f"{text[:start]}{names[told]}{space}{text[end:]}"
    return text


def _limited(text: str, start: int, end: int, told: Rhythm, names: Mapping[Rhythm, str]) -> str:
    """The text with the catalog's rhythms in the place of a limit on them ("more often than monthly"); ""
    where it has no such limit, or none of them keeps it."""
    before, behind = _OFTENER_EN.search(text[:start]), _OFTENER_KO.match(text, end)
    either = _OR_OFTENER_EN.match(text, end)
    if before is None and behind is None and either is None:
        return ""
    said = before or behind or either
    assert said is not None
    parts = said.groupdict()
    way = (parts.get("way") or parts.get("strict") or parts.get("loose") or "").lower()
    limit, same = _length(told), not parts.get("strict")
    kept = [
        name for rhythm, name in sorted(names.items(), key=lambda pair: _length(pair[0]))
        if (same and _length(rhythm) == limit)
        or (_length(rhythm) > limit if way in _SELDOM else _length(rhythm) < limit)
    ]  # fmt: skip
    first = before.start() if before is not None else start
    last = end if before is not None else said.end()
    joint = " or " if behind is None else " 또는 "
    return f"{text[:first]}{joint.join(kept)}{text[last:]}" if kept else ""


def _length(rhythm: Rhythm) -> Fraction:
    """Seconds, near enough."""
    return rhythm[1] * (_MONTH if rhythm[0] == "months" else 1)


def _told(match: re.Match[str]) -> Rhythm | None:
    parts = match.groupdict()
    adverb = (parts.get("adverb") or "").lower()
    if adverb in _OTHERS:
        return _rhythm(Fraction(_OTHERS[adverb][0]), _OTHERS[adverb][1])
    if adverb:
        return _rhythm(Fraction(1), next(u for u, names in _ADVERBS.items() if adverb in names.split("|")))
    every, times = _number(parts.get("every")), _number(parts.get("times"))
    if max(every, times) >= _LATEST or not times:
        return None
    if "unit" not in parts:
        return _rhythm(1 / times, "s")
    name = parts["unit"].lower()
    unit = next(u for u, names in _UNITS.items() if re.fullmatch(names, name))
    return _rhythm(every / times, unit)


def _number(word: str | None) -> Fraction:
    if not word:
        return Fraction(1)
    first = word.lower().split()[0]
    return Fraction(_NUMBERS[first]) if first in _NUMBERS else Fraction(first)


def _rhythm(every: Fraction, unit: str) -> Rhythm:
    if unit in _SECONDS:
        return "seconds", every * _SECONDS[unit]
    return "months", every * _MONTHS[unit]
