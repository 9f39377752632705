"""HTML as the Markdown-like text that the rest of this package reads; standard library only.

Text that a browser does not show is left out, and the notes say so: nobody who read the page could check it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from knowledge.documents.formats.draft import Content
from knowledge.documents.formats.unseen import Sheets, paints, unseen

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_SKIPPED = frozenset({"script", "style", "template", "noscript", "svg", "nav", "iframe", "object"})
_BLOCKS = frozenset(
    """p div section article main header footer aside blockquote pre ul ol dl dt dd table tbody thead tr
    form figure figcaption address fieldset body hr""".split()  # noqa: SIM905
)

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
# elements whose end may be left out: what begins next ends them
_ENDED_BY: dict[str, frozenset[str]] = {
    "p": _BLOCKS - {"body"} | _HEADINGS.keys() | {"li", "dd", "dt"},
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "td": frozenset({"td", "th", "tr"}),
    "th": frozenset({"td", "th", "tr"}),
    "option": frozenset({"option", "optgroup"}),
}
MOST_COLUMNS, MOST_ROWS = 40, 400  # that a merged cell may reach over
SHOWN = 80  # characters of hidden text in a note


def read_html(source: str, name: str) -> Content:
    """Headings as "#", list items as "-" or "1.", tables as "|" rows, a merged cell in each of its places;
    metadata from <title>, <html lang> and <meta name content>."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.flush()
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(reader.lines)).strip("\n")
    notes = []
    if hidden := " ".join("".join(reader.unseen).split()):
        shown = hidden if len(hidden) <= SHOWN else hidden[: SHOWN - 1] + "…"
        notes.append(f"'{name}' holds text that a browser does not show; it is left out: “{shown}”.")
    return Content(text + "\n" if text else "", reader.metadata, notes=tuple(notes))


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
        self._row: list[tuple[str, int, int]] | None = None  # text, columns and rows of each cell
        self._rows = 0
        self._cell: tuple[int, int] | None = None  # columns and rows of the open cell
        self._below: dict[int, tuple[str, int]] = {}  # column -> text and rows of a cell that reaches down
        self.unseen: list[str] = []
        self._sheets = Sheets()
        self._style: list[str] | None = None
        self._open: list[tuple[str, bool]] = []  # elements, and whether their ground is not white
        self._hidden: list[str] = []  # elements from a hidden one inwards

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if self._hidden and len(self._hidden) == 1 and tag in _ENDED_BY.get(self._hidden[0], ()):
            self._hidden.clear()
        if self._hidden:
            self.unseen.append(" ")
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        style = self._sheets.style_of(tag, given)
        if tag not in _VOID | _SKIPPED:
            painted = any(ground for _, ground in self._open)
            if unseen(given, style, painted=painted) and tag not in ("html", "body"):
                self._hidden.append(tag)
                return
            self._open.append((tag, paints(style) or "bgcolor" in given))
        if tag == "style":
            self._style = []
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
            self._cell = (_span(given, "colspan", MOST_COLUMNS), _span(given, "rowspan", MOST_ROWS))
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
            self._below.clear()
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

    def _still_hidden(self, tag: str) -> bool:
        """Whether an end tag stands inside what is hidden; one of an element around it ends that too."""
        if tag not in self._hidden:
            if any(tag == name for name, _ in self._open):
                self._hidden.clear()
            return bool(self._hidden)
        while self._hidden.pop() != tag:
            pass
        self.unseen.append(" ")
        return True

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and self._still_hidden(tag):
            return
        if any(tag == name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass
        if tag == "style" and self._style is not None:
            self._sheets.read("".join(self._style))
            self._style = None
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
        if self._style is not None:
            self._style.append(data)
        elif self._hidden:
            self.unseen.append(data)
        elif self._in_title:
            self.metadata["title"] = " ".join((self.metadata.get("title", "") + " " + data).split())
        elif not self._skipping:
            self._inline.append(re.sub(r"\s+", " ", data))

    def _close_cell(self) -> None:
        words = " ".join("".join(self._inline).split()).replace("|", "\\|")
        self._inline.clear()
        if self._row is not None and (words or self._cell):
            self._row.append((words, *(self._cell or (1, 1))))
        self._cell = None

    def _close_row(self) -> None:
        self._close_cell()
        row, self._row = self._row, None
        if not row:
            return
        cells = self._placed(row)
        if not any(cells):
            return
        self.lines.append("| " + " | ".join(cells) + " |")
        if self._rows == 0:
            self.lines.append("|" + " --- |" * len(cells))
        self._rows += 1

    def _placed(self, row: list[tuple[str, int, int]]) -> list[str]:
        """The cells of a row by column, with those that reach down from rows above."""
        cells: list[str] = []
        waiting = list(reversed(row))
        while waiting or len(cells) in self._below:
            column = len(cells)
            if column in self._below:
                words, rows = self._below.pop(column)
                if rows > 1:
                    self._below[column] = (words, rows - 1)
                cells.append(words)
                continue
            words, columns, rows = waiting.pop()
            for _ in range(columns):
                if rows > 1:
                    self._below[len(cells)] = (words, rows - 1)
                cells.append(words)
        return cells

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


def _span(given: dict[str, str], name: str, most: int) -> int:
    value = given.get(name, "1").strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1
