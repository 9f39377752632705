"""Sentences, list items and table rows of a stored text, as ranges of code points.

Rules, not a model: a quote must be reproducible, so the same text always gives the same spans.
Where a full stop is doubtful (an initial, a date, an unknown abbreviation) the two sides stay
together: a quote that is a little long is right, half a sentence is not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from knowledge.documents.blocks import Block, blocks, cells, labelled


@dataclass(frozen=True, slots=True)
class Span:
    """``document_text[start:end]``. A table row carries its cells and the names of its columns; a list item's
    mark ("1.", "-") is kept in ``mark`` of its first sentence and is not part of the range."""

    start: int
    end: int
    kind: Literal["sentence", "item", "row"] = "sentence"
    mark: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()


# a stop, with the quotes, brackets, emphasis and footnote marks that close with it
_STOP = re.compile(r"(?:\.{1,3}|[!?]+|[。！？…]+)(?:\[\^?\w{1,4}\]|\]\([^)\s]*\)|[\"'”’»」』)\]}*_`~])*")
_DATE = re.compile(
    r"(?<![\w.])(?:\d{4}|['’]\d{2})\s?\.\s?\d{1,2}\s?\.(?:\s?\d{1,2}(?!\d)\.?)?"  # 2025. 4. 28.
    r"|(?<![\w.])\d{1,2}\.\s?\d{1,2}\.(?!\d)"  # 4. 28.
)
_NEVER = frozenset(
    """e.g i.e eg ie vs cf viz ca approx resp dr mr mrs ms prof st fig figs eq eqs art arts sec secs ch vol pp
    nos dept jan feb mar apr jun jul aug sep sept oct nov dec tel""".split()  # noqa: SIM905
)
_BEFORE_NUMBER = frozenset({"no", "p", "ver", "v", "para", "app", "tab"})
_AT_END_TOO = frozenset(
    """etc al inc ltd co corp u.s u.k e.u a.m p.m ph.d m.d b.sc m.sc max min est avg""".split()  # noqa: SIM905
)
_ENUMERATOR = re.compile(r"\W*(?:\d{1,3}|[가나다라마바사아자차카타파하]|[ivxIVX]{1,5}|[A-Za-z])\W*")
_TOKEN = re.compile(r"[^\s(\[{\"'“‘]+$")
_KOREAN_END = re.compile(r"[다요죠음함됨임까오]\.+$")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_NEAR = 80  # characters around a stop that decide about it
_OPENERS = "\"'“‘([{*_`~「『<"


def sentences(document_text: str, start: int, end: int) -> list[Span]:
    """The spans inside ``document_text[start:end]``, in order, none empty, none overlapping.

    Headings and comments give no span. A block that only partly lies in the range is cut to it.
    """
    spans: list[Span] = []
    for block in _within(document_text, start, end):
        low, high = max(block.body, start), min(block.end, end)
        if block.kind in ("heading", "comment", "head") or low >= high:
            continue
        if block.kind == "row":
            spans.append(_row(document_text, block, low, high))
        elif block.kind == "code":
            spans.extend(_lines(document_text, low, high))
        else:
            spans.extend(_of_block(document_text, block, low, high))
    return spans


def _within(text: str, start: int, end: int) -> list[Block]:
    found = blocks(text)
    first = bisect_right(found, start, key=lambda block: block.end)
    last = bisect_left(found, end, key=lambda block: block.start)
    return list(found[first:last])


def _row(text: str, block: Block, low: int, high: int) -> Span:
    raw = text[low:high]
    names = cells(raw)
    while low < high and text[low] in "| \t":
        low += 1
    while high > low and text[high - 1] in "| \t":
        high -= 1
    return Span(low, high, "row", cells=names, header=block.header)


def _lines(text: str, low: int, high: int) -> list[Span]:
    spans, at = [], low
    for line in text[low:high].split("\n"):
        bare = line.strip()
        if bare and not bare.startswith(("```", "~~~")):
            first = at + len(line) - len(line.lstrip())
            spans.append(Span(first, first + len(bare)))
        at += len(line) + 1
    return spans


def _of_block(text: str, block: Block, low: int, high: int) -> list[Span]:
    kind: Literal["sentence", "item"] = "item" if block.kind == "item" else "sentence"
    mark = text[block.start : block.body].strip() if kind == "item" and low == block.body else ""
    spans: list[Span] = []
    for first, last in split_sentences(text[low:high]):
        spans.append(Span(low + first, low + last, kind, mark if not spans else ""))
    return spans


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentence ranges of one paragraph, without surrounding white space."""
    brackets = _brackets(text)
    inner, last = _date_stops(text)
    cuts = set(_line_cuts(text))
    begin = 0
    for match in _STOP.finditer(text):
        stop = match.start()
        number = bisect_right(brackets, stop, key=lambda pair: pair[0]) - 1
        if stop in inner or (number >= 0 and stop < brackets[number][1]):
            continue
        if _ends_sentence(text, begin, match, date=stop in last):
            begin = match.end()
            cuts.add(begin)
    ranges: list[tuple[int, int]] = []
    at = 0
    for cut in sorted(cuts | {len(text)}):
        raw = text[at:cut]
        if raw.strip():
            first = at + len(raw) - len(raw.lstrip())
            ranges.append((first, first + len(raw.strip())))
        at = cut
    return ranges


def _brackets(text: str) -> list[tuple[int, int]]:
    """Round brackets that open within a sentence, from bracket to bracket: no sentence ends in them."""
    ranges: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in re.finditer(r"[()（）]", text):
        if match[0] in "(（":
            opened.append(match.start())
        elif opened:
            first = opened.pop()
            lead = text[max(0, first - _NEAR) : first].rstrip(" \t\n*_")
            if not opened and lead and lead[-1] not in ".!?。":
                ranges.append((first, match.start()))
    return ranges


def _date_stops(text: str) -> tuple[set[int], set[int]]:
    """Where stops stand inside dates such as "2025. 4. 28.", and where one ends a date."""
    inner: set[int] = set()
    last: set[int] = set()
    for match in _DATE.finditer(text):
        stops = [match.start() + at for at, char in enumerate(match[0]) if char == "."]
        ends = match[0].endswith(".")
        inner.update(stops[:-1] if ends else stops)
        last.update(stops[-1:] if ends else [])
    return inner, last


def _ends_sentence(text: str, begin: int, stop: re.Match[str], *, date: bool) -> bool:
    after = text[stop.end() : stop.end() + _NEAR]
    if not after.strip():
        return True
    before = text[max(begin, stop.start() - _NEAR) : stop.start()]
    if not after[0].isspace():  # a Korean sentence may touch the next one
        return bool(_KOREAN_END.search(before + stop[0])) and "가" <= after[0] <= "힣"
    following = after.lstrip().lstrip(_OPENERS)
    if _begins_lower(following):
        return False
    if stop[0][0] in "!?。！？":
        return True
    if date:
        return following[:1].isascii() and following[:1].isupper()
    return not _abbreviated(before, following)


def _begins_lower(following: str) -> bool:
    """Whether what follows goes on in lower case; a word like "eGFR" or "mMRC" may begin a sentence."""
    word = _WORD.match(following)
    return word is not None and word[0][0].islower() and not any(c.isupper() or c.isdigit() for c in word[0])


def _abbreviated(before: str, following: str) -> bool:
    """Whether a stop after ``before`` belongs to an abbreviation, an initial or the number of an item."""
    if _ENUMERATOR.fullmatch(before):
        return True
    token = _TOKEN.search(before)
    if token is None:
        return False
    word = token[0].strip("*_`").lower()
    next_is_name = following[:1].isupper() or "가" <= following[:1] <= "힣"
    if word in _BEFORE_NUMBER:
        return following[:1].isdigit()
    if word in _AT_END_TOO:
        return not next_is_name
    initial = len(word) == 1 and word.isascii() and word.isalpha() and token[0].isupper()
    return word in _NEVER or (initial and following[:1].isascii() and following[:1].isupper())


def _line_cuts(text: str) -> list[int]:
    """Line ends that end a sentence without a stop: a hard break, a lead-in, a next line with a label."""
    cuts = []
    lines = text.split("\n")
    at = 0
    for line, following in pairwise(lines):
        at += len(line) + 1
        if line.endswith(("  ", "\\")) or line.rstrip("*_ ").endswith((":", "：")) or labelled(following):
            cuts.append(at)
    return cuts
