"""HWPX and HWP: headings by style or by the size of their letters, tables with merged cells, footnotes; read
by hwpforge, which turns the binary HWP 5 into HWPX first."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from knowledge.documents.formats.container import refuse_bomb, require
from knowledge.documents.formats.draft import DEEPEST, Content, Draft
from knowledge.errors import DocumentInvalid

_OUTLINE = re.compile(r"(?:Outline|개요) ?(\d)")
LARGER = 1.15  # times the size of the body from which a short line without a full stop is a heading
LONGEST_HEADING = 60  # characters
_LISTED = re.compile(r"\s*([-•∙·○●◦▪■□◆◇▶※*]|\d{1,3}[.)]|[가-하][.)]|\(\d{1,2}\)|[①-⑳])\s+(?=\S)")


def read_hwpx(raw: bytes, name: str) -> Content:
    """The text of an HWPX file. Raises DocumentInvalid where it is broken, locked or something else."""
    require(raw, "hwpx", name)
    refuse_bomb(raw, name)
    import hwpforge

    try:
        return _read(hwpforge.Document.from_bytes(raw))
    except hwpforge.HwpForgeError as error:
        raise _broken(name, "HWPX", error) from error


def read_hwp(raw: bytes, name: str) -> Content:
    """The text of an HWP 5 file. Raises DocumentInvalid where it is broken, locked or something else."""
    require(raw, "hwp", name)
    import hwpforge

    try:
        return _read(hwpforge.convert_hwp5(raw, carry_layout_cache=False).document)
    except hwpforge.HwpForgeError as error:
        raise _broken(name, "HWP", error) from error


def _broken(name: str, kind: str, error: Exception) -> DocumentInvalid:
    why = " ".join(str(error).split())[:200]
    return DocumentInvalid(
        f"'{name}' cannot be read as an {kind} file: {why}.",
        hint="Where it has a password, remove it; else open it in Hangul and save it again.",
    )


def _read(document: Any) -> Content:
    whole = json.loads(document.to_json(styles=True).text)
    model = whole["document"]
    _mark_headings(model.get("sections", ()), whole.get("styles") or {})
    draft = Draft()
    notes = _Notes()
    for section in model.get("sections", ()):
        for paragraph in section.get("paragraphs", ()):
            _paragraph(draft, paragraph, notes)
        notes.write(draft)
    title = (model.get("metadata") or {}).get("title") or ""
    return draft.content({"title": title})


def _mark_headings(sections: Iterable[Mapping[str, Any]], styles: Mapping[str, Any]) -> None:
    """Give paragraphs that their style ("개요 1") or the size of their letters makes headings a level; the
    size tells only in a document without other headings."""
    paragraphs = [one for section in sections for one in section.get("paragraphs", ())]
    by_style = {style.get("id"): _OUTLINE.fullmatch(str(style.get("eng_name") or style.get("name") or ""))
                for style in styles.get("styles", ())}  # fmt: skip
    for paragraph in paragraphs:
        outline = by_style.get(paragraph.get("style_id"))
        if outline and not paragraph.get("heading_level"):
            paragraph["heading_level"] = int(outline[1])
    if any(paragraph.get("heading_level") for paragraph in paragraphs):
        return
    heights = [int(shape.get("height") or 0) for shape in styles.get("char_shapes", ())]
    sized = [(_size(paragraph, heights), paragraph) for paragraph in paragraphs]
    letters: Counter[int] = Counter()
    for size, paragraph in sized:
        letters[size] += len(_own_text(paragraph))
    body = max(letters, key=lambda size: (letters[size], -size), default=0)
    larger = [(z, one) for z, one in sized if body and z >= LARGER * body and _like_a_heading(_own_text(one))]
    for level, size in enumerate(sorted({size for size, _ in larger}, reverse=True), 1):
        for one in (paragraph for z, paragraph in larger if z == size):
            one["heading_level"] = min(level, DEEPEST)


def _size(paragraph: Mapping[str, Any], heights: Sequence[int]) -> int:
    """The size of most letters of a paragraph, 0 where it has none."""
    letters: Counter[int] = Counter()
    for run in paragraph.get("runs", ()):
        shape, text = run.get("char_shape_id"), (run.get("content") or {}).get("Text")
        if isinstance(text, str) and isinstance(shape, int) and 0 <= shape < len(heights):
            letters[heights[shape]] += len(text.strip())
    return max(letters, key=lambda size: letters[size], default=0)


def _own_text(paragraph: Mapping[str, Any]) -> str:
    texts = ((run.get("content") or {}).get("Text") for run in paragraph.get("runs", ()))
    return "".join(text for text in texts if isinstance(text, str)).strip()


def _like_a_heading(text: str) -> bool:
    return 0 < len(text) <= LONGEST_HEADING and not text.endswith((".", "!", "?", ":", ",", ";"))


class _Notes:
    """Footnotes and endnotes in the order in which the text refers to them."""

    def __init__(self) -> None:
        self._count = 0
        self._waiting: list[tuple[int, str]] = []

    def add(self, text: str) -> str:
        """The mark to put into the text."""
        self._count += 1
        self._waiting.append((self._count, text))
        return f"[^{self._count}]"

    def write(self, draft: Draft) -> None:
        """Put down what waits."""
        for number, text in self._waiting:
            draft.paragraph(f"[^{number}]: {text}")
        self._waiting.clear()


def _paragraph(draft: Draft, paragraph: Mapping[str, Any], notes: _Notes) -> None:
    text, inside = _runs(paragraph, notes)
    level = paragraph.get("heading_level") or 0
    if text.strip():
        listed = _LISTED.match(text)
        if level:
            notes.write(draft)
            draft.heading(text, int(level))
        elif listed:
            draft.item(text[listed.end() :], listed[1])
        else:
            draft.paragraph(text)
    for kind, content in inside:
        if kind == "Table":
            _table(draft, content, notes)
        else:
            for one in _paragraphs_in(content):
                _paragraph(draft, one, notes)


def _runs(paragraph: Mapping[str, Any], notes: _Notes) -> tuple[str, list[tuple[str, Any]]]:
    """The running text, and the tables and boxes that hang on it."""
    parts: list[str] = []
    inside: list[tuple[str, Any]] = []
    for run in paragraph.get("runs", ()):
        content = run.get("content")
        if not isinstance(content, dict):
            continue
        for kind, value in content.items():
            if kind == "Text":
                parts.append(value if isinstance(value, str) else _flat(value))
            elif kind == "Table":
                inside.append((kind, value))
            elif kind == "Control" and isinstance(value, dict):
                for name, control in value.items():
                    if name in ("Footnote", "Endnote"):
                        parts.append(notes.add(_flat(control)))
                    elif name == "Hyperlink" and isinstance(control, dict) and control.get("text"):
                        parts.append(str(control["text"]))
                    elif isinstance(control, dict):
                        inside.append((name, control))
            elif isinstance(value, dict):
                inside.append((kind, value))
    return "".join(parts), inside


def _paragraphs_in(content: Any) -> Iterator[Mapping[str, Any]]:
    """The paragraphs of a text box or shape, however deep they lie."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "paragraphs" and isinstance(value, list):
                yield from (one for one in value if isinstance(one, dict))
            elif isinstance(value, (dict, list)):
                yield from _paragraphs_in(value)
    elif isinstance(content, list):
        for one in content:
            yield from _paragraphs_in(one)


def _flat(content: Any) -> str:
    """All text in a piece of the model, on one line."""
    return " ".join(" ".join(_texts(content)).split())


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "Text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(content, list):
        for one in content:
            yield from _texts(one)


def _table(draft: Draft, table: Mapping[str, Any], notes: _Notes) -> None:
    rows = table.get("rows", ())
    caption = _flat(table.get("caption")) if table.get("caption") else ""
    if caption:
        draft.paragraph(caption)
    cells = [cell for row in rows for cell in row.get("cells", ())]
    if len(cells) == 1:  # a frame around text
        for paragraph in _paragraphs_in(cells[0]):
            _paragraph(draft, paragraph, notes)
        return
    draft.table(_grid(rows))


def _grid(rows: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Texts by row and column, a merged cell's in each place that it covers."""
    placed: dict[tuple[int, int], str] = {}
    for at, row in enumerate(rows):
        for cell in row.get("cells", ()):
            place = cell.get("addr") or {}
            top, left = int(place.get("row", at)), int(place.get("col", 0))
            text = " ".join(filter(None, (_flat(one) for one in _cell_paragraphs(cell))))
            for down in range(min(int(cell.get("row_span") or 1), 500)):
                for right in range(min(int(cell.get("col_span") or 1), 100)):
                    placed[top + down, left + right] = text
    if not placed:
        return []
    height, width = (max(place[axis] for place in placed) + 1 for axis in (0, 1))
    return [[placed.get((y, x), "") for x in range(width)] for y in range(height)]


def _cell_paragraphs(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in cell.get("paragraphs", ()) if isinstance(one, dict)]
