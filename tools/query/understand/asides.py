"""What people say beside their question: who they are, why they ask, when they need it, thanks.

Such words limit nothing, so that none of them needs to be understood: "(for a poster)", "- need it by noon,
thanks!", "It's for my thesis, chapter 3." Which words open or mark them stands in ``asides.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.data_file import read_shipped
from knowledge.text import HANGUL
from tools.query.understand.lexicon import PART
from tools.query.understand.segment import FILLER, Segment

GAP = " … "  # between words set aside that do not stand together
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_SENTENCE_END = re.compile(r"(?<!\b[A-Za-z])(?<!\.)[.!?;]+(?=\s|$)|\s[-–—]+(?=\s)|(?<=\w)—(?=\w)")
_OF_WHOM = re.compile(r"(?i)\b(?:those|ones|who|whose|whom|them|these|only|just the|except|unless)\b")
_GLOSS = re.compile(
    r"\([^()]+\)|,? (?:i\.e\.?|ie|that is(?: to say)?|namely|in other words|meaning|i mean),? "
    r"(?:[\w'’-]+ ?){1,5}(?=[,.?!;]|$|\b(?:are|is|were|do|did|have|per|by|in|at)\b)"
    r"|, (?:[\w'’-]+ ?){1,4}(?=[.?!]?\s*$)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"(?i)\b(?:that|which|where|when|whose|in whom)\b")
_SAID_AGAIN = re.compile(r",?\s(?:그러니까|즉|다시 말해서?|말하자면|바꿔 말하면),? (?=\w)")
_TOLD_AGAIN = frozenset(("cohort", "variable", "concept", "table"))
_BOUNDS = (
    *("people", "measure.", "how_many", "which", "sex.", "subject.", "group.", "exist", "dimension."),
    "anaphor",
)
_STEERS = (
    *("sex.", "rank.", "group.", "measure.", "people", "dimension.", "clause.restricts", "not"),
    "records",
)


@dataclass(frozen=True, slots=True)
class _Forms:
    """``opens`` begins an aside that is a sentence, in brackets or behind a dash; ``tails`` begins one at the
    end of the asking sentence; ``speaks`` is found in what somebody says of themselves; ``numbers`` are of
    clocks, days and pages."""

    opens: re.Pattern[str]
    tails: re.Pattern[str]
    speaks: re.Pattern[str]
    numbers: re.Pattern[str]


@cache
def _forms() -> _Forms:
    loaded = read_shipped(Path(__file__).with_name("asides.yaml"))
    lists = {name: "|".join(loaded[name]) for name in ("occasions", "persons")}

    def pattern(name: str, start: str = "") -> re.Pattern[str]:
        lines = [line for line in loaded[name].split("\n") if line]
        for key, words in lists.items():
            lines = [line.replace(f"<{key}>", f"(?:{words})") for line in lines]
        return re.compile(f"{start}(?:{'|'.join(f'(?:{line})' for line in lines)})", re.IGNORECASE)

    return _Forms(pattern("opens"), pattern("tails"), pattern("speaks"), pattern("numbers"))


def of_the_speaker(text: str) -> bool:
    """Whether words tell of the one who asks ("quick one before my call"), not of what is asked."""
    return _forms().speaks.search(text) is not None


def occasional(text: str) -> tuple[tuple[int, int], ...]:
    """Where the numbers of a text stand that tell clocks, days and pages ("5pm", "the 12th", "chapter 3")."""
    return tuple(match.span() for match in _forms().numbers.finditer(text))


def without_asides(segments: Sequence[Segment], text: str) -> tuple[tuple[Segment, ...], str]:
    """The segments that are left, and the words set aside; all and "" where there are none."""
    gone: list[tuple[int, int]] = []
    for start, end in _spans(text):
        inside = [s for s in segments if s.start >= start and s.end <= end]
        outside = [s for s in segments if s not in inside and not _within(s, gone)]
        if inside and _harmless(inside, outside, text, start, end):
            gone.append((start, end))
    kept = tuple(s for s in segments if not _within(s, gone))
    if not gone or not any(s.strong and s.known for s in kept):
        return tuple(segments), ""
    return kept, GAP.join(text[start:end].strip(" ,-–—") for start, end in sorted(gone))


def without_description(segments: Sequence[Segment], text: str) -> tuple[tuple[Segment, ...], str, str]:
    """The segments without the everyday words for what a name says again ("whose joints had swollen
    (arthritis)"), those words and the name, which stands in brackets, behind "i.e." or "그러니까", or behind
    the last comma; all, "" and "" where there are none, and where the words before "그러니까" or a comma name
    or limit something themselves.
    """
    for match in _SAID_AGAIN.finditer(text):
        before, name = _said_before(segments, text, match), _name_behind(segments, match.end())
        kept = tuple(s for s in segments if s not in before)
        if before and name and not _has_more(before, kept):
            return kept, text[before[0].start : match.start()], name
    if HANGUL.search(text):
        return tuple(segments), "", ""  # brackets are read as what stands in them again
    for match in _GLOSS.finditer(text):
        inside = [s for s in segments if match.start() <= s.start and s.end <= match.end()]
        content = [s for s in inside if s.roles != (FILLER,)]
        told = {x.kind for s in content for x in s.senses if x.tier < PART}
        if len(content) != 1 or not told & _TOLD_AGAIN:
            continue  # where something is ("in the EMR") says nothing again
        first = match.start()
        for segment in reversed([s for s in segments if s.end <= match.start()]):
            sure = any(x.kind in {"hospital", "dataset"} for x in segment.senses)
            between = re.search(r"[,.;:?!]", text[segment.end : first])
            if between or sure or segment.text.isdigit() or (segment.plays(*_BOUNDS) and not segment.senses):
                break
            first = segment.start
        words = text[first : match.start()].strip(" ,")
        apposed = text[match.start()] == "," and match[0].strip(" ,") == content[0].text
        if apposed and not _RELATIVE.search(words):
            continue  # "the fever that comes in spring, hay fever", and no list of two
        kept = tuple(s for s in segments if not first <= s.start < match.start())
        if apposed and _has_more([s for s in segments if s not in kept], kept):
            continue
        if words and len(kept) < len(segments):
            return kept, words, content[0].text
    return tuple(segments), "", ""


def _has_more(dropped: Sequence[Segment], kept: Sequence[Segment]) -> bool:
    """Whether words name something for sure that is not named beside them, or limit of whom a question is."""
    said = {s.senses for s in kept}
    return any(
        s.plays("clause.restricts")
        or (s.senses not in said and any(x.tier < PART and x.kind in _TOLD_AGAIN for x in s.senses))
        for s in dropped
    )


def _said_before(segments: Sequence[Segment], text: str, again: re.Match[str]) -> list[Segment]:
    """The words that "그러니까" says again: those of its sentence, from a hospital or dataset that they begin
    with; none where they have numbers or sexes of their own."""
    start = max(text.rfind(stop, 0, again.start()) for stop in ".?!;") + 1
    before = [s for s in segments if start <= s.start and s.end <= again.start()]
    places = [i for i, s in enumerate(before) if any(x.kind in {"hospital", "dataset"} for x in s.senses)]
    before = before[places[-1] + 1 :] if places else before
    figures = _name_behind(segments, again.end())[:1].isdigit()
    own = not figures and any(s.text[0].isdigit() for s in before)
    own = own or any(s.plays("sex.", "not", "how_many", "measure.") for s in before)
    return [] if own else before


def _name_behind(segments: Sequence[Segment], at: int) -> str:
    """The name, or the number, that stands at a place; "" for anything else."""
    first = next((s for s in segments if s.start >= at and s.roles != (FILLER,)), None)
    if first is None or not (first.text[0].isdigit() or any(x.tier < PART for x in first.senses)):
        return ""
    return first.text


def _within(segment: Segment, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= segment.start and segment.end <= end for start, end in spans)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of what may be an aside: brackets, sentences, what is behind a dash, ends of sentences."""
    forms = _forms()
    for match in _BRACKETS.finditer(text):
        if forms.opens.match(match[1].lstrip()):
            yield match.span()
    at = 0
    ends = [(match.end(), "?" in match.group()) for match in _SENTENCE_END.finditer(text)]
    for end, asked in (*ends, (len(text), False)):
        piece = text[at:end]
        start = at + len(piece) - len(piece.lstrip(" ,-–—"))
        if start and not asked and forms.opens.match(text[start:end]):
            yield at, end
        else:
            tail = next((m for m in forms.tails.finditer(text, start, end) if m.start() > start), None)
            if tail is not None:
                yield tail.start(), end
        at = end


def _harmless(
    inside: Sequence[Segment], outside: Sequence[Segment], text: str, start: int, end: int
) -> bool:
    """Whether the words limit nothing: no name of the catalog that is not said elsewhere, no number but of
    clocks and days, nothing of people, sexes, orders or groups."""
    said = {s.senses for s in outside}
    if any(any(x.tier < PART for x in s.senses) and s.senses not in said for s in inside):
        return False
    if _OF_WHOM.search(text, start, end) or any(s.plays(*_STEERS) and FILLER not in s.roles for s in inside):
        return False
    numbers = occasional(text)
    return all(_within(s, numbers) for s in inside if any(c.isdigit() for c in s.text))
