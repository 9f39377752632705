"""The block structure of a stored text, with offsets: headings, paragraphs, list items, table rows.

The text is read as Markdown of the plain kind that people write, plus the list marks of Korean
official documents (○, ※, 가., ①). Nothing is removed or rewritten: a block is a range of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row", "head", "code", "comment"]


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start:end]`` is the block without surrounding white space; ``body`` is where its words begin
    (after a list mark or the ``#`` of a heading). ``level`` is a heading's depth. ``header`` holds the
    column names of a table row; a table's own header row has kind "head"."""

    kind: BlockKind
    start: int
    end: int
    body: int
    level: int = 0
    header: tuple[str, ...] = ()


_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_BREAK = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BULLET = re.compile(r"[ \t]*(?:[-*+][ \t]+|[•·∙○●◦▪■□◆◇▶▷※☞❍]\s*)(?:\[[ xX]\][ \t]+)?(?=\S)")
_NUMBER = re.compile(
    r"[ \t]*(?:\(?\d{1,3}[.)][ \t]+(?!\d)|\((?:\d{1,3}|[가-하]|[a-z])\)[ \t]*"
    r"|[가나다라마바사아자차카타파하][.)][ \t]+|[①-⑳㉮-㉻][ \t]*|[A-Za-z][.)][ \t]+)(?=\S)"
)
_FIRST_NUMBER = re.compile(r"[ \t]*(?:\(?1[.)]|\((?:1|가|a)\)|가[.)]|①|㉮|a[.)])")
_LABEL = re.compile(r"\W{0,4}\w[\w ]{0,24}\W{0,3}[:：]\s")


@dataclass(slots=True)
class _Line:
    start: int
    end: int  # without the line end
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def cells(row: str) -> tuple[str, ...]:
    """The cells of one table row, trimmed: ``"| a | b |"`` gives ``("a", "b")``."""
    inner = row.strip()
    inner = inner[1:] if inner.startswith("|") else inner
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", inner))


@lru_cache(maxsize=32)
def blocks(text: str) -> tuple[Block, ...]:
    """All blocks of ``text`` in order; they do not overlap."""
    return tuple(_Scanner(text).scan())


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[_Line] = []
        start = 0
        for part in text.split("\n"):
            self.lines.append(_Line(start, start + len(part), part))
            start += len(part) + 1
        self.last_closing = text.rfind("-->")
        self.at = 0
        self.found: list[Block] = []

    def scan(self) -> list[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.blank or _BREAK.match(line.text):
                self.at += 1
            elif not (self._fence() or self._comment() or self._heading() or self._table()):
                self._text()
        return self.found

    def _add(self, kind: BlockKind, first: int, last: int, *, mark: int = 0, level: int = 0) -> None:
        """A block of the lines first..last, whose words begin ``mark`` characters into the first line."""
        start, end = self.lines[first].start, self.lines[last].end
        raw = self.text[start:end]
        lead = len(raw) - len(raw.lstrip())
        self.found.append(
            Block(kind, start + lead, start + len(raw.rstrip()), start + max(mark, lead), level)
        )

    def _fence(self) -> bool:
        opened = _FENCE.match(self.lines[self.at].text)
        if not opened:
            return False
        first = self.at
        self.at += 1
        while self.at < len(self.lines):
            closing = _FENCE.match(self.lines[self.at].text)
            self.at += 1
            if closing and closing[1].startswith(opened[1]):
                break
        self._add("code", first, self.at - 1)
        return True

    def _comment(self) -> bool:
        line = self.lines[self.at]
        if not line.text.lstrip().startswith("<!--"):
            return False
        if self.last_closing < line.start:
            return False
        closing = self.text.find("-->", line.start)
        if self.text[closing + 3 : closing + 80].split("\n")[0].strip():
            return False  # words follow on the same line
        first = self.at
        while self.at < len(self.lines) and self.lines[self.at].start <= closing:
            self.at += 1
        self._add("comment", first, self.at - 1)
        return True

    def _heading(self) -> bool:
        line = self.lines[self.at]
        match = _HEADING.match(line.text)
        if match:
            self._add("heading", self.at, self.at, mark=match.end(), level=len(match[1]))
            self.at += 1
            return True
        below = self.lines[self.at + 1].text if self.at + 1 < len(self.lines) else ""
        under = _UNDERLINE.match(below)
        if under and len(under[1]) > 1 and "|" not in line.text and not self._mark(line.text):
            self._add("heading", self.at, self.at, level=1 if under[1][0] == "=" else 2)
            self.at += 2
            return True
        return False

    def _table(self) -> bool:
        if not self._table_begins():
            return False
        header = cells(self.lines[self.at].text)
        self._add("head", self.at, self.at)
        self.at += 2
        while self.at < len(self.lines) and "|" in self.lines[self.at].text:
            line = self.lines[self.at]
            lead = len(line.text) - len(line.text.lstrip())
            end = line.start + len(line.text.rstrip())
            self.found.append(Block("row", line.start + lead, end, line.start + lead, header=header))
            self.at += 1
        return True

    def _table_begins(self) -> bool:
        """Whether this line is a table's header: the next one is then its row of dashes."""
        if "|" not in self.lines[self.at].text or self.at + 1 >= len(self.lines):
            return False
        below = self.lines[self.at + 1].text
        return "-" in below and "|" in below and len(below) < 5000 and bool(_DELIMITER.match(below))

    @staticmethod
    def _mark(line: str) -> re.Match[str] | None:
        return _BULLET.match(line) or _NUMBER.match(line)

    def _text(self) -> None:
        """A paragraph or list item: this line and those that continue it."""
        first = self.at
        mark = self._mark(self.lines[first].text) or _QUOTE.match(self.lines[first].text)
        listed = bool(self._mark(self.lines[first].text))
        self.at += 1
        while self.at < len(self.lines) and not self._interrupts(listed):
            self.at += 1
        self._add("item" if listed else "paragraph", first, self.at - 1, mark=mark.end() if mark else 0)

    def _interrupts(self, listed: bool) -> bool:
        """Whether this line begins something new. Inside a plain paragraph a number begins a list only
        when it is the first one, since a wrapped line may start with any number."""
        line = self.lines[self.at]
        text = line.text
        if line.blank or _HEADING.match(text) or _FENCE.match(text) or _BREAK.match(text):
            return True
        if _BULLET.match(text) or (_NUMBER.match(text) and (listed or _FIRST_NUMBER.match(text))):
            return True
        if text.lstrip().startswith("<!--"):
            return True
        return self._table_begins()


def labelled(line: str) -> bool:
    """Whether a line begins with a label ("Deadline: ...", "**제출처**: ..."), so that it stands alone."""
    return bool(_LABEL.match(line))
