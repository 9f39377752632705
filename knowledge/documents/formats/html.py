"""HTML as the Markdown-like text that the rest of this package reads; standard library only."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_SKIPPED = frozenset({"script", "style", "template", "noscript", "svg", "nav", "iframe", "object"})
_BLOCKS = frozenset(
    """p div section article main header footer aside blockquote pre ul ol dl dt dd table tbody thead tr
    form figure figcaption address fieldset body hr""".split()  # noqa: SIM905
)


def text_of_html(source: str) -> tuple[str, dict[str, str]]:
    """(text, metadata): headings as "#", list items as "-" or "1.", tables as "|" rows; metadata from
    <title>, <html lang> and <meta name content>."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.flush()
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(reader.lines)).strip("\n")
    return text + "\n" if text else "", reader.metadata


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.metadata: dict[str, str] = {}
        self._inline: list[str] = []
        self._prefix = ""
        self._skipping = 0
        self._in_title = False
        self._lists: list[int] = []  # the next number of each open list, -1 in a bulleted one
        self._row: list[str] | None = None
        self._rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == "html" and given.get("lang"):
            self.metadata.setdefault("language", given["lang"])
        elif tag == "meta" and given.get("name") and given.get("content"):
            self.metadata[given["name"].strip().lower()] = given["content"].strip()
        elif tag == "title":
            self._in_title = True
        elif tag == "br":
            self._inline.append("\n" if self._row is None else " ")
        elif tag in ("td", "th"):
            self._close_cell()
        else:
            self._open_block(tag, given)

    def _open_block(self, tag: str, given: dict[str, str]) -> None:
        if self._row is not None and tag != "tr":
            self._inline.append(" ")
            return
        if tag in _HEADINGS:
            self.flush()
            self._prefix = "#" * _HEADINGS[tag] + " "
        elif tag in ("ul", "ol"):
            self.flush()
            first = given.get("start", "1")
            self._lists.append((int(first) if first.isdigit() else 1) if tag == "ol" else -1)
        elif tag == "li":
            self.flush(blank=False)
            self._prefix = self._bullet()
        elif tag == "table":
            self.flush()
            self._rows = 0
        elif tag == "tr":
            self.flush(blank=False)
            self._row = []
        elif tag in _BLOCKS:
            self.flush()

    def _bullet(self) -> str:
        indent = "  " * max(0, len(self._lists) - 1)
        if not self._lists or self._lists[-1] < 0:
            return f"{indent}- "
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1] - 1}. "

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag == "title":
            self._in_title = False
        elif tag in ("td", "th"):
            self._close_cell()
        elif tag == "tr":
            self._close_row()
        elif self._row is not None:
            self._inline.append(" ")
        elif tag in ("ul", "ol"):
            self.flush()
            if self._lists:
                self._lists.pop()
        elif tag in _HEADINGS or tag in _BLOCKS:
            self.flush()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.metadata["title"] = " ".join((self.metadata.get("title", "") + " " + data).split())
        elif not self._skipping:
            self._inline.append(re.sub(r"\s+", " ", data))

    def _close_cell(self) -> None:
        words = " ".join("".join(self._inline).split())
        self._inline.clear()
        if self._row is not None and words:
            self._row.append(words.replace("|", "\\|"))

    def _close_row(self) -> None:
        self._close_cell()
        row, self._row = self._row, None
        if not row:
            return
        self.lines.append("| " + " | ".join(row) + " |")
        if self._rows == 0:
            self.lines.append("|" + " --- |" * len(row))
        self._rows += 1

    def flush(self, *, blank: bool = True) -> None:
        """Write out the block read so far."""
        if self._row is not None:
            self._close_row()
        words = "\n".join(" ".join(line.split()) for line in "".join(self._inline).split("\n")).strip()
        self._inline.clear()
        if words:
            self.lines.append(self._prefix + words)
            self._prefix = ""
        if blank and self.lines and self.lines[-1]:
            self.lines.append("")
