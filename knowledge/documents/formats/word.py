"""DOCX: headings by outline level, lists with their numbers, tables with merged cells, footnotes.

python-docx opens the package; its XML is walked here, since its paragraphs leave out inserted text and
its lists have no numbers. Deleted text is left out, hidden text as well.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from knowledge.documents.formats.container import OFFICE_ERRORS, refuse_bomb, require, unreadable
from knowledge.documents.formats.draft import Content, Draft
from knowledge.documents.formats.word_numbering import Numbering, W

_LEVEL = re.compile(r"(?:heading|제목|개요)\s*(\d)", re.IGNORECASE)
_SKIPPED = frozenset({W + tag for tag in ("del", "moveFrom", "pPr", "rPr", "instrText", "fldSimpleBegin")})


def read_docx(raw: bytes, name: str) -> Content:
    """The text of a Word file. Raises DocumentInvalid where it is broken, locked or something else."""
    require(raw, "docx", name)
    refuse_bomb(raw, name)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(raw))
        return _Word(document).read()
    except (OpcError, LxmlError, *OFFICE_ERRORS) as error:
        raise unreadable(name, "a Word file", "Word", error) from error


class _Word:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._draft = Draft()
        self._styles = {style.style_id: style for style in document.styles}
        self._numbering = Numbering(document)
        self._footnotes = _footnotes(document)
        self._cited: list[str] = []
        self._paged = b"lastRenderedPageBreak" in document.part.blob if document.part else False

    def read(self) -> Content:
        self._walk(self._document.element.body)
        self._notes()
        properties = self._document.core_properties
        return self._draft.content({"title": properties.title or ""})

    def _walk(self, parent: Any) -> None:
        for child in parent:
            if child.tag == W + "p":
                self._paragraph(child)
            elif child.tag == W + "tbl":
                self._table(child)
            elif child.tag == W + "sdt":
                for content in child.findall(W + "sdtContent"):
                    self._walk(content)
            elif child.tag in (W + "ins", W + "customXml", W + "moveTo"):
                self._walk(child)

    def _paragraph(self, element: Any) -> None:
        style = self._style(element)
        level = self._level(element, style)
        if level:
            self._notes()
        self._break_page(element)
        text = self._text(element)
        mark = self._numbering.mark(element, style) if text.strip() else None
        if level:
            self._draft.heading(f"{mark} {text}" if mark and mark != "-" else text, level)
        elif mark:
            self._draft.item(text, mark, self._numbering.depth(element, style))
        else:
            self._draft.paragraph(text)
        for box in element.iter(W + "txbxContent"):
            # Word writes a text box twice, once for old readers.
            if not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors()):
                self._walk(box)

    def _break_page(self, element: Any) -> None:
        """Word remembers where it broke pages when it last laid the text out."""
        if not self._paged:
            return
        for _ in element.iter(W + "lastRenderedPageBreak"):
            self._draft.page()

    def _style(self, element: Any) -> Any:
        found = element.find(f"{W}pPr/{W}pStyle")
        return self._styles.get(found.get(W + "val")) if found is not None else None

    def _level(self, element: Any, style: Any) -> int:
        """The outline level from 1, 0 for running text."""
        own = element.find(f"{W}pPr/{W}outlineLvl")
        if own is not None and own.get(W + "val", "9").isdigit() and int(own.get(W + "val")) < 9:
            return int(own.get(W + "val")) + 1
        seen = 0
        while style is not None and seen < 20:
            if match := _LEVEL.match(style.name or ""):
                return int(match[1]) + 1
            if (style.name or "").lower() in ("title", "제목"):
                return 1
            outline = style.element.find(f"{W}pPr/{W}outlineLvl")
            if outline is not None and outline.get(W + "val", "9") < "9":
                return int(outline.get(W + "val")) + 2
            style, seen = getattr(style, "base_style", None), seen + 1
        return 0

    def _text(self, element: Any) -> str:
        parts: list[str] = []
        for node in _shown(element):
            if node.tag == W + "t":
                parts.append(node.text or "")
            elif node.tag in (W + "tab", W + "ptab"):
                parts.append(" ")
            elif node.tag in (W + "br", W + "cr"):
                parts.append("\n")
            elif node.tag == W + "noBreakHyphen":
                parts.append("-")
            elif node.tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "e" if node.tag.endswith("endnoteReference") else ""
                key = kind + node.get(W + "id", "")
                if key in self._footnotes:
                    self._cited.append(key)
                    parts.append(f"[^{key}]")
        return "".join(parts)

    def _table(self, table: Any) -> None:
        rows: list[list[str]] = []
        above: dict[int, str] = {}
        for row in _rows(table):
            cells: list[str] = []
            for cell in _cells(row):
                properties = cell.find(W + "tcPr")
                span, merge = 1, None
                if properties is not None:
                    wide = properties.find(W + "gridSpan")
                    span = int(wide.get(W + "val", "1")) if wide is not None else 1
                    merge = properties.find(W + "vMerge")
                at = len(cells)
                if merge is not None and merge.get(W + "val") != "restart":
                    text = above.get(at, "")
                else:
                    text = "\n".join(self._cell_lines(cell))
                for _ in range(max(1, min(span, 60))):
                    above[len(cells)] = text
                    cells.append(text)
            rows.append(cells)
        if rows and max(map(len, rows)) == 1:
            for row in rows:  # a frame around text, not a table
                for text in row:
                    self._draft.paragraph(text)
        else:
            self._draft.table(rows)

    def _cell_lines(self, cell: Any) -> Iterator[str]:
        for paragraph in cell.iter(W + "p"):
            if text := self._text(paragraph).strip():
                style = self._style(paragraph)
                mark = self._numbering.mark(paragraph, style)
                yield f"{mark} {text}" if mark and mark != "-" else text

    def _notes(self) -> None:
        for key in dict.fromkeys(self._cited):
            self._draft.paragraph(f"[^{key}]: {self._footnotes[key]}")
        self._cited.clear()


def _shown(element: Any) -> Iterator[Any]:
    """The nodes of a paragraph that a reader sees, in order, without those of text boxes."""
    for child in element:
        if child.tag in _SKIPPED or child.tag.endswith(("}AlternateContent", "}pict", "}drawing")):
            continue
        if child.tag == W + "r" and child.find(f"{W}rPr/{W}vanish") is not None:
            continue
        if len(child):
            yield from _shown(child)
        yield child


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == W + "tr":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == W + "tc":
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _cells(child)


def _footnotes(document: Any) -> dict[str, str]:
    """Footnotes by id, endnotes by "e" and id."""
    from lxml import etree

    found: dict[str, str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external or kind not in ("footnotes", "endnotes"):
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(relation.target_part.blob, parser)
        for note in root:
            if note.get(W + "type") in (None, "normal"):
                text = " ".join("".join(t.text or "" for t in note.iter(W + "t")).split())
                if text:
                    found[("e" if kind == "endnotes" else "") + note.get(W + "id", "")] = text
    return found
