"""Lists of codes as people write them into one cell: "1: 남, 2: 여", "1=yes; 0=no", "남(1), 여(2)"."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.catalog.importers.words import words

Pairs = list[tuple[str, str]]  # shared by the cache: not to be changed

_CIRCLED = (
    {chr(0x2460 + n): str(n + 1) for n in range(20)}
    | {chr(0x2776 + n): str(n + 1) for n in range(10)}
    | {"⓪": "0"}
)
_CIRCLE = re.compile(f"[{''.join(_CIRCLED)}]")
_CODE = r"(?:[-+<>≥≤.]|[<>]=)?[A-Za-z0-9가-힣][\w.+]{0,19}"
_SHORT = r"-?\d{1,6}(?:[~∼～]\d{1,6})?|[A-Za-z]\d{0,5}|[A-Z]{2,4}"
_BOXED = re.compile(rf"\[\s*({_SHORT})\s*\](?=\s*[^\s,;|/])")
# "0"=[no] | "1"=[yes](https://...), as data dictionaries of shared research data have it
_QUOTED = re.compile(r'"([^"]*)"\s*=\s*\[([^\[\]]*)\](?:\([^()\s]*\))?\s*(?:[|;,\n]\s*|$)')
_BULLET = re.compile(r"(?m)^\s*[-•·∙▪■□○●*]\s+(?=\S)")
# How a code is parted from its label, the surest first, and which codes that takes.
_INSIDE: tuple[tuple[str, str], ...] = (
    (r"\s*[:：]\s*", _CODE),
    (r"\s*[=＝]\s*", _CODE),
    (r"\s*(?:→|->|⇒|=>|▶)\s*", _CODE),
    (r"\s*\)\s*", _SHORT),
    (r"\s*[.]\s*(?!\d)", _SHORT),
    (r"\s*[-–—]\s*(?!\d+(?:\s|$|,))", _SHORT),
    (r"\s*_\s*", r"\d{1,4}"),
    (r"\s+", r"-?\d{1,4}"),
    (r"\s*,\s*", r"-?\d{1,4}"),
)
# Separators that the sign itself is, or that would find one everywhere.
_NOT_BETWEEN = {r"\s+": (r"\s",), r"\s*,\s*": (r"[,，、]", "/", r"\s")}
_ALONE = re.compile(r"-?\d{1,4}|[A-Za-z]")  # a code that makes a list of one
_SURE = 3  # signs that make a list of one item, too
# What parts one item from the next, the surest first.
_BETWEEN: tuple[str, ...] = (r"\n", r"\|", r";", r"[,，、]", r"/", r"\s")
_LABEL_CODE = re.compile(rf"([^,;|/\n()\[\]]+?)\s*[(\[]\s*({_SHORT})\s*[)\]]")
_AMOUNT = r"[<>≤≥]?\s*-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*[^\s\d,;|~〜～–-]{0,8}"
_RANGE = re.compile(
    rf"{_AMOUNT}(?:\s*(?:[-–~∼〜～]|to)\s*{_AMOUNT})?\s*(?:이상|이하|초과|미만|까지)?", re.IGNORECASE
)
_TIME = re.compile(r"\d{1,2}:\d{2}")
_LONGEST_LIST = 100_000  # characters
_LONGEST_WORD, _MOST_WORDS = 24, 5  # characters and words of an item without a code
_SENTENCE = ("니다", "이다", "한다", "된다", "시오", ".")
_TRAILING = " \t\n,;|/，、"


@lru_cache(maxsize=4096)
def read_values(text: str, between: str | None = None, inside: str | None = None) -> Pairs | None:
    """The (code, label) pairs of ``text``; [] where it says what may be entered without listing codes
    (a range, a format, "free text"); None where it cannot be told. ``between`` and ``inside`` are the
    separators where a mapping gives them. ValueError where a code stands twice."""
    if len(text) > _LONGEST_LIST:
        return None
    if _QUOTED.match(text.strip()) and not _QUOTED.sub("", text.strip()):
        return [(code, label or code) for code, label in _QUOTED.findall(text)]
    text = _CIRCLE.sub(lambda match: f" {_CIRCLED[match[0]]}) ", text).strip()
    if _BOXED.match(text):
        text = _BOXED.sub(r" \1) ", text).strip()
    if (text.startswith("{") and text.endswith("}")) or (text.startswith("[") and text.endswith("]")):
        text = text[1:-1].strip()
    text = _BULLET.sub("", text).strip()
    if between is not None or inside is not None:
        return _as_told(text, between, inside)
    if not text or text.casefold() in words().not_lists:
        return []
    return _coded(text) or _labelled_first(text) or ([] if _is_range(text) else _bare(text))


def _as_told(text: str, between: str | None, inside: str | None) -> Pairs | None:
    if inside is None:
        inside = next((sign for sign in (":", "=") if sign in text), ":")
    items = [item.strip() for item in (text.split(between) if between else re.split(r"[\n,;|]", text))]
    pairs: Pairs = []
    for item in filter(None, items):
        code, found, label = (part.strip() for part in item.partition(inside))
        if not (found and code):
            return None
        pairs.append((code, label or code))
    return pairs or None


def _coded(text: str) -> Pairs | None:
    """Codes, each before its label. An item begins where a separator, a code and its sign stand, so
    that a label may hold commas of its own."""
    if _TIME.match(text):
        return None
    twice = ""
    for number, (inside, code) in enumerate(_INSIDE):
        best: Pairs = []
        for between in _BETWEEN:
            if between not in _NOT_BETWEEN.get(inside, ()):
                pairs = _items(text, between, inside, code)
                codes = [code for code, _ in pairs]
                repeated = next((code for code in codes if codes.count(code) > 1), "")
                twice = twice or repeated
                if not repeated and len(pairs) > len(best):
                    best = pairs
        if len(best) > 1:
            return _turned(best)
        if twice:
            raise ValueError(f"gives the code {twice!r} twice; keep one of them")
        if best and number < _SURE and _ALONE.fullmatch(best[0][0]):
            return best
    return None


def _turned(pairs: Pairs) -> Pairs:
    """The pairs with the numbers as codes, where somebody wrote "남=1, 여=2"."""
    numbers = [label for _, label in pairs]
    if (
        len(pairs) > 1
        and all(number.isdigit() for number in numbers)
        and not any(code[-1].isdigit() for code, _ in pairs)
    ):
        return [(label, code) for code, label in pairs] if len(set(numbers)) == len(numbers) else pairs
    return pairs


def _items(text: str, between: str, inside: str, code: str) -> Pairs:
    start = re.compile(rf"(?:^|{between})\s*\(?({code})(?:(?<!\w)\))?{inside}")
    matches = [match for match in start.finditer(text) if not _in_brackets(text, match.start())]
    if not matches or text[: matches[0].start()].strip():
        return []
    pairs: Pairs = []
    for match, end in zip(matches, [*(m.start() for m in matches[1:]), len(text)], strict=True):
        label = " ".join(text[match.end() : end].strip(_TRAILING).split())
        if not label:
            return []
        pairs.append((match[1], label))
    return pairs


def _in_brackets(text: str, at: int) -> bool:
    """Whether ``at`` is inside round brackets that close again."""
    if "(" not in text:
        return False
    before = text[:at]
    return before.count("(") > before.count(")") and ")" in text[at:]


def _labelled_first(text: str) -> Pairs | None:
    """Labels, each before its code in brackets: "남(1), 여(2)"."""
    pairs = [(match[2], match[1].strip()) for match in _LABEL_CODE.finditer(text)]
    rest = _LABEL_CODE.sub("", text).strip(_TRAILING)
    codes = {code for code, _ in pairs}
    return pairs if len(pairs) > 1 and not rest.strip(_TRAILING) and len(codes) == len(pairs) else None


def _is_range(text: str) -> bool:
    return any(c.isdigit() for c in text) and _RANGE.fullmatch(text) is not None


def _bare(text: str) -> Pairs | None:
    """Items without codes, which then are their own: "Y/N", "남, 여"."""
    for between in (r"\n", r"\|", ";", "[,，、]", "/", r"\s(?:또는|혹은|or)\s"):
        items = [" ".join(item.split()) for item in re.split(between, text)]
        items = [item for item in items if item]
        if len(items) > 1:
            listed = len(set(items)) == len(items) and all(map(_is_word, items))
            return [(item, item) for item in items] if listed else None
    return None


def _is_word(item: str) -> bool:
    """Whether an item may be a value rather than a part of a sentence."""
    return len(item) <= _LONGEST_WORD and len(item.split()) <= _MOST_WORDS and not item.endswith(_SENTENCE)
